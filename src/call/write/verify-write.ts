import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Tool } from "../../catalogue/catalogue.ts";
import type { Outcome } from "../../journal/line.ts";
import type { Reply, Seen } from "../../reply/reply.ts";
import { type WhatCame, watched } from "../../skyprep/api.ts";
import { Failure } from "../../skyprep/failure.ts";
import type { ParsedResponse } from "../../skyprep/response.ts";
import { beginCallDeadline, type TimeWorld } from "../call-deadline.ts";
import type { Args } from "../check/check.ts";
import { silent } from "../progress.ts";
import { contentsOf } from "./contents.ts";
import { otherInRecord, type ProofWorld, type Proven, prove, type Sent } from "./proof.ts";

/** What became of a write, for the journal and for whoever asked. */
export interface Came {
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
  /** What reads showed before it, by route. */
  readonly before: Readonly<Record<string, unknown>> | undefined;
  /** What SkyPrep answered last before it. */
  readonly readBefore: WhatCame | undefined;
}

/** Also where the call's own time is over: clients give up some seconds later. */
const lookMs = 5_000;

/**
 * One look at what a write left, where its answer was lost or says no more than success. `outcome`: what is
 * known now, where something new is.
 */
export async function verifyWrite(
  came: Came,
  written: Written,
  world: TimeWorld & ProofWorld,
  cancelled: AbortSignal,
): Promise<{ readonly reply: Reply; readonly outcome?: Outcome }> {
  const { outcome, reply, reading, page } = came;
  const { operation } = written.tool;
  const sent = { ...written, operation, answered: reading !== undefined };
  if (outcome.is === "failed") return { reply };
  const record = reply.structured?.done !== true;
  if (outcome.is === "done" && record) {
    const other = reading?.is === "json" ? otherInRecord(sent, reading.value) : undefined;
    if (other) return { reply: withSeen(reply, other) };
    return {
      reply:
        reading?.is === "json" ? await withContents(reply, sent, reading.value, world, cancelled) : reply,
    };
  }
  const { api, lastCame } = watched(world.api);
  const time = beginCallDeadline({ ...world, api }, { timeoutMs: lookMs, cancelled, progress: silent });
  let proven: Proven | undefined;
  try {
    proven = await prove(sent, { ...world, api: time.api }, time.signal);
    if (page !== undefined && lastCame() === undefined) {
      await time.api("test_connection", "", time.signal).catch(unlessOver(time.signal));
    }
  } catch (error) {
    if (!time.signal.aborted) throw error;
  } finally {
    time.end();
  }
  const shutOut = page instanceof Failure && written.readBefore !== "data" && lastCame() === "page";
  const plain = shutOut ? alsoSaying(reply, `Reads get a web page, too. ${page.next}`) : reply;
  if (proven === undefined) return { reply: plain };
  return outcome.is === "unknown" ? unclear(plain, proven, written) : { reply: withSeen(reply, proven) };
}

/** What its answer left open, a read may show: a difference, or all that was asked for. */
function unclear(
  reply: Reply,
  { verified, found, changed }: Proven,
  { tool }: Written,
): { readonly reply: Reply; readonly outcome: Outcome } {
  const { name, operation } = tool;
  const { test } = operation.proof;
  const proves = changed ?? (test !== undefined && !("has" in test) && !("enrolls" in test));
  if (verified === "no") {
    const seen = alsoSaying(
      withSeen(reply, { verified, found }),
      "Most likely it was not done: look once more in a minute.",
    );
    // Not done yet is no proof that it never will be: it stays unknown, with what was seen.
    return { reply: seen, outcome: { is: "unknown", why: `${found}.` } };
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
  return {
    reply: {
      text,
      structured: { done: true, tool: name, verified, ...(verified === "partly" && { found }) },
      outcome: "done",
      seen: { verified, found },
    },
    outcome: { is: "done" },
  };
}

/** What was made is answered without what is in it: one look shows that. */
async function withContents(
  reply: Reply,
  sent: Sent,
  answered: unknown,
  world: TimeWorld & ProofWorld,
  cancelled: AbortSignal,
): Promise<Reply> {
  if (sent.operation.proof.holds === undefined) return reply;
  const time = beginCallDeadline(world, { timeoutMs: lookMs, cancelled, progress: silent });
  try {
    const inside = await contentsOf(sent, answered, { api: time.api }, time.signal);
    if (inside === undefined) return reply;
    const told = alsoSaying(reply, inside.line);
    return withSeen({ ...told, structured: { ...told.structured, ...inside.counts } }, inside.seen);
  } catch (error) {
    // The change itself stands, whether it could be looked at or not.
    if (!time.signal.aborted) throw error;
    return reply;
  } finally {
    time.end();
  }
}

const alsoSaying = (reply: Reply, line: string): Reply => ({ ...reply, text: `${reply.text}\n${line}` });

const inLine = ({ verified, found }: Seen): string =>
  verified === "yes" ? "verified: yes" : `verified: ${verified === "no" ? "no" : "in part"} (${found})`;

const withSeen = (reply: Reply, { verified, found }: Seen): Reply => ({
  ...alsoSaying(reply, inLine({ verified, found })),
  structured: { ...reply.structured, verified, ...(verified !== "yes" && { found }) },
  seen: { verified, found },
});

const unlessOver = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted || !(error instanceof Failure)) throw error;
};
