import { type BoundedReads, Missing, type Row, Unread } from "../../../academy/reads.ts";
import { count, howTheyStand, statusWords } from "../../../text/english.ts";
import { calledAll } from "../subjects.ts";
import { type Find, lengthOf, type Progresses, readProgress, thingsIn, withoutArchived } from "./finding.ts";

/** What a person has: course enrollments by status. */
export const enrollments: Find = async ({ look, seen, now }) => {
  const known = (seen.person ?? seen.source)?.person;
  if (known === undefined) return {};
  const progress = await readProgress(look, { user_id: known.id }, now);
  if (progress !== undefined) {
    const { rows, whole, unarchived } = progress;
    const words = [
      ...(rows.length > 0 ? [howTheyStand(rows.map(({ status }) => statusWords(status)))] : []),
      ...(unarchived ? [withoutArchived] : []),
    ];
    const how = words.length > 0 ? ` (${words.join("; ")})` : "";
    const n =
      rows.length === 0
        ? "no course enrollments"
        : count(rows.length, "course enrollment", "course enrollments");
    return {
      goes: [`${whole || rows.length === 0 ? "" : "at least "}${n}${how}`],
      counts: { enrollments: rows.length },
    };
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
    goes: groups.length > 0 ? [`membership of ${count(groups.length, "group", "groups")}`] : [],
    counts: { groups: groups.length },
  };
};

export const points: Find = async ({ look, seen }) => {
  const known = seen.person?.person;
  if (known === undefined) return {};
  const { gamification_balance } = await look.one("get_user_gamification_balance", { email: known.login });
  const balance = Number(gamification_balance);
  return Number.isFinite(balance)
    ? { goes: balance === 0 ? [] : [count(balance, "point", "points")] }
    : { goes: ["points (how many could not be read)"] };
};

/** How one person stands in one course. */
export const status: Find = async ({ look, seen }) => {
  const { person, course } = seen;
  if (person?.id === undefined || course?.id === undefined) return {};
  try {
    const { status: word } = await look.one("get_user_course_status", {
      user_id: person.id,
      course_id: course.id,
    });
    return { facts: [`Their current status there: ${statusWords(word)}.`], stands: [word] };
  } catch (error) {
    if (error instanceof Missing)
      return {
        facts: ["SkyPrep shows no enrollment for them there."],
        stands: [false],
        absent: true,
      };
    throw error;
  }
};

/** Each costs a read of the question's few. */
const mostPathsRead = 2;

/** What came to a person with a group: its courses, its learning paths by name, and their courses. */
export const throughGroup: Find = async ({ look, seen, shared, naming, now }) => {
  const { person, group } = seen;
  if (person?.id === undefined || group?.row === undefined) return {};
  const memberships = await look.rows("get_user_group_enrollments_for_user", { user_id: person.id });
  const member = memberships.some(({ id }) => Number(id) === group.id);
  if (!member)
    return { facts: ["SkyPrep does not currently show them in this group."], stands: [false], absent: true };
  const facts: string[] = [];
  const paths = rowsIn(group.row.learning_paths) ?? [];
  const found = { stands: [member] };
  const own = rowsIn(group.row.courses);
  if (own === undefined)
    return { ...found, facts: [...facts, "Which courses came with the group could not be read."] };
  const progress = await readProgress(look, { user_id: person.id }, now).catch(() => undefined);
  const called = calledAll(thingsIn(paths, "learning path"), naming);
  const bare = own.length === 0 && paths.length > 0;
  const parts = bare ? [] : [standing(own, progress, "came with the group")];
  if (paths.length > 0 && shared) {
    parts.push(bare ? `${called} came with the group` : `${called} came with it, too`);
  } else if (paths.length > 0) {
    const read = await coursesOf(paths.slice(0, mostPathsRead).map(idOf), look);
    const rest = paths.length > mostPathsRead || read === undefined ? ", and not all could be read" : "";
    parts.push(`${standing(read ?? [], progress, `came through ${called}`)}${rest}`);
  }
  const told = parts.join("; ");
  facts.push(`${told.charAt(0).toUpperCase()}${told.slice(1)}.`);
  return { ...found, facts, counts: { courses: own.length, paths: paths.length } };
};

const rowsIn = (list: unknown): Row[] | undefined =>
  lengthOf(list) === undefined
    ? undefined
    : [list].flat().filter((one): one is Row => typeof one === "object" && one !== null);
const idOf = ({ id }: Row): number => Number(id);

/** Undefined where one of them could not be read. */
async function coursesOf(paths: readonly number[], look: BoundedReads): Promise<Row[] | undefined> {
  const all: Row[] = [];
  for (const learning_path_id of paths) {
    try {
      all.push(...(rowsIn((await look.one("get_learning_path", { learning_path_id })).courses) ?? []));
    } catch (error) {
      if (error instanceof Missing || error instanceof Unread) return undefined;
      throw error;
    }
  }
  return all;
}

function standing(courses: readonly Row[], progress: Progresses | undefined, came: string): string {
  const whole = `${courses.length === 0 ? "no courses" : count(courses.length, "course", "courses")} ${came}`;
  if (courses.length === 0) return whole;
  if (progress === undefined) return `${whole} (how far they are could not be read)`;
  const ids = new Set(courses.map(idOf));
  const begun = progress.rows.filter(({ course_id }) => ids.has(Number(course_id)));
  return `${whole} (${begun.length > 0 ? howTheyStand(begun.map((row) => statusWords(row.status))) : "none begun"}${progress.unarchived ? `; ${withoutArchived}` : ""})`;
}
