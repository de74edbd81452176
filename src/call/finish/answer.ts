import type { Output } from "../../../tools/schema/answer.ts";
import type { Operation } from "../../../tools/schema/operation.ts";
import { type Tool, toolName } from "../../catalogue/catalogue.ts";
import type { Outcome } from "../../journal/line.ts";
import { asOne, cell, clean, type View } from "../../reply/records.ts";
import { type CallOutcome, endedAs, failure, type Reply } from "../../reply/reply.ts";
import { show } from "../../reply/show.ts";
import { structureOf } from "../../reply/structure.ts";
import {
  type ErrorInside,
  errorInside,
  isSuccess,
  looksLikeJson,
  type ParsedResponse,
  saidBack,
} from "../../skyprep/response.ts";
import { capital, cleanLines, cleanText } from "../../text/english.ts";
import type { Args } from "../check/check.ts";
import { hiddenInValues, type Redact, type Redaction } from "../redaction/redact.ts";
import { otherThan } from "../write/other-record.ts";

/** What SkyPrep said, as what the tool promises; `told`: what was asked for, with all that is known of the person. */
export function answer(
  tool: Tool,
  args: Args,
  reading: ParsedResponse,
  view: View,
  told: Args = args,
): Reply {
  const { output } = tool.operation;
  const inside = reading.is === "json" ? errorInside(reading.value) : undefined;
  // A progress or a payment may have a status of "failed" of its own; only a plain error is one.
  if (inside !== undefined) return rejected(tool, inside);
  if (!isWrite(tool.operation)) {
    const shown = output.as === "done" || output.as === "file" || reading.is !== "json";
    const reply = shown ? undefined : show(output, onlyAsked(reading.value, output, args), view);
    return reply ? asMeant(labelled(reply, output, args), output, args) : unread(tool, reading);
  }
  const reply = recordReply(output, reading, view);
  if (reply === undefined) {
    return isSuccess(reading) && tool.operation.effect !== "credential"
      ? sayingBesides(tool, args, succeeded(tool, args))
      : neither(tool, whatCame(reading));
  }
  const other = reading.is === "json" ? otherThan(output, told, reading.value) : undefined;
  if (other !== undefined) return neither(tool, other);
  return sayingBesides(tool, args, { ...reply, text: `Done: ${tool.operation.title}.\n${reply.text}` });
}

/** What an argument that was given does not do. */
function sayingBesides({ operation }: Tool, args: Args, reply: Reply): Reply {
  const besides = operation.effect === "read" ? {} : (operation.besides ?? {});
  const notes = Object.entries(besides).flatMap(([name, said]) => (args[name] === undefined ? [] : [said]));
  if (notes.length === 0) return reply;
  const before = [reply.structured?.notes ?? []].flat();
  return {
    ...reply,
    text: [reply.text, ...notes].join("\n"),
    structured: { ...reply.structured, notes: [...before, ...notes] },
  };
}

/** A value that comes without a name says what it is. */
function labelled(reply: Reply, output: Output, args: Args): Reply {
  const said = output.as === "one" ? output.said : undefined;
  if (said === undefined || typeof args[said] !== "string") return reply;
  const [value] = Object.values(reply.structured ?? {});
  const words = args[said].replaceAll("_", " ");
  return {
    ...reply,
    text: `${capital(words)}: ${cell(value)}`,
    structured: { ...reply.structured, [said]: args[said] },
  };
}

/** The record without what was not asked for. */
function onlyAsked(value: unknown, output: Output, args: Args): unknown {
  const asked = output.as === "one" && output.only !== undefined ? args[output.only] : undefined;
  const record = asOne(value);
  if (!Array.isArray(asked) || typeof record !== "object" || record === null) return value;
  return Object.fromEntries(Object.entries(record).filter(([name]) => asked.includes(name)));
}

/** Whether it is the one that was meant: a connection to another academy works as well. */
function asMeant(reply: Reply, output: Output, args: Args): Reply {
  const { by, is } = (output.as === "one" && output.meant) || {};
  const meant = by === undefined ? undefined : args[by];
  const found = is === undefined ? undefined : reply.structured?.[is];
  if (typeof meant !== "string" || typeof found !== "string") return reply;
  const [wanted, there] = [bareDomain(meant), bareDomain(found)];
  const same = wanted === there || (!wanted.includes(".") && there.startsWith(`${wanted}.`));
  const said = same
    ? "This is the academy that was meant."
    : `This is not the academy that was meant, ${cleanText(meant).slice(0, 80)}: the key is for another one.`;
  return {
    ...reply,
    text: `${reply.text}\n${said}`,
    structured: { ...reply.structured, as_meant: same },
  };
}

