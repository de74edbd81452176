import { NotAList } from "../../academy/reads.ts";
import { beginCallDeadline, type CallDeadline } from "../../call/call-deadline.ts";
import type { JobContext } from "../../call/job-context.ts";
import { type Collected, collect } from "../../call/read/collect.ts";
import { couldNot, keepTable, keepWorkbook, withoutRows } from "../../call/read/report.ts";
import { asOne, clean, plainText } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { encode } from "../../skyprep/request.ts";
import { errorInside, Rejected } from "../../skyprep/response.ts";
import { LockTaken } from "../../state/ports.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { type KeptReport, olderThanChange } from "./kept-report.ts";
import type { Memory } from "./report-memory.ts";
import type { Fetched } from "./which-report.ts";
import { rowsWithoutAccess } from "./without-access.ts";

interface ReportPlace {
  /** What the file is found again by. */
  readonly key: string;
  readonly memory: Memory;
}

/** What one call has to do its work with. */
interface Obtaining extends ReportPlace {
  readonly world: JobWorld;
  readonly inner: JobContext;
  readonly time: CallDeadline;
  readonly begun: number;
}

/** An answer, or a report that is still being made. */
type ReportResult =
  /** `at`: when it was begun, where that was not in this call. */
  { readonly came: Collected; readonly at?: number } | Reply;

/** What takes SkyPrep longer than this is made in the background instead. */
const atOnceMs = 25_000;

/** The report from SkyPrep, kept as a file; a reply where there is none, or not yet. */
export async function obtain(
  meant: Fetched,
  wanted: ReportPlace,
  world: JobWorld,
  inner: JobContext,
): Promise<KeptReport | Reply> {
  const { timeoutMs } = world;
  const time = beginCallDeadline(world, { timeoutMs, cancelled: inner.signal, progress: inner.progress });
  const obtaining = { ...wanted, world, inner, time, begun: world.now() };
  try {
    const came =
      meant.is === "saved" ? await savedOne(meant.number, obtaining) : await ofType(meant, obtaining);
    return "came" in came ? await keepIt(meant, came, obtaining) : came;
  } catch (error) {
    if (inner.signal.aborted) throw inner.signal.reason;
    if (time.signal.aborted) {
      return refuse(
        `SkyPrep did not answer within ${timeoutMs / 1000} s.`,
        "Call again: a report that was started is picked up, not started again.",
      );
    }
    if (error instanceof NotAList) return strange(error);
    if (error instanceof LockTaken)
      return refuse("Another call is starting a report.", "Call again in half a minute.");
    throw error;
  } finally {
    time.end();
  }
}

async function savedOne(number: number, obtaining: Obtaining): Promise<ReportResult> {
  const form = encode({ saved_advanced_report_id: number });
  try {
    return { came: await poll("get_saved_advanced_report", form, obtaining) };
  } catch (error) {
    if (!(error instanceof Rejected) || error.status !== 404) throw error;
    return refuse(`There is no saved report ${number}.`, "get_saved_advanced_reports lists them.");
  }
}

type ReportOfType = Extract<Fetched, { is: "type" }>;

async function ofType({ type, ids }: ReportOfType, obtaining: Obtaining): Promise<ReportResult> {
  const form = formOf({ type, ids });
  if (!type.startsWith("all_") && (await obtaining.memory.started(form)) === undefined) {
    const came = await atOnce(form, obtaining);
    if (came) return { came };
  }
  return inBackground(form, obtaining);
}

const formOf = ({ type, ids }: Pick<ReportOfType, "type" | "ids">) => encode({ report_type: type, ...ids });

/** Undefined where SkyPrep is too slow for it. */
async function atOnce(form: string, obtaining: Obtaining): Promise<Collected | undefined> {
  const { world, time } = obtaining;
  const slow = new AbortController();
  const end = world.after(atOnceMs, () => slow.abort(new DOMException("too slow", "TimeoutError")));
  try {
    const signal = AbortSignal.any([time.signal, slow.signal]);
    return await collect({ route: "get_report", form }, around(obtaining), signal, obtaining.inner.progress);
  } catch (error) {
    if (time.signal.aborted || !slow.signal.aborted) throw error;
    return undefined;
  } finally {
    end();
  }
}

