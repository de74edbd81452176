import { Missing, numberIn, type Reads, type Row, rowsIn } from "../../academy/reads.ts";
import { count } from "../../text/english.ts";
import { targetInWords } from "../shared/name-targets.ts";
import type { Someone } from "../shared/people-index.ts";
import type { PlanTarget } from "../shared/plan.ts";
import { already, type JobStep, type StepOutcome, type StepPart } from "../steps/run-steps.ts";

export interface JoinTargets {
  readonly groups: readonly PlanTarget[];
  readonly courses: readonly PlanTarget[];
  readonly paths: readonly PlanTarget[];
}

/** What somebody is to be put in, and what they are in already or get by the way. */
export interface Joining {
  readonly wanted: JoinTargets;
  readonly already: readonly StepOutcome[];
}

/** Learning paths that groups give are read only to find out which courses come with them. */
const mostPathsRead = 5;

/** Leaves out of what is wanted all that they have, and courses that come with a group or path anyway. @throws Unread */
export async function stillWanted(
  wanted: JoinTargets,
  person: Someone | undefined,
  reads: Reads,
): Promise<Joining & { readonly notes: readonly string[]; readonly wrong: readonly string[] }> {
  const before: StepOutcome[] = [];
  const wrong: string[] = [];
  const isIn = person === undefined ? () => false : await whatTheyHave(person, wanted, reads);
  const open = (targets: readonly PlanTarget[]) =>
    targets.filter((target) => {
      if (isIn(target)) before.push(already(targetInWords(target)));
      return !isIn(target);
    });
  const [groups, paths, courses] = [open(wanted.groups), open(wanted.paths), open(wanted.courses)];

  const given = new Map<number, PlanTarget>();
  const give = (rows: unknown, by: PlanTarget) => {
    for (const row of rowsIn(rows)) {
      const id = numberIn(row, "course_id");
      if (!given.has(id)) given.set(id, by);
    }
  };
  const missing = () => courses.filter(({ id }) => !given.has(id)).length > 0;
  const through: { readonly id: number; readonly by: PlanTarget }[] = paths.map((by) => ({ id: by.id, by }));
  for (const by of groups) {
    if (!missing()) break;
    const row = await readTarget("get_user_group", { user_group_id: by.id }, by, { reads, wrong });
    give(row?.courses, by);
    for (const path of rowsIn(row?.learning_paths)) through.push({ id: numberIn(path), by });
  }
  let read = 0;
  for (const { id, by } of through) {
    if (!missing() || read >= mostPathsRead) break;
    read += 1;
    give(
      (await readTarget("get_learning_path", { learning_path_id: id }, by, { reads, wrong }))?.courses,
      by,
    );
  }
  const unread = missing() ? through.length - read : 0;
  const coming = courses.filter(({ id }) => given.has(id));
  return {
    wanted: { groups, paths, courses: courses.filter(({ id }) => !given.has(id)) },
    already: [
      ...before,
      ...coming.map((course) => {
        const by = given.get(course.id);
        return already(targetInWords(course), `comes with ${by?.kind ?? "group"} ${by?.id ?? ""}`);
      }),
    ],
    notes:
      unread > 0
        ? [
            `Which courses come with ${count(unread, "further learning path", "further learning paths")} was not read; those asked for are enrolled directly.`,
          ]
        : [],
    wrong,
  };
}

interface Trying {
  readonly reads: Reads;
  readonly wrong: string[];
}

async function readTarget(
  route: string,
  parameters: Record<string, number>,
  { kind, id }: PlanTarget,
  { reads, wrong }: Trying,
): Promise<Row | undefined> {
  try {
    return await reads.one(route, parameters);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    wrong.push(`There is no ${kind} ${id} any more, or something that it gives.`);
    return undefined;
  }
}

/** What an existing person is in. @throws Unread */
async function whatTheyHave(
  { id, login }: Someone,
  { groups, courses, paths }: JoinTargets,
  reads: Reads,
): Promise<(target: PlanTarget) => boolean> {
  const known = new Set<string>();
  const put = (rows: readonly Row[], kind: PlanTarget["kind"], name: "id" | "course_id" = "id") => {
    for (const row of rows) known.add(`${kind} ${numberIn(row, name)}`);
  };
  if (groups.length > 0)
    put(await reads.rows("get_user_group_enrollments_for_user", { user_id: id }), "group");
  if (courses.length > 0)
    put(await reads.rows("get_user_courses", { user_email: login }), "course", "course_id");
  for (const path of paths) {
    const { users } = await reads.one("get_learning_path", { learning_path_id: path.id });
    if (rowsIn(users).some((row) => numberIn(row, "user_id") === id)) known.add(`learning path ${path.id}`);
  }
  return (target) => known.has(`${target.kind} ${target.id}`);
}

const inOne = { groups: "user_group_ids", courses: "course_ids", paths: "course_bundle_ids" } as const;
const kinds = ["groups", "courses", "paths"] as const;

/** Somebody new gets it all in one call: taken back with the person, should it be taken back. */
export function joinsAtOnce(login: string, wanted: Partial<JoinTargets>, needs?: JobStep): JobStep[] {
  const own = kinds.flatMap((kind) => (wanted[kind] ?? []).map((target) => [inOne[kind], target] as const));
  if (own.length === 0) return [];
  const user_emails = [login];
  const args: Record<string, unknown> = { user_emails };
  for (const [name, { id }] of own) args[name] = [...((args[name] as number[] | undefined) ?? []), id];
  const things = own.map(([name, target]) => ({
    ...thingOf(target),
    alone: { user_emails, [name]: [target.id] },
  }));
  return [{ step: { tool: "mass_enroll", args }, things, ...(needs && { needs: [needs] }) }];
}

/** So many courses are given one by one: only one course by itself can be undone. */
const fewCourses = 5;

/** Somebody who was here keeps the way back: each membership and course can be undone by itself. */
export function joinsOneByOne(person: Someone, { groups, courses, paths }: JoinTargets): JobStep[] {
  const { id, login } = person;
  const each = groups.map((group) =>
    deedOf("enroll_user_in_user_group", group, { user_id: id, user_group_id: group.id }, person),
  );
  const few = courses.map((course) =>
    deedOf("enroll_user_in_course", course, { user_id: id, course_id: course.id }, person),
  );
  const course_ids = courses.map((course) => course.id);
  const many: JobStep = {
    step: { tool: "enroll_user_in_courses", args: { user_id: id, course_ids }, people: [person] },
    things: courses.map((course) => ({
      ...thingOf(course),
      alone: { user_id: id, course_ids: [course.id] },
    })),
  };
  return [...each, ...(few.length > fewCourses ? [many] : few), ...pathsAtOnce(person, login, paths)];
}

const pathsAtOnce = (person: Someone, login: string, paths: readonly PlanTarget[]): JobStep[] =>
  joinsAtOnce(login, { paths }).map((jobStep) => ({
    ...jobStep,
    step: { ...jobStep.step, people: [person] },
  }));

const deedOf = (
  tool: string,
  target: PlanTarget,
  args: Record<string, unknown>,
  person: Someone,
): JobStep => ({
  step: { tool, args, people: [person] },
  things: [thingOf(target)],
});
const thingOf = (target: PlanTarget): StepPart => ({ what: targetInWords(target), done: "added" });
