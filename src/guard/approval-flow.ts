import type { WriteOperation } from "../../tools/schema/operation.ts";
import { Missing, type Read, Unread } from "../academy/reads.ts";
import type { AgreedBy, Asked, Journal } from "../journal/line.ts";
import { type Asker, askForApproval, type Pages } from "./channels/approval-channels.ts";
import { assessImpact, type Impact, type ImpactReads, withLook } from "./impact/assess-impact.ts";
import { targetsIn } from "./impact/subjects.ts";
import {
  type ApprovalSettings,
  approvalFor,
  blockedBy,
  codeAllowed,
  isAsked,
} from "./policy/approval-policy.ts";
import { anHour, consequencesOf, pairsUnasked } from "./policy/consequence.ts";
import { type Approved, type Denied, nothing, refusal, unreadAgain, type Write } from "./policy/decision.ts";
import {
  type Binding,
  callDigest,
  codeFrom,
  compare,
  createPendingApprovals,
  digestsOf,
  hasGrown,
  type Open,
  pendingReply,
} from "./question/pending-approvals.ts";
import type { Answer } from "./question/question.ts";
import { samePhrase } from "./question/question-text.ts";

export interface GuardWorld {
  /** Of the account: an answer given for one is good for no other. */
  readonly account: string;
  readonly read: Read;
  readonly journal: Journal;
  /** Left out: no page can be served, as over a connection from elsewhere. */
  readonly pages?: Pages | undefined;
  readonly clean: (text: string) => string;
  /** The academy's zone, as far as it is known without asking, or from these rows. */
  readonly zone?: ((rows?: readonly unknown[]) => string | undefined) | undefined;
  readonly now: () => number;
  readonly after: (ms: number, then: () => void) => () => void;
  readonly bytes: (n: number) => Uint8Array;
}

export interface GuardSettings extends ApprovalSettings {
  readonly keepsImages: boolean;
  /** The built-in academy: a question says that nothing real is at stake. */
  readonly sandbox: boolean;
}

/** A question may change under a person's eyes so often before the call gives up. */
const mostRounds = 4;
const tenMinutes = 600_000;

