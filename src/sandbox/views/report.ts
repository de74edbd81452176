import { fakeKey } from "../model/fake-key.ts";
import type { SavedReport } from "../model/office.ts";
import type { World } from "../model/world.ts";
import { iso, seconds } from "./dates.ts";

const download = (report: SavedReport, world: World, format: "csv" | "xlsx"): string =>
  `https://${world.domain}/admin/advanced_reports/download/?file_format=${format}&saved_advanced_report_id=${report.id}`;

export const savedReportView = (report: SavedReport, world: World): Record<string, unknown> => ({
  created_at: iso(report.created_at),
  created_at_int: seconds(report.created_at),
  updated_at: iso(report.updated_at),
  updated_at_int: seconds(report.updated_at),
  id: report.id,
  saved_advanced_report_id: report.id,
  model_type: "saved_advanced_report",
  xlsx_url: download(report, world, "xlsx"),
  csv_url: download(report, world, "csv"),
  report_params_digest: fakeKey("report", report.id),
  saved_report_type: report.type,
  name: report.name,
});
