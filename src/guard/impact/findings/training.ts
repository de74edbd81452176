import { and, byStatus, count, reading, statusWords } from "../../../text/english.ts";
import { type Find, type Found, lengthOf, namesOf, readProgress } from "./finding.ts";

/** Who takes a course. */
export const takers: Find = async ({ look, seen }) => {
  const id = seen.course?.id;
  if (id === undefined) return {};
  const progress = await readProgress(look, { course_id: id });
  if (progress === undefined) return { facts: ["How many people are enrolled could not be read."] };
  const people = new Set(progress.rows.map(({ user_id }) => user_id)).size;
  const passed = progress.rows.filter((row) => row.status === "passed").length;
  const counts = { people, passed };
  if (!progress.whole) {
    return {
      facts: [
        `At least ${count(people, "person is", "people are")} enrolled, ${reading(passed, { none: "how many have passed is not known", one: "1 or more has passed", many: (n) => `${n} or more have passed` })}.`,
      ],
      counts,
    };
  }
  const enrolled = `${count(people, "person is", "people are")} enrolled`;
  const how = people > 0 ? ` (${byStatus(progress.rows.map((row) => statusWords(row.status)))})` : "";
  return { facts: [`${enrolled}${how}.`], counts };
};

function holds(
  row: Readonly<Record<string, unknown>> | undefined,
  what: string,
  lists: readonly string[][],
): Found {
  const counts: Record<string, number> = {};
  const parts = lists.map(([field = "", one = "", many = ""]) => {
    const n = lengthOf(row?.[field]);
    if (n === undefined) return `${many} that could not be counted`;
    counts[field] = n;
    return count(n, one, many);
  });
  return { facts: [`The ${what} has ${and(parts)}.`], counts };
}

const lists = [
  ["users", "person", "people"],
  ["courses", "course", "courses"],
];

export const groupHolds: Find = async ({ args, seen }) => ({
  stored: namesOf(seen.group?.row?.learning_paths, "learning path"),
  ...holds(seen.group?.row, "group", [...lists, ["learning_paths", "learning path", "learning paths"]]),
  stands: [
    isIn(seen.group?.row?.courses, args.course_id),
    isIn(seen.group?.row?.learning_paths, args.learning_path_id),
  ],
});

export const pathHolds: Find = async ({ args, seen }) => ({
  ...holds(seen.path?.row, "learning path", lists),
  stands: [isIn(seen.path?.row?.courses, args.course_id)],
});

/** Whether what the call takes out is in there. */
const isIn = (list: unknown, id: unknown): boolean =>
  [list].flat().some((one) => Number((one as { id?: unknown } | null | undefined)?.id) === id);

/** Who is registered for a session. */
export const registered: Find = async ({ look, seen }) => {
  const id = seen.timeslot?.id;
  if (id === undefined) return {};
  const rows = await look.rows("get_instructor_led_training_timeslot_registrations", {
    instructor_led_training_timeslot_id: id,
  });
  const how = rows.length > 0 ? ` (${byStatus(rows.map((row) => statusWords(row.status)))})` : "";
  return {
    facts: [`${count(rows.length, "person is", "people are")} registered${how}.`],
    counts: { registrations: rows.length },
  };
};

const mostNamed = 10;

/** Whose registrations these are. */
export const owners: Find = async ({ look, seen }) => {
  // Read with its timeslot, a single one says whose it is in its own words.
  if (seen.registration?.row !== undefined) return {};
  if (seen.registration !== undefined) {
    return {
      facts: [
        "Whose it is, and what it is now, was not read: SkyPrep shows that only by timeslot (instructor_led_training_timeslot_id).",
      ],
    };
  }
  const slot = seen.timeslot?.id;
  if (slot === undefined) {
    return {
      facts: [
        "Whose they are was not read: SkyPrep shows that only by timeslot (instructor_led_training_timeslot_id).",
      ],
    };
  }
  const ids = new Set(
    seen.registrations?.targets.filter(({ kind }) => kind === "registration").map(({ id }) => id),
  );
  const rows = await look.rows("get_instructor_led_training_timeslot_registrations", {
    instructor_led_training_timeslot_id: slot,
  });
  const own = rows.filter(({ id }) => ids.has(Number(id)));
  const named = own
    .slice(0, mostNamed)
    .map((row) => `person ${Number(row.user_id)} (${statusWords(row.status)})`);
  const rest = own.length > mostNamed ? [`${own.length - mostNamed} more`] : [];
  return { facts: [`They belong to ${and([...named, ...rest])}.`] };
};

const moved: Readonly<Record<string, string>> = {
  course_enrollments: "course enrollments",
  course_progresses: "course progress",
  exam_attempts: "exam attempts",
  user_group_enrollments: "group memberships",
};

export const moves: Find = async ({ args }) => ({
  facts: [
    `Moves ${and([args.inclusion_list].flat().map((one) => moved[String(one)] ?? String(one)))}: the first person loses them.`,
  ],
});

/** How far this call reaches, in people and enrollments. */
export const reach: Find = async ({ reached, unasked }) => {
  if (reached === undefined) return {};
  const { people, pairs, counted } = reached;
  const before =
    unasked > 0 ? [`${count(unasked, "more was", "more were")} made in the last hour without asking.`] : [];
  if (!counted) {
    const unknown = `How many people this reaches could not be counted${people > 0 ? `: at least ${people}` : ""}.`;
    return { facts: [unknown, "All of them may be mailed.", ...before] };
  }
  if (people === 0)
    return { facts: ["Reaches nobody, so nobody is mailed.", ...before], counts: { people, pairs } };
  const reaches = `Reaches ${count(people, "person", "people")}: ${count(pairs, "enrollment", "enrollments")}.`;
  return {
    facts: [reaches, `Up to ${count(people, "person", "people")} may be mailed.`, ...before],
    counts: { people, pairs },
  };
};