/** A person is asked before anything is lost: contract §5, whole. */
export function createApprovalFlow(world: GuardWorld, settings: GuardSettings): Approve {
  const { account, journal, now } = world;
  const questions = createPendingApprovals(now);

  return async (matter, given, signal) => {
    let asker = given;
    const { call } = matter;
    const handed = await handedIn(matter, asker);
    if (handed && "go" in handed) return handed;
    let open = handed;
    for (let round = 0; round < mostRounds; round++) {
      if (open === undefined || open.answer !== undefined) {
        const sight = await see(matter, signal, open);
        if ("go" in sight) return sight;
        const bar = blockedBy(sight, await journal.since(account, now() - anHour), settings);
        if (bar) return bar;
        if (!isAsked(sight, settings)) return { sight, by: "nobody" };
        const binding = digestsOf(sight.bound);
        if (open?.answer) {
          const { answer, question } = open;
          // A no on the page may have come while it was looked at again.
          const no = await judge(open, answer.said, answer.by);
          if (no) return no;
          const as = compare(open.binding, binding);
          if (as === "unread") questions.burn(open);
          if (as === "unread") return unreadAgain(matter.tool);
          if (as === "same" && !hasGrown(open.counts, sight.counts) && questions.take(open))
            return { sight, by: answer.by, question: question.id };
          questions.burn(open);
          await note(open, "changed");
        }
        // The same call made twice at once is one question, as it is when it is repeated.
        const standing = asker.form === undefined ? questions.of(call) : undefined;
        const stands = standing && compare(standing.binding, binding) !== "changed";
        open = stands ? standing : pose(matter, binding, sight, asker);
        if (open !== standing) await note(open, "asked");
      }
      const said = await askForApproval(open, { asker, signal, questions, world });
      if (said === undefined) {
        const reply = pendingReply(open);
        // Nobody could answer it: kept, it would stand in the way of the form of the next call.
        if (reply.asked === undefined && open.page === undefined) questions.burn(open);
        return reply;
      }
      if (said.said.said === "failed") {
        // A form that fails is no answer: the next rung is tried (contract §5).
        questions.burn(open);
        await note(open, "failed", said.by);
        const { form: _, ...without } = asker;
        asker = without;
        open = undefined;
        continue;
      }
      const no = await judge(open, said.said, said.by);
      if (no) return no;
      open.answer = said;
    }
    return refusal(
      `${matter.tool} was not sent: what it is about kept changing while a person was asked.`,
      "Look at it again, then call again.",
    );
  };

  /** An answer that came with this call, or is kept for it: a code, a form's (2026 era), or a page's. */
  async function handedIn(
    { code, call }: Omit<ApprovalRequest<Impact>, "see">,
    { returned, form }: Asker,
  ): Promise<Open | Denied | undefined> {
    if (code !== undefined) return withCode(code, call);
    if (returned) {
      const open = questions.byId(returned.question);
      if (open === undefined) return undefined;
      if (open.call !== call || returned.call !== call) {
        // An answer to another call counts for nothing, and is used up.
        questions.burn(open);
        await note(open, "wrong", "form");
        return undefined;
      }
      const no = await judge(open, returned.answer, "form");
      if (no) return no;
      open.answer = { said: returned.answer, by: "form" };
      return open;
    }
    const kept = questions.of(call);
    if (kept?.answer === undefined) {
      const isBare = kept !== undefined && kept.form !== true && kept.page === undefined;
      if (form === undefined || !isBare) return kept;
      // A form that failed once may be shown again: nothing but a code stands for it, which then is good no more.
      questions.burn(kept);
      return undefined;
    }
    return (await judge(kept, kept.answer.said, kept.answer.by)) ?? kept;
  }

  async function withCode(code: string, call: string): Promise<Open | Denied> {
    const open = questions.byCode(code);
    if (open?.call === call) {
      // What a person said on the page stands: no code turns their no into a yes.
      const answer = open.answer ?? ({ said: { said: "yes" }, by: "code" } as const);
      const no = await judge(open, answer.said, answer.by);
      if (no) return no;
      open.answer ??= answer;
      return open;
    }
    // A wrong use burns the question it was meant for, and the one it was taken from.
    for (const one of [open, questions.of(call)]) {
      if (one === undefined) continue;
      questions.burn(one);
      await note(one, "wrong", "code");
    }
    return refusal(
      "That confirm code is wrong, used, too old, or was given for another call.",
      `${nothing} Call again without confirm: a person is asked anew.`,
    );
  }

  /** What a person said; undefined: yes. Anything else burns the question. */
  async function judge(open: Open, answer: Answer, by: AgreedBy): Promise<Denied | undefined> {
    const { phrase, expiresAt, tool } = open.question;
    const end = async (said: Asked["said"], ...lines: string[]) => {
      questions.burn(open);
      await note(open, said, by);
      return refusal(...lines);
    };
    if (answer.said === "no") {
      return end(
        "no",
        `The person said no to ${tool}. ${nothing}`,
        "Do not call it again unless they ask for it.",
      );
    }
    if (answer.said !== "yes") {
      return end(
        "cancelled",
        `The question was closed without an answer. ${nothing}`,
        "Ask the person what they want.",
      );
    }
    if (expiresAt <= now()) {
      return end(
        "expired",
        `The answer came too late: a question is good for ten minutes. ${nothing}`,
        "Call again to ask anew.",
      );
    }
    // A code stands for the phrase too, but only kinds that need none have one.
    if (phrase !== undefined && !samePhrase(answer.typed ?? "", phrase)) {
      return end(
        "wrong",
        `What was typed is not what was asked for. ${nothing}`,
        "Call again if the person wants to try once more.",
      );
    }
    const first = !open.agreed;
    open.agreed = true;
    if (first) await note(open, "yes", by);
    return undefined;
  }

  async function see<S extends Impact>(
    matter: ApprovalRequest<S>,
    signal: AbortSignal,
    answered: Open | undefined,
  ): Promise<S | Denied> {
    try {
      return await matter.see(signal);
    } catch (error) {
      // Gone, unreadable or called off: a yes is not kept for what may come in its place.
      if (answered) questions.burn(answered);
      if (error instanceof Missing) {
        return refusal(
          `There is no ${error.message}. ${nothing}`,
          "Find the right one with a list or search, then call again.",
        );
      }
      if (error instanceof Unread) {
        return refusal(
          `${matter.tool} was not sent: what it is about could not be looked up (${error.message}).`,
          `${nothing} Call again in a minute.`,
        );
      }
      throw error;
    }
  }

  function pose(
    { tool, call, args }: Omit<ApprovalRequest<Impact>, "see">,
    binding: Binding,
    sight: Impact,
    { form }: Asker,
  ): Open {
    const kind = sight.kind ?? "irreversible";
    const zone = world.zone?.();
    const mayBeCoded = form === undefined && codeAllowed.includes(kind) && settings.confirm !== "human";
    const open: Open = {
      question: {
        id: Buffer.from(world.bytes(12)).toString("base64url"),
        kind,
        tool,
        facts: settings.sandbox ? [`[sandbox] ${sight.facts[0]}`, ...sight.facts.slice(1)] : sight.facts,
        stored: sight.stored,
        ...(sight.phrase !== undefined && { phrase: sight.phrase }),
        expiresAt: now() + tenMinutes,
        ...(zone !== undefined && { zone }),
      },
      call,
      binding,
      counts: sight.counts,
      args,
      ...(form !== undefined && { form: true }),
      ...(mayBeCoded && { code: codeFrom(world.bytes(8)) }),
    };
    questions.open(open);
    return open;
  }

  function note({ question: { id, tool, kind } }: Open, said: Asked["said"], by?: AgreedBy): Promise<void> {
    return journal.note({ question: id, account, tool, kind, said, ...(by && { by }) });
  }
}

