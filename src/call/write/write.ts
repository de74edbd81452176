import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { writesTakenAway } from "../../access/principal.ts";
import { type Tool, toolName } from "../../catalogue/catalogue.ts";
import type { Asker } from "../../guard/channels/approval-channels.ts";
import type { Guard } from "../../guard/guard.ts";
import type { Approved, Denied, PolicyAtSend } from "../../guard/policy/decision.ts";
import { undoneOnce } from "../../journal/entry.ts";
import { type Allow, CannotWrite, type Journal, type Outcome } from "../../journal/line.ts";
import type { View } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import type { Api, WhatCame } from "../../skyprep/api.ts";
import type { ListSpelling } from "../../skyprep/normalize/learnt-lists.ts";
import { spelledAs } from "../../skyprep/normalize/list-spelling.ts";
import { encode } from "../../skyprep/request.ts";
import { Failure, isPage } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import { beginCallDeadline, type CallDeadline, type CancelSignals, type Progress } from "../call-deadline.ts";
import type { Args } from "../check/check.ts";
import { spellPerson } from "../check/interpret.ts";
import { answer, outcomeOf } from "../finish/answer.ts";
import { barredBy, doneBefore, errorReply, notAgreed, type Stage, tooLate } from "../finish/error-replies.ts";
import { quiet, type Redact, writable } from "../redaction/redact.ts";
import type { Once } from "../run/once-in-run.ts";
import type { Addition } from "./contents.ts";
import { lookBefore } from "./proof.ts";
import { type VerifyWorld, verifyWrite, type WriteResult } from "./verify.ts";

export interface WriteWorld extends VerifyWorld {
  readonly guard: Guard;
  /** Left out: nobody set one. */
  readonly policy?: PolicyAtSend | undefined;
  readonly journal: Journal;
  readonly view: View;
  /** A digest of the account: one journal may serve several. */
  readonly account: string;
  /** Forgets kept lists. */
  readonly drop: () => void;
  readonly timeoutMs: number;
  /** Whether SkyPrep answered last with what it should, or with a web page. */
  readonly lastCame: () => WhatCame | undefined;
}

/** A write, checked; and the line of the journal that it undoes, if it undoes one. */
export interface WriteRequest {
  readonly tool: Tool & { readonly operation: WriteOperation };
  readonly args: Args;
  readonly code: string | undefined;
  readonly undoes?: number | undefined;
  /** The approval that was given already, for this very step of a job. */
  readonly approval?: Approved | undefined;
  /** The plan that it is a step of. */
  readonly plan?: string | undefined;
  /** The run that it is a part of. */
  readonly once?: Once | undefined;
}

export const isWrite = (tool: Tool): tool is WriteRequest["tool"] => tool.operation.effect !== "read";

export interface Writing {
  readonly ends: CancelSignals;
  readonly asker: Asker;
  readonly progress: Progress;
  /** Takes out what must not be written down. */
  readonly hide: Redact;
  /** The same, where the caller told something in confidence that SkyPrep's answer may repeat. */
  readonly hideSaid?: Redact;
  /** Told of the time that was begun, for whoever keeps the log. */
  readonly onTime: (time: CallDeadline) => void;
}

/**
 * The life of a write: ask, write down what is about to be done, send, write down what became of it, look where
 * that tells more, show. A person's time is not counted; the call's own begins with their yes.
 */
export async function write(asked: WriteRequest, world: WriteWorld, writing: Writing): Promise<Reply> {
  const { tool, args, code } = asked;
  const { unsent } = writing.ends;
  let approval: Approved | Denied;
  try {
    const { name, route, operation } = tool;
    approval =
      asked.approval ??
      (await world.guard({ tool: name, route, operation, args, code }, writing.asker, unsent));
  } catch (error) {
    if (unsent.aborted) throw unsent.reason;
    return errorReply(tool, args, error, "before");
  }
  if (!approval.go) return notAgreed(approval);
  return send(asked, approval, world, writing);
}

