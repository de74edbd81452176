import { withLook } from "../academy/reads.ts";
import type { AgreedBy, AskedLine } from "../journal/line.ts";
import type { Asker } from "./channels/approval-channels.ts";
import type { ApprovalRequest, Approve, Guard, GuardSettings, GuardWorld } from "./guard.ts";
import { assessImpact, type Impact, type ImpactReads } from "./impact/assess-impact.ts";
import {
  approvalFor,
  approvalUnasked,
  blockedBy,
  codeAllowed,
  isAsked,
  ofPolicy,
} from "./policy/approval-policy.ts";
import { anHour, consequencesOf, pairsUnasked } from "./policy/consequence.ts";
import { type Denied, later, nothing, personNeeded, refusal, unreadAgain } from "./policy/decision.ts";
import { codeFrom } from "./question/confirm-code.ts";
import {
  type AtOnce,
  answeredAtOnce,
  askForApproval,
  type Binding,
  callDigest,
  callerOf,
  comparedNow,
  createPendingApprovals,
  digestsOf,
  type EndedQuestion,
  hasGrown,
  type Open,
} from "./question/pending-approvals.ts";
import {
  askOnPage,
  cameTooLate,
  closedUnanswered,
  editedElsewhere,
  endedOnPage,
  isUnopened,
  nobodyOverHttp,
  pendingReply,
  saidNo,
  takenAlready,
  tooManyWrong,
  typedWrong,
  unkeptQuestion,
  unseen,
  wrongCode,
} from "./question/pending-reply.ts";
import { type Answer, isNo } from "./question/question.ts";
import { samePhrase } from "./question/question-text.ts";

/** A question may change under a person's eyes so often before the call gives up. */
const mostRounds = 4;
const tenMinutes = 600_000;

