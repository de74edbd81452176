import { z } from "zod";
import type { Kind } from "../../../tools/schema/consequence.ts";
import type { AgreedBy } from "../../journal/line.ts";
import { type Binding, hasGrown, unread } from "./pending-approvals.ts";
import { createSealedFiles, type SealedFilesWorld, sameText, version } from "./sealed-files.ts";

/** A step that was agreed to, and how it stood then. */
export interface AgreedStep {
  /** Its digest. */
  readonly step: string;
  readonly binding: Binding;
  readonly counts: Readonly<Record<string, number>>;
  readonly kind?: Kind | undefined;
}

interface Agreed {
  readonly by: AgreedBy;
  readonly question?: string | undefined;
  /** Who agreed on a page, sealed. */
  readonly approver?: string | undefined;
  /** Whether its steps were seen as many. */
  readonly shared: boolean;
}

/** What is left of a job that was agreed to, and whose time was over. */
export interface LeftOfJob extends Agreed {
  readonly steps: readonly AgreedStep[];
}

export interface TakenUp extends Agreed {
  /** Whether all of these, each as often as it is there, are among what is left. */
  covers(steps: readonly string[]): boolean;
  /** Whether it is about the same, as that stood. */
  stands(step: AgreedStep): boolean;
}

/** Where the same call, repeated, may come to another process: it goes on there under the same answer, once. */
export interface StoredAgreements {
  /** In the place of what was left of the same call before. What cannot be kept is asked anew. */
  hold(call: string, left: LeftOfJob): Promise<void>;
  /** Takes it out: whoever comes after finds none. */
  take(call: string): Promise<TakenUp | undefined>;
}

export interface StoredAgreementsWorld extends SealedFilesWorld {
  /** The settings that what was promised hangs on, as text. */
  readonly under: string;
  readonly now: () => number;
}

const StoredAgreement = z.strictObject({
  version: z.literal(version),
  call: z.string(),
  under: z.string(),
  by: z.enum(["form", "page", "code", "terminal"]),
  question: z.string().optional(),
  approver: z.string().optional(),
  shared: z.boolean(),
  steps: z.array(
    z.strictObject({
      step: z.string(),
      /** A keyed digest of all that it was bound to: jobs have thousands of steps. */
      bound: z.string(),
      counts: z.record(z.string(), z.number()),
      kind: z.string().optional(),
    }),
  ),
  until: z.number(),
});

/** As long as an answer waits for its call. */
const heldMs = 600_000;

export function createStoredAgreements(world: StoredAgreementsWorld): StoredAgreements {
  const { files, under, now } = world;
  const sealed = createSealedFiles(world);
  const { mac } = sealed;
  const nameFor = (call: string) => `${sealed.nameFor("agreement", call)}.agreed`;
  const stepMac = (step: string) => mac("step", step);
  /** The same for bindings that compare as the same: what could not be read stands for nothing. */
  const boundMac = (binding: Binding): string =>
    mac(
      "bound",
      ...[...binding].flatMap(([part, one]) => (one === unread ? [] : [JSON.stringify([part, one])])).sort(),
    );

  return {
    async hold(call, { by, question, approver, shared, steps }) {
      const name = nameFor(call);
      await files
        .alone(() =>
          sealed.put(name, {
            version,
            call: name,
            under: mac("under", under),
            by,
            ...(question !== undefined && { question }),
            ...(approver !== undefined && { approver }),
            shared,
            steps: steps.map(({ step, binding, counts, kind }) => ({
              step: stepMac(step),
              bound: boundMac(binding),
              counts,
              ...(kind && { kind }),
            })),
            until: now() + heldMs,
          }),
        )
        .catch(() => {});
    },
    async take(call) {
      const name = nameFor(call);
      const found = await files
        .alone(async () => {
          const entry = await sealed.read(name, StoredAgreement);
          if (entry !== undefined) await sealed.remove(name);
          return entry;
        })
        .catch(() => undefined);
      if (typeof found !== "object" || found.call !== name || found.under !== mac("under", under))
        return undefined;
      if (found.until <= now()) return undefined;
      const { by, question, approver, shared, steps } = found;
      const known = new Map(steps.map((one) => [one.step, one]));
      return {
        by,
        question,
        approver,
        shared,
        covers(wanted) {
          const left = steps.map(({ step }) => step);
          return wanted.map(stepMac).every((step) => {
            const index = left.indexOf(step);
            if (index !== -1) left.splice(index, 1);
            return index !== -1;
          });
        },
        stands({ step, binding, counts, kind }) {
          const before = known.get(stepMac(step));
          if (before === undefined || (kind !== undefined && kind !== before.kind)) return false;
          return sameText(before.bound, boundMac(binding)) && !hasGrown(before.counts, counts);
        },
      };
    },
  };
}