async function send(
  asked: WriteRequest,
  approval: Approved,
  world: WriteWorld,
  writing: Writing,
): Promise<Reply> {
  const { tool, args } = asked;
  const { operation, route } = tool;
  const { unsent, sent: cancelled } = writing.ends;
  let stage = "before" as Stage;
  const began = world.now();
  const time = beginCallDeadline(world, {
    timeoutMs: world.timeoutMs,
    cancelled,
    progress: writing.progress,
    ...(writing.hideSaid && { hide: writing.hideSaid }),
    onSend: (left) => {
      if (left === route) stage = "sent";
    },
  });
  writing.onTime(time);
  const { signal, api } = time;
  let line: number | undefined;
  let told: Args = args;
  let readBefore: WhatCame | undefined;
  let shownBefore: Readonly<Record<string, unknown>> | undefined;
  let ended = false;
  let takeBack: (() => void) | undefined;
  let respelt: ((how: ListSpelling) => Promise<void>) | undefined;
  let several = false;
  let isElsewhere = false;
  let isUsed = approval.use === undefined;
  let isOver = false;
  const use = async () => {
    isOver = (await approval.use?.()) === false;
    return !isOver;
  };
  const elsewhere: Allow = async (recent, since) => {
    const why = await asked.once?.allow?.(recent, since);
    isElsewhere = why !== undefined;
    return why;
  };
  const finish = (outcome: Outcome) => {
    ended = true;
    return writeDown(line, outcome, world, writing.hide, began);
  };

  const go = async (): Promise<WriteResult> => {
    const spelt = await spellPerson(operation.person, args, api, signal, approval.person);
    told = {
      ...args,
      ...spelt,
      ...(approval.person && { user_id: approval.person.id, user_email: approval.person.login }),
    };
    const form = encode(spelt, operation.wire);
    unsent.throwIfAborted();
    signal.throwIfAborted();
    const shown = writable(args, tool, writing.hide);
    const { policy } = world;
    shownBefore = await lookBefore({ operation, told }, { api, records: world.records }, signal);
    // Once more: a person may have thought about it for minutes.
    const held = await policy?.hold({ tool: tool.name, route, operation, args }, signal, approval.job);
    if (held && "barred" in held) return barredBy(tool.name, held.barred);
    const intended = await world.journal.intend(
      {
        ...intentOf(asked, shown, approval, { account: world.account, client: clientIn(writing) }),
        ...held?.noted,
      },
      {
        image: approval.image,
        use: approval.use && use,
        allow: async (recent, since) =>
          writesTakenAway() ??
          (await approval.allow(recent, since)) ??
          undoneOnce(asked.undoes, recent) ??
          (await elsewhere(recent, since)) ??
          (await held?.allow(recent, since)),
      },
    );
    isUsed = true;
    if ("refused" in intended) {
      const why = intended.refused;
      const reply = refuse(`${tool.name} was not sent.`, why);
      const needs = isOver ? "person" : isElsewhere ? "time" : undefined;
      return { outcome: { is: "failed", why }, reply: needs ? { ...reply, needs } : reply };
    }
    line = intended.seq;
    readBefore = world.lastCame();
    unsent.throwIfAborted();
    signal.throwIfAborted();
    world.drop();
    takeBack = policy?.pass(route, form, approval.job);
    several = spelledAs(form, "brackets", operation) !== form;
    if (several && maySendAgain(operation)) {
      respelt = async (how) => {
        const other = spelledAs(form, how, operation);
        const over = policy?.pass(route, other, approval.job);
        await api(route, other, signal).finally(() => over?.());
      };
    }
    const reading = await api(route, form, signal);
    const reply = answer(tool, shown, reading, world.view, told);
    return { outcome: outcomeOf(tool, reading, reply), reply, reading };
  };
  try {
    const came = await go().catch((error: unknown): WriteResult => {
      const late = signal.aborted && !(error instanceof Failure);
      if (late || error instanceof Failure || stage === "sent") {
        const reply = late ? tooLate(tool, stage, world.timeoutMs) : errorReply(tool, args, error, stage);
        return { outcome: outcomeAfter(tool, error, stage), reply, page: isPage(error) ? error : undefined };
      }
      return { outcome: notSent, reply: errorReply(tool, args, error, stage) };
    });
    const note = await finish(came.outcome);
    if (cancelled.aborted) throw cancelled.reason;
    const before = shownBefore ?? approval.image;
    const until = began + world.timeoutMs;
    const add = (addition: Addition) =>
      addOne(addition, { asked, approval, client: clientIn(writing), api, signal }, world, writing.hide);
    const written = { tool, told, began, before, readBefore, until, respelt, several, add };
    const { reply, outcome } = await verifyWrite(came, written, world, cancelled);
    const further = outcome === undefined ? "" : await finish(outcome);
    return note || further ? { ...reply, text: reply.text + (note || further) } : reply;
  } catch (error) {
    if (!ended) await finish(notSent);
    throw error;
  } finally {
    // Good for one call, also where that came to nothing.
    if (!isUsed) await approval.use?.().catch(() => false);
    takeBack?.();
    time.end();
    if (stage === "sent") world.drop();
  }
}

