import { itemState } from "../model/item-progress.ts";
import type { SavedReport } from "../model/office.ts";
import { find, personFrom } from "../model/people.ts";
import type { Progress } from "../model/tables.ts";
import type { World } from "../model/world.ts";
import { type Input, Refusal } from "../server/route.ts";
import { iso } from "../views/dates.ts";
import type { Cell, Sheet } from "./csv.ts";

const REPORT_TYPES = [
  "all_users",
  "all_courses",
  "single_user",
  "single_course",
  "single_user_single_course",
  "single_user_single_group",
  "single_group_all_users",
  "single_group_all_courses",
  "single_exam",
] as const;
type ReportType = (typeof REPORT_TYPES)[number];
type Need = "user" | "course" | "group" | "exam";

const NEEDS: Record<ReportType, readonly Need[]> = {
  all_users: [],
  all_courses: [],
  single_user: ["user"],
  single_course: ["course"],
  single_user_single_course: ["user", "course"],
  single_user_single_group: ["user", "group"],
  single_group_all_users: ["group"],
  single_group_all_courses: ["group"],
  single_exam: ["exam"],
};

/** What a report is asked to show, its ids known to exist. */
export interface ReportRequest {
  type: ReportType;
  user?: number;
  course?: number;
  group?: number;
  exam?: number;
}

const reportType = (text: string): ReportType => {
  const type = REPORT_TYPES.find((one) => one === text);
  if (!type) throw new Refusal(422, `Invalid report_type: ${text}`);
  return type;
};

const examOf = (input: Input, world: World): number => {
  const exam = input.id("exam_id");
  for (const course of world.courses.values())
    if (course.items.some((item) => item.exam_id === exam)) return exam;
  throw new Refusal(404, "Exam not found");
};

const answers: Record<Need, (input: Input, world: World) => number> = {
  user: (input, world) => personFrom(input, world).id,
  course: (input, world) => find(world.courses, input.id("course_id"), "Course").id,
  group: (input, world) => find(world.groups, input.id("user_group_id"), "User group").id,
  exam: examOf,
};

export const questionFrom = (input: Input, world: World): ReportRequest => {
  const type = reportType(input.text("report_type"));
  return { type, ...Object.fromEntries(NEEDS[type].map((need) => [need, answers[need](input, world)])) };
};

/** A question as a queue keeps it, and back. */
export const parametersOf = ({ type: _, ...ids }: ReportRequest): Record<string, string> =>
  Object.fromEntries(Object.entries(ids).map(([need, id]) => [need, String(id)]));

export const questionOf = (type: string, parameters: Record<string, string>): ReportRequest => ({
  type: reportType(type),
  ...Object.fromEntries(Object.entries(parameters).map(([need, id]) => [need, Number(id)])),
});

const USER_COLUMNS = [
  "SkyPrep ID",
  "First name",
  "Last name",
  "Email",
  "Work phone",
  "Login Status",
  "Last Login",
  "User Created At",
];

const userSheet = (world: World): Sheet => ({
  columns: USER_COLUMNS,
  rows: [...world.people.values()].map((person) => [
    person.id,
    person.first_name,
    person.last_name,
    person.email,
    person.profile.work_phone ?? null,
    person.login_status,
    iso(person.last_login),
    iso(person.created_at),
  ]),
});

/** Whose rows and which courses' rows; `undefined` is everyone or everything. */
const scope = (question: ReportRequest, world: World) => {
  const group = question.group === undefined ? undefined : world.groups.get(question.group);
  const oneUser = question.user === undefined ? undefined : new Set([question.user]);
  const oneCourse = question.course === undefined ? undefined : new Set([question.course]);
  return {
    users: oneUser ?? group?.members,
    courses: question.type === "single_group_all_users" ? undefined : (oneCourse ?? group?.courses),
  };
};

const progressRows = (question: ReportRequest, world: World): Progress[] => {
  const { users, courses } = scope(question, world);
  return [...world.progress.values()].filter(
    (row) => (users?.has(row.user_id) ?? true) && (courses?.has(row.course_id) ?? true),
  );
};

const emailOf = (row: Progress, world: World): Cell => world.people.get(row.user_id)?.email ?? null;
const courseNameOf = (row: Progress, world: World): Cell => world.courses.get(row.course_id)?.name ?? null;

const courseSheet = (question: ReportRequest, world: World): Sheet => ({
  columns: ["user_id", "user_email", "course_id", "course_name", "status"],
  rows: progressRows(question, world).map((row) => [
    row.user_id,
    emailOf(row, world),
    row.course_id,
    courseNameOf(row, world),
    row.status,
  ]),
});

const examSheet = (exam: number | undefined, world: World): Sheet => ({
  columns: ["user_id", "user_email", "course_id", "course_name", "exam_id", "exam_name", "status"],
  rows: [...world.progress.values()].flatMap((row) => {
    const item = world.courses.get(row.course_id)?.items.find((one) => one.exam_id === exam);
    if (!item) return [];
    const { status } = itemState(row, item);
    return [
      [
        row.user_id,
        emailOf(row, world),
        row.course_id,
        courseNameOf(row, world),
        item.exam_id,
        item.name,
        status,
      ],
    ];
  }),
});

export const reportSheet = (question: ReportRequest, world: World): Sheet => {
  if (question.type === "all_users") return userSheet(world);
  if (question.type === "single_exam") return examSheet(question.exam, world);
  return courseSheet(question, world);
};

const savedRows: Record<SavedReport["of"], (world: World) => Sheet> = {
  users: (world) => userSheet(world),
  progress: (world) => ({
    columns: ["User ID", "Email", "Course", "Status"],
    rows: [...world.progress.values()].map((row) => [
      row.user_id,
      emailOf(row, world),
      courseNameOf(row, world),
      row.status,
    ]),
  }),
};

/** Of a mere definition (`saved_report`) there are columns and no rows. */
export const savedSheet = (report: SavedReport, world: World): Sheet => {
  const sheet = savedRows[report.of](world);
  return report.type === "saved_report" ? { ...sheet, rows: [] } : sheet;
};
