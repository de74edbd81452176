import { z } from "zod";
import { createReads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { and, cleanText, reading } from "../../text/english.ts";
import { dayInWords } from "../../text/zone.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { academyDay } from "../shared/as-of.ts";
import { personCalled } from "../shared/called.ts";
import { confirm, field } from "../shared/input-fields.ts";
import { instructing } from "../shared/instructing.ts";
import { inWords, personNamed } from "../shared/name-targets.ts";
import { lastAdmin, leaving } from "../shared/offboard-steps.ts";
import { isAdmin } from "../shared/people-index.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { countsInWords, tell } from "../steps/outcome-text.ts";
import { runSteps } from "../steps/run-steps.ts";

const input = z.strictObject({
  person: field(z.string().trim().min(1).max(255), "Who left: login, number or name", "avery@example.com"),
  last_day: field(z.iso.date(), "Last day with access, YYYY-MM-DD; else today", "2026-12-31").optional(),
  now: field(
    z.boolean(),
    "true: takes rights and groups now, though last_day is ahead; else then",
    true,
  ).optional(),
  keep_groups: field(z.boolean(), "true: stays in groups; else leaves them", true).optional(),
  confirm,
});
type OffboardArgs = z.output<typeof input>;

/** Ends what somebody who left could still do; keeps what they learnt. */
export const offboard_person = defineJob({
  title: "Offboard a person",
  description:
    "Somebody left: ends access, rights (role, manager, power user) and memberships; training records stay. Asks first. With last_day ahead it sets only that: call again on that day for the rest. Repeats do what is left. Deleting: destroy_user.",
  searchHint:
    "employee leaving company, leaver, former employee or staff member, terminate, terminated, dismissed, let go, fired, resigned, quit, last day, cannot log in any more, shut off, revoke or remove access, deactivate, disable or block a user account",
  effect: "remove",
  idempotent: true,
  input,
  run: (args, world, inner) =>
    refuseOnReadFailure("Nobody was offboarded", () => offboard(args, world, inner)),
});

async function offboard(asked: OffboardArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal } = inner;
  const began = world.now();
  const wrong: string[] = [];
  const reads = createReads(world.read, signal);
  const person = await personNamed(asked.person, { world, reads, signal, wrong });
  if (person === undefined) return refuse("Nobody was offboarded; nothing was sent.", ...wrong);
  const last = await lastAdmin(person, world, signal);
  if (last !== undefined) return refuse(last, "Nothing was sent.");

  const today = academyDay(world.now(), [person.row]);
  const day = asked.last_day ?? today;
  const ahead = day > today;
  const waits = ahead && asked.now !== true;
  const plan = await leaving({ person, day, keepsGroups: asked.keep_groups === true, waits }, world, {
    reads,
    inner,
    began,
  });
  const leads = await instructing(person, reads, world.now());
  const whom = inWords(person);
  const { later } = plan;
  const besides = {
    person: person.id,
    login: cleanText(person.login),
    ...(ahead && { last_day: day }),
    ...(later.length > 0 && { on_that_day: later }),
    ...(leads.sessions.length > 0 && {
      instructs: leads.sessions.map(({ id, name, starts }) => ({ session: id, name, starts })),
    }),
  };
  const stays = [
    ...(later.length > 0
      ? [
          `Not done yet, and not scheduled: on ${day}, call offboard_person again. It then takes: ${later.join("; ")}.`,
        ]
      : []),
    ...(ahead && !waits ? [`Access ends with ${day}; what else is listed here was taken now.`] : []),
    ...plan.notes,
    leads.note,
    asked.keep_groups === true
      ? "The training record stays."
      : "The training record stays; courses still open that came only through a group may go with it.",
    "Session registrations and learning paths were not touched.",
  ];
  if (plan.jobSteps.length === 0) {
    const is = later.length > 0 ? `the end of access of ${whom} is set` : `${whom} is offboarded already`;
    const first = `Nothing to do${later.length > 0 ? " now" : ""}: ${is}.`;
    return tell({ first, outcomes: plan.already, notes: stays, besides });
  }
  const agreement = await inner.agree({
    asks: askFor(personCalled(person), { day, ahead, waits, takes: plan.takes }),
    them: person.id,
    told: plan.told,
    facts: [
      ...plan.facts,
      ...(leads.sessions.length > 0
        ? [
            `${reading(leads.sessions.length, { one: "1 upcoming session still names", many: (n) => `${n} upcoming sessions still name` })} them as instructor; that does not change.`,
          ]
        : []),
      ...(isAdmin(person)
        ? ["They are an administrator; if SkyPrep's API key is theirs, which cannot be read, renew it."]
        : []),
    ],
    steps: plan.jobSteps.map(({ step }) => step),
    deserves: "removing",
    code: asked.confirm,
  });
  if (!("run" in agreement)) return agreement;
  const { outcomes } = await runSteps(plan.jobSteps, agreement, inner);
  const all = [...outcomes, ...plan.already];
  const first = waits
    ? `Offboarding of ${whom} begun: access ends with ${day}, the rest is left for that day: ${countsInWords(all)}.`
    : `Offboarded ${whom}: ${countsInWords(all)}.`;
  return tell({ first, outcomes: all, notes: stays, besides });
}

interface When {
  readonly day: string;
  readonly ahead: boolean;
  readonly waits: boolean;
  readonly takes: { readonly rights: boolean; readonly groups: boolean };
}

/** What happens now, and what on the last day. */
function askFor(whom: string, { day, ahead, waits, takes }: When): string {
  const ends = `let them sign in only until ${dayInWords(day) ?? day}`;
  if (waits) return `Offboard ${whom}: ${ends}, and leave everything else for that day?`;
  const taken = and([...(takes.rights ? ["rights"] : []), ...(takes.groups ? ["groups"] : [])]);
  if (taken === "") return `Offboard ${whom}: ${ends}?`;
  const rights = `take away their ${taken}`;
  return ahead
    ? `Offboard ${whom}: ${rights} now, before their last day, and ${ends}?`
    : `Offboard ${whom}: ${ends}, and ${rights}?`;
}