/** A person is asked before anything is lost: contract §5, whole. */
export function createApprovalFlow(
  world: GuardWorld,
  settings: GuardSettings,
  uses: "with-intent" | "at-once" = "with-intent",
): Approve {
  const { account, journal, now, pageQuestions: pages } = world;
  // Whoever a policy is for works while nobody watches: told to by some text, it would use a code itself.
  const isOverHttp = world.over === "http";
  const takesCodes =
    settings.confirm !== "human" && settings.codes !== false && settings.policy === undefined && !isOverHttp;
  const questions = createPendingApprovals(now, world.stored);

  return async (request, given, signal) => {
    // A terminal proves no person, and over HTTP no form does; nor does whoever asks stand for somebody else.
    const isHumans = settings.confirm === "human" && (given.by === "terminal" || isOverHttp);
    const isNobodys = isHumans || pages?.fourEyes === true;
    let asker = isNobodys ? formless(given) : given;
    const { call } = request;
    const handed = await handedIn(request, asker);
    if (typeof handed === "object" && "go" in handed) return handed;
    const isEdited = handed === "edited";
    const spent = typeof handed === "object" && "formFailed" in handed ? handed : undefined;
    let atOnce = spent?.early;
    let open = typeof handed === "object" && !("formFailed" in handed) ? handed : undefined;
    if (spent) asker = formless(asker);
    for (let round = 0; round < mostRounds; round++) {
      if (open === undefined || open.answer !== undefined) {
        const impact = await see(request, signal, open);
        if ("go" in impact) return impact;
        const bar = blockedBy(impact, await journal.since(account, now() - anHour), settings);
        if (bar) return bar;
        if (!isAsked(impact, settings)) return { impact, by: "nobody" };
        const binding = digestsOf(impact.bound);
        if (open?.answer) {
          const { answer, question } = open;
          // A no on the page may have come while it was looked at again.
          const no = await judge(open, answer.said, answer.by);
          if (no) return no;
          const as = comparedNow(open, binding);
          if (as === "unread") await questions.burn(open);
          if (as === "unread") return unreadAgain(request.tool);
          let isElsewhere = false;
          const isSame =
            as === "same" && question.kind === kindOf(impact) && open.onPage?.approver?.mayStill() !== false;
          if (isSame && !hasGrown(open.counts, impact.counts)) {
            const taken = await questions.take(open);
            const yes = { impact, by: answer.by, question: question.id, approver: open.onPage?.approver };
            if (typeof taken === "object") {
              if (uses === "with-intent") return { ...yes, use: taken.use };
              if (await taken.use()) return yes;
            }
            if (taken === "refused") return endedBy(open, "no", answer.by, saidNo(question.tool));
            // Over elsewhere: whoever may be sending on it is not stopped by this call.
            if (open.onPage) return takenAlready;
            isElsewhere = isOverHttp;
          }
          if (!isElsewhere) {
            await questions.burn(open);
            await note(open, "changed");
          }
        }
        // The same call made twice at once is one question, as it is when it is repeated.
        const standing = asker.form ? undefined : (questions.of(call) ?? (pages && (await pages.of(call))));
        // A code that stands for it is good no more once somebody may have said no.
        const isCoded = atOnce !== undefined && standing?.code !== undefined;
        const stands = standing && !isCoded && comparedNow(standing, binding) !== "changed";
        open = stands ? standing : drawn(request, binding, impact, asker, atOnce);
        // No page, no code: what nobody can answer is not even put.
        if (isOverHttp && asker.form === undefined) {
          if (pages === undefined) return nobodyOverHttp(open, settings.confirm === "human");
          const put = open.onPage ? open : await pages.put(open, asker.client);
          if (put === undefined) return unkeptQuestion(request.tool);
          if (put !== standing) await note(put, "asked");
          open = put;
        }
        if (open !== standing && !open.onPage) {
          questions.open(open);
          await note(open, "asked");
        }
        // Before it is shown: a no that comes later ends it.
        await open.refusalBefore;
        if (isOverHttp && !(await open.kept)) {
          await questions.burn(open);
          return unkeptQuestion(request.tool);
        }
      }
      if (open.onPage) return askOnPage(open, asker, now());
      const said = await askForApproval(open, { asker, signal, questions, world, refuse });
      if (said === undefined) {
        const reply = pendingReply(open, await open.kept);
        // Nobody could answer it: kept, it would stand in the way of the form of the next call.
        if (reply.asked === undefined && open.page === undefined) await questions.burn(open);
        const [first = "", ...rest] = reply.lines;
        return isEdited ? { ...reply, lines: [first, editedElsewhere, ...rest] } : reply;
      }
      if (said.said.said === "failed") {
        // A form that fails is no answer: the next rung is tried (contract §5).
        await questions.burn(open);
        await note(open, "failed", said.by);
        asker = formless(asker);
        open = undefined;
        continue;
      }
      const timed = said.ms !== undefined && said.by === "form" ? said.ms : undefined;
      const early = timed === undefined ? undefined : await tooFast(open, said.said, timed);
      if (early) {
        atOnce = early;
        asker = formless(asker);
        open = undefined;
        continue;
      }
      const no = await judge(open, said.said, said.by);
      if (no) return no;
      open.answer = said;
    }
    return refusal(
      `${request.tool} was not sent: what it is about kept changing while a person was asked.`,
      "Look at it again, then call again.",
    );
  };

  /** Answered faster than a person can read, it counts for nothing: used up, and the next rung is tried. */
  async function tooFast(open: Open, answer: Answer, ms: number): Promise<AtOnce | undefined> {
    const early = answeredAtOnce(answer, ms, settings.confirm === "human");
    if (early === undefined) return undefined;
    const [ended] = await Promise.all([
      early === "no" ? questions.refuse(open, "codes") : [],
      questions.burn(open),
    ]);
    await noteEnded(ended);
    await note(open, early === "no" ? "cancelled" : "failed", "form");
    return early;
  }

  /** An answer that came with this call, or is kept for it: a code, a form's (2026 era), or a page's. */
  async function handedIn(
    { code, call }: Omit<ApprovalRequest<Impact>, "see">,
    { returned, form, opening }: Asker,
  ): Promise<Open | Denied | "edited" | { readonly formFailed: true; readonly early?: AtOnce } | undefined> {
    if (code !== undefined) return withCode(code, call);
    if (returned) {
      const open = await questions.byForm(returned.question, returned.call);
      if (open === undefined) return undefined;
      if (open.call !== call || returned.call !== call) {
        // An answer to another call counts for nothing, and is used up; a no is one to the call it was asked about.
        await Promise.all([isNo(returned.answer, "form") && refuse(open), questions.burn(open)]);
        await note(open, "wrong", "form");
        return undefined;
      }
      if (returned.answer.said === "failed") {
        await questions.burn(open);
        await note(open, "failed", "form");
        return { formFailed: true };
      }
      const early = await tooFast(open, returned.answer, now() - returned.at);
      if (early) return { formFailed: true, early };
      const no = await judge(open, returned.answer, "form");
      if (no) return no;
      open.answer = { said: returned.answer, by: "form" };
      return open;
    }
    // In one breath on one desk: nothing may be said to it in between.
    const kept = questions.of(call) ?? (pages && (await pages.of(call)));
    if (kept?.onPage?.ended) {
      await kept.onPage.burn();
      return endedOnPage(kept.question.tool, kept.onPage);
    }
    if (kept && isUnopened(kept, opening, now())) {
      await refuse(kept);
      return endedBy(kept, "no", "form", saidNo(kept.question.tool));
    }
    if (kept?.answer === undefined) {
      const isBare = kept !== undefined && !kept.form && !kept.page && !kept.onPage;
      if (form === undefined || !isBare) return kept;
      // A form that failed once may be shown again: nothing but a code stands for it, which then is good no more.
      await questions.burn(kept);
      return undefined;
    }
    return (await judge(kept, kept.answer.said, kept.answer.by)) ?? kept;
  }

  async function withCode(code: string, call: string): Promise<Open | Denied | "edited"> {
    const found = takesCodes
      ? (questions.byCode(code) ?? (await questions.ofAnother(call, code)))
      : undefined;
    if (found === "edited" && questions.of(call) === undefined) return found;
    const open = typeof found === "string" ? undefined : found;
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
      await questions.burn(one);
      await note(one, "wrong", "code");
    }
    return personNeeded(...(found === "shut" ? tooManyWrong : wrongCode));
  }

  /** What a person said; undefined: yes. Anything else burns the question. */
  async function judge(open: Open, answer: Answer, by: AgreedBy): Promise<Denied | undefined> {
    const { phrase, expiresAt, tool } = open.question;
    const end = (said: AskedLine["said"], denied: Denied) => endedBy(open, said, by, denied);
    // Both in one breath: nothing else may be said to it, or to the others, while the disk is written.
    if (isNo(answer, by) && (answer.said === "no" || expiresAt > now()))
      await Promise.all([refuse(open), questions.burn(open)]);
    if (answer.said === "no" || open.refused) return end("no", saidNo(tool));
    if (answer.said !== "yes") return end("cancelled", closedUnanswered);
    if (expiresAt <= now()) return end("expired", cameTooLate);
    // A code stands for the phrase too, but only kinds that need none have one.
    const isTyped = open.typed ?? ((typed: string) => phrase === undefined || samePhrase(typed, phrase));
    if (!isTyped(answer.typed ?? "")) return end("wrong", typedWrong);
    const first = !open.agreed;
    open.agreed = true;
    if (first) await note(open, "yes", by);
    return undefined;
  }

  async function endedBy(open: Open, said: AskedLine["said"], by: AgreedBy, denied: Denied) {
    await questions.burn(open);
    await note(open, said, by);
    return denied;
  }

  /** Whoever says no to one question says no to the call, in every process (docs/decisions/016). */
  function refuse(open: Open): Promise<void> {
    open.refusing ??= questions.refuse(open, "all").then(noteEnded);
    if (pages) return Promise.all([open.refusing, pages.drop(open.call)]).then(() => {});
    return open.refusing;
  }

  async function noteEnded(ended: readonly EndedQuestion[]): Promise<void> {
    for (const question of ended) await note({ question }, "no");
  }

  async function see<S extends Impact>(
    request: ApprovalRequest<S>,
    signal: AbortSignal,
    answered: Open | undefined,
  ): Promise<S | Denied> {
    try {
      return await request.see(signal);
    } catch (error) {
      // Gone, unreadable or called off: a yes is not kept for what may come in its place.
      if (answered) await questions.burn(answered);
      const denied = unseen(request.tool, error);
      if (denied) return denied;
      throw error;
    }
  }

  function drawn(
    { tool, call, args }: Omit<ApprovalRequest<Impact>, "see">,
    binding: Binding,
    impact: Impact,
    { form }: Asker,
    atOnce: AtOnce | undefined,
  ): Open {
    const kind = kindOf(impact);
    const zone = impact.zone ?? world.zone?.();
    // It may have been a person who said no: no code turns that into a yes.
    const mayBeCoded = takesCodes && form === undefined && !atOnce && codeAllowed.includes(kind);
    return {
      question: {
        id: Buffer.from(world.bytes(12)).toString("base64url"),
        kind,
        tool,
        facts: settings.sandbox ? [`[sandbox] ${impact.facts[0]}`, ...impact.facts.slice(1)] : impact.facts,
        stored: impact.stored,
        ...(impact.phrase !== undefined && { phrase: impact.phrase }),
        expiresAt: now() + tenMinutes,
        ...(zone !== undefined && { zone }),
      },
      call,
      binding,
      counts: impact.counts,
      args,
      ...(form !== undefined && { form: true }),
      ...(atOnce && { atOnce }),
      ...(mayBeCoded && { code: codeFrom(world.bytes(8)) }),
    };
  }

  function note(
    { question: { id, tool, kind } }: { readonly question: EndedQuestion },
    said: AskedLine["said"],
    by?: AgreedBy,
  ): Promise<void> {
    return journal.note({ question: id, account, tool, kind, said, ...(by && { by }) });
  }
}

