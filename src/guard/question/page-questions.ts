import { principalOfCall } from "../../access/principal.ts";
import type { Approver } from "../channels/approval-channels.ts";
import { argumentRows, line } from "../channels/page/text.ts";
import { type ApprovalDesk, createApprovalDesk } from "./approval-desk.ts";
import {
  createPageStore,
  type KeptEntry,
  type PageEntry,
  type PagePlace,
  type PageTeam,
  type Words,
} from "./page-store.ts";
import { type Binding, compareBindings, type Open } from "./pending-approvals.ts";
import { bindingIn, partsOf } from "./question-marks.ts";
import { version } from "./sealed-files.ts";

/** Questions that a person answers on a page of the team's server, kept where any replica finds them. */
export interface PageQuestions {
  readonly fourEyes: boolean;
  readonly goodMs: number;
  /** Keeps it in the place of any other of this call. Undefined: it could not, or too many wait already. */
  put(open: Open, client: string): Promise<Open | undefined>;
  /** The question of this call that waits for an answer, or for the call that takes it. */
  of(call: string): Promise<Open | undefined>;
  /** Somebody said no to the same call elsewhere. */
  drop(call: string): Promise<void>;
  /** Whoever's yes this was kept of. */
  approver(sealed: string): Approver | undefined;
  readonly desk: ApprovalDesk;
}

/** What an academy's program is opened with, where people can sign in. */
export interface ApprovalsOfTeam extends Pick<PageQuestions, "fourEyes" | "goodMs"> {
  readonly questions: (place: PagePlace) => PageQuestions;
}

export const approvalsOf = (team: PageTeam): ApprovalsOfTeam => ({
  fourEyes: team.fourEyes,
  goodMs: team.goodMs,
  questions: (place) => createPageQuestions(place, team),
});

/** Of one person, in one academy: an agent that goes astray fills nobody's inbox. */
const mostOfOne = 50;

export function createPageQuestions(place: PagePlace, team: PageTeam): PageQuestions {
  const { now } = place;
  const { academy, fourEyes, goodMs } = team;
  const store = createPageStore(place, team);
  const { marks, clock, quietly, callOf, keyed } = store;
  /** Taken by a call of this process, until then: no other is to send on it. */
  const taken = new Map<string, number>();

  /** As the call that was asked about finds it. */
  async function reopened({ name, entry, words }: KeptEntry, call: string): Promise<Open> {
    const { id, kind, tool, until, bound, counts, refusal, named } = entry;
    const { facts, stored, phrase, zone } = words;
    const said = store.saidOf(entry);
    const approver = said && store.approver(entry.answer ?? "");
    const use = async () => {
      const used = await quietly(async () => {
        const there = await store.at(name);
        if (there?.entry.id !== id || there.entry.under !== store.under) return false;
        if (there.entry.answer === null || store.approver(there.entry.answer)?.mayStill() !== true)
          return false;
        if (!(await store.isGood(there.entry))) return false;
        await store.end(there);
        return true;
      });
      // Whether it was used cannot be told: whatever stands there then says it.
      if (used === undefined) taken.delete(id);
      return used === true;
    };
    return {
      question: {
        id,
        kind,
        tool,
        facts,
        stored,
        ...(phrase !== undefined && { phrase }),
        ...(zone !== undefined && { zone }),
        expiresAt: until - (await clock()) + now(),
      },
      call,
      binding: bindingIn(bound),
      counts,
      args: {},
      earlier: keyed,
      kept: Promise.resolve(true),
      // It was typed on the page, or there is no answer yet.
      typed: () => true,
      agreed: true,
      ...(approver && { answer: { said: { said: "yes" }, by: "page" } }),
      onPage: {
        address: team.addressOf(id),
        until,
        others: fourEyes,
        ...(said && said.said !== "yes" && { ended: said.said }),
        ...(said?.reason !== undefined && { reason: said.reason }),
        ...(approver && { approver }),
        burn: async () => void (await quietly(() => store.end({ name, entry }))),
        async take() {
          for (const [one, over] of taken) if (over <= now()) taken.delete(one);
          if (taken.has(id)) return "over";
          taken.set(id, now() + goodMs);
          return (await marks.isRefusedSince(refusal, named).catch(() => true)) ? "refused" : { use };
        },
      },
    };
  }

  async function isTheSame({ entry }: KeptEntry, binding: Binding): Promise<boolean> {
    if (entry.under !== store.under || entry.answer !== null || !(await store.isGood(entry))) return false;
    return compareBindings(bindingIn(entry.bound), keyed(binding)) === "same";
  }

  return {
    fourEyes,
    goodMs,
    async put({ question, call, binding, counts, args, atOnce }, client) {
      const asker = principalOfCall()?.person;
      if (asker === undefined) return undefined;
      const { id, kind, tool, facts, stored, phrase, zone } = question;
      const put = await quietly(async () => {
        await marks.sweep();
        const there = await store.names();
        for (const { name } of there.filter((one) => one.call === callOf(call))) {
          const before = await store.at(name);
          // Put meanwhile by the same call at another replica: one call has one question.
          if (before && (await isTheSame(before, binding)))
            return { open: await reopened(before, call), waiting: undefined };
          if (before) await store.end(before);
          await store.remove(name);
        }
        const others = there.filter((one) => one.call !== callOf(call));
        if (others.filter((one) => one.asker === store.askerOf(asker)).length >= mostOfOne) return undefined;
        const since = await clock();
        const words: Words = {
          id,
          academy,
          asker,
          client: line(client, 80),
          facts: [...facts],
          stored: [...stored],
          ...(phrase !== undefined && { phrase }),
          ...(zone !== undefined && { zone }),
          rows: argumentRows(args).map(([name, value]): [string, string] => [name, value]),
        };
        const entry: PageEntry = {
          version,
          id,
          kind,
          tool,
          call: callOf(call),
          named: store.refusedAs(call),
          under: store.under,
          bound: partsOf(keyed(binding)),
          counts,
          since,
          until: since + goodMs,
          refusal: (await marks.refusal(store.refusedAs(call))) ?? null,
          wrong: 0,
          shown: store.seal(words),
          answer: null,
        };
        // Too long to be read again, it could be answered by nobody.
        if (!store.isReadable(entry)) return undefined;
        const kept = { name: store.nameOf(entry, asker), entry, words };
        await store.put(kept);
        return { open: await reopened(kept, call), waiting: others.length + 1 };
      });
      if (put?.waiting !== undefined) team.onWaiting({ id, kind }, put.waiting);
      return put && { ...put.open, ...(atOnce && { atOnce }) };
    },
    of: (call) =>
      quietly(async () => {
        const found = await store.find({ call: callOf(call) });
        if (found === undefined || found.entry.under !== store.under) return undefined;
        const said = store.saidOf(found.entry)?.said ?? "yes";
        const stands = said === "yes" ? await store.isGood(found.entry) : await store.isUntold(found.entry);
        return stands ? reopened(found, call) : undefined;
      }),
    async drop(call) {
      await quietly(async () => {
        const found = await store.find({ call: callOf(call) });
        if (found) await store.end(found);
      });
    },
    approver: store.approver,
    desk: createApprovalDesk(place, team, store),
  };
}
