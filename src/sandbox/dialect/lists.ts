import { Refusal } from "../server/route.ts";
import { isReadList } from "./names.ts";
import type { Asked, Standing, Switch, Switches } from "./switch.ts";

/** What leaves rows out, route by route; how many and in which order is no filter. */
const filters: Readonly<Record<string, readonly string[]>> = {
  get_users: ["email", "first_name", "last_name", "created_within_the_past_day"],
  get_course_progresses: [
    "course_id",
    "user_id",
    "user_email",
    "status",
    "login_status",
    "updated_at_greater_than",
    "updated_at_less_than",
    "completion_date_greater_than",
    "completion_date_less_than",
  ],
  get_payments: ["status", "created_after_days_ago", "payment_type"],
  get_instructor_led_training_timeslots: ["start_date", "end_date"],
  get_saved_advanced_reports: ["start_date", "end_date"],
};

/** Those that the page names for their route. */
const onThePage: ReadonlySet<string> = new Set([
  "course_id",
  "status",
  "updated_at_greater_than",
  "updated_at_less_than",
  "created_after_days_ago",
  "payment_type",
]);
const namedAt = (route: string, name: string): boolean =>
  onThePage.has(name) ||
  (route === "get_instructor_led_training_timeslots" && /^(start|end)_date$/.test(name));

const filtersIn = ({ route, form }: Asked): string[] =>
  (filters[route] ?? []).filter((name) => form.has(name) || form.has(`${name}[]`));

function forget(form: URLSearchParams, name: string): void {
  form.delete(name);
  form.delete(`${name}[]`);
}

const ignored: Switch = {
  hears: (asked) => {
    for (const name of filtersIn(asked)) forget(asked.form, name);
  },
};

const refused: Switch = {
  hears: (asked) => {
    const stranger = filtersIn(asked).find((name) => !namedAt(asked.route, name));
    if (stranger !== undefined) throw new Refusal(422, `Unknown parameter: ${stranger}`);
  },
};

const mostRows = 100;

function wholeIn(form: URLSearchParams, name: string, least: number): number | undefined {
  const text = form.get(name)?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Refusal(422, `Invalid parameter: ${name}`);
  return value;
}

const pagesOfProgress = (how: (form: URLSearchParams) => void): Switch => ({
  hears: ({ route, form }) => {
    if (route === "get_course_progresses") how(form);
  },
});

const capped = pagesOfProgress((form) =>
  form.set("per_page", String(Math.min(wholeIn(form, "per_page", 1) ?? mostRows, 50))),
);

const fromZero = pagesOfProgress((form) => form.set("page", String((wholeIn(form, "page", 0) ?? 0) + 1)));

/** Which rows of a list are wanted, and what is said of where they stand. */
export interface Page {
  readonly from: number;
  readonly size: number;
  readonly standing: Standing;
  readonly total: boolean;
}

/**
 * `page` from 1, or `offset`; as many rows as `per_page` or `limit` says, up to 100. Taken out of the form; undefined:
 * the list comes whole.
 */
export function pageAsked(
  { route, form }: Asked,
  { people, others }: NonNullable<Switch["pages"]>,
): Page | undefined {
  if (!isReadList(route)) return undefined;
  if (route === "get_course_progresses") return pageOfProgress(form);
  const paging = route === "get_users" ? people : others;
  if (paging === undefined) return undefined;
  const asked = wholeIn(form, "per_page", 1) ?? wholeIn(form, "limit", 1) ?? paging.size;
  const size = Math.min(asked, mostRows);
  const page = wholeIn(form, "page", 1) ?? 1;
  const from = (wholeIn(form, "offset", 0) ?? 0) + (page - 1) * size;
  for (const name of ["per_page", "limit", "page", "offset"]) form.delete(name);
  return { from, size, standing: { page, per_page: size }, total: paging.total };
}

/** It comes as a page already; only what is said of it is wanted. */
function pageOfProgress(form: URLSearchParams): Page {
  const [page, size] = [Number(form.get("page") ?? 1), Number(form.get("per_page") ?? mostRows)];
  return { from: 0, size: mostRows, standing: { page, per_page: Math.min(size, mostRows) }, total: false };
}

const people = (size: number, total: boolean): Switch => ({ pages: { people: { size, total } } });

/** How lists are asked for, and how much of them comes. */
export const lists = {
  "people-come-whole": {
    "by-25": people(25, false),
    "by-100": people(100, false),
    "by-25-of": people(25, true),
    "by-100-of": people(100, true),
  },
  "other-lists-come-whole": { "by-25": { pages: { others: { size: 25, total: false } } } },
  "filters-filter": { ignored, refused, "any-of": { lists: { filters: "any" } } },
  "progress-pages": {
    "page-ignored": pagesOfProgress((form) => form.delete("page")),
    capped,
    "from-zero": fromZero,
  },
  "archived-are-listed": { "left-out": { lists: { archived: "asked-for" } } },
  "deleted-are-gone": { listed: { lists: { deleted: "listed" } } },
} satisfies Switches<
  | "people-come-whole"
  | "other-lists-come-whole"
  | "filters-filter"
  | "progress-pages"
  | "archived-are-listed"
  | "deleted-are-gone"
>;
