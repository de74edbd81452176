import { z } from "zod";
import type { Row } from "../../academy/reads.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { cleanText, count, inQuotes } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { field, moreLeft, unlisted } from "../shared/input-fields.ts";
import { leftPage, leftTold, refuseLeft } from "../shared/left-out.ts";
import type { Plan } from "../shared/plan.ts";
import { refuseOnReadFailure, resolve } from "../shared/resolve.ts";
import { keepStepsPlan, type PlannedSteps } from "../shared/step-plan.ts";
import { type CourseRow, readCourseTable } from "./course-table.ts";

const input = z.strictObject({
  csv: field(
    z.string().min(1).max(1_000_000),
    "Pasted table with header: Course, New name, Active, Category",
    "Course,New name\n201,New Hire Orientation 2027",
  ).optional(),
  cursor: unlisted(moreLeft),
});

/** Compares a table with the courses as they are, and keeps a plan; changes none. */
export const plan_course_changes = defineJob({
  title: "Plan changes of courses",
  description:
    "Step 1 to rename, switch on or off, or recategorize many courses from a table; shows old and new. apply_plan does it. One course: update_course.",
  searchHint:
    "bulk rename courses or trainings, retire or archive many courses, change course category, spreadsheet of courses",
  effect: "read",
  idempotent: true,
  input,
  board: "plan",
  needs: [{ atLeastOne: ["csv", "cursor"] }],
  run: ({ csv = "", cursor }, world, { signal }) =>
    cursor !== undefined
      ? leftPage(cursor, world)
      : refuseOnReadFailure("No plan was made", () => plan(csv, world, signal)),
});

const kind = "steps";
const columns = ["course", "name", "new_name", "active", "new_active", "category", "new_category"];

async function plan(csv: string, world: JobWorld, signal: AbortSignal): Promise<Reply> {
  const table = readCourseTable(csv);
  if (table.refused !== undefined)
    return refuse(`No plan was made. ${table.refused}`, ...table.notes, "Nothing was changed.");
  const courses = new Map(
    ((await world.list("get_courses", signal)) as readonly Row[]).map((row) => [numberOf(row), row] as const),
  );
  const left: Plan["left"] = [];
  const notes = [...table.notes];
  const all: PlannedSteps[] = [];
  const seen = new Map<number, number>();
  let same = 0;
  const off: string[] = [];
  for (const row of table.rows) {
    const leave = (why: string) =>
      left.push({ row: row.row, who: cleanText(row.course[0] ?? "").slice(0, 80), why });
    if (row.course.length === 0) {
      if (row.name ?? row.active ?? row.category) leave("no course is named");
      continue;
    }
    const meant = await courseMeant(row, world, signal);
    const now = "wrong" in meant ? undefined : courses.get(meant.id);
    if ("wrong" in meant || now === undefined) {
      leave("wrong" in meant ? meant.wrong : "it is not in the list of courses");
      continue;
    }
    const before = seen.get(meant.id);
    if (row.wrong !== undefined) leave(row.wrong);
    else if (before !== undefined) leave(`the same course as row ${before}, which counts`);
    else {
      seen.set(meant.id, row.row);
      const one = changeOf(meant.id, now, row);
      if (one === undefined) same += 1;
      else all.push(one);
      if (one !== undefined && row.active === false && isActive(now)) off.push(one.name);
    }
  }
  notes.push(...namedAlike(all, courses));
  if (all.length === 0) {
    const already = `${count(same, "course is", "courses are")} as the table says`;
    if (same === 0)
      return refuseLeft(
        ["No plan was made: no course of the table can be changed. Nothing was changed.", ...notes],
        left,
        { kind },
        world,
      );
    const told = await leftTold(left, { kind }, world);
    return {
      outcome: "done",
      text: [`Nothing to do: ${already}.`, ...notes, ...told.lines].join("\n"),
      structured: { courses: 0, already: same, notes, ...told.structured },
    };
  }
  const kept = await keepStepsPlan(
    {
      all,
      told: {
        verb: "change",
        one: "course",
        many: "courses",
        tail: "",
        facts: [
          off.length > 0
            ? `${count(off.length, "course is", "courses are")} switched off: nobody can open ${off.length === 1 ? "it" : "them"} any more; every record is kept.`
            : "No course is switched off, and no record is touched.",
        ],
      },
      left,
    },
    columns,
    world,
  );
  const said = [
    ...(same > 0 ? [`${count(same, "course is", "courses are")} as the table says already.`] : []),
    ...notes,
  ];
  return {
    outcome: "done",
    text: [...kept.lines, ...kept.file, ...said, ...kept.left.lines].join("\n"),
    pieces: kept.pieces,
    structured: {
      ...kept.structured,
      courses: all.length,
      switched_off: off.length,
      already: same,
      notes: said,
    },
  };
}

