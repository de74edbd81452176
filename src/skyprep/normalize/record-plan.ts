import { type ZodType, z } from "zod";
import type { Kind } from "../../../tools/schema/answer.ts";
import type { Operation } from "../../../tools/schema/operation.ts";
import { attendance, login, role, training, type Vocabulary } from "./field-values.ts";

/** What in a record may come in another form, by its name. Fields that are not here stay as they come. */
export type RecordPlan = ReadonlyMap<string, Field>;

export type Field =
  | { readonly is: "id" | "flag" | "date" | "numbers" }
  | { readonly is: "word"; readonly vocabulary: Vocabulary }
  /** Read when they are met: a person has groups, and a group has people. */
  | ({ readonly is: "inner" } & InnerRecords);

export interface InnerRecords {
  readonly name: string;
  /** `either`: the page itself shows one where it speaks of many (skyprep-api §4, 7). */
  readonly as: "one" | "many" | "either";
  /** Where the records are numbers alone, they may stand there: `user_ids`. */
  readonly numbers: string;
  /** What the number is called in such a record, besides `id`. */
  readonly alias: string | undefined;
  readonly plan: () => RecordPlan;
}

/** What raw readers use and no schema shows (skyprep-api, appendix A). */
const besides: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  person: { user_id: { is: "id" }, deleted_at: { is: "date" } },
  "power user": { user_id: { is: "id" }, deleted_at: { is: "date" } },
  course: { course_id: { is: "id" } },
  "course item": { course_item_id: { is: "id" } },
  material: { article_id: { is: "id" } },
  "saved report": { saved_advanced_report_id: { is: "id" } },
};

const vocabularies: Readonly<Record<string, Readonly<Record<string, Vocabulary>>>> = {
  "course progress": { status: training },
  "course status": { status: training },
  "item progress": { status: training },
  registration: { status: attendance },
  person: { login_status: login, role },
  "power user": { login_status: login, role },
};

/** Whose records stand under a name, and how its number is called there. */
const inside: Readonly<Record<string, readonly [kind: string, as: InnerRecords["as"], alias?: string]>> = {
  user: ["person", "one", "user_id"],
  users: ["person", "many", "user_id"],
  user_group: ["group", "one"],
  user_groups: ["group", "many"],
  learning_paths: ["learning path", "either"],
  course: ["course", "many", "course_id"],
  courses: ["course", "many", "course_id"],
  course_items: ["course item", "many"],
  instructor_led_training_timeslots: ["timeslot", "either"],
};

/** Plans of the records that these routes answer with, by their kind. */
export function createRecordPlans(records: ReadonlyMap<string, Operation>): (kind: Kind) => RecordPlan {
  const kinds = new Map<string, Kind>();
  const meet = (kind: Kind): void => {
    if (kinds.has(kind.one)) return;
    kinds.set(kind.one, kind);
    for (const nested of Object.values(kind.nested ?? {})) meet(nested);
  };
  for (const { output } of records.values()) if ("kind" in output) meet(output.kind);

  const plans = new Map<string, RecordPlan>();
  const planOf = (kind: Kind): RecordPlan => {
    const plan =
      plans.get(kind.one) ?? planFrom(kind.one, kind.schema.shape, (name) => kinds.get(name), planOf);
    plans.set(kind.one, plan);
    return plan;
  };
  return planOf;
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function planFrom(
  one: string,
  shape: Shape,
  kindNamed: (name: string) => Kind | undefined,
  planOf: (kind: Kind) => RecordPlan,
): RecordPlan {
  const plan = new Map<string, Field>(Object.entries(besides[one] ?? {}));
  for (const [name, schema] of Object.entries(shape)) {
    const vocabulary = vocabularies[one]?.[name];
    const what = whatIs(schema);
    const [kindName, as, alias] = inside[name] ?? [];
    // “users” of a dataset is how many.
    const kind = kindName === undefined || what === "amount" ? undefined : kindNamed(kindName);
    const own = shapeIn(schema);
    if (vocabulary) plan.set(name, { is: "word", vocabulary });
    else if (kind && as) {
      plan.set(name, { is: "inner", name, as, alias, numbers: numbersOf(name), plan: () => planOf(kind) });
    } else if (own) {
      const deeper = planFrom("", own, kindNamed, planOf);
      plan.set(name, { is: "inner", name, as: "one", alias: undefined, numbers: "", plan: () => deeper });
    } else if (what === "amount") {
      if (name === "id" || name.endsWith("_id")) plan.set(name, { is: "id" });
    } else if (what !== "words" && what !== "more") plan.set(name, { is: what });
  }
  const permissions = plan.get("power_user_permissions");
  // Making a power user, they stand one level deeper (skyprep-api §1.4, row 14).
  if (permissions?.is === "inner") {
    const held: RecordPlan = new Map([[permissions.name, permissions]]);
    plan.set("user_permission", { ...permissions, name: "user_permission", plan: () => held });
  }
  return plan;
}

const numbersOf = (name: string): string => (name.endsWith("s") ? `${name.slice(0, -1)}_ids` : "");

type What = "flag" | "date" | "numbers" | "amount" | "words" | "more";
/** The tools make all fields of a few schemas; what each makes of what comes is found out once. */
const known = new WeakMap<z.core.$ZodType, What>();

/** What a field is, by what its schema makes of what comes: the schemas themselves are the tools' own. */
function whatIs(schema: z.core.$ZodType): What {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const read = (value: unknown): unknown => z.safeParse(schema, value).data;
  const what = (): What => {
    if (read("1") === true) return "flag";
    if (read("12") === 12) return "amount";
    if (read("x") === "x") return read(5) === undefined ? "date" : "words";
    const many = read(["7"]);
    return Array.isArray(many) && many[0] === 7 ? "numbers" : "more";
  };
  const found = what();
  known.set(schema, found);
  return found;
}

/** Fields that are lists or records themselves. */
export const holdingMore = ({ schema }: Kind): string[] =>
  Object.entries(schema.shape).flatMap(([name, one]) =>
    ["more", "numbers"].includes(whatIs(one)) ? [name] : [],
  );

/** The fields of a record inside, behind “or nothing” and “if it can be read”. */
export function shapeIn(schema: z.core.$ZodType): Shape | undefined {
  const { type, innerType, shape } = (schema as ZodType).def as {
    type: string;
    innerType?: z.core.$ZodType;
    shape?: Shape;
  };
  if (type === "object") return shape;
  return innerType ? shapeIn(innerType) : undefined;
}
