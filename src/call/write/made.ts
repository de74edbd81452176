import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { Missing, numberIn, personIn, type Row, readFrom, rowsIn, Unread } from "../../academy/reads.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import type { Outcome } from "../../journal/line.ts";
import { asList, cell } from "../../reply/records.ts";
import { type Reply, verifiedLine } from "../../reply/reply.ts";
import { Failure } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import type { CallDeadline } from "../call-deadline.ts";
import { NobodyFound } from "../check/interpret.ts";
import { alike } from "./alike.ts";
import { type MadeRecord, withContents } from "./contents.ts";
import { type LookWorld, type ProofWorld, parametersOf, pauses, type Sent } from "./proof.ts";

/** What a write made that was answered without a record of it. */
export interface FoundNew {
  readonly id: number;
  /** Where it was seen, in words. */
  readonly found: string;
}

/** What was made, after pauses where it does not show yet. */
export async function lookForNew(
  sent: Sent,
  claimed: boolean,
  world: LookWorld,
  { time, until }: { readonly time: CallDeadline; readonly until: number },
): Promise<FoundNew | undefined> {
  let made = await madeBy(sent, world, time.signal);
  // Where a test tells, it was waited for already.
  const waits = claimed && sent.operation.proof.test === undefined ? pauses : [];
  for (const ms of waits) {
    if (made !== "none" || world.now() + ms > until) break;
    await world.pause(ms, time.signal);
    made = await madeBy(sent, world, time.signal);
    if (made !== "none") world.onLate?.();
  }
  return made === "none" ? undefined : made;
}

/** Clocks differ. */
const slackMs = 30_000;

/**
 * The one that a write made, out of the list that shows it: made since, or not there before, and as it was given.
 * `none`: it is not there, or not yet. Undefined: no list tells, or more than one may be it.
 */
async function madeBy(
  sent: Sent,
  world: ProofWorld,
  signal: AbortSignal,
): Promise<FoundNew | "none" | undefined> {
  const { operation, told, began } = sent;
  const { proof, undo } = operation;
  if (operation.effect !== "add" || !("made" in undo) || undo.made === undefined) return undefined;
  const { read, test } = proof;
  const finds = test !== undefined && "finds" in test ? test.finds : undefined;
  // What several are made of at once has no one number.
  const isOne = operation.output.as === "one" || !/_ids$/.test(undo.made);
  if (finds === undefined && (test !== undefined || !isOne)) return undefined;
  try {
    if (proof.among) return await newAmong(proof.among, sent, world, signal);
    const parameters = await parametersOf(
      read,
      finds === undefined ? { has: "" } : { finds },
      told,
      world,
      signal,
    );
    if (parameters === undefined) return undefined;
    const value = await readFrom(world.api)(read, parameters, signal);
    if (finds !== undefined) {
      const person = personIn(value, { user_email: String(told[finds]) });
      return person && isNew(person.row, began)
        ? { id: person.id, found: `${toolName(read)} shows person ${person.id} with this login` }
        : undefined;
    }
    const own = rowsIn(asList(value)).filter((row) => isNew(row, began) && isAsGiven(row, sent));
    const id = onlyOne(own);
    if (typeof id !== "number") return id;
    return { id, found: cleanText(`${toolName(read)} shows ${id}, made just now as it was given`) };
  } catch (error) {
    // What cannot be read shows nothing.
    if (error instanceof Missing || error instanceof Unread) return undefined;
    if (error instanceof Failure || error instanceof NobodyFound) return undefined;
    throw error;
  }
}

/** Its number. */
function onlyOne(rows: readonly Row[]): number | "none" | undefined {
  const [one] = rows;
  if (one === undefined) return "none";
  const id = numberIn(one);
  return rows.length === 1 && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** What the list did not show before the call: whatever is like it and older is in both. */
async function newAmong(
  { read, in: field }: { readonly read: string; readonly in: string },
  sent: Sent,
  world: ProofWorld,
  signal: AbortSignal,
): Promise<FoundNew | "none" | undefined> {
  const before = sent.before?.[read];
  const parameters = await parametersOf(read, { has: "" }, sent.told, world, signal);
  if (before === undefined || parameters === undefined) return undefined;
  const inside = (record: unknown) => rowsIn(asList((record as Row | null)?.[field] ?? []));
  const known = new Set(inside(before).map((row) => numberIn(row)));
  const fresh = inside(await readFrom(world.api)(read, parameters, signal)).filter(
    (row) => !known.has(numberIn(row)),
  );
  const id = onlyOne(fresh);
  const [row = {}] = fresh;
  if (typeof id !== "number") return id;
  if (!isAsGiven(row, sent)) return undefined;
  const shown = Object.keys(sent.told).filter((name) => isPlain(row[name]) && !/_id$/.test(name));
  const values = shown.map((name) => `${name} ${cell(row[name]).slice(0, 60)}`).join(", ");
  return {
    id,
    found: cleanText(`${toolName(read)} shows ${id}, new since the call began: ${values}`),
  };
}

const isNew = ({ created_at }: Row, began: number): boolean =>
  Date.parse(String(created_at)) >= began - slackMs;

/** Whatever of what was given the row shows under the same name, is alike; and it shows some. */
function isAsGiven(row: Row, { told, zone }: Sent): boolean {
  const shown = Object.entries(told).filter(
    ([name, value]) => ["string", "number", "boolean"].includes(typeof value) && isPlain(row[name]),
  );
  const compared = shown.map(([name, value]) => alike(value, row[name], zone));
  return compared.includes(true) && !compared.includes(false);
}
const isPlain = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

/** What was made and answered without its record, found: its number is told as if the answer had it. */
export async function withMade(
  { id, found }: FoundNew,
  {
    reply,
    outcome,
    name,
    ...made
  }: Omit<MadeRecord, "answered"> & { readonly outcome: Outcome; readonly name: string },
  world: LookWorld,
  cancelled: AbortSignal,
): Promise<{ readonly reply: Reply; readonly outcome: Outcome }> {
  const { operation } = made.sent;
  const said = outcome.is === "done" ? "says success without a record" : "was lost or says nothing";
  const seen = { verified: "yes", found } as const;
  const told: Reply = {
    text: `Done: ${operation.title}. SkyPrep's answer ${said}, but ${found}.\n${verifiedLine(seen)}`,
    structured: {
      ...(outcome.is === "done" && reply.structured),
      done: true,
      tool: name,
      id,
      verified: "yes",
    },
    outcome: "done",
    seen,
  };
  const answered = recordOf(operation, id);
  const whole = await withContents({ ...made, reply: told, answered }, world, cancelled);
  return { reply: whole, outcome: { is: "done", made: id } };
}

const recordOf = ({ output }: WriteOperation, id: number): unknown =>
  output.as === "one" && output.inside !== undefined ? { [output.inside]: { id } } : { id };
