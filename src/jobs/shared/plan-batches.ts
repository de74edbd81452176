import type { Identity } from "../../academy/identity.ts";
import type { Args } from "../../call/check/check.ts";
import type { WriteStep } from "../../call/write/job-writes.ts";
import { markOf, nobody, type Plan, type PlanState, type PlanTarget } from "./plan.ts";

/** One call, and the units it does. */
export interface Batch extends WriteStep {
  readonly units: readonly number[];
}

/** Person × target in one call of mass_enroll: few calls, and not much to find out about where one is refused. */
const pairsInOne = 500;

/** What is still open, as the fewest calls that come to the same; the same plan and state give the same steps. */
export function stepsOf(plan: Plan, state: PlanState): Batch[] {
  const open = plan.units.flatMap((_, unit) => (markOf(state, unit) === "." ? [unit] : []));
  const of = (what: string) => open.filter((unit) => plan.units[unit]?.do === what);
  const enrolls = of("enroll");
  return [
    ...of("create").map((unit) => single(plan, unit)),
    ...of("change").map((unit) => single(plan, unit)),
    ...of("reset").map((unit) => resetting(plan, unit)),
    ...(plan.kind === "enrollment" && plan.day !== undefined
      ? enrolls.map((unit) => untilDay(plan, unit))
      : batches(plan, enrolls)),
    ...of("register").map((unit) => registering(plan, unit)),
    ...of("leave").map((unit) => single(plan, unit)),
    ...of("step").map((unit) => stepAlone(plan, unit)),
  ];
}

/** A training record by its number: SkyPrep starts it anew. */
function resetting(plan: Plan, unit: number): Batch {
  const { p, args = {} } = plan.units[unit] ?? { p: 0 };
  return {
    tool: "update_course_progress",
    args: { ...args, set_status: "not-started" },
    units: [unit],
    people: oneOf(plan, p).people,
  };
}

function registering(plan: Plan, unit: number): Batch {
  const { p, t = 0 } = plan.units[unit] ?? { p: 0 };
  return {
    tool: "create_ilt_timeslot_registrations",
    args: { instructor_led_training_timeslot_id: plan.targets[t]?.id, user_id: plan.people[p]?.id },
    units: [unit],
    people: oneOf(plan, p).people,
  };
}

function stepAlone(plan: Plan, unit: number): Batch {
  const { p = nobody, step, args = {} } = plan.units[unit] ?? {};
  return { tool: step?.tool ?? "", args, units: [unit], people: p === nobody ? [] : oneOf(plan, p).people };
}

function single(plan: Plan, unit: number): Batch {
  const { do: what, p, args } = plan.units[unit] ?? { do: "change", p: 0 };
  if (what === "create") {
    return { tool: "create_user", args: { email: plan.people[p]?.login ?? "", ...args }, units: [unit] };
  }
  const changes = what === "leave" ? { access_end_date: plan.day, ...args } : args;
  const { who, people } = oneOf(plan, p);
  return { tool: "update_user", args: { ...who, ...changes }, units: [unit], people };
}

/** By the number, which stays whose it is; a login may be given to somebody else between plan and call. */
function oneOf({ people }: Plan, p: number): { readonly who: Args; readonly people: readonly Identity[] } {
  const { id, login = "" } = people[p] ?? {};
  return id === undefined
    ? { who: { user_email: login }, people: [] }
    : { who: { user_id: id }, people: [{ id, login }] };
}

/** The people of these units who had a number when the plan was made. */
export const peopleOf = ({ people, units }: Plan, some: readonly number[]): readonly Identity[] =>
  [...new Set(some.map((unit) => units[unit]?.p ?? 0))].flatMap((p) => {
    const { id, login = "" } = people[p] ?? {};
    return id === undefined ? [] : [{ id, login }];
  });

/** mass_enroll knows no end: one call each. */
function untilDay(plan: Plan, unit: number): Batch {
  const { targets, units, day } = plan;
  const { p, t } = units[unit] ?? { p: 0 };
  const { who, people } = oneOf(plan, p);
  const target = targets[t ?? 0];
  return target?.kind === "group"
    ? {
        tool: "enroll_user_in_user_group",
        args: {
          ...who,
          user_group_id: target.id,
          user_group_enrollment_expiration_date: day,
        },
        units: [unit],
        people,
      }
    : {
        tool: "enroll_user_in_course",
        args: { ...who, course_id: target?.id, course_enrollment_expiration_date: day },
        units: [unit],
        people,
      };
}

