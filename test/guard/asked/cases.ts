import { exampleOf, type Tool } from "../../../src/call/catalogue.ts";
import { createSandbox } from "../../../src/sandbox/sandbox.ts";
import type { Condition, Kind } from "../../../tools/schema/consequence.ts";
import { noon } from "../../support/academy.ts";
import { consequenceIn, tools } from "../../support/catalogue.ts";

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
const academy = createSandbox({ now: () => noon, people: population }).world;
const finished = [...academy.progress.values()].find(({ status }) => status === "passed")?.id;
const above = { user_id: 102, user_email: "jordan@example.com" } as const;

const session = 511;

/** Registrations that belong together, for the one operation that can be told their timeslot. */
function ofOneTimeslot() {
  const own = [...academy.registrations.values()].filter(({ timeslot_id }) => timeslot_id === session);
  return { instructor_led_training_timeslot_registration_ids: own.slice(0, 2).map(({ id }) => id) };
}

/** Every operation that asks, each of its conditions a case of its own: read off the records. */
export const cases: readonly Case[] = [...tools.values()].flatMap((tool) => {
  const consequence = consequenceIn(tool.operation);
  if (consequence === undefined) return [];
  const conditions: readonly Condition[] = consequence.when ?? [{}];
  const hints = Object.entries(tool.operation.wire ?? {}).filter(([, rule]) => rule.sent === false);
  const plain = conditions.map((condition) => ({
    title: [tool.name, condition.argument, condition.standing].filter(Boolean).join(" · "),
    tool,
    kind: consequence.kind,
    args: { ...exampleOf(tool), ...reaching(tool), ...meeting(tool, condition) },
  }));
  const hinted = hints.map(([name]) => ({
    title: `${tool.name} · ${name}`,
    tool,
    kind: consequence.kind,
    args: { ...exampleOf(tool), ...ofOneTimeslot(), [name]: session },
  }));
  return [...plain, ...hinted];
});

/** What makes the call one that reaches people, where its example reaches none. */
function reaching({ operation, shape }: Tool): Record<string, unknown> {
  const { reach } = consequenceIn(operation) ?? {};
  if (reach === undefined) return {};
  const given = exampleOf({ operation, shape });
  const lists = [reach.people ?? [], reach.through ?? [], reach.targets];
  const named = lists.flatMap((names) => (names.some((name) => name in given) ? [] : names.slice(0, 1)));
  return Object.fromEntries(named.map((name) => [name, shape.details.get(name)?.example]));
}

function meeting({ operation, shape }: Tool, { argument, except = [], standing }: Condition) {
  const args: Record<string, unknown> = {};
  const given = exampleOf({ operation, shape });
  if (argument !== undefined) {
    const choices = shape.plain.properties[argument]?.enum?.filter((one) => !except.includes(String(one)));
    // Avery is a learner: any other role is a change.
    args[argument] = choices?.find((one) => one !== "learner") ?? shape.details.get(argument)?.example;
    if (argument === "password") args[argument] = "long enough 47";
  }
  if (standing === "above-learner") {
    for (const name of ["user_id", "user_email"] as const) if (name in given) args[name] = above[name];
  }
  if (standing === "finished" && "course_progress_id" in given) args.course_progress_id = finished;
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
export function elsewhere({ args }: Case): Record<string, unknown> {
  const name = Object.keys(others).find((one) => one in args);
  if (name === undefined) throw new Error("nothing else to name");
  const [other] = [others[name]];
  return { ...args, [name]: JSON.stringify(other) === JSON.stringify(args[name]) ? 201 : other };
}

/** The same call with a parameter more, where it takes any. */
export function withMore({ tool, args }: Case): Record<string, unknown> | undefined {
  return "extra" in tool.shape.plain.properties ? { ...args, extra: { city: "Boston" } } : undefined;
}
