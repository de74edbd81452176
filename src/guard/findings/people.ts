import { Missing } from "../look.ts";
import { byStatus, count, statusWords } from "../words.ts";
import { type Find, lengthOf, readProgress } from "./finding.ts";

/** What a person has: course enrollments by status. */
export const enrollments: Find = async ({ look, seen }) => {
  const known = (seen.person ?? seen.source)?.person;
  if (known === undefined) return {};
  const progress = await readProgress(look, { user_id: known.id });
  if (progress !== undefined) {
    const { rows, whole } = progress;
    const how = rows.length > 0 ? ` (${byStatus(rows.map(({ status }) => statusWords(status)))})` : "";
    const n = count(rows.length, "course enrollment", "course enrollments");
    return { goes: [`${whole ? "" : "at least "}${n}${how}`], counts: { enrollments: rows.length } };
  }
  const courses = await look.rows("get_user_courses", { user_email: known.login });
  return {
    goes: [
      `${count(courses.length, "course enrollment", "course enrollments")} (how far they are could not be read)`,
    ],
    counts: { enrollments: courses.length },
  };
};

export const memberships: Find = async ({ look, seen }) => {
  const id = seen.person?.id;
  if (id === undefined) return {};
  const groups = await look.rows("get_user_group_enrollments_for_user", { user_id: id });
  return {
    goes: [`membership of ${count(groups.length, "group", "groups")}`],
    counts: { groups: groups.length },
  };
};

export const points: Find = async ({ look, seen }) => {
  const known = seen.person?.person;
  if (known === undefined) return {};
  const { gamification_balance } = await look.one("get_user_gamification_balance", { email: known.login });
  const balance = Number(gamification_balance);
  return Number.isFinite(balance)
    ? { goes: [count(balance, "point", "points")] }
    : { goes: ["points could not be read"] };
};

/** How one person stands in one course. */
export const status: Find = async ({ args, look, seen }) => {
  const { person, course } = seen;
  if (person?.id === undefined || course?.id === undefined) return {};
  try {
    const { status: word } = await look.one("get_user_course_status", {
      user_id: person.id,
      course_id: course.id,
    });
    return { facts: [`They stand at: ${statusWords(word)}.`], stands: [word] };
  } catch (error) {
    if (error instanceof Missing)
      return {
        facts: [`SkyPrep shows no enrollment of theirs in course ${args.course_id}.`],
        stands: [false],
      };
    throw error;
  }
};

/** What came to a person with a group. */
export const throughGroup: Find = async ({ look, seen }) => {
  const { person, group } = seen;
  if (person?.id === undefined || group?.row === undefined) return {};
  const inGroup = group.row.courses;
  const n = lengthOf(inGroup);
  const memberships = await look.rows("get_user_group_enrollments_for_user", { user_id: person.id });
  const member = memberships.some(({ id }) => Number(id) === group.id);
  const facts = member ? [] : ["SkyPrep does not show them in this group now."];
  const stands = [member];
  if (n === undefined)
    return { facts: [...facts, "Which courses came with the group could not be read."], stands };
  const came = `${count(n, "course", "courses")} came with the group`;
  if (n === 0) return { facts: [...facts, `${came}.`], stands };
  const ids = new Set([inGroup].flat().map((one) => Number((one as { id?: unknown }).id)));
  const progress = await readProgress(look, { user_id: person.id }).catch(() => undefined);
  if (progress === undefined)
    return { facts: [...facts, `${came}; progress could not be read.`], counts: { courses: n }, stands };
  const open = progress.rows.filter(({ course_id }) => ids.has(Number(course_id)));
  const how = open.length > 0 ? byStatus(open.map((row) => statusWords(row.status))) : "none begun";
  return { facts: [...facts, `${came}: ${how}.`], counts: { courses: n }, stands };
};
