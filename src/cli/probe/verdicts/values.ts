import { isRecord } from "../../../skyprep/normalize/is-record.ts";
import { type RawRow, recordOf, rowsOf } from "../answer.ts";
import { dateFields, dateForm, emptyFields, flagFields, flagForm, statusOf, valuesOf } from "../forms.ts";
import { isKnownKey } from "../known-keys.ts";
import type { Evidence, ProbeStep } from "../reads.ts";
import type { Verdicts } from "../seen.ts";

/** Steps that bring records of a kind. */
const kinds = {
  person: ["people", "person by number", "person by login", "people limit"],
  progress: ["progress", "progress next hundred", "one progress", "progress by course", "one progress row"],
  course: ["courses", "course"],
  group: ["groups", "group", "another group", "third group", "paths", "path"],
  other: ["sessions", "trainings", "registrations", "materials", "payments", "saved reports", "skills"],
} as const satisfies Record<string, readonly ProbeStep[]>;

/** Of tens of thousands, as many show as much. */
const enough = 300;

/** Records as they came, whatever they were put into. */
export const recordsOf = ({ of }: Pick<Evidence, "of">, steps: readonly ProbeStep[]): RawRow[] =>
  steps.flatMap((step) => {
    const answer = of(step);
    const seen = rowsOf(answer);
    const rows = (seen?.rows ?? []).slice(0, enough).filter(isRecord);
    const one = recordOf(answer)?.record;
    return rows.length > 0 && rows.some((row) => "id" in row) ? rows : one && "id" in one ? [one] : rows;
  });

export function verdictsOfValues(evidence: Evidence): Verdicts {
  const by = Object.fromEntries(
    Object.entries(kinds).map(([kind, steps]) => [kind, recordsOf(evidence, steps)]),
  ) as Record<keyof typeof kinds, RawRow[]>;
  const all = Object.values(by).flat();
  return {
    "ids-are-numbers": ids(all),
    "flags-are-booleans": flags(all),
    "nothing-is-null": nulls(by),
    "dates-are-iso": dates(all),
    "statuses-as-on-the-page": statuses(by.progress),
    "fields-as-on-the-page": fields(all),
  };
}

/** What most are; undefined: there are none. */
function most<T extends string>(forms: readonly (T | undefined)[]): T | undefined {
  const counts = new Map<T, number>();
  for (const form of forms) if (form !== undefined) counts.set(form, (counts.get(form) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function ids(records: readonly RawRow[]): Verdicts["ids-are-numbers"] {
  const forms = valuesOf(records, ["id", "user_id", "course_id"]).map((id) => {
    if (typeof id === "number") return "number";
    if (typeof id !== "string" || id === "") return undefined;
    return /^\d+$/.test(id) ? "text" : "other";
  });
  const form = most(forms);
  return form === "number" ? "holds" : form === "other" ? "otherwise" : form;
}

function flags(records: readonly RawRow[]): Verdicts["flags-are-booleans"] {
  const form = most(valuesOf(records, flagFields).map(flagForm));
  return form === "boolean" ? "holds" : form;
}

function nulls(by: Readonly<Record<keyof typeof kinds, readonly RawRow[]>>): Verdicts["nothing-is-null"] {
  let empty = 0;
  let missing = 0;
  for (const kind of ["person", "progress", "course"] as const)
    for (const record of by[kind])
      for (const name of emptyFields[kind]) {
        if (!(name in record)) missing += 1;
        else if (record[name] === null) return "holds";
        else if (record[name] === "") empty += 1;
      }
  if (empty > 0) return "empty";
  return missing > 0 ? "missing" : undefined;
}

function dates(records: readonly RawRow[]): Verdicts["dates-are-iso"] {
  const form = most(valuesOf(records, dateFields).map(dateForm));
  return form === "iso" ? "holds" : form === "other" ? "otherwise" : form;
}

function statuses(records: readonly RawRow[]): Verdicts["statuses-as-on-the-page"] {
  const seen = new Set(records.flatMap((record) => statusOf(record) ?? []));
  const any = (pattern: RegExp) => [...seen].some((status) => pattern.test(status));
  if (any(/^(incomplete|completed?)$/i)) return "synonyms";
  if (any(/^(in|not)_/)) return "underscores";
  if (any(/^(In|Not) /)) return "words";
  if (any(/^(In|Not)-[a-z]/)) return "capitalised";
  if (any(/^(in-progress|not-started|not-applicable)$/)) return "holds";
  // One word alone is spelt the same in several ways.
  return any(/^(passed|failed|archived)$/i) || seen.size === 0 ? undefined : "otherwise";
}

function fields(records: readonly RawRow[]): Verdicts["fields-as-on-the-page"] {
  if (records.length === 0) return undefined;
  return records.some((record) => Object.keys(record).some((key) => !isKnownKey(key))) ? "more" : "holds";
}
