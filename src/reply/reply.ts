import type { Board } from "../pages/board.ts";
import type { MakePieces } from "../pages/pieces.ts";

/**
 * How a call ended, in one word; everything that depends on it reads this and nothing else.
 * `done`: all of it is so now, and a read answered. `partly`: some of several things are not. `unknown`: it may or may
 * not have been done. `waiting`: for a person's answer; nothing was sent. `declined`: a person said no, or closed the
 * question; nothing was sent. `refused`: nothing was sent, or it was turned away at the door. `failed`: SkyPrep read it
 * and said no, or what it answered cannot be read.
 */
export const callOutcomes = [
  "done",
  "partly",
  "unknown",
  "waiting",
  "declined",
  "refused",
  "failed",
] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/**
 * What the same call lacks to be done, where that is known: other arguments or settings, a person's yes, or time,
 * because SkyPrep, or the way to it, is closed for now.
 */
export type Lack = "arguments" | "settings" | "person" | "time";

/** Whether something went wrong. A question that waits for a person is no error, nor is their no: nobody made a mistake. */
export const wentWrong = (outcome: CallOutcome): boolean =>
  !["done", "waiting", "declined"].includes(outcome);

/** What a read found after a write. */
export interface Verification {
  readonly verified: "yes" | "no" | "partly";
  /** In words. */
  readonly found: string;
}

/** What a tool answers: text for whoever reads it; the same as structure, where a program asked for that. */
export interface Reply {
  readonly text: string;
  readonly structured?: Record<string, unknown>;
  /** A file that came of it, to be read as a resource. */
  readonly link?: {
    readonly uri: string;
    readonly name: string;
    readonly mimeType: string;
    readonly size: number;
  };
  /** What there is to look at, made only where somebody does; the job's own, and gone once it is made. */
  readonly pieces?: MakePieces;
  /** The same for a host that shows apps. */
  readonly board?: Board;
  readonly outcome: CallOutcome;
  /** Of a call that was refused or failed. */
  readonly needs?: Lack;
  /** Of a read that SkyPrep answered with 404: there is nothing under that number or login. */
  readonly missing?: true;
  /** Of a write that was looked at; for the job that made it. */
  readonly seen?: Verification;
  /** Of a write that was not sent: the people it names who are not who they were when it was planned. */
  readonly strangers?: readonly number[];
}

/** Contract §4: whichever is reached first cuts both alike. */
export const limits = { textBytes: 40_000, structuredBytes: 60_000 } as const;

/** It ended another way than done: what happened, and what to do next. */
export const endedAs = (outcome: Exclude<CallOutcome, "done">, ...lines: readonly string[]): Reply => ({
  text: lines.map((line) => (line.length > 2_000 ? `${line.slice(0, 1_999)}…` : line)).join("\n"),
  outcome,
});

/** Nothing was sent, or it changed nothing: why, and what to do next. */
export const refuse = (...lines: readonly string[]): Reply => endedAs("refused", ...lines);

/** The same, and what is lacking. */
export const refuseFor = (needs: Lack, ...lines: readonly string[]): Reply => ({
  ...refuse(...lines),
  needs,
});

/** SkyPrep said no, or could not be read: what happened, and what to do next. */
export const failure = (...lines: readonly string[]): Reply => endedAs("failed", ...lines);

/** The same reply, and a line more. */
export const alsoSaying = (reply: Reply, line: string): Reply => ({
  ...reply,
  text: `${reply.text}\n${line}`,
});

/** What a read found, as a reply says it. */
export const verifiedLine = ({ verified, found }: Verification): string =>
  verified === "yes" ? "verified: yes" : `verified: ${verified === "no" ? "no" : "in part"} (${found})`;

/** The same reply, with what a read found. */
export const withSeen = (reply: Reply, { verified, found }: Verification): Reply => ({
  ...alsoSaying(reply, verifiedLine({ verified, found })),
  structured: { ...reply.structured, verified, ...(verified !== "yes" && { found }) },
  seen: { verified, found },
});