/** Everybody of a call gets everything of it: people who lack the same go together, or a target at a time. */
function batches(plan: Plan, open: readonly number[]): Batch[] {
  const lacks = new Map<number, number[]>();
  for (const unit of open) {
    const p = plan.units[unit]?.p ?? 0;
    const own = lacks.get(p);
    if (own) own.push(unit);
    else lacks.set(p, [unit]);
  }
  const alike = grouped([...lacks.values()], (units) =>
    [spelling(plan, units[0]), ...units.map((unit) => plan.units[unit]?.t)].join(" "),
  );
  const together = alike.flatMap((people) => {
    const size = Math.max(1, Math.floor(pairsInOne / Math.max(1, people[0]?.length ?? 1)));
    return cut(people, size).map((some) => some.flat());
  });
  const one = grouped([...open], (unit) => `${spelling(plan, unit)} ${plan.units[unit]?.t}`);
  const apart = one.flatMap((units) => cut(units, pairsInOne));
  const fewest = apart.length < together.length ? apart : together;
  return fewest.map((units) => ({
    tool: "mass_enroll",
    args: massArgs(plan, units),
    units,
    people: peopleOf(plan, units),
    wayBack: takenApart(plan, units),
  }));
}

/** The plan knows who was in before, which SkyPrep does not show: undo_change takes out one by one whom it put in. */
function takenApart({ targets, units: all }: Plan, units: readonly number[]): string | undefined {
  const of = units.flatMap((unit) => all[unit] ?? []);
  const kinds = new Set(of.map(({ t = -1 }) => targets[t]?.kind));
  if (!kinds.has("course") && !kinds.has("group")) return undefined;
  if (of.every(({ was }) => was === "lapsed"))
    return "Enrolling anew cannot be undone: what SkyPrep does with the earlier record is not known.";
  const onPath = kinds.has("learning path") ? " Whoever is put on a learning path stays on it." : "";
  return `Enrollments of this plan can be undone within a week: whoever was in before, or has begun since, stays in.${onPath}`;
}

/** A login with a comma in it cannot stand in a list of logins. */
const spelling = ({ people, units }: Plan, unit = 0): "user_ids" | "user_emails" =>
  people[units[unit]?.p ?? 0]?.login.includes(",") ? "user_ids" : "user_emails";

/** What mass_enroll knows of. */
const lists: Readonly<Partial<Record<PlanTarget["kind"], string>>> = {
  course: "course_ids",
  group: "user_group_ids",
  "learning path": "course_bundle_ids",
};

/** These units as one call; each of their people has each of their targets among them. */
export function massArgs(plan: Plan, units: readonly number[]): Args {
  const spelt = spelling(plan, units[0]);
  const places = [...new Set(units.map((unit) => plan.units[unit]?.p ?? 0))];
  const who = places.map((p) => (spelt === "user_ids" ? plan.people[p]?.id : plan.people[p]?.login));
  const args: Record<string, unknown[]> = { [spelt]: who };
  for (const t of new Set(units.map((unit) => plan.units[unit]?.t ?? 0))) {
    const target = plan.targets[t];
    const name = target && lists[target.kind];
    if (target === undefined || name === undefined) continue;
    args[name] = [...(args[name] ?? []), target.id];
  }
  return args;
}

/** Two halves of a batch: of its people, or of one person's targets. */
export function halves(plan: Plan, units: readonly number[]): [number[], number[]] | undefined {
  const by = (key: "p" | "t") => [...new Set(units.map((unit) => plan.units[unit]?.[key]))];
  const key = by("p").length > 1 ? "p" : "t";
  const all = by(key);
  if (all.length < 2) return undefined;
  const first = new Set(all.slice(0, Math.ceil(all.length / 2)));
  const isFirst = (unit: number) => first.has(plan.units[unit]?.[key]);
  return [units.filter(isFirst), units.filter((unit) => !isFirst(unit))];
}

function grouped<T>(all: readonly T[], key: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const own = groups.get(key(one));
    if (own) own.push(one);
    else groups.set(key(one), [one]);
  }
  return [...groups.values()];
}

const cut = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
