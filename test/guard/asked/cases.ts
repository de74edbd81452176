import { exampleOf, type Tool } from "../../../src/catalogue/catalogue.ts";
import { consequencesIn } from "../../../src/guard/policy/consequence.ts";
import type { Progress } from "../../../src/sandbox/model/tables.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Condition, Kind, Standing } from "../../../tools/schema/consequence.ts";
import { noon } from "../../support/academy.ts";
import { consequenceIn, tools } from "../../support/catalogue.ts";
import { isLong } from "../../support/long.ts";
import { seededTables } from "../../support/seeded.ts";

/** A call that a person is asked about. */
export interface Case {
  readonly title: string;
  readonly tool: Tool;
  readonly kind: Kind;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Enough people for every example, few enough to be made often. */
export const population = 60;

/** A look at the academy that every test begins with. */
const academy = createSandbox({ now: () => noon, people: population, tables: seededTables }).world;
const finished = [...academy.progress.values()].find(({ status }) => status === "passed")?.id;
const above = { user_id: 102, user_email: "jordan@example.com" } as const;
const attended = [...academy.registrations.values()].find(({ status }) => status === "attended");
const registered = [...academy.registrations.values()][0]?.timeslot_id;
const [withSsn, anotherWithSsn] = [...academy.people.values()].filter(
  ({ role, profile }) => role === "learner" && profile.ssn,
);
const coursesOf = (id: number) => academy.progress.of(id).find(({ status }) => status === "passed");
const isCurrent = ({ user_id, course_id, status }: Progress) =>
  status === "passed" &&
  academy.people.get(user_id)?.role === "learner" &&
  academy.progress.of(user_id).filter((one) => one.course_id === course_id).length === 1;
const [passed, another] = [...academy.progress.values()].filter(isCurrent);

const session = 511;

/** Registrations that belong together, for the one operation that can be told their timeslot. */
function ofOneTimeslot() {
  const own = [...academy.registrations.values()].filter(({ timeslot_id }) => timeslot_id === session);
  return { instructor_led_training_timeslot_registration_ids: own.slice(0, 2).map(({ id }) => id) };
}

/** What makes a value meet its condition. */
const values: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  false: { active: false },
  negative: { amount: -25 },
  past: {},
  future: {},
  telling: { extra: { closing_date: "2001-01-01" } },
};

/** Every operation that asks, each of its conditions a case of its own: read off the records. */
export const cases: readonly Case[] = [...tools.values()].flatMap((tool) => {
  const all = consequencesIn(tool.operation);
  if (all.length === 0) return [];
  const hints = Object.entries(tool.operation.wire ?? {}).filter(([, rule]) => rule.sent === false);
  const plain = all.flatMap(({ kind, when = [{}] }) =>
    when.map((condition: Condition) => ({
      title: [tool.name, condition.argument, condition.value, ...[condition.standing ?? []].flat()]
        .filter(Boolean)
        .join(" · "),
      tool,
      kind: kindOf(tool, kind, condition),
      args: { ...exampleOf(tool), ...reaching(tool), ...meeting(tool, condition) },
    })),
  );
  const hinted = hints
    .filter(() => "instructor_led_training_timeslot_registration_ids" in exampleOf(tool))
    .map(([name]) => ({
      title: `${tool.name} · ${name}`,
      tool,
      kind: all[0]?.kind ?? "irreversible",
      args: { ...exampleOf(tool), ...ofOneTimeslot(), [name]: session },
    }));
  return [...plain, ...hinted];
});

/** Where a case stands among those of its kind. */
const places = new Map(
  cases.map((one, at) => [one, cases.slice(0, at).filter(({ kind }) => kind === one.kind).length]),
);

/**
 * Of what does not hang on the operation, the part whose turn it is in this case: each comes at every kind of
 * question, where there are cases enough. In the long form all of it.
 */
export function inTurn<T>(all: readonly T[], one: Case, atOnce = 1): readonly T[] {
  const size = cases.filter(({ kind }) => kind === one.kind).length;
  const place = places.get(one) ?? 0;
  if (isLong || size * atOnce < all.length) return all;
  return all.filter((_, at) => (at + all.length - ((place * atOnce) % all.length)) % all.length < atOnce);
}

/** Every second case of each kind, for what the same guard does whatever the operation; in the long form all. */
export const everySecond = (of: readonly Case[]): readonly Case[] =>
  of.filter((one) => inTurn([true, false], one).includes(true));