const bareDomain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/[/?#].*$/s, "")
    .replace(/\.$/, "");

/** The record a write is answered with; undefined where it is none. */
function recordReply(output: Output, reading: ParsedResponse, view: View): Reply | undefined {
  if (output.as === "done" || output.as === "file" || reading.is !== "json") return undefined;
  if (output.as === "balances" && !isBalances(reading.value)) return undefined;
  const reply = show(output, reading.value, view);
  return output.as === "many" && reply?.structured?.total === 0 ? undefined : reply;
}

/** Each skill with its points; an error may bring a number, too, and so may the record of something else. */
const isBalances = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(
    ([name, one]) =>
      typeof one === "number" && !/^(id|.*_id|status|code|success|error\w*|count|total)$/i.test(name),
  );

/** Whether a write was done, for the journal: the reply's own word. */
export function outcomeOf({ operation }: Tool, reading: ParsedResponse, { outcome, text }: Reply): Outcome {
  if (outcome !== "done") {
    const why = cleanText(text.split("\n")[0] ?? "").slice(0, 200);
    return { is: outcome === "unknown" ? "unknown" : "failed", why };
  }
  const made =
    operation.effect !== "read" && "made" in operation.undo
      ? madeNumber(operation.output, reading)
      : undefined;
  return { is: "done", ...(made !== undefined && { made }) };
}

/** The number SkyPrep gave to what was made. */
function madeNumber(output: Operation["output"], reading: ParsedResponse): number | undefined {
  const inside = output.as === "one" ? output.inside : undefined;
  const record = reading.is === "json" ? (asOne(reading.value, inside) as { id?: unknown } | null) : null;
  const id = Number(record?.id);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** Neither the record or success that was promised, nor plainly a failure: claim neither. */
const neither = ({ operation }: Tool, came: string): Reply => {
  const tells = operation.effect === "read" ? "a read" : toolName(operation.proof.read);
  return endedAs(
    "unknown",
    `SkyPrep's answer is not its usual success: ${came}.`,
    `It may or may not have been done: look before calling again, and do not repeat it before ${tells} shows that it was not.`,
  );
};

function succeeded({ name, operation }: Tool, args: Args): Reply {
  const target = clean(args) as Record<string, unknown>;
  const list = Object.entries(target)
    .filter(([key]) => key !== "password" && key !== "ssn")
    .map(([key, value]) => `${key} ${cell(value)}`);
  const about = list.length > 0 ? ` (${list.join("; ").slice(0, 400)})` : "";
  const bare = operation.output.as === "done" ? "" : " SkyPrep says success, and shows no record of it.";
  return {
    outcome: "done",
    text: `Done: ${operation.title}${about}.${bare}`,
    structured: { done: true, tool: name },
  };
}

const isWrite = ({ effect }: Operation) => effect !== "read";

function rejected({ operation }: Tool, { text, partly }: ErrorInside): Reply {
  const next = !isWrite(operation)
    ? "Correct the arguments, then call again."
    : partly
      ? "A part was done: look before calling again."
      : "Correct the arguments first. Of a list, a part may have been done: look first.";
  return endedAs(
    isWrite(operation) && partly ? "unknown" : "failed",
    `SkyPrep refused: ${clean(text)}`,
    next,
  );
}

const unread = ({ name }: Tool, reading: ParsedResponse): Reply =>
  failure(
    `SkyPrep's answer to ${name} could not be read: ${whatCame(reading)}.`,
    "Call again once; if it stays so, check with test_connection.",
  );

/** In words, and without repeating what may be a record: that may hold what must not leave. */
function whatCame(reading: ParsedResponse): string {
  if (reading.is === "xlsx") return "a file came";
  if (reading.is === "text" && looksLikeJson(reading.text)) return "broken JSON came";
  const said = saidBack(reading);
  if (said === "") return "nothing came";
  if (said !== undefined) return `it said ${JSON.stringify(clean(said.slice(0, 240)))}`;
  return reading.is === "json" && Array.isArray(reading.value)
    ? "an unexpected list came"
    : "an unexpected form of answer came";
}

/** For whoever watches the traffic; whoever reads the answer has no use for it. */
export const withTries = (reply: Reply, tries: number): Reply =>
  tries > 1
    ? {
        ...reply,
        ...(reply.structured && { structured: { ...reply.structured, tries } }),
      }
    : reply;

/** What a credential opens stands in its own reply and nowhere else, whichever answer it came in. */
export const spoken = (tool: Tool | undefined, reply: Reply | undefined): string | undefined =>
  tool?.operation.effect === "credential" && reply && mayHold.has(reply.outcome)
    ? undefined
    : reply && withoutWays(reply);

/** A code that waits, and the address of a page, let whoever reads them answer in the person's place. */
function withoutWays(reply: Reply): string {
  if (reply.outcome !== "waiting") return reply.text;
  const { page, confirm } = (reply.structured?.asked ?? {}) as { page?: string; confirm?: string };
  return [page, confirm].reduce<string>(
    (text, way) => (way === undefined ? text : text.replaceAll(way, "…")),
    reply.text,
  );
}

const mayHold: ReadonlySet<CallOutcome> = new Set(["done", "partly", "unknown"]);

/**
 * The one place where a reply leaves: the sandbox says so in the first line, and a secret never passes. Its structure
 * is made where somebody reads it, which for most who call is nowhere. `isTold`: much of it is told in
 * sentences, as jobs and reports do.
 */
export function finalizeReply(
  reply: Reply,
  sandbox: boolean,
  { inData, inWords }: Redaction,
  isTold = false,
): Reply {
  // Records were cleaned field by field; what else is said may hold SkyPrep's own words.
  const hide: Redact = reply.outcome === "done" ? inData : (text) => cleanLines(inWords(text));
  // A half of a character would make the whole message unreadable to a strict client.
  const whole: Redact = (text) => {
    const left = hide(text);
    return left.isWellFormed() ? left : left.replace(/\p{Cs}/gu, "");
  };
  const text = whole(reply.text);
  let made: Record<string, unknown> | undefined;
  return {
    text: sandbox ? `[sandbox] ${text}` : text,
    get structured() {
      made ??= hiddenInValues(structureOf(reply, { sandbox, isTold }), whole);
      return made;
    },
    ...(reply.link && { link: reply.link }),
    ...(reply.board && { board: hiddenInValues(reply.board, whole) }),
    ...(reply.missing && { missing: true as const }),
    ...(reply.needs && { needs: reply.needs }),
    outcome: reply.outcome,
  };
}