interface Adding {
  readonly asked: WriteRequest;
  readonly approval: Approved;
  readonly client: string;
  readonly api: Api;
  readonly signal: AbortSignal;
}

/** One that was agreed to with the call that left it out, as a write of its own: held by the same rules, and written down. */
async function addOne(
  { route, args }: Addition,
  { asked, approval, client, api, signal }: Adding,
  world: WriteWorld,
  hide: Redact,
): Promise<boolean> {
  const operation = world.records.get(route);
  if (operation === undefined || operation.effect === "read" || !maySendAgain(operation)) return false;
  const tool = { ...asked.tool, name: toolName(route), route, operation };
  const { policy } = world;
  const held = await policy?.hold({ tool: tool.name, route, operation, args }, signal, approval.job);
  if (held && "barred" in held) return false;
  const intended = await world.journal.intend(
    {
      ...intentOf({ tool, args, code: undefined }, args, approval, { account: world.account, client }),
      ...held?.noted,
    },
    { allow: async (recent, since) => writesTakenAway() ?? held?.allow(recent, since) },
  );
  if ("refused" in intended) return false;
  const form = encode(args, operation.wire);
  const takeBack = policy?.pass(route, form, approval.job);
  const began = world.now();
  let outcome: Outcome = { is: "unknown", why: "No answer came in time." };
  try {
    const reading = await api(route, form, signal);
    outcome = outcomeOf(tool, reading, answer(tool, args, reading, world.view, args));
  } catch (error) {
    if (!(error instanceof Failure) && !signal.aborted) throw error;
    outcome = outcomeAfter(tool, error, "sent");
  } finally {
    takeBack?.();
    await writeDown(intended.seq, outcome, world, hide, began);
  }
  return outcome.is === "done";
}

/** What is so already when it is done a second time. */
const maySendAgain = ({ effect, idempotent }: WriteOperation): boolean =>
  effect === "add" && idempotent === true;

const notSent: Outcome = { is: "failed", why: "Nothing was sent." };

/** A sentence for the reply where it could not be written down, else nothing. */
async function writeDown(
  line: number | undefined,
  outcome: Outcome,
  world: WriteWorld,
  hide: Redact,
  began: number,
): Promise<string> {
  if (line === undefined) return "";
  try {
    await world.journal.finish(line, quiet(outcome, hide), Math.max(0, world.now() - began));
    return "";
  } catch (error) {
    if (!(error instanceof CannotWrite)) throw error;
    // The change itself stands: a finished write is never called a failure.
    return `\nWhat became of it could not be written down: ${error.message}`;
  }
}

/** Its own word for itself: anything may stand there. */
const clientIn = ({ asker, hide }: Writing): string => cleanText(hide(asker.client)).slice(0, 60).trim();

const intentOf = (
  { tool, undoes, plan, once }: WriteRequest,
  shown: Args,
  approval: Approved,
  { account, client }: { readonly account: string; readonly client: string },
) => ({
  tool: tool.name,
  account,
  arguments: shown,
  targets: approval.targets,
  agreed: approval.agreed,
  ...(approval.kind && { kind: approval.kind }),
  ...(approval.question && { question: approval.question }),
  ...(approval.approver !== undefined && { approver: approval.approver }),
  ...(approval.pairs !== undefined && { pairs: approval.pairs }),
  ...(undoes !== undefined && { undoes }),
  ...(plan !== undefined && { plan }),
  ...(once && { run: once.run }),
  ...(once?.call !== undefined && { call: once.call }),
  ...(client !== "" && { client }),
});

function outcomeAfter(tool: Tool, error: unknown, stage: Stage): Outcome {
  if (stage === "before") return notSent;
  if (doneBefore(tool, error)) return { is: "done" };
  if (!(error instanceof Failure)) return { is: "unknown", why: "No answer came in time." };
  const why = cleanText(error.message).slice(0, 200);
  if (error.reached === "no" || error.reached === "refused") return { is: "failed", why };
  return { is: "unknown", why };
}