/** The one that all cells of a row mean which say which it is. */
async function courseMeant(
  { course }: CourseRow,
  world: JobWorld,
  signal: AbortSignal,
): Promise<{ readonly id: number } | { readonly wrong: string }> {
  const found = new Map<number, string>();
  for (const text of course) {
    const one = await resolve("course", text, world, signal);
    if ("wrong" in one) return one;
    found.set(one.id, one.label);
  }
  const [first, other] = [...found].map(([id, label]) => ({ id, label }));
  if (first === undefined) return { wrong: "no course is named" };
  return other === undefined
    ? first
    : {
        wrong: `it means two courses: ${first.id} ${cleanText(first.label)} and ${other.id} ${cleanText(other.label)}`,
      };
}

const numberOf = ({ id, course_id }: Row): number => Number(id ?? course_id);
const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
const isActive = ({ active }: Row): boolean => !/^(?:false|0)$/.test(String(active));

/** What is otherwise than the table says, as one call; undefined: nothing is. */
function changeOf(id: number, now: Row, { name, active, category }: CourseRow): PlannedSteps | undefined {
  const [was, wasIn] = [textIn(now.name), textIn(now.category)];
  const renames = name !== undefined && name !== was.trim();
  const switches = active !== undefined && active !== isActive(now);
  const moves = category !== undefined && category !== wasIn.trim();
  if (!renames && !switches && !moves) return undefined;
  const quoted = (text: string) => inQuotes(text, cleanText);
  const args = {
    course_id: id,
    ...(renames && { name }),
    ...(switches && { active }),
    // The page names it among what a course shows, and not among what is set (skyprep-api §1.5).
    ...(moves && { extra: { category } }),
  };
  const called = `${quoted(was)} (${id})`;
  const text = [
    ...(renames ? [`renamed to ${quoted(name)}`] : []),
    ...(switches ? [active ? "switched on" : "switched off"] : []),
    ...(moves
      ? [`category ${wasIn === "" ? "set" : `${quoted(wasIn)} changed`} to ${quoted(category)}`]
      : []),
  ].join(", ");
  return {
    steps: [
      {
        step: { tool: "update_course", args },
        things: [{ what: `course ${id} ${cleanText(was).slice(0, 80)}`, done: "changed" }],
      },
    ],
    name: called,
    text,
    row: [
      String(id),
      was,
      renames ? name : "",
      String(isActive(now)),
      switches ? String(active) : "",
      wasIn,
      moves ? category : "",
    ],
  };
}

/** Two courses of one name are told apart by their numbers alone. */
function namedAlike(all: readonly PlannedSteps[], courses: ReadonlyMap<number, Row>): string[] {
  const after = new Map([...courses].map(([id, row]) => [id, textIn(row.name).trim()] as const));
  const renamed = all
    .flatMap(({ steps }) => steps)
    .map(({ step }) => step.args as { course_id: number; name?: string });
  for (const { course_id, name } of renamed) if (name !== undefined) after.set(course_id, name);
  const ids = new Map<string, number[]>();
  for (const [id, name] of after) ids.set(name.toLowerCase(), [...(ids.get(name.toLowerCase()) ?? []), id]);
  return [
    ...new Set(
      renamed.flatMap(({ course_id, name }) => {
        const same = name === undefined ? [] : (ids.get(name.toLowerCase()) ?? []);
        return same.length > 1 && same.includes(course_id)
          ? [`Courses ${same.join(" and ")} would have the same name.`]
          : [];
      }),
    ),
  ];
}
