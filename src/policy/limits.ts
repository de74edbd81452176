import { z } from "zod";
import type { Change } from "../journal/line.ts";
import { Failure, NotNow } from "../skyprep/response.ts";
import type { Send } from "../skyprep/send.ts";
import type { SmallFile } from "../state/ports.ts";
import { count, reading } from "../text/english.ts";
import type { Counted, Policy } from "./policy.ts";
import type { LimitedWeight } from "./weight.ts";

const anHour = 3_600_000;
const aDay = 24 * anHour;

/** The changes of the last day, with no other process writing in between. */
export type Lately = (from: number) => Promise<readonly Change[]>;

const words: Readonly<Record<keyof LimitedWeight, readonly [string, string]>> = {
  enrollments: ["enrollment", "enrollments"],
  access_ends: ["end of access", "ends of access"],
  mails: ["mail", "mails"],
};

/** Why this is more than an hour or a day may have; undefined where it is not. Of everybody under this policy. */
export async function overLimits(
  weight: LimitedWeight,
  { policy, lately, now }: { readonly policy: Policy; readonly lately: Lately; readonly now: number },
): Promise<string | undefined> {
  const spans = [
    ["an hour", anHour, policy.perHour],
    ["a day", aDay, policy.perDay],
  ] as const;
  for (const [span, ms, amounts] of spans) {
    for (const name of ["enrollments", "access_ends", "mails"] as const) {
      const [most, more] = [amounts[name], weight[name]];
      if (most === undefined || more === 0) continue;
      const [one, many] = words[name];
      if (!Number.isFinite(more))
        return `The policy “${policy.name}” allows ${count(most, one, many)} ${span}, and how many this makes cannot be counted.`;
      const changes = await lately(now - ms);
      const done = changes
        .filter(({ intent, outcome }) => intent.policy === policy.name && outcome?.is !== "failed")
        .reduce((sum, { intent }) => sum + (intent.counts?.[name] ?? 0), 0);
      if (done + more > most)
        return `The policy “${policy.name}” allows ${count(most, one, many)} ${span}: ${leftInWords(most - done)} left, and this makes ${more}. Do fewer, or wait.`;
    }
  }
  return undefined;
}

const leftInWords = (left: number): string =>
  reading(Math.max(0, left), { none: "0 are", one: "1 is", many: (n) => `${n} are` });

/** What the journal keeps of it. */
export const countsOf = (weight: LimitedWeight): Partial<LimitedWeight> | undefined => {
  const kept = Object.entries(weight).filter(([, n]) => n > 0 && Number.isFinite(n));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
};

const Counts = z.object({
  version: z.literal(1),
  /** Calls of each five minutes, by their number since 1970. */
  calls: z.record(z.string(), z.int().nonnegative()),
});
const stepMs = 300_000;

/** Counts what is sent, of all processes under this policy, and sends no more than it allows. */
export function limitedCalls(
  policy: Policy,
  {
    file,
    path,
    withLock,
    now,
  }: {
    readonly file: SmallFile;
    /** Where that is, for whoever has to look at it. */
    readonly path: string;
    readonly withLock: <T>(work: () => Promise<T>) => Promise<T>;
    readonly now: () => number;
  },
): (send: Send) => Send {
  const limits = (
    [
      ["an hour", anHour, policy.perHour.calls],
      ["a day", aDay, policy.perDay.calls],
    ] as const
  ).flatMap(([span, ms, most]) => (most === undefined ? [] : [{ span, ms, most }]));
  if (limits.length === 0) return (send) => send;

  const take = () =>
    withLock(async () => {
      const read = await file.read();
      const known = read === undefined ? { calls: {} } : Counts.safeParse(jsonIn(read)).data;
      // What was counted is not known any more: to begin anew would be to forget it.
      if (known === undefined) throw new NotCounted("the file that counts them is damaged");
      const at = Math.floor(now() / stepMs);
      const calls: Record<number, number> = {};
      for (const [step, n] of Object.entries(known.calls)) {
        // A clock that was set back takes nothing back: what lies ahead of it was made by now.
        const made = Math.min(Number(step), at);
        if (made >= at - aDay / stepMs) calls[made] = (calls[made] ?? 0) + n;
      }
      for (const { span, ms, most } of limits) {
        const steps = Object.entries(calls).filter(([step]) => Number(step) >= at - ms / stepMs);
        const done = steps.reduce((sum, [, n]) => sum + n, 0);
        if (done < most) continue;
        const first = Math.min(...steps.map(([step]) => Number(step)));
        const waitMs = Number.isFinite(first) ? (first + 1) * stepMs + ms - now() : ms;
        throw new NotNow(
          `The policy “${policy.name}” allows ${count(most, "call to SkyPrep", "calls to SkyPrep")} ${span}: 0 are left.`,
          Math.max(1_000, waitMs),
        );
      }
      calls[at] = (calls[at] ?? 0) + 1;
      await file.write(JSON.stringify({ version: 1, calls }));
    });

  return (send) => async (request, signal, context) => {
    await take().catch((error: unknown) => {
      if (error instanceof NotNow) throw error;
      // Uncounted, they would be unlimited.
      const { code, message } = error as NodeJS.ErrnoException;
      throw new NotCounted(
        `The calls under the policy “${policy.name}” cannot be counted: ${code ?? message}. Nothing was sent.`,
        code === "ELOCKED"
          ? "Call again in a minute."
          : `Whoever set this server up has to look at ${path}; it may be deleted while no server runs.`,
      );
    });
    return send(request, signal, context);
  };
}

/** Calls cannot be counted: none is sent. */
class NotCounted extends Failure {
  constructor(message: string, next = "") {
    super(message, next, "no");
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it counts anything of this. */
export const isLimited = ({ perHour, perDay }: Policy, names: readonly Counted[]): boolean =>
  names.some((name) => perHour[name] !== undefined || perDay[name] !== undefined);
