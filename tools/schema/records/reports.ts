import { kind } from "../answer.ts";
import { date, Id, words } from "../values.ts";

/** `csv_url` and `xlsx_url` need an administrator's browser; the report's own tool reads it. */
export const SavedReport = kind(
  "saved report",
  "saved reports",
  {
    id: Id,
    name: words,
    saved_report_type: words,
    created_at: date,
    updated_at: date,
  },
  ["id", "name", "saved_report_type", "updated_at"],
);
/** Only the number leaves: it is all that asking again needs, and the address is not ours to follow. */
export const QueuedReport = kind(
  "queued report",
  "queued reports",
  { process_queue_item_id: Id },
  ["process_queue_item_id"],
  { prepare: numberOfStatusUrl },
);
/** `{"status_url":"…?process_queue_item_id=1001"}` (page L3320). */
function numberOfStatusUrl(answer: unknown): unknown {
  const url = (answer as { status_url?: unknown } | null)?.status_url;
  const number = typeof url === "string" ? /[?&]process_queue_item_id=(\d+)/.exec(url)?.[1] : undefined;
  return number === undefined ? answer : { process_queue_item_id: Number(number) };
}
