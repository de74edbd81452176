import type { ListSpelling, ListSpellings } from "../../skyprep/normalize/learnt-lists.ts";
import { type Pause, worthStartingMs } from "../../skyprep/request.ts";
import { Failure, mayPass } from "../../skyprep/response.ts";
import { beginCallDeadline, type CallDeadline, silent, type TimeWorld } from "../call-deadline.ts";
import { lookOnce, type OneLook, type ProofWorld, type Sent } from "./proof.ts";

export interface LookWorld extends TimeWorld, ProofWorld {
  readonly pause: Pause;
  /** How SkyPrep reads several values. */
  readonly lists?: Pick<ListSpellings, "known" | "tried" | "works">;
  /** Told where reads show a write only after a while. */
  readonly onLate?: () => void;
}

/** Also where the call's own time is over: clients give up some seconds later. */
export const lookMs = 5_000;
/** Reads may be of before the write: looked again after each, where SkyPrep said that it was done, or nothing. */
export const pauses = [1_000, 2_000, 4_000];
/** Something of ours may be why it still shows. */
export const onePause = [4_000];
export const inSeconds = (ms: readonly number[]) => ms.reduce((sum, one) => sum + one, 0) / 1000;

/** What looks came to; what was seen to be lacking is not taken back by one that could not be made. */
export interface Proof extends OneLook {
  /** How long it was looked for. */
  readonly waitedMs: number;
}

/** A write to be looked for. */
export interface Sought {
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
export const isDoubted = ({ several, sent }: Sought, { lists }: LookWorld): boolean =>
  several && sent.operation.proof.test !== undefined && lists !== undefined && lists.known() === undefined;

/** Does the work in so much time; where that is over, what it has told so far stands. */
export async function during(
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
export async function look(
  sought: Sought,
  world: LookWorld,
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
export async function secondLook(
  sought: Sought,
  first: Proof,
  world: LookWorld,
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
