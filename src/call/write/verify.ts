import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { AcademyZone } from "../../academy/time-zone.ts";
import type { Tool } from "../../catalogue/catalogue.ts";
import type { Outcome } from "../../journal/line.ts";
import { endedAs, type Reply, type Verification } from "../../reply/reply.ts";
import { type WhatCame, watched } from "../../skyprep/api.ts";
import type { ListSpelling } from "../../skyprep/normalize/learnt-lists.ts";
import { Failure, type ParsedResponse } from "../../skyprep/response.ts";
import { beginCallDeadline, type CallDeadline, silent, type TimeWorld } from "../call-deadline.ts";
import type { Args } from "../check/check.ts";
import { type Addition, type Contents, contentsOf } from "./contents.ts";
import {
  during,
  inSeconds,
  isDoubted,
  type LookWorld,
  look,
  lookMs,
  onePause,
  type Proof,
  pauses,
  type Sought,
  secondLook,
} from "./looks.ts";
import { type FoundNew, madeBy } from "./made.ts";
import { otherInRecord, type ProofWorld, type Proven, type Sent } from "./proof.ts";

/** What became of a write, for the journal and for whoever asked. */
export interface WriteResult {
  readonly outcome: Outcome;
  readonly reply: Reply;
  /** What it was answered with, where it could be read. */
  readonly reading?: ParsedResponse;
  /** It was answered with a web page, or sent on to one. */
  readonly page?: unknown;
}
interface Written {
  readonly tool: Tool & { readonly operation: WriteOperation };
  readonly told: Args;
  /** Epoch milliseconds. */
  readonly began: number;
  /** When the call's own time is over; epoch milliseconds. */
  readonly until: number;
  /** What reads showed before it, by route. */
  readonly before: Readonly<Record<string, unknown>> | undefined;
  /** Sends it again with its lists spelt otherwise: only what may be done twice; undefined: it may not, or has none. */
  readonly respelt: ((how: ListSpelling) => Promise<void>) | undefined;
  /** It gives several values of one kind. */
  readonly several: boolean;
  /** Puts one in by itself that the call was to put in: what may be done twice; false: it was not sent, or refused. */
  readonly add: (addition: Addition) => Promise<boolean>;
  /** What SkyPrep answered last before it. */
  readonly readBefore: WhatCame | undefined;
}
export interface VerifyWorld extends LookWorld {
  /** The academy's, in which a day is meant. */
  readonly zone?: Pick<AcademyZone, "known">;
}

/** Neither a word nor a record, on a good status: no claim of SkyPrep's, either way. */
const isNothing = (reading: ParsedResponse | undefined): boolean =>
  reading?.is === "text" && reading.text.trim() === "";

/**
 * One look at what a write left, where its answer was lost or says no more than success; further ones where it does
 * not show what SkyPrep claims. `outcome`: what is known now, where something new is.
 */
export async function verifyWrite(
  came: WriteResult,
  written: Written,
  world: VerifyWorld,
  cancelled: AbortSignal,
): Promise<{ readonly reply: Reply; readonly outcome?: Outcome }> {
  const { outcome, reply, reading, page } = came;
  const { operation } = written.tool;
  const zone = world.zone?.known()?.zone;
  const sent = { ...written, operation, answered: reading !== undefined, zone };
  if (outcome.is === "failed") return { reply };
  const record = reply.structured?.done !== true;
  if (outcome.is === "done" && record) {
    const other = reading?.is === "json" ? otherInRecord(sent, reading.value) : undefined;
    if (other) return { reply: withSeen(reply, other) };
    return {
      reply:
        reading?.is === "json"
          ? await withContents({ reply, sent, answered: reading.value, written }, world, cancelled)
          : reply,
    };
  }
  const { api, lastCame } = watched(world.api);
  const claimed = outcome.is === "done" || isNothing(reading);
  const timeoutMs = lookMs + (claimed ? inSeconds(pauses) * 1000 : 0);
  const { until, respelt } = written;
  const sought = { sent, claimed, several: outcome.is === "done" && written.several, until, respelt };
  const seeing = { ...world, api };
  let looked: Proof = { waitedMs: 0 };
  let made: FoundNew | undefined;
  await during(timeoutMs, seeing, cancelled, async (time) => {
    const inTime = { ...world, api: time.api };
    await look(sought, inTime, time, (proof) => {
      looked = proof;
    });
    // Whose answer shows no record has no number yet.
    if (
      operation.effect === "add" &&
      looked.proven?.verified !== "no" &&
      (claimed || looked.proven !== undefined)
    )
      made = await lookForNew(sent, claimed, inTime, { time, until });
    if (page !== undefined && lastCame() === undefined) {
      await time.api("test_connection", "", time.signal).catch(unlessOver(time.signal));
    }
  });
  looked = await secondLook(sought, looked, seeing, cancelled);
  const shutOut = page instanceof Failure && written.readBefore !== "data" && lastCame() === "page";
  const plain = shutOut ? alsoSaying(reply, `Reads get a web page, too. ${page.next}`) : reply;
  const { proven } = looked;
  if (made !== undefined) return withMade(made, { reply, outcome, sent, written }, world, cancelled);
  if (proven === undefined) return unseen(unmoved(plain, sent, outcome), sought, looked, world);
  if (outcome.is === "unknown") return unclear(plain, looked, written, isNothing(reading));
  return { reply: proven.verified === "no" ? notYet(reply, proven, looked) : withSeen(reply, proven) };
}

