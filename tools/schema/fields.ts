import { z } from "zod";

/** What requests are made of. Every field has a few words and an example, once; the example feeds the tests. */
export function field<T extends z.ZodType>(schema: T, words: string, example: z.input<T>): T {
  return schema.meta({ description: words, examples: [example] });
}

export const id = (words: string, example: number) => field(z.int().min(1), words, example);
export const ids = (words: string, example: number[]) =>
  field(z.array(z.int().min(1)).min(1).max(1000), words, example);
/** Of people, or of what is one person's: the guard counts them against SKYPREP_MAX_PEOPLE, so no limit stands here. */
export const idsOfPeople = (words: string, example: number[]) =>
  field(z.array(z.int().min(1)).min(1), words, example);
export const text = (words: string, example: string, max = 255) =>
  field(z.string().trim().min(1).max(max), words, example);
/** Text that may also be emptied. */
export const prose = (words: string, example: string) => field(z.string().max(10_000), words, example);
export const flag = (words: string, example = true) => field(z.boolean(), words, example);
export const count = (words: string, example: number, max = 1_000_000) =>
  field(z.int().min(1).max(max), words, example);
const dayOrInstant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
const isInstant = (value: string) => dayOrInstant.safeParse(value).success;

/** A calendar day; the safest form to send (skyprep-api §3.4). */
export const day = (words: string, example: string, otherwise = "") =>
  field(z.iso.date(), `${words}, YYYY-MM-DD${otherwise && `; ${otherwise}`}`, example);
/** An instant, or a day meaning its first moment in UTC. Of a client's, one without an offset is given the academy's. */
export const instant = (words: string, example: string, otherwise = "") => {
  const schema = field(
    z.string().refine(isInstant, "a day or an instant, e.g. 2026-05-01T00:00:00Z"),
    `${words}, ISO, academy's time${otherwise && `; ${otherwise}`}`,
    example,
  );
  return schema.meta({ ...schema.meta(), instant: true });
};
export const choice = <const V extends readonly [string, ...string[]]>(
  values: V,
  words: string,
  example: NoInfer<V[number]>,
) => field(z.enum(values), words, example as never);
export const choices = <const V extends readonly [string, ...string[]]>(
  values: V,
  words: string,
  example: NoInfer<V[number]>[],
) => field(z.array(z.enum(values)).min(1), words, example as never);

/** A login need not be an address (skyprep-api §2): never checked as one. */
export const login = (words: string, example: string) =>
  field(z.string().trim().min(1).max(255), words, example);

/** A person: exactly one of the two, said by the record's `person` rule. */
export const person = (example: { id: number; login: string } = { id: 101, login: "avery@example.com" }) => ({
  user_id: id("Person", example.id).optional(),
  user_email: login("or login", example.login).optional(),
});

export const roles = ["learner", "manager", "content_manager", "admin"] as const;
/** Filters on progress (page L2596). */
export const statuses = [
  "passed",
  "failed",
  "not-started",
  "in-progress",
  "not-applicable",
  "archived",
] as const;
/** What can be set (page L3237): archived cannot. */
export const settableStatuses = ["passed", "failed", "in-progress", "not-applicable", "not-started"] as const;
/** The nine of the page (L3295), printed there as one word. */
export const reportTypes = [
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
export const reportFormat = choice(["csv", "xlsx"], "Else csv", "csv").optional();

/**
 * `ca_0`…`ca_10` as one map, by number or by the tenant's own label (SKYPREP_CUSTOM_FIELDS).
 * The catalogue's reader turns labels into `ca_N`.
 */
export const customFields = field(
  z.record(z.string(), z.string().max(500)),
  "field: a custom field's number (0 to 10) or label; is: its text",
  { "0": "North America" },
).optional();

/** Taken and not listed: not worth its tokens in every conversation; a refusal names it. */
export const unlisted = <T extends z.ZodType>(schema: T): T =>
  schema.meta({ ...schema.meta(), unlisted: true });

/** A choice whose values need not stand here: another tool that its words name has them, or its own reply; a refusal, too. */
export const elsewhere = <T extends z.ZodType>(schema: T): T =>
  schema.meta({ ...schema.meta(), elsewhere: true });

/** Parameters no source names, passed on as they are, within contract §3: looked for where a name was refused. */
const others = field(
  z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), z.string().max(500)),
  "Parameters of SkyPrep's that are not listed here",
  { city: "Boston" },
);
export const extra = unlisted(others.meta({ ...others.meta(), named: true })).optional();

/** One of many alike, which clients see as a field of one list that `says` what it is: nine flags cost as much as a tool. */
export const within = <T extends z.ZodType>(map: { name: string; says: string }, schema: T): T =>
  schema.meta({ ...schema.meta(), within: map.name, says: map.says });

/** Taken by every tool that lists (contract §4); never sent as they are. */
export const listing = {
  limit: field(z.int().min(1).max(500), "Rows; else 50", 50).optional(),
  cursor: field(z.string().max(64), "From the last reply", "AQ").optional(),
  search: field(z.string().trim().min(1).max(200), "Only rows with these words", "avery").optional(),
  fields: field(z.array(z.string().max(64)).min(1).max(40), "Only these columns; a refusal names all", [
    "id",
  ]).optional(),
  fresh: field(z.boolean(), "true: no cache", true).optional(),
};

/** Taken by every tool that a code may stand in for a person's yes on (contract §5); never sent. */
export const confirming = {
  confirm: field(z.string().max(40), "Code after the person's yes", "K7QF-2MXD").optional(),
};

export const input = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape);
