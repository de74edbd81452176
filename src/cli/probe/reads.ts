import { training, wordOf } from "../../skyprep/normalize/field-values.ts";
import {
  idOf,
  isData,
  marksOf,
  none,
  overlap,
  type RawAnswer,
  type RawRow,
  recordOf,
  rowsOf,
  textIn,
} from "./answer.ts";
import type { ProbeQuestion } from "./ask.ts";
import { statusOf } from "./forms.ts";

/** All that was asked, by the name of its question, with what it was asked about. */
export interface Evidence {
  readonly answers: ReadonlyMap<ProbeStep, { readonly question: ProbeQuestion; readonly answer: RawAnswer }>;
  /** None where it was not asked. */
  readonly of: (step: ProbeStep) => RawAnswer;
  readonly about: {
    readonly unknownLogin: string;
    /** Somebody of the list. */
    login?: string;
    userId?: string;
    courseId?: string;
    /** Of the first training record. */
    recordUserId?: string;
    recordLogin?: string;
    /** Of training records: what was filtered by. */
    status?: string;
    both?: { readonly courseId: string; readonly status: string };
  };
}

/** The names of the questions, in the order they are asked in. */
export const steps = [
  "connection",
  "program",
  "user count",
  "people",
  "unknown login",
  "unknown number",
  "bad value",
  "unknown route",
  "progress",
  "progress page 0",
  "progress page 1",
  "progress page 2",
  "progress next hundred",
  "progress far page",
  "one progress row",
  "mixed filters",
  "courses",
  "courses page 2",
  "courses per hundred",
  "groups",
  "group",
  "another group",
  "third group",
  "paths",
  "path",
  "course",
  "person by number",
  "person by login",
  "one progress",
  "people page 2",
  "people by login",
  "people by unknown login",
  "people by two filters",
  "people limit",
  "people per_page",
  "people offset",
  "people per hundred",
  "progress by status",
  "progress by page's status",
  "progress by course",
  "progress by person",
  "progress by login",
  "progress by two filters",
  "progress of the future",
  "archived",
  "archived in its place",
  "power users",
  "roles",
  "datasets",
  "payments",
  "saved reports",
  "materials",
  "trainings",
  "sessions of long ago",
  "sessions",
  "registrations",
  "skills",
  "competencies",
  "person's courses",
  "person's groups",
  "course status",
] as const;
export type ProbeStep = (typeof steps)[number];

/** Every route the first part may ask: the door lets no other pass. */
export const readRoutes: ReadonlySet<string> = new Set([
  "test_connection",
  "get_program",
  "get_data",
  "get_users",
  "get_user",
  "get_course_progresses",
  "get_course_progress",
  "get_courses",
  "get_course",
  "get_user_groups",
  "get_user_group",
  "get_learning_paths",
  "get_learning_path",
  "get_power_users",
  "get_user_roles",
  "get_datasets",
  "get_payments",
  "get_saved_advanced_reports",
  "get_materials",
  "get_instructor_led_trainings",
  "get_instructor_led_training_timeslots",
  "get_instructor_led_training_timeslot_registrations",
  "get_skills",
  "get_competencies",
  "get_user_courses",
  "get_user_group_enrollments_for_user",
  "get_user_course_status",
  /** Of no API: what an unknown one answers. It names nothing that could ever be done. */
  "get_skyprep_mcp_probe",
]);