/** Of a move that no read shows, either way. */
const unmoved = (reply: Reply, { operation: { proof } }: Sent, { is }: Outcome): Reply =>
  is === "unknown" && proof.test !== undefined && "moves" in proof.test
    ? alsoSaying(
        reply,
        "Whether it was moved could not be seen: look at what both have, before either is deleted.",
      )
    : reply;

/**
 * A success may be that of a list read as one value, where none was seen to be read yet: where the look was turned
 * away, or the list was refused in the page's spelling. What no read of this key ever shows rests on SkyPrep's word.
 */
function unseen(
  reply: Reply,
  sought: Sought,
  { unread }: Proof,
  world: VerifyWorld,
): { readonly reply: Reply; readonly outcome?: Outcome } {
  const isSuspect =
    sought.several && world.lists?.known() === undefined && world.lists?.tried() !== undefined;
  if (!isSuspect && !(isDoubted(sought, world) && unread === "for now")) return { reply };
  const why = "SkyPrep said success, and whether it read more than the first of the list could not be seen.";
  const next = "Look with a read who is in, then add whoever is missing.";
  return { reply: endedAs("unknown", why, next), outcome: { is: "unknown", why } };
}

/** What was made, after pauses where it does not show yet. */
async function lookForNew(
  sent: Sent,
  claimed: boolean,
  world: VerifyWorld,
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

/** SkyPrep said that it was done, and no read bears it out: no failure, and no success that was seen. */
function notYet(reply: Reply, proven: Proven, { waitedMs }: Proof): Reply {
  const seen = withSeen(reply, proven);
  return waitedMs === 0
    ? seen
    : alsoSaying(
        seen,
        `SkyPrep said success, and ${waitedMs / 1000} s later it did not show yet: look once more in a minute, and do not repeat it before.`,
      );
}

/** What its answer left open, a read may show: a difference, or all that was asked for. */
function unclear(
  reply: Reply,
  { proven, waitedMs }: Proof,
  { tool }: Written,
  saidNothing: boolean,
): { readonly reply: Reply; readonly outcome?: Outcome } {
  if (proven === undefined) return { reply };
  const { verified, found, changed } = proven;
  const { name, operation } = tool;
  const { test } = operation.proof;
  const proves = changed ?? (test !== undefined && !("has" in test) && !("enrolls" in test));
  if (verified === "no") {
    const most = saidNothing
      ? `SkyPrep answered nothing, and ${waitedMs / 1000} s later it did not show: most likely it was not done. Look once more in a minute.`
      : "Most likely it was not done: look once more in a minute.";
    const seen = alsoSaying(withSeen(reply, { verified, found }), most);
    // Not done yet is no proof that it never will be: it stays unknown, with what was seen.
    return { reply: seen, outcome: { is: "unknown", why: `${found}.` } };
  }
  const structured = { done: true, tool: name, verified, ...(verified === "partly" && { found }) };
  if (!proves && saidNothing) {
    const before = changed === false ? "as before the call" : "and what it showed before is not known";
    return {
      reply: {
        text: `It is so now: ${operation.title}. SkyPrep answered nothing; ${found}, ${before}.`,
        structured,
        outcome: "done",
        seen: { verified, found },
      },
      outcome: { is: "done" },
    };
  }
  if (!proves) {
    const same = changed === false ? "as it did before the call" : "but what it showed before is not known";
    const why = `${found}, ${same}`;
    const seen = alsoSaying(reply, `Not verified: ${why}.`);
    return {
      reply: { ...seen, structured: { ...seen.structured, found: why } },
      outcome: { is: "unknown", why: `${why}.` },
    };
  }
  const text = `Done: ${operation.title}. SkyPrep's answer was lost or says nothing, but ${found}.\n${inLine({ verified, found })}`;
  return { reply: { text, structured, outcome: "done", seen: { verified, found } }, outcome: { is: "done" } };
}

/** What was made and answered without its record, found: its number is told as if the answer had it. */
async function withMade(
  { id, found }: FoundNew,
  {
    reply,
    outcome,
    sent,
    written,
  }: {
    readonly reply: Reply;
    readonly outcome: Outcome;
    readonly sent: Sent;
    readonly written: Written;
  },
  world: VerifyWorld,
  cancelled: AbortSignal,
): Promise<{ readonly reply: Reply; readonly outcome: Outcome }> {
  const { name, operation } = written.tool;
  const said = outcome.is === "done" ? "says success without a record" : "was lost or says nothing";
  const seen = { verified: "yes", found } as const;
  const told: Reply = {
    text: `Done: ${operation.title}. SkyPrep's answer ${said}, but ${found}.\n${inLine(seen)}`,
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
  const whole = await withContents({ reply: told, sent, answered, written }, world, cancelled);
  return { reply: whole, outcome: { is: "done", made: id } };
}

const recordOf = ({ output }: WriteOperation, id: number): unknown =>
  output.as === "one" && output.inside !== undefined ? { [output.inside]: { id } } : { id };

interface Made {
  readonly reply: Reply;
  readonly sent: Sent;
  readonly answered: unknown;
  readonly written: Written;
}

/** So many are put in one by one; of more it is said that they are not in it. */
const mostAdded = 20;

/** What was made is answered without what is in it: one look shows that, and what a list left out is put in. */
async function withContents(
  { reply, sent, answered, written }: Made,
  world: VerifyWorld,
  cancelled: AbortSignal,
): Promise<Reply> {
  if (sent.operation.proof.holds === undefined) return reply;
  const first = await inside(sent, answered, world, cancelled);
  if (first === undefined) return reply;
  const missing = first.unlisted.length;
  if (missing === 0 || missing > mostAdded) return withInside(reply, first);
  // It may only not show yet.
  const [ms = 0] = onePause;
  if (world.now() + ms > written.until) return withInside(reply, first);
  await world.pause(ms, cancelled);
  const second = (await inside(sent, answered, world, cancelled)) ?? first;
  const added: string[] = [];
  for (const addition of second.unlisted) {
    if (world.now() >= written.until) break;
    if (await written.add(addition)) added.push(addition.called);
  }
  if (added.length === 0) return withInside(reply, second);
  const last = (await inside(sent, answered, world, cancelled)) ?? second;
  const line = `SkyPrep did not take from the list, so put in by ${added.length === 1 ? "a call of its own" : "calls of their own"}: ${added.join(", ")}.`;
  return withInside(alsoSaying(reply, line), last);
}

const withInside = (reply: Reply, { line, counts, seen }: Contents): Reply => {
  const told = alsoSaying(reply, line);
  return withSeen({ ...told, structured: { ...told.structured, ...counts } }, seen);
};

async function inside(
  sent: Sent,
  answered: unknown,
  world: TimeWorld & ProofWorld,
  cancelled: AbortSignal,
): Promise<Contents | undefined> {
  const time = beginCallDeadline(world, { timeoutMs: lookMs, cancelled, progress: silent });
  try {
    return await contentsOf(sent, answered, { api: time.api }, time.signal);
  } catch (error) {
    // The change itself stands, whether it could be looked at or not.
    if (!time.signal.aborted) throw error;
    return undefined;
  } finally {
    time.end();
  }
}

const alsoSaying = (reply: Reply, line: string): Reply => ({ ...reply, text: `${reply.text}\n${line}` });

const inLine = ({ verified, found }: Verification): string =>
  verified === "yes" ? "verified: yes" : `verified: ${verified === "no" ? "no" : "in part"} (${found})`;

const withSeen = (reply: Reply, { verified, found }: Verification): Reply => ({
  ...alsoSaying(reply, inLine({ verified, found })),
  structured: { ...reply.structured, verified, ...(verified !== "yes" && { found }) },
  seen: { verified, found },
});

const unlessOver = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted || !(error instanceof Failure)) throw error;
};
