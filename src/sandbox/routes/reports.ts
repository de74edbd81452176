import { meeting } from "../model/filters.ts";
import { within } from "../model/instants.ts";
import type { QueueItem, SavedReport } from "../model/office.ts";
import { find } from "../model/people.ts";
import type { World } from "../model/world.ts";
import { csv, type Sheet } from "../reports/csv.ts";
import { parametersOf, questionFrom, questionOf, reportSheet, savedSheet } from "../reports/report-rows.ts";
import { workbook, XLSX } from "../reports/workbook.ts";
import { type Input, Refusal, type Route, type RouteAnswer } from "../server/route.ts";
import { savedReportView } from "../views/report.ts";

type Format = QueueItem["format"];

const CSV = "text/csv; charset=utf-8";
const STATUS_URL = "https://api.skyprep.io/admin/api/get_async_report?process_queue_item_id=";
/** Milliseconds a queued report takes to move on by itself, however seldom it is polled. */
const STEP = 30_000;

const formatIn = (input: Input): Format | undefined => {
  const text = input.optional("format");
  if (text === undefined || text === "csv" || text === "xlsx") return text;
  throw new Refusal(422, `Invalid format: ${text}`);
};

const asXlsx = (sheet: Sheet): RouteAnswer => ({ bytes: workbook(sheet), contentType: XLSX });

const enqueue = (input: Input, world: World): QueueItem => {
  const question = questionFrom(input, world);
  const item: QueueItem = {
    id: world.next(world.queue),
    report_type: question.type,
    format: formatIn(input) ?? "csv",
    parameters: parametersOf(question),
    polls: 0,
    created_at: world.now(),
  };
  world.queue.set(item.id, item);
  return item;
};

/** Queued, then processing, then the report: one step a poll, or a step each half minute. */
const poll = (item: QueueItem, world: World): RouteAnswer => {
  const steps = Math.max(item.polls, Math.floor((world.now() - item.created_at) / STEP));
  item.polls += 1;
  if (steps === 0) return { json: { status: "queued" } };
  if (steps === 1) return { json: { status: "processing" } };

  const sheet = reportSheet(questionOf(item.report_type, item.parameters), world);
  return item.format === "xlsx" ? asXlsx(sheet) : { json: { status: "complete", data: csv(sheet) } };
};

/** The live CSV may begin with a byte order mark and end its lines the DOS way (skyprep-api §3.4); so does this. */
const asDownload = (sheet: Sheet): RouteAnswer => ({ text: `\uFEFF${csv(sheet, "\r\n")}`, contentType: CSV });

const readSaved = (report: SavedReport, format: Format | undefined, world: World): RouteAnswer => {
  const sheet = savedSheet(report, world);
  if (format === "csv") return asDownload(sheet);
  if (format === "xlsx") return asXlsx(sheet);
  return { json: { ...savedReportView(report, world), columns: sheet.columns, rows: sheet.rows } };
};

const parameters = ["report_type", "format", "user_id", "course_id", "exam_id", "user_group_id"];

export const reports = {
  get_report: {
    page: parameters,
    answer: (input, world) => {
      const format = formatIn(input);
      const sheet = reportSheet(questionFrom(input, world), world);
      return format === "xlsx" ? asXlsx(sheet) : { text: csv(sheet), contentType: CSV };
    },
  },
  generate_async_report: {
    page: parameters,
    answer: (input, world) => ({ json: { status_url: `${STATUS_URL}${enqueue(input, world).id}` } }),
  },
  get_async_report: {
    page: ["process_queue_item_id"],
    answer: (input, world) => poll(find(world.queue, input.id("process_queue_item_id"), "Report"), world),
  },
  get_saved_advanced_reports: {
    page: [],
    answer: (input, world) => {
      const tests = within<SavedReport>(input, ({ updated_at }) => updated_at);
      const wanted = [...world.savedReports.values()].filter(meeting(world, tests));
      return { json: wanted.map((report) => savedReportView(report, world)) };
    },
  },
  get_saved_advanced_report: {
    page: ["saved_advanced_report_id", "format"],
    answer: (input, world) => {
      const report = find(world.savedReports, input.id("saved_advanced_report_id"), "Saved advanced report");
      return readSaved(report, formatIn(input), world);
    },
  },
} satisfies Record<string, Route>;