/** A password or a login of somebody above learner is power, too: the stricter of the two decides. */
function kindOf({ name }: Tool, kind: Kind, { argument }: Condition): Kind {
  const both = name === "update_user" && kind === "power" && /^(password|email)$/.test(argument ?? "");
  return both ? "credential" : kind;
}

/** What makes the call one that reaches people, where its example reaches none. */
function reaching({ operation, shape }: Tool): Record<string, unknown> {
  const { reach } = consequenceIn(operation) ?? {};
  if (reach === undefined) return {};
  const given = exampleOf({ operation, shape });
  const lists = [reach.people ?? [], reach.through ?? [], reach.targets];
  const named = lists.flatMap((names) => (names.some((name) => name in given) ? [] : names.slice(0, 1)));
  return Object.fromEntries(named.map((name) => [name, shape.details.get(name)?.example]));
}

function meeting({ name: called, operation, shape }: Tool, condition: Condition) {
  const { argument, except = [], value } = condition;
  const standing = [condition.standing ?? []].flat();
  const args: Record<string, unknown> = {};
  const given = exampleOf({ operation, shape });
  if (argument !== undefined) {
    const choices = shape.plain.properties[argument]?.enum?.filter((one) => !except.includes(String(one)));
    // Avery is a learner: any other role is a change.
    args[argument] = choices?.find((one) => one !== "learner") ?? shape.details.get(argument)?.example;
    if (argument === "password") args[argument] = "long enough 47";
    if (argument === "capacity") args[argument] = 1;
    if (value === "past") args[argument] = "2001-01-01";
    if (value === "future") args[argument] = "2099-01-01";
    if (value) Object.assign(args, values[value]);
  }
  const is = (one: Standing) => standing.includes(one);
  const person = (user_id = 0) => {
    for (const name of ["user_id", "user_email"] as const) {
      if (name in given) args[name] = name === "user_id" ? user_id : academy.people.get(user_id)?.email;
    }
  };
  if (is("above-learner")) person(above.user_id);
  if (is("overwritten")) person(withSsn?.id);
  if (is("begun")) {
    person(passed?.user_id);
    args.course_id = passed?.course_id;
  }
  if (is("in-already")) {
    const group = academy.groups.get(Number(given.user_group_id ?? 0));
    const own = given.course_id === undefined ? undefined : coursesOf(101);
    person(own ? 101 : [...(group?.members ?? [])][0]);
    if (own) args.course_id = own.course_id;
  }
  if (is("falls") && "course_progress_id" in given) args.course_progress_id = finished;
  if (is("registered") || is("too-few-seats")) args.instructor_led_training_timeslot_id = registered;
  if (is("remembered") && attended) {
    args.instructor_led_training_timeslot_registration_id = attended.id;
    args.instructor_led_training_timeslot_id = attended.timeslot_id;
    args.status = "absent";
  }
  if (called === "update_ilt_timeslot" && argument === "extra") args.extra = { valid_until: "2001-01-01" };
  return args;
}

/** Another thing of each kind that is there too, by the argument that names it. */
const others: Readonly<Record<string, unknown>> = {
  user_id: 103,
  user_email: "mateo.farouk@example.com",
  user_ids: [120],
  user_emails: ["nadia.clarke@example.com"],
  source_user_id: 120,
  email: "somebody.else@example.com",
  name: "Another name",
  course_id: 204,
  course_ids: [204],
  user_group_id: 303,
  user_group_ids: [303],
  learning_path_id: 404,
  course_progress_id: 903,
  instructor_led_training_timeslot_id: 511,
  instructor_led_training_timeslot_registration_ids: [521],
};

/** The same operation, on something else: an answer to the one is none to the other. */
export function elsewhere({ args, title }: Case): Record<string, unknown> {
  // Where what stands there decides, it is somebody of whom it is true as well.
  if (/overwritten$/.test(title)) return { ...args, user_email: anotherWithSsn?.email };
  if (/begun$/.test(title)) return { ...args, user_id: another?.user_id, course_id: another?.course_id };
  const name = Object.keys(others).find((one) => one in args);
  if (name === undefined) throw new Error("nothing else to name");
  const [other] = [others[name]];
  return { ...args, [name]: JSON.stringify(other) === JSON.stringify(args[name]) ? 201 : other };
}

/** The same call with a parameter more, where it takes any. */
export function withMore({ tool, args }: Case): Record<string, unknown> | undefined {
  return "extra" in tool.shape.plain.properties ? { ...args, extra: { city: "Boston" } } : undefined;
}
