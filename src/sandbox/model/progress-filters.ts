import { type Input, Refusal } from "../server/route.ts";
import { meeting } from "./filters.ts";
import { instantIn } from "./instants.ts";
import { find, personFrom } from "./people.ts";
import { statusFilter } from "./statuses.ts";
import type { Progress } from "./tables.ts";
import type { World } from "./world.ts";

type Cursor = "updated_at" | "completion_date";
type Test = (progress: Progress) => boolean;

const LARGEST_PAGE = 100;

const bounds = (cursor: Cursor): readonly [after: string, before: string] => [
  `${cursor}_greater_than`,
  `${cursor}_less_than`,
];

const asked = (input: Input, cursor: Cursor): boolean => bounds(cursor).some((name) => input.has(name));

const cursorOf = (input: Input): Cursor | undefined => {
  const updated = asked(input, "updated_at");
  const completed = asked(input, "completion_date");
  if (updated && completed) {
    throw new Refusal(400, "updated_at and completion_date filters cannot be used in the same request");
  }
  return updated ? "updated_at" : completed ? "completion_date" : undefined;
};

const withinCursor = (input: Input, cursor: Cursor): Test => {
  const [after, before] = bounds(cursor);
  const least = instantIn(input, after) ?? Number.NEGATIVE_INFINITY;
  const most = instantIn(input, before) ?? Number.POSITIVE_INFINITY;
  return (progress) => {
    const at = progress[cursor];
    return at !== null && at > least && at < most;
  };
};

const namesPerson = (input: Input): boolean => input.has("user_id") || input.has("user_email");

const rowsOf = (input: Input, world: World): Progress[] =>
  namesPerson(input) && world.lists.filters === "all"
    ? world.progress.of(personFrom(input, world).id)
    : [...world.progress.values()];

const testsOf = (input: Input, world: World, cursor: Cursor | undefined): Test[] => {
  const tests: Test[] = [];

  if (namesPerson(input) && world.lists.filters === "any") {
    const { id } = personFrom(input, world);
    tests.push((progress) => progress.user_id === id);
  }

  const courseId = input.optionalId("course_id");
  if (courseId !== undefined) {
    find(world.courses, courseId, "Course");
    tests.push((progress) => progress.course_id === courseId);
  }

  const statuses = statusFilter(input);
  if (statuses.size > 0) tests.push((progress) => statuses.has(progress.status));

  // The page keeps this filter's values (active, inactive, disabled) but lost its name.
  const logins = new Set(input.list("login_status"));
  if (logins.size > 0) {
    tests.push((progress) => logins.has(world.people.get(progress.user_id)?.login_status ?? ""));
  }

  if (cursor) tests.push(withinCursor(input, cursor));
  return tests;
};

const newestFirst =
  (cursor: Cursor) =>
  (one: Progress, other: Progress): number =>
    (other[cursor] ?? 0) - (one[cursor] ?? 0) || other.id - one.id;

const positive = (input: Input, name: string, otherwise: number): number => {
  const value = input.has(name) ? input.number(name) : otherwise;
  if (!Number.isInteger(value) || value < 1) throw new Refusal(422, `${name} must be 1 or more`);
  return value;
};

/** One page of the rows a request asks for; newest first only where a date filter says by what. */
export const progressPage = (input: Input, world: World): Progress[] => {
  const cursor = cursorOf(input);
  const tests = testsOf(input, world, cursor);
  const size = Math.min(positive(input, "per_page", LARGEST_PAGE), LARGEST_PAGE);
  const start = (positive(input, "page", 1) - 1) * size;

  const listed = world.lists.archived === "listed" || statusFilter(input).has("archived");
  const all = rowsOf(input, world);
  const shown = listed ? all : all.filter(({ status }) => status !== "archived");
  const rows = world.lists.filters === "any" ? shown.filter(meeting(world, tests)) : passing(shown, tests);
  if (cursor) rows.sort(newestFirst(cursor));
  else if (!areInOrder(rows)) rows.sort((one, other) => one.id - other.id);
  return rows.slice(start, start + size);
};

/** Of tens of thousands of rows a page is asked for again and again. */
const passing = (rows: Progress[], [first, ...others]: readonly Test[]): Progress[] =>
  first === undefined ? rows : passing(rows.filter(first), others);

const areInOrder = (rows: readonly Progress[]): boolean => {
  let last = 0;
  for (const { id } of rows) {
    if (id < last) return false;
    last = id;
  }
  return true;
};