/** Where that cannot be told, the strictest. */
const kindOf = ({ kind }: Impact) => kind ?? "irreversible";

/** Whose form did not bring a person's answer: the other rungs are left. */
const formless = ({ form: _, ...without }: Asker): Asker => without;

/** Approves one call at a time. */
export function createGuard(world: GuardWorld, settings: GuardSettings): Guard {
  const agree = createApprovalFlow(world, settings);
  const impactReads = impactReadsOf(world, settings);
  return async (write, asker, signal) => {
    const { tool, route, operation, args, code } = write;
    const { policy } = settings;
    policy?.renew();
    const barred = await policy?.barred(write, signal);
    if (barred !== undefined) return refusal(`${tool} was not sent. ${barred} ${nothing}`, ofPolicy);
    const over = await policy?.overLimits([write], signal);
    if (over !== undefined) return later(`${tool} was not sent. ${over} ${nothing}`, ofPolicy);
    const wanted = policy?.asks(tool) === true;
    const unasked = !wanted && consequencesOf(operation, args, world.now()).length === 0;
    if (unasked && !settings.keepsImages) return approvalUnasked(operation, args, undefined);
    const see = (cancelled: AbortSignal) =>
      withLook(world, cancelled, (look) =>
        assessImpact(operation, args, wanted ? { ...impactReads, tells: "all", wanted } : impactReads, look),
      );
    if (unasked) return approvalUnasked(operation, args, await see(signal));
    const call = callDigest(callerOf(world), route, args);
    const verdict = await agree({ tool, args, code, call, see }, asker, signal);
    if (!("go" in verdict) && verdict.by !== "nobody") policy?.renew();
    if ("go" in verdict) return verdict;
    const approved = approvalFor(verdict.impact, verdict, settings);
    return verdict.use === undefined ? approved : { ...approved, use: verdict.use };
  };
}

export const impactReadsOf = (
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
