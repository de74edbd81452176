import { file, many, one } from "./schema/answer.ts";
import {
  choice,
  elsewhere,
  id,
  input,
  instant,
  person,
  reportFormat,
  reportTypes,
  unlisted,
} from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { QueuedReport, SavedReport } from "./schema/records/reports.ts";

/** Ids beside the type are the page's "etc" (L3292); the group's is by analogy (skyprep-api §1.10). */
const report = {
  report_type: elsewhere(
    choice(
      reportTypes,
      "A type of export_report; give the number of each thing in it, nothing else",
      "all_courses",
    ),
  ),
  ...person(),
  course_id: id("Course", 201).optional(),
  exam_id: id("Exam, from get_course", 312).optional(),
  user_group_id: id("Group", 301).optional(),
  format: reportFormat,
};

export const reports = {
  get_report: {
    title: "Get a small report",
    description:
      "A small report as a file, at once and unfiltered. Big ones, filters, counts: export_report.",
    effect: "read",
    person: { knows: "user_id", optional: true },
    input: input(report),
    output: file,
  },
  generate_async_report: {
    title: "Start a big report",
    description:
      "Only start a big report, for get_async_report. Each call starts another. export_report does both.",
    effect: "read",
    idempotent: false,
    starts: true,
    person: { knows: "user_id", optional: true },
    input: input({ ...report, format: unlisted(reportFormat) }),
    output: one(QueuedReport),
  },
  get_async_report: {
    title: "Collect a started report",
    description:
      "The report of generate_async_report as a file. Not ready: call again in a few seconds. export_report does both.",
    effect: "read",
    input: input({ process_queue_item_id: id("From generate_async_report", 1001) }),
    output: file,
  },
  get_saved_advanced_reports: {
    title: "List saved reports",
    description: "Reports saved in SkyPrep's Advanced Reporting. Read one: export_report.",
    searchHint: "custom reports, scheduled reports",
    effect: "read",
    input: input({
      start_date: unlisted(instant("Saved since", "2026-01-01T00:00:00Z")).optional(),
      end_date: unlisted(instant("Saved until", "2027-12-31T00:00:00Z")).optional(),
    }),
    // Which of its instants SkyPrep goes by is not said: only a report that both rule out is.
    filters: {
      start_date: { field: "updated_at", test: "after" },
      end_date: { field: "created_at", test: "until" },
    },
    output: many(SavedReport),
  },
  get_saved_advanced_report: {
    title: "Read a saved report",
    description:
      "A saved report as a file; to filter or count: export_report. One of type saved_report is empty until run in the web admin.",
    effect: "read",
    input: input({
      saved_advanced_report_id: id("From get_saved_advanced_reports", 1001),
      format: reportFormat,
    }),
    output: file,
  },
} satisfies Section;