/** Picked up where one is on its way, started where none is; one that SkyPrep no longer knows is started anew. */
async function inBackground(form: string, obtaining: Obtaining): Promise<ReportResult> {
  const { memory, world } = obtaining;
  const start = () => startOne(form, obtaining);
  for (let again = false; ; again = true) {
    const { number, at, kept } = await memory.start(form, start);
    let came: Collected;
    try {
      came = await poll("get_async_report", encode({ process_queue_item_id: number }), obtaining);
    } catch (error) {
      if (again || !(error instanceof Rejected) || error.status !== 404) throw error;
      await memory.finished(form);
      continue;
    }
    if (came.is === "waiting") return notReady(came.state, { number, at, kept });
    // What failed is started anew by the next call.
    if (came.is === "failed" || came.is === "empty") await memory.finished(form);
    else return { came, at };
    return came.is === "failed" ? couldNot(came.state) : withoutRows;
  }
  function notReady(
    state: string,
    { number, at, kept }: { number: number; at: number; kept: boolean },
  ): Reply {
    const seconds = Math.round((world.now() - at) / 1000);
    const next = kept
      ? "Call export_report again in a minute, with the same arguments: this report is picked up, not started again."
      : `Collect it in a minute: get_async_report, process_queue_item_id ${number}.`;
    return {
      outcome: "done",
      text: `Not ready yet: SkyPrep is still making this report (${cleanText(state)}, number ${number}, ${seconds} s so far). ${next}`,
      structured: { ready: false, status: cleanText(state), process_queue_item_id: number, seconds, next },
    };
  }
}

async function startOne(form: string, { world, time }: Obtaining): Promise<number> {
  const reading = await time.api("generate_async_report", form, time.signal);
  if (reading.is !== "json" || errorInside(reading.value)) throw new NotAList(reading);
  const output = world.records.get("generate_async_report")?.operation.output;
  const prepare = output?.as === "one" ? output.kind.prepare : undefined;
  const one = asOne(reading.value);
  const { process_queue_item_id } = (prepare?.(one) ?? {}) as { process_queue_item_id?: unknown };
  if (typeof process_queue_item_id !== "number") throw new NotAList(reading);
  return process_queue_item_id;
}

const poll = (route: string, form: string, obtaining: Obtaining): Promise<Collected> =>
  collect({ route, form }, around(obtaining), obtaining.time.signal, obtaining.inner.progress);

/** Whatever was done before is taken off the time a report is waited for. */
const around = ({ world, time, begun }: Obtaining) => ({
  api: time.api,
  now: world.now,
  pause: world.pause,
  patienceMs: world.patienceMs - (world.now() - begun),
});

async function keepIt(
  meant: Fetched,
  { came, at: begunAt }: Exclude<ReportResult, Reply>,
  obtaining: Obtaining,
): Promise<KeptReport | Reply> {
  const { world, memory, key } = obtaining;
  const at = begunAt ?? obtaining.begun;
  if (came.is === "waiting" || came.is === "failed") return couldNot(came.state);
  if (came.is === "empty") return withoutRows;
  const name = came.is === "table" && came.name !== undefined ? cleanText(plainText(came.name)) : undefined;
  const title = meant.is === "type" ? meant.title : (name ?? `Report ${meant.number}`);
  const kept =
    came.is === "xlsx"
      ? await keepWorkbook(title, came.bytes, world)
      : await keepTable(title, came.table, world);
  const { exported, hidden, dropped, table } = kept;
  const apart = table ? await rowsWithoutAccess(table, world, obtaining.time.signal) : [];
  if (exported && table) {
    const problems = [...table.problems];
    const about = { title, hidden: [...hidden], dropped: [...dropped], problems, apart: [...apart] };
    await memory.keep({ key, export: exported.id, at, ...about });
  }
  // Last: whoever is stopped before this finds it again.
  if (meant.is === "type") await memory.finished(formOf(meant));
  const none = meant.is === "saved" && table?.rows.length === 0;
  const notes = [
    ...(meant.is === "saved" && meant.note !== undefined ? [meant.note] : []),
    ...(none ? ["It has no rows: if it should, run it in SkyPrep's web admin first."] : []),
    ...(kept.notes ?? []),
    ...(await olderThanChange(at, world)),
  ];
  return { ...kept, apart, notes };
}

function strange({ reading }: NotAList): Reply {
  const inside = reading.is === "json" ? errorInside(reading.value) : undefined;
  return inside
    ? refuse(`SkyPrep refused: ${clean(inside.text)}`, "Correct the arguments, then call again.")
    : refuse(
        "SkyPrep's answer could not be read as a report.",
        "Call again once; if it stays so, check with test_connection.",
      );
}
