import type { Operation } from "../../../tools/schema/operation.ts";
import type { Api } from "../api.ts";
import { Failure } from "../response.ts";
import { type MeantAnswer, type Opened, opened } from "./envelope.ts";
import { isRecord } from "./is-record.ts";
import { keyedRows } from "./keyed-lists.ts";
import type { NormalizeWorld } from "./normalize-world.ts";
import { createPageNames } from "./page-names.ts";
import { createRecordForm } from "./record-form.ts";
import { createRecordPlans, holdingMore } from "./record-plan.ts";
import { createSeen } from "./seen.ts";

/** Answers in the form of the page's samples: unwrapped, with ids, flags, dates and statuses as they are there. */
export function inPageForm(api: Api, world: NormalizeWorld): Api {
  const { records } = world;
  const planOf = createRecordPlans(records);
  const underPageNames = createPageNames(records);
  const seen = createSeen(world.sightings);
  const { record, rows } = createRecordForm(world, seen);
  const meant = new Map<string, MeantAnswer>();

  function meantOf(route: string, operation: Operation): MeantAnswer {
    const known = meant.get(route) ?? meantAnswer(route, operation);
    meant.set(route, known);
    return known;
  }

  function recordsIn(route: string, operation: Operation, value: unknown): Opened {
    const { output, effect } = operation;
    const answer = meantOf(route, operation);
    const open = opened(value, answer);
    if (!("kind" in output)) {
      if (open.under !== undefined) seen.differs("records-are-bare", open.under);
      return open;
    }
    const plan = planOf(output.kind);
    const isRead = effect === "read";
    if (output.as === "many") {
      const haveIds = plan.get("id")?.is === "id";
      const list = listIn(open.value, answer, haveIds);
      if (open.under !== undefined) seen.differs("lists-are-bare", open.under);
      else if (list.form !== undefined) seen.differs("lists-are-bare", list.form);
      else if (Array.isArray(value)) seen.holds("lists-are-bare");
      if (Array.isArray(list.value)) {
        rows(plan, list.value, isRead);
        if (haveIds && isRead) numbered(list.value);
      }
      return { ...open, value: list.value };
    }
    const one = alone(open.value, answer);
    if (open.under !== undefined) seen.differs("records-are-bare", open.under);
    else if (one !== value) seen.differs("records-are-bare", "listed");
    else if (isRecord(value)) seen.holds("records-are-bare");
    const inside = isRecord(one) && answer.inside !== undefined ? one[answer.inside] : one;
    if (isRecord(inside)) record(plan, inside, isRead);
    return { ...open, value: one };
  }

  return async (route, form, signal, context) => {
    const reading = await api(route, form, signal, context);
    const operation = records.get(route);
    if (reading.is !== "json" || operation === undefined) return reading;
    const { value, total, follows } = recordsIn(route, operation, underPageNames(reading.value));
    if (value === reading.value) return reading;
    return { ...reading, value, ...(total !== undefined && { total }), ...(follows && { follows }) };
  };
}

/** Whoever leaves out what has no number would leave out everybody, and take nobody for all there are. */
function numbered(list: readonly unknown[]): void {
  const ids = list.flatMap((row) => (isRecord(row) && typeof row.id === "string" ? [row.id] : []));
  if (ids.length === 0 || ids.length < list.length) return;
  throw new Failure(
    "SkyPrep's records have ids that are no numbers, so none of this list could be read.",
    "skyprep-mcp probe tells how this account answers; its file can be attached to an issue.",
    "no",
  );
}

/** The one record of a list of one, also where it stands under its name there. */
function alone(value: unknown, meant: MeantAnswer): unknown {
  if (!Array.isArray(value) || value.length !== 1 || !isRecord(value[0])) return value;
  return opened(value[0], meant).value;
}

/** Rows, each out of what it was put in; one record is a list of one, and `{}` a list without rows. */
function listIn(
  value: unknown,
  meant: MeantAnswer,
  haveIds: boolean,
): { readonly value: unknown; readonly form?: "single" | "keyed" | "wrapped" | "otherwise" } {
  if (Array.isArray(value)) {
    const [first] = value;
    if (!isRecord(first) || "id" in first || Object.keys(first).length !== 1) return { value };
    const bare = value.map((one) => opened(one, { ...meant, as: "one" }).value);
    return bare.every((one, n) => one !== value[n] && isRecord(one))
      ? { value: bare, form: "wrapped" }
      : { value };
  }
  if (!isRecord(value)) return { value };
  if ("id" in value) return { value: [value], form: "single" };
  if (Object.keys(value).length === 0 && meant.mayBeNone) return { value: [], form: "keyed" };
  const rows = keyedRows(value, { haveIds });
  return rows ? { value: rows, form: "otherwise" } : { value };
}

const verbs = /^(create_or_update|get|create|update|assign|destroy|delete|generate|move|set)_/;
/** What else a kind of record is called (skyprep-api §1). */
const alsoCalled: Readonly<Record<string, readonly string[]>> = {
  person: ["user", "learner"],
  "power user": ["user"],
  group: ["user_group"],
  "learning path": ["user_group", "course_bundle"],
  timeslot: ["instructor_led_training_timeslot"],
  registration: ["instructor_led_training_timeslot_registration"],
  "saved report": ["saved_advanced_report", "report"],
  "user role": ["role"],
  "manager permissions": ["permission", "user_permission"],
  account: ["program"],
  "instructor-led training": ["instructor_led_training", "training"],
  "course progress": ["progress"],
};

function meantAnswer(route: string, { output }: Operation): MeantAnswer {
  const noun = route.replace(verbs, "");
  if (!("kind" in output)) {
    const named = output.as === "balances" ? [output.name] : [];
    return {
      as: output.as,
      own: namesOf([noun, ...named]),
      inner: new Set(),
      fields: new Set(),
      mayBeNone: true,
    };
  }
  const { kind } = output;
  const fields = Object.keys(kind.schema.shape);
  return {
    as: output.as,
    own: namesOf([noun, kind.one, kind.many, ...(alsoCalled[kind.one] ?? [])]),
    inner: new Set(holdingMore(kind)),
    fields: new Set(fields),
    // Whoever has a key is in there.
    mayBeNone: route !== "get_users",
    inside: output.as === "one" ? output.inside : undefined,
  };
}

function namesOf(names: readonly string[]): ReadonlySet<string> {
  const all = names.map((name) => name.replace(/[\s-]+/g, "_"));
  return new Set(
    all.flatMap((name) => [
      name,
      name.replace(/s$/, ""),
      `${name.replace(/s$/, "")}s`,
      name.replace(/y$/, "ies"),
    ]),
  );
}
