import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { AcademyZone } from "../../academy/time-zone.ts";
import type { Tool } from "../../catalogue/catalogue.ts";
import type { Outcome } from "../../journal/line.ts";
import { alsoSaying, endedAs, type Reply, verifiedLine, withSeen } from "../../reply/reply.ts";
import { type WhatCame, watched } from "../../skyprep/api.ts";
import type { ListSpelling, ListSpellings } from "../../skyprep/normalize/learnt-lists.ts";
import { worthStartingMs } from "../../skyprep/request.ts";
import { Failure, mayPass, type ParsedResponse } from "../../skyprep/response.ts";
import { beginCallDeadline, type CallDeadline, silent, type TimeWorld } from "../call-deadline.ts";
import type { Args } from "../check/check.ts";
import { type MadeRecord, withContents } from "./contents.ts";
import { type FoundNew, lookForNew, withMade } from "./made.ts";
import {
  type LookWorld,
  lookMs,
  lookOnce,
  type OneLook,
  onePause,
  otherInRecord,
  type Proven,
  pauses,
  type Sent,
} from "./proof.ts";

/** What became of a write, for the journal and for whoever asked. */
export interface WriteResult {
  readonly outcome: Outcome;
  readonly reply: Reply;
  /** What it was answered with, where it could be read. */
  readonly reading?: ParsedResponse;
  /** It was answered with a web page, or sent on to one. */
  readonly page?: unknown;
}
interface Written extends Pick<MadeRecord, "until" | "add"> {
  readonly tool: Tool & { readonly operation: WriteOperation };
  readonly told: Args;
  /** Epoch milliseconds. */
  readonly began: number;
  /** What reads showed before it, by route. */
  readonly before: Readonly<Record<string, unknown>> | undefined;
  /** Sends it again with its lists spelt otherwise: only what may be done twice; undefined: it may not, or has none. */
  readonly respelt: ((how: ListSpelling) => Promise<void>) | undefined;
  /** It gives several values of one kind. */
  readonly several: boolean;
  /** What SkyPrep answered last before it. */
  readonly readBefore: WhatCame | undefined;
}
export interface VerifyWorld extends LookWorld {
  /** How SkyPrep reads several values. */
  readonly lists?: Pick<ListSpellings, "known" | "tried" | "works">;
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
  const { tool, until, add, respelt } = written;
  const { operation, name } = tool;
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
          ? await withContents({ reply, sent, answered: reading.value, until, add }, world, cancelled)
          : reply,
    };
  }
  const { api, lastCame } = watched(world.api);
  const claimed = outcome.is === "done" || isNothing(reading);
  const timeoutMs = lookMs + (claimed ? pauses.reduce((sum, one) => sum + one) : 0);
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
  if (made !== undefined) return withMade(made, { reply, outcome, sent, name, until, add }, world, cancelled);
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
  const text = `Done: ${operation.title}. SkyPrep's answer was lost or says nothing, but ${found}.\n${verifiedLine({ verified, found })}`;
  return { reply: { text, structured, outcome: "done", seen: { verified, found } }, outcome: { is: "done" } };
}

/** What looks came to; what was seen to be lacking is not taken back by one that could not be made. */
interface Proof extends OneLook {
  /** How long it was looked for. */
  readonly waitedMs: number;
}

/** A write to be looked for. */
interface Sought {
  readonly sent: Sent;
  /** SkyPrep said that it was done, or nothing. */
  readonly claimed: boolean;
  /** SkyPrep said that it was done, of a list of several values: perhaps it read them as one. */
  readonly several: boolean;
  /** When the call's own time is over; epoch milliseconds. */
  readonly until: number;
  /** Sends it again with its lists spelt otherwise: only what may be done twice; undefined: it may not, or has none. */
  readonly respelt: ((how: ListSpelling) => Promise<void>) | undefined;
}

/** Whether a success may be that of a list read as one value: SkyPrep has not shown yet how it reads them. */
const isDoubted = ({ several, sent }: Sought, { lists }: VerifyWorld): boolean =>
  several && sent.operation.proof.test !== undefined && lists !== undefined && lists.known() === undefined;

/** Does the work in so much time; where that is over, what it has told so far stands. */
async function during(
  timeoutMs: number,
  world: TimeWorld,
  cancelled: AbortSignal,
  work: (time: CallDeadline) => Promise<void>,
): Promise<void> {
  const time = beginCallDeadline(world, { timeoutMs, cancelled, progress: silent });
  try {
    await work(time);
  } catch (error) {
    if (!time.signal.aborted) throw error;
  } finally {
    time.end();
  }
}

const isOpen = ({ proven }: Proof): boolean => proven === undefined || proven.verified === "no";

/** What reads tell, after pauses where they do not show what was claimed; the write itself is never repeated. */
async function look(
  sought: Sought,
  world: VerifyWorld,
  time: CallDeadline,
  tell: (proof: Proof) => void,
): Promise<Proof> {
  const { sent, claimed, until } = sought;
  const { test } = sent.operation.proof;
  const doubted = isDoubted(sought, world);
  let proof: Proof = { waitedMs: 0 };
  const once = async () => {
    const { proven } = proof;
    // Until it has come to its end.
    if (doubted) tell({ ...proof, unread: "for now" });
    const came = await lookOnce(sent, { ...world, api: time.api }, time.signal);
    proof = { ...came, proven: came.proven ?? (doubted ? proven : undefined), waitedMs: proof.waitedMs };
    tell(proof);
  };
  await once();
  if (!claimed || test === undefined) return proof;
  for (const ms of "perhaps" in test ? onePause : pauses) {
    const again = proof.proven ? proof.proven.verified === "no" : doubted && proof.unread === "otherwise";
    if (!again || world.now() + ms > until) break;
    await world.pause(ms, time.signal);
    proof = { ...proof, waitedMs: proof.waitedMs + ms };
    await once();
    if (proof.proven?.verified !== "no") world.onLate?.();
  }
  return proof;
}

/**
 * Of a list that may have been read as one value: what no read told for now is looked for once more, in whatever time
 * the call has left; and where a part of it is there and the rest is not, it is sent in the other spelling.
 */
async function secondLook(
  sought: Sought,
  first: Proof,
  world: VerifyWorld,
  cancelled: AbortSignal,
): Promise<Proof> {
  const { sent, until, respelt } = sought;
  let proof = first;
  const left = () => until - world.now();
  const isUnread = isDoubted(sought, world) && proof.unread === "for now" && isOpen(proof);
  if (isUnread && left() > worthStartingMs) {
    await during(left(), world, cancelled, async (time) => {
      const came = await lookOnce(sent, { ...world, api: time.api }, time.signal);
      proof = { ...came, proven: came.proven ?? proof.proven, waitedMs: proof.waitedMs };
    });
  }
  const { proven, unread } = proof;
  const isReadAsOne = proven?.verified === "no" && proven.some && unread === undefined;
  if (isReadAsOne && respelt && sought.several && !world.lists?.known()) {
    await respelt("brackets").catch((error: unknown) => {
      if (!(error instanceof Failure) && !mayPass(error)) throw error;
    });
    await during(Math.max(lookMs, left()), world, cancelled, async (time) => {
      const came = await lookOnce(sent, { ...world, api: time.api }, time.signal);
      proof = { ...came, proven: came.proven ?? proven, waitedMs: proof.waitedMs };
    });
    if (proof.proven?.verified === "yes") world.lists?.works("brackets");
  } else if (proven && proven.verified !== "no" && respelt)
    world.lists?.works(world.lists.tried() ?? "commas");
  return proof;
}

const unlessOver = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted || !(error instanceof Failure)) throw error;
};
