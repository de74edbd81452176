import { createReads, numberIn, type Reads, type Row, rowsIn, Unread } from "../../academy/reads.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { and, cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { targetsCalled } from "../shared/called.ts";
import { targetInWords } from "../shared/name-targets.ts";
import type { PlanTarget } from "../shared/plan.ts";
import { resolve } from "../shared/resolve.ts";
import { keepStepsPlan, type PlannedSteps } from "../shared/step-plan.ts";
import type { JobStep } from "../steps/run-steps.ts";
import { type NamedTargets, targetsMeant } from "./meant.ts";

export interface CopyAsked extends NamedTargets {
  readonly copy_from: string;
}

const columns = ["to", "gets"];

/** What a group or path has and others are to have as well; a plan, and nothing is changed. */
export async function planCopy(
  asked: CopyAsked & Readonly<Record<string, unknown>>,
  world: JobWorld,
  signal: AbortSignal,
): Promise<Reply> {
  const alien = others.filter((name) => asked[name] !== undefined);
  if (alien.length > 0)
    return refuse(
      `No plan was made: copy_from gives groups and paths the courses of another, and ${and(alien)} cannot be said with it.`,
      "Nothing was changed.",
    );
  const { targets, wrong, notes } = await targetsMeant(
    { groups: asked.groups, paths: asked.paths },
    world,
    signal,
  );
  const from = await sourceNamed(asked.copy_from, world, signal);
  if ("wrong" in from) wrong.push(from.wrong);
  if (wrong.length > 0 || "wrong" in from) return refuse("No plan was made; nothing was changed.", ...wrong);
  const reads = createReads(world.read, signal);
  const source = await contentsOf(from, reads);
  const all: PlannedSteps[] = [];
  let already = 0;
  let without = 0;
  for (const to of targets) {
    if (to.kind === from.kind && to.id === from.id)
      return refuse(`No plan was made: ${targetInWords(to)} is to get its own courses. Nothing was changed.`);
    const has = await contentsOf(to, reads);
    const lacks = source.filter((one) => !has.some(({ kind, id }) => kind === one.kind && id === one.id));
    const gets = lacks.filter(({ kind }) => !(kind === "learning path" && to.kind === "learning path"));
    without += lacks.length - gets.length;
    already += source.length - lacks.length;
    if (gets.length > 0) all.push(copyTo(to, gets));
  }
  const said = [
    ...(already > 0 ? [`${count(already, "of it is", "of it are")} there already.`] : []),
    ...(without > 0 ? ["Paths are given to groups alone: a path gets the courses."] : []),
    ...notes,
  ];
  if (all.length === 0)
    return {
      outcome: "done",
      text: [`Nothing to do: ${and(targets.map(targetInWords))} has it all already.`, ...said].join("\n"),
      structured: { notes: said },
    };
  const made = await keepStepsPlan(
    {
      all,
      told: {
        verb: "give",
        one: "group",
        many: targets.some(({ kind }) => kind !== "group") ? "groups and paths" : "groups",
        tail: ` what ${targetsCalled([from])} has`,
        facts: ["Everybody in them, now and later, is enrolled, and may be emailed. Nothing is taken away."],
      },
      left: [],
    },
    columns,
    world,
  );
  return {
    outcome: "done",
    text: [...made.lines, ...made.file, ...said].join("\n"),
    pieces: made.pieces,
    structured: { ...made.structured, notes: said },
  };
}

const others = [
  "people",
  "where",
  "csv",
  "group",
  "courses",
  "leave_courses",
  "leave_groups",
  "keep_courses",
  "expires",
] as const;

/** A group or a path; what could be either is asked about. */
async function sourceNamed(
  text: string,
  world: JobWorld,
  signal: AbortSignal,
): Promise<PlanTarget | { readonly wrong: string }> {
  const group = await resolve("group", text, world, signal);
  const path = await resolve("path", text, world, signal);
  const called = (kind: PlanTarget["kind"], one: { readonly id: number; readonly label: string }) => ({
    kind,
    id: one.id,
    name: cleanText(one.label).slice(0, 80),
  });
  if ("wrong" in group) return "wrong" in path ? group : called("learning path", path);
  if ("wrong" in path || path.id === group.id) return called("group", group);
  return {
    wrong: `“${cleanText(text).slice(0, 80)}” is both group ${group.id} and learning path ${path.id}: say which is meant by its number.`,
  };
}

/** The courses, and of a group the paths. @throws Unread where they are not shown */
async function contentsOf({ kind, id }: PlanTarget, reads: Reads): Promise<readonly PlanTarget[]> {
  const row =
    kind === "group"
      ? await reads.one("get_user_group", { user_group_id: id })
      : await reads.one("get_learning_path", { learning_path_id: id });
  if (row.courses === undefined) throw new Unread(`the courses of ${kind} ${id} are not shown`);
  const named = (what: PlanTarget["kind"], rows: readonly Row[]) =>
    rows.map((one) => ({
      kind: what,
      id: numberIn(one),
      name: cleanText(String(one.name ?? "")).slice(0, 80),
    }));
  return [
    ...named("course", rowsIn(row.courses)),
    ...(kind === "group" ? named("learning path", rowsIn(row.learning_paths ?? [])) : []),
  ];
}

function copyTo(to: PlanTarget, gets: readonly PlanTarget[]): PlannedSteps {
  const steps = gets.map(
    ({ kind, id, name }): JobStep => ({
      step:
        kind === "learning path"
          ? { tool: "add_group_to_learning_path", args: { user_group_id: to.id, learning_path_id: id } }
          : to.kind === "group"
            ? { tool: "add_course_to_user_group", args: { user_group_id: to.id, course_id: id } }
            : { tool: "add_course_to_learning_path", args: { learning_path_id: to.id, course_id: id } },
      things: [{ what: `${kind} ${id} ${name} for ${to.kind} ${to.id} ${to.name}`, done: "given" }],
    }),
  );
  return {
    steps,
    name: targetsCalled([to]),
    text: `gets ${targetsCalled(gets)}`,
    row: [targetInWords(to), gets.map(targetInWords).join("; ")],
  };
}