/** What a person may be asked about: one call, or all the steps of a job. */
export interface ApprovalRequest<S extends Impact> {
  /** The tool that was called. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The code that came with the call. */
  readonly code?: string | undefined;
  /** A digest of this very call. */
  readonly call: string;
  /** How it stands now. @throws Missing, Unread */
  readonly see: (signal: AbortSignal) => Promise<S>;
}

/** Agreed to as it was seen; by `nobody` where nobody had to be asked. */
export interface Yes<S extends Impact> {
  readonly sight: S;
  readonly by: AgreedBy;
  readonly question?: string;
}

/** Asks where that is deserved. Rejects with `Suspended`, CannotWrite, or the signal's reason. */
export type Approve = <S extends Impact>(
  matter: ApprovalRequest<S>,
  asker: Asker,
  signal: AbortSignal,
) => Promise<Yes<S> | Denied>;

/** Gives leave to a write, or says why not. Rejects with `Suspended`, CannotWrite, or the signal's reason. */
export type Guard = (write: Write, asker: Asker, signal: AbortSignal) => Promise<Approved | Denied>;

/** Leave for one call at a time. */
export function createGuard(world: GuardWorld, settings: GuardSettings): Guard {
  const agree = createApprovalFlow(world, settings);
  const eyes = eyesOf(world, settings);
  return async ({ tool, route, operation, args, code }, asker, signal) => {
    const unasked = consequencesOf(operation, args, world.now()).length === 0;
    if (unasked && !settings.keepsImages) return leaveUnasked(operation, args, undefined);
    const see = (cancelled: AbortSignal) =>
      withLook(world, cancelled, (eye) => assessImpact(operation, args, eyes, eye));
    if (unasked) return leaveUnasked(operation, args, await see(signal));
    const call = callDigest(world.account, route, args);
    const verdict = await agree({ tool, args, code, call, see }, asker, signal);
    return "go" in verdict ? verdict : approvalFor(verdict.sight, verdict.by, settings, verdict.question);
  };
}

/** Nothing in its arguments deserves a question: it is only written down, with what was there before. */
const leaveUnasked = (
  { about }: WriteOperation,
  args: Write["args"],
  sight: Impact | undefined,
): Approved => ({
  go: true,
  agreed: "nobody",
  targets: sight?.targets ?? targetsIn(about, args),
  ...(sight?.image && { image: sight.image }),
  ...(sight?.person && { person: sight.person }),
  allow: () => undefined,
});

export const eyesOf = (
  { clean, journal, account, now, zone }: GuardWorld,
  { confirm, keepsImages }: GuardSettings,
): ImpactReads => ({
  clean,
  keepsImages,
  undoes: keepsImages,
  tells: confirm === "off" ? "people" : "all",
  bears: confirm === "off" ? "missing" : "nothing",
  unasked: async () => pairsUnasked(await journal.since(account, now() - anHour)),
  now,
  zone,
});
