import type { Operation } from "../../tools/schema/operation.ts";
import type { Outcome } from "../journal/line.ts";
import { clean } from "../reply/clean.ts";
import { cleanText } from "../reply/clean-text.ts";
import { asOne } from "../reply/records.ts";
import { type Reply, refuse } from "../reply/reply.ts";
import { show } from "../reply/show.ts";
import { cell } from "../reply/table.ts";
import type { View } from "../reply/view.ts";
import { errorInside, isSuccess, looksLikeJson, type Reading, saidBack } from "../skyprep/wire.ts";
import type { Tool } from "./catalogue.ts";
import type { Args } from "./check.ts";

/** What SkyPrep said, as what the tool promises; args are those that were asked for. */
export function answer(tool: Tool, args: Args, reading: Reading, view: View): Reply {
  const { output } = tool.operation;
  const inside = reading.is === "json" ? errorInside(reading.value) : undefined;
  // A progress or a payment may have a status of "failed" of its own; only a plain error is one.
  if (inside !== undefined) return rejected(tool, inside);
  if (output.as === "done") return done(tool, args, reading);
  if (output.as === "file" || reading.is !== "json") return strange(tool, reading);
  const reply = show(output, reading.value, view) ?? strange(tool, reading);
  return isWrite(tool.operation) && !reply.structured?.answer_unreadable
    ? { ...reply, text: `Done: ${tool.operation.title}.\n${reply.text}`, became: "done" }
    : reply;
}

/** What became of a write, for the journal, as far as its answer tells. */
export function outcomeOf({ operation }: Tool, reading: Reading): Outcome {
  const inside = reading.is === "json" ? errorInside(reading.value) : undefined;
  if (inside) return { is: inside.partly ? "unknown" : "failed", why: cleanText(inside.text).slice(0, 200) };
  const { output } = operation;
  const plain = isSuccess(reading);
  const record = reading.is === "json" && typeof reading.value === "object" && reading.value !== null;
  if (!plain && (output.as === "done" || !record))
    return { is: "unknown", why: whatCame(reading).slice(0, 200) };
  const made =
    operation.effect !== "read" && "made" in operation.undo ? numberIn(output, reading) : undefined;
  return { is: "done", ...(made !== undefined && { made }) };
}

/** The number SkyPrep gave to what was made. */
function numberIn(output: Operation["output"], reading: Reading): number | undefined {
  const inside = output.as === "one" ? output.inside : undefined;
  const record = reading.is === "json" ? (asOne(reading.value, inside) as { id?: unknown } | null) : null;
  const id = Number(record?.id);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

function done(tool: Tool, args: Args, reading: Reading): Reply {
  return isSuccess(reading) ? succeeded(tool, args) : neither(reading);
}

/** Neither a success nor plainly a failure: claim neither. */
const neither = (reading: Reading): Reply => ({
  ...refuse(
    `SkyPrep's answer is not its usual success: ${whatCame(reading)}.`,
    "It may or may not have been done: look before calling again.",
  ),
  became: "unknown",
});

function succeeded({ name, operation }: Tool, args: Args): Reply {
  const target = clean(args) as Record<string, unknown>;
  const list = Object.entries(target)
    .filter(([key]) => key !== "password" && key !== "ssn")
    .map(([key, value]) => `${key} ${cell(value)}`);
  const about = list.length > 0 ? ` (${list.join("; ").slice(0, 400)})` : "";
  return {
    text: `Done: ${operation.title}${about}.`,
    structured: { done: true, tool: name },
    became: "done",
  };
}

const isWrite = ({ effect }: Operation) => effect !== "read";

function rejected({ operation }: Tool, { text, partly }: { text: string; partly: boolean }): Reply {
  const next = !isWrite(operation)
    ? "Correct the arguments, then call again."
    : partly
      ? "A part was done: look before calling again."
      : "Correct the arguments first. Of a list, a part may have been done: look first.";
  return { ...refuse(`SkyPrep refused: ${clean(text)}`, next), became: partly ? "unknown" : "refused" };
}

/** Not the shape that was promised: never made to look like a failed write (contract §4). */
function strange({ operation, name }: Tool, reading: Reading): Reply {
  const seen = whatCame(reading);
  // A sentence where a record was promised is more likely a refusal than a success.
  const sentence = reading.is === "text" && looksLikeJson(reading.text) ? undefined : saidBack(reading);
  if (isWrite(operation) && sentence !== undefined && !isSuccess(reading)) return neither(reading);
  if (isWrite(operation)) {
    return {
      text: `SkyPrep took the call (${name}), but its answer could not be read: ${seen}. It most likely went through: do not repeat it; look at the result with a read.`,
      structured: { done: true, answer_unreadable: true },
      became: "done",
    };
  }
  return refuse(
    `SkyPrep's answer to ${name} could not be read: ${seen}.`,
    "Call again once; if it stays so, check with test_connection.",
  );
}

/** In words, and without repeating what may be a record: that may hold what must not leave. */
function whatCame(reading: Reading): string {
  if (reading.is === "xlsx") return "a file came";
  if (reading.is === "text" && looksLikeJson(reading.text)) return "broken JSON came";
  const said = saidBack(reading);
  if (said !== undefined) return `it said ${JSON.stringify(clean(said.slice(0, 240)))}`;
  return reading.is === "json" && Array.isArray(reading.value)
    ? "an unexpected list came"
    : "an unexpected form of answer came";
}
