import { unaskedPairs } from "../../../src/guard/policy/consequence.ts";
import type { Line } from "../../../src/journal/line.ts";

/** A write as it came to an academy. */
export interface Written {
  readonly route: string;
  readonly form: URLSearchParams;
  /** How often a person had said yes in this run before it came. */
  readonly yeses: number;
  /** What the academy answered; undefined: it never arrived. */
  status: number | undefined;
}

export interface RunSeen {
  /** How people are asked. */
  readonly by: "form" | "page";
  readonly written: readonly Written[];
  /** Of this run, in order. */
  readonly lines: readonly Line[];
  readonly yeses: number;
  /** Login, in lower case, → number. */
  readonly idOf: ReadonlyMap<string, number>;
}

type Intent = Extract<Line, { line: "intent" }>;

/** Whom and what a write is about, the same however it is spelt. */
function about(values: Readonly<Record<string, unknown>>, idOf: RunSeen["idOf"]): string {
  const listed = (name: string) =>
    [values[name] ?? values[`${name}[]`] ?? []].flat().flatMap((one) => String(one).split(","));
  const people = [
    ...listed("user_id"),
    ...listed("user_ids"),
    ...[...listed("user_email"), ...listed("user_emails")].map(
      (login) => idOf.get(login.toLowerCase()) ?? login,
    ),
  ].map(String);
  const targets = ["course_id", "course_ids", "user_group_id", "user_group_ids"].flatMap(listed);
  // What a person's own record is set to tells two changes of it apart.
  const set = ["access_end_date", "role"].flatMap((name) => (values[name] == null ? [] : [name]));
  return [[...new Set(people)].sort().join("+"), ...targets, ...set].join(" ");
}

const valuesOf = (form: URLSearchParams): Record<string, unknown> =>
  Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name)]));

export function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

/** What is wrong with one run; in words. */
export function faultsOf({ by, written, lines, yeses, idOf }: RunSeen): string[] {
  const faults: string[] = [];
  const intents = lines.flatMap((line) => (line.line === "intent" ? [line] : []));
  const outcomes = new Map(
    lines.flatMap((line) => (line.line === "outcome" ? [[line.of, line.outcome]] : [])),
  );
  const agreed = new Set(
    lines.flatMap((line) => (line.line === "asked" && line.said === "yes" ? [line.question] : [])),
  );
  const keyOfIntent = ({ tool, arguments: args }: Intent) => `${tool} ${about(args, idOf)}`;
  const sent = grouped(written, ({ route, form }) => `${route} ${about(valuesOf(form), idOf)}`);
  const meant = grouped(intents, keyOfIntent);

  for (const [key, calls] of sent) {
    const own = meant.get(key) ?? [];
    const done = calls.filter(({ status }) => status === 200).length;
    if (calls.length > own.length)
      faults.push(`${key}: sent ${calls.length} times, ${own.length} in the journal`);
    if (done > 1) faults.push(`${key}: done ${done} times`);
    for (const [at, call] of calls.entries())
      if (call.yeses < at + 1) faults.push(`${key}: sent for the ${at + 1}. time after ${call.yeses} yeses`);
  }
  const used = grouped(intents, (intent) => `${intent.question} ${keyOfIntent(intent)}`);
  for (const [what, all] of used) if (all.length > 1) faults.push(`${what}: on one yes ${all.length} times`);
  for (const intent of intents.filter(({ agreed }) => agreed !== "nobody"))
    if (intent.agreed !== by || intent.question === undefined || !agreed.has(intent.question))
      faults.push(`${keyOfIntent(intent)}: in the journal by ${intent.agreed}, without a yes`);
  // What is left of a plan may be so little that nobody is asked about it; nothing else is.
  const unasked = intents.filter(({ agreed }) => agreed === "nobody");
  const pairs = unasked.reduce((sum, one) => sum + (one.pairs ?? Number.POSITIVE_INFINITY), 0);
  if (pairs > unaskedPairs || unasked.some(({ tool }) => tool !== "mass_enroll"))
    faults.push(`${unasked.map(keyOfIntent).join(", ")}: in the journal by nobody`);
  if (agreed.size > yeses) faults.push(`${agreed.size} yeses in the journal, ${yeses} were given`);
  let open = 0;
  for (const intent of intents) {
    const key = keyOfIntent(intent);
    const outcome = outcomes.get(intent.seq);
    const done = (sent.get(key) ?? []).filter(({ status }) => status === 200).length;
    if (outcome === undefined) open += 1;
    if (outcome?.is === "done" && done === 0) faults.push(`${key}: done in the journal alone`);
    if (outcome?.is === "failed" && done > 0 && (meant.get(key)?.length ?? 0) === 1)
      faults.push(`${key}: done, and failed in the journal`);
  }
  // One replica was killed, and one call writes one thing at a time.
  if (open > 1) faults.push(`${open} writes without an outcome`);
  return faults;
}