/** A number that nobody has: ids have eight digits at most (skyprep-api §3.1). */
const nobody = "999999999";
const aDay = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export interface ReadWorld {
  readonly ask: (question: ProbeQuestion) => Promise<RawAnswer>;
  readonly unknownLogin: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The first part: what reads alone can show. Ends early where the account does not open. */
export async function readAll({ ask, unknownLogin, now }: ReadWorld): Promise<Evidence> {
  const answers = new Map<ProbeStep, { question: ProbeQuestion; answer: RawAnswer }>();
  const about: Evidence["about"] = { unknownLogin };
  const of = (step: ProbeStep) => answers.get(step)?.answer ?? none;
  const look = async (step: ProbeStep, route: string, form: Record<string, string> = {}) => {
    const question = { route, form };
    const answer = await ask(question);
    answers.set(step, { question, answer });
    return answer;
  };
  const rows = (step: ProbeStep): readonly unknown[] => rowsOf(of(step))?.rows ?? [];
  const evidence: Evidence = { answers, of, about };

  const first = await look("connection", "test_connection");
  if (!isData(first)) return evidence;
  await look("program", "get_program");
  await look("user count", "get_data", { data_type: "user_count" });
  await look("people", "get_users");
  await look("unknown login", "get_user", { user_email: unknownLogin });
  await look("unknown number", "get_user", { user_id: nobody });
  await look("bad value", "get_data", { data_type: "skyprep_mcp_probe" });
  await look("unknown route", "get_skyprep_mcp_probe");

  await look("progress", "get_course_progresses", { per_page: "100", page: "1" });
  for (const page of [0, 1, 2] as const)
    await look(`progress page ${page}`, "get_course_progresses", { per_page: "2", page: String(page) });
  if (rows("progress").length >= 25)
    await look("progress next hundred", "get_course_progresses", { per_page: "100", page: "2" });
  await look("progress far page", "get_course_progresses", { per_page: "100", page: "900000" });
  await look("one progress row", "get_course_progresses", { per_page: "1", page: "1" });
  await look("mixed filters", "get_course_progresses", {
    updated_at_less_than: "2020-01-01T00:00:00Z",
    completion_date_less_than: "2020-01-01T00:00:00Z",
    per_page: "1",
    page: "1",
  });

  await look("courses", "get_courses");
  if (rows("courses").length >= 25) await look("courses page 2", "get_courses", { page: "2" });
  if (rows("courses").length === 25)
    await look("courses per hundred", "get_courses", { per_page: "100", limit: "100", page: "1" });
  await look("groups", "get_user_groups");
  const groups = rows("groups").flatMap((row) => idOf(row) ?? []);
  for (const [at, step] of (["group", "another group", "third group"] as const).entries()) {
    const id = groups[at];
    if (id !== undefined && !hasMembers(evidence)) await look(step, "get_user_group", { user_group_id: id });
  }
  await look("paths", "get_learning_paths");
  const path = rows("paths").flatMap((row) => idOf(row) ?? [])[0];
  if (path !== undefined) await look("path", "get_learning_path", { learning_path_id: path });
  const records = [...rows("progress"), ...rows("progress next hundred")].filter(isNotEmpty);
  const course = textIn(records[0], "course_id") ?? rows("courses").flatMap((row) => idOf(row) ?? [])[0];
  if (course !== undefined) await look("course", "get_course", { course_id: course });

  const person = rows("people").find(
    (row) => idOf(row) !== undefined && textIn(row, "email") !== undefined && !isDeleted(row),
  );
  const userId = idOf(person) ?? textIn(records[0], "user_id");
  const login = textIn(person, "email") ?? textIn(records[0], "user_email");
  if (login !== undefined) about.login = login;
  if (userId !== undefined) {
    about.userId = userId;
    await look("person by number", "get_user", { user_id: userId });
  }
  if (login !== undefined) await look("person by login", "get_user", { user_email: login });
  const record = idOf(records[0]);
  if (record !== undefined) await look("one progress", "get_course_progress", { course_progress_id: record });

  await lookAtPeople(evidence, look);

  await filtered(evidence, { look, records, course, now });

  await look("power users", "get_power_users");
  await look("roles", "get_user_roles");
  await look("datasets", "get_datasets");
  await look("payments", "get_payments");
  await look("saved reports", "get_saved_advanced_reports");
  await look("materials", "get_materials");
  await look("trainings", "get_instructor_led_trainings");
  await look("sessions of long ago", "get_instructor_led_training_timeslots", {
    start_date: "1990-01-01",
    end_date: "1990-01-02",
  });
  await look("sessions", "get_instructor_led_training_timeslots", {
    start_date: dayOf(now() - 90 * aDay),
    end_date: dayOf(now() + 90 * aDay),
  });
  const session = rows("sessions").flatMap((row) => idOf(row) ?? [])[0];
  if (session !== undefined)
    await look("registrations", "get_instructor_led_training_timeslot_registrations", {
      instructor_led_training_timeslot_id: session,
    });
  await look("skills", "get_skills");
  await look("competencies", "get_competencies");
  if (login !== undefined) {
    await look("person's courses", "get_user_courses", { user_email: login });
    await look("person's groups", "get_user_group_enrollments_for_user", { user_email: login });
  }
  const [one] = records;
  const [ofCourse, ofPerson] = [textIn(one, "course_id"), textIn(one, "user_id")];
  if (ofCourse !== undefined && ofPerson !== undefined)
    await look("course status", "get_user_course_status", { user_id: ofPerson, course_id: ofCourse });
  return evidence;
}

type Look = (step: ProbeStep, route: string, form?: Record<string, string>) => Promise<RawAnswer>;

/** As many people as this are not read again and again. */
const many = 2_000;

/** What narrows a list of people. Of a big academy whose list takes no notice, once is enough. */
async function lookAtPeople({ about, of }: Evidence, look: Look): Promise<void> {
  const isMany = (step: ProbeStep) =>
    of(step).is === "too large" || (rowsOf(of(step))?.rows.length ?? 0) > many;
  const big = isMany("people");
  const { login, unknownLogin } = about;
  const questions: [ProbeStep, Record<string, string>][] = [
    ["people limit", { limit: "2" }],
    ...(login === undefined
      ? []
      : ([
          ["people by login", { email: login }],
          ["people by unknown login", { email: unknownLogin }],
          ["people by two filters", { email: login, first_name: "skyprep-mcp-probe" }],
        ] satisfies [ProbeStep, Record<string, string>][])),
    ["people offset", { limit: "2", offset: "2" }],
    ["people per_page", { per_page: "2", page: "1" }],
    // Whole it came: a second page would bring all of it again.
    ...(big ? [] : ([["people page 2", { page: "2" }]] satisfies [ProbeStep, Record<string, string>][])),
  ];
  if (rowsOf(of("people"))?.rows.length === 25)
    questions.push(["people per hundred", { per_page: "100", limit: "100", page: "1" }]);
  for (const [step, form] of questions) {
    await look(step, "get_users", form);
    if (big && isMany(step)) return;
  }
}

interface Filtering {
  readonly look: Look;
  readonly records: readonly unknown[];
  readonly course: string | undefined;
  readonly now: () => number;
}

/** What the filters of training records leave out, and whether archived ones are among the others. */
async function filtered({ about, of }: Evidence, { look, records, course, now }: Filtering): Promise<void> {
  const page = isFromZero(of) ? "0" : "1";
  const list = (step: ProbeStep, form: Record<string, string>) =>
    look(step, "get_course_progresses", { ...form, per_page: "100", page });
  const status = commonest(records.flatMap((row) => statusOf(row) ?? []));
  if (status !== undefined) {
    about.status = status;
    await list("progress by status", { status });
    const onPage = pageStatus(status);
    if (onPage !== status) await list("progress by page's status", { status: onPage });
  }
  if (course !== undefined) {
    about.courseId = course;
    await list("progress by course", { course_id: course });
  }
  const one = records[0] as RawRow | undefined;
  const userId = textIn(one, "user_id");
  if (userId !== undefined) {
    about.recordUserId = userId;
    await list("progress by person", { user_id: userId });
  }
  const login = textIn(one, "user_email");
  if (login !== undefined) {
    about.recordLogin = login;
    await list("progress by login", { user_email: login });
  }
  const both = apart(records);
  if (both !== undefined) {
    about.both = both;
    await list("progress by two filters", { course_id: both.courseId, status: both.status });
  }
  await list("progress of the future", {
    updated_at_greater_than: new Date(now() + 3_650 * aDay).toISOString(),
  });
  if (records.some((row) => isArchived(row))) return;
  const archived = await list("archived", { status: archivedAs(status) });
  const found = (rowsOf(archived)?.rows ?? []).find(isArchived);
  const [ofCourse, ofPerson] = [textIn(found, "course_id"), textIn(found, "user_id")];
  if (ofCourse === undefined || ofPerson === undefined) return;
  // A person has few records: one page holds them all.
  const alone = isData(of("progress by person")) ? { user_id: ofPerson } : { course_id: ofCourse };
  await list("archived in its place", alone);
}

/** Whether page 0 brings other rows than page 1: then it is the first. */
export function isFromZero(of: Evidence["of"]): boolean {
  const [zero, one] = (["progress page 0", "progress page 1"] as const).map((step) => rowsOf(of(step)));
  if (zero === undefined || one === undefined || one.rows.length === 0) return false;
  return zero.rows.length > 0 && overlap(marksOf(zero.rows), marksOf(one.rows)) === 0;
}

const isNotEmpty = (row: unknown): boolean => idOf(row) !== undefined;
const isDeleted = (row: unknown): boolean => textIn(row, "deleted_at") !== undefined;
export const isArchived = (row: unknown): boolean => statusOf(row)?.toLowerCase() === "archived";

export function hasMembers({ of }: Pick<Evidence, "of">): boolean {
  return (["group", "another group", "third group"] as const).some((step) => {
    const group = recordOf(of(step))?.record;
    return Array.isArray(group?.users) && group.users.length > 0;
  });
}

function commonest(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** As the page spells it. */
export const pageStatus = (status: string): string => wordOf(status, training) ?? status;

const archivedAs = (status: string | undefined): string =>
  status !== undefined && /^[A-Z]/.test(status) ? "Archived" : "archived";

/** A course and a status that a row has together, and others have apart. */
function apart(records: readonly unknown[]): { courseId: string; status: string } | undefined {
  for (const row of records) {
    const [courseId, status] = [textIn(row, "course_id"), statusOf(row)];
    if (courseId === undefined || status === undefined) continue;
    const others = records.map((one) => [textIn(one, "course_id") === courseId, statusOf(one) === status]);
    if (others.some(([c, s]) => c && !s) && others.some(([c, s]) => !c && s)) return { courseId, status };
  }
  return undefined;
}
