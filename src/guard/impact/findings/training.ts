import type { Args, Row } from "../../../academy/reads.ts";
import { and, andMore, count, howTheyStand, reading, statusWords } from "../../../text/english.ts";
import { calledAll, type Naming } from "../subjects.ts";
import { type Find, type Findings, lengthOf, readProgress, thingsIn, withoutArchived } from "./finding.ts";
import { spanOf } from "./lesser.ts";

/** Who takes a course. */
export const takers: Find = async ({ look, seen, now }) => {
  const id = seen.course?.id;
  if (id === undefined) return {};
  const progress = await readProgress(look, { course_id: id }, now);
  if (progress === undefined) return { facts: ["How many people are enrolled could not be read."] };
  const people = new Set(progress.rows.map(({ user_id }) => user_id)).size;
  const passed = progress.rows.filter((row) => row.status === "passed").length;
  const counts = { people, passed };
  if (!progress.whole) {
    const many = count(people, "person is", "people are");
    const archived = progress.unarchived ? [`${capital(withoutArchived)}.`] : [];
    if (people === 0) return { facts: ["SkyPrep shows nobody who is enrolled.", ...archived], counts };
    return {
      facts: [
        `At least ${many} enrolled, and ${reading(passed, { none: "nobody among those looked at has passed it", one: "1 or more has passed", many: (n) => `${n} or more have passed` })}.`,
        ...archived,
      ],
      counts,
    };
  }
  const enrolled =
    people === 0 ? "Nobody is enrolled" : `${count(people, "person is", "people are")} enrolled`;
  // One person may have several records there: then the statuses add up to more than the people.
  const records = progress.rows.length > people ? `${count(progress.rows.length, "record")}: ` : "";
  const how =
    people > 0 ? ` (${records}${howTheyStand(progress.rows.map((row) => statusWords(row.status)))})` : "";
  return { facts: [`${enrolled}${how}.`], counts };
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function holds(
  row: Readonly<Record<string, unknown>> | undefined,
  what: string,
  lists: readonly string[][],
  naming: Naming,
): Findings {
  const counts: Record<string, number> = {};
  const parts = lists.map(([field = "", one = "", many = ""]) => {
    const n = lengthOf(row?.[field]);
    if (n === undefined) return `${many} that could not be counted`;
    counts[field] = n;
    // Few enough to be called by name, and not told anywhere else.
    if (field === "learning_paths" && n > 0) return calledAll(thingsIn(row?.[field], one), naming);
    return n === 0 ? `no ${many}` : count(n, one, many);
  });
  return { facts: [`The ${what} has ${and(parts)}.`], counts };
}

const lists = [
  ["users", "person", "people"],
  ["courses", "course", "courses"],
];

export const groupHolds: Find = async ({ args, seen, naming }) => ({
  ...notIn(seen.group?.row, "group", args),
  ...holds(
    seen.group?.row,
    "group",
    [...lists, ["learning_paths", "learning path", "learning paths"]],
    naming,
  ),
  stands: [
    isIn(seen.group?.row?.courses, args.course_id),
    isIn(seen.group?.row?.learning_paths, args.learning_path_id),
  ],
});

export const pathHolds: Find = async ({ args, seen, naming }) => ({
  ...notIn(seen.path?.row, "learning path", args),
  ...holds(seen.path?.row, "learning path", lists, naming),
  stands: [isIn(seen.path?.row?.courses, args.course_id)],
});

/** Whether what the call takes out is in there. */
const isIn = (list: unknown, id: unknown): boolean =>
  [list].flat().some((one) => Number((one as { id?: unknown } | null | undefined)?.id) === id);

/** Where what the call takes out is certainly not in there. */
function notIn(row: Row | undefined, what: string, args: Args): Findings {
  const [argument, list, called] =
    args.course_id === undefined
      ? (["learning_path_id", "learning_paths", "learning path"] as const)
      : (["course_id", "courses", "course"] as const);
  const own = row?.[list];
  // Of a path that is taken out of a group, the group tells; the path itself holds none.
  if (args[argument] === undefined || what === called || !Array.isArray(own)) return {};
  return isIn(own, args[argument])
    ? {}
    : { first: [`SkyPrep does not currently show this ${called} in the ${what}.`], absent: true };
}

/** Who is registered for a session. */
export const registered: Find = async ({ args, look, seen, naming }) => {
  const id = seen.timeslot?.id;
  if (id === undefined) return {};
  const rows = await look.rows("get_instructor_led_training_timeslot_registrations", {
    instructor_led_training_timeslot_id: id,
  });
  const how = rows.length > 0 ? ` (${howTheyStand(rows.map((row) => statusWords(row.status)))})` : "";
  const { first, facts } = spanOf(args, seen, naming);
  return {
    first,
    facts: [
      rows.length === 0
        ? "Nobody is registered."
        : `${count(rows.length, "person is", "people are")} registered${how}.`,
      ...facts,
    ],
    counts: { registrations: rows.length },
  };
};

const mostInSentence = 6;
const mostNumbers = 10;

/** Whose registrations these are. */
export const owners: Find = async ({ look, seen }) => {
  // Read with its timeslot, a single one says whose it is in its own words.
  if (seen.registration?.row !== undefined) return {};
  const one = seen.registration !== undefined;
  const slot = one ? undefined : seen.timeslot?.id;
  if (slot === undefined) {
    return {
      facts: [
        one
          ? "Neither whose it is nor its current status was read: SkyPrep shows that only by session, and no session was named."
          : `Whose ${seen.registrations?.many === 1 ? "it is" : "they are"} was not read: SkyPrep shows that only by session, and no session was named.`,
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
  const records = `What they record is lost: ${howTheyStand(own.map((row) => statusWords(row.status)))}.`;
  const whose = own.map(({ user_id }) => String(Number(user_id)));
  // More than the question names.
  const left = whose.length - mostNumbers;
  return whose.length > mostInSentence
    ? { facts: [records, `They belong to people ${andMore(whose.slice(0, mostNumbers), left)}.`] }
    : { facts: [records] };
};

const moved: Readonly<Record<string, string>> = {
  course_enrollments: "course enrollments",
  course_progresses: "course progress",
  exam_attempts: "exam attempts",
  user_group_enrollments: "group memberships",
};

export const moves: Find = async ({ args }) => ({
  facts: [
    `The person it is moved from loses their ${and([args.inclusion_list].flat().map((one) => moved[String(one)] ?? "other training"))}.`,
  ],
});

/** How far this call reaches, in people and enrollments. */
export const reach: Find = async ({ reached, unasked }) => {
  if (reached === undefined) return {};
  const { people, pairs, counted } = reached;
  const before =
    unasked > 0
      ? [
          `${count(unasked, "other enrollment was", "other enrollments were")} made in the last hour without anyone being asked.`,
        ]
      : [];
  if (!counted) {
    const least = people > 0 ? `, but it is at least ${people}` : "";
    return {
      facts: [
        `How many people this enrolls could not be counted${least}.`,
        "All of them may be emailed.",
        ...before,
      ],
    };
  }
  if (people === 0)
    return {
      facts: ["This enrolls nobody, and nobody is emailed.", ...before],
      counts: { people, pairs },
    };
  const enrolls =
    people === 1
      ? `This makes ${count(pairs, "enrollment")}.`
      : pairs === people
        ? `This enrolls ${count(people, "person", "people")}.`
        : `This makes ${count(pairs, "enrollment")} for ${count(people, "person", "people")}.`;
  return {
    facts: [
      enrolls,
      people === 1 ? "They may be emailed." : `Up to ${people} of them may be emailed.`,
      ...before,
    ],
    counts: { people, pairs },
  };
};
