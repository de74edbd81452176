import type { z } from "zod";
import type { Row } from "../../academy/reads.ts";
import { clean } from "../../reply/records.ts";
import type { Export } from "../../state/ports.ts";
import { reading } from "../../text/english.ts";
import { fold } from "../../text/fold.ts";
import { instantIn } from "../../text/instant.ts";
import type { JobWorld } from "../job.ts";
import { idIn } from "../shared/record-fields.ts";
import { resolve } from "../shared/resolve.ts";

/** What is asked for, as far as words and lists tell. */
export type MeantReport =
  | { readonly is: "export"; readonly export: Pick<Export, "id"> }
  | { readonly is: "saved"; readonly number: number; readonly note?: string }
  | {
      readonly is: "type";
      readonly type: string;
      readonly ids: Readonly<Record<string, number>>;
      readonly title: string;
    };
export type Fetched = Exclude<MeantReport, { is: "export" }>;
type Wrong = { readonly wrong: readonly string[] };

interface WantedReport {
  readonly report: string;
  readonly of?: readonly string[] | undefined;
}

const mostOffered = 5;
const exportUri = "skyprep://exports/";
/** What a report's type has in its name, and how SkyPrep is told which. */
const parts = {
  user: { kind: "person", says: "a person", as: "user_id" },
  course: { kind: "course", says: "a course", as: "course_id" },
  group: { kind: "group", says: "a group", as: "user_group_id" },
  exam: { kind: undefined, says: "an exam's number", as: "exam_id" },
} as const;
type Part = (typeof parts)[keyof typeof parts];

/** An export's number or address, a type of report, or a saved report's number or name; never a guess. */
export async function meantBy(
  asked: WantedReport,
  world: JobWorld,
  signal: AbortSignal,
): Promise<MeantReport | Wrong> {
  const { report } = asked;
  const id = report.startsWith(exportUri) ? report.slice(exportUri.length) : report;
  if (id !== report || /^[a-z0-9-]{8,40}$/.test(id)) {
    const found = (await world.exports.list()).find((one) => one.id === id);
    if (found) return { is: "export", export: found };
    if (id !== report) return { wrong: ["There is no such export (any more): export the report again."] };
  }
  const types = typesOf(world);
  const type = types.find((one) => one === report.toLowerCase().replace(/[\s-]+/g, "_"));
  if (type) return ofType(type, asked, world, signal);
  if (asked.of) return { wrong: [`Only a type takes of: ${types.join(", ")}.`] };
  if (/^[1-9]\d{0,14}$/.test(report)) return { is: "saved", number: Number(report) };
  return saved(report, types, world, signal);
}

function typesOf({ records }: JobWorld): readonly string[] {
  const type = records.get("get_report")?.operation.input.shape.report_type as z.ZodEnum | undefined;
  return (type?.options ?? []).map(String);
}

async function ofType(
  type: string,
  { of = [] }: WantedReport,
  world: JobWorld,
  signal: AbortSignal,
): Promise<MeantReport | Wrong> {
  const wanted = [...type.matchAll(/single_(user|course|group|exam)/g)].map(
    ([, word]) => parts[word as keyof typeof parts],
  );
  if (of.length !== wanted.length) {
    const says = wanted.map((one) => one.says).join(" and ");
    return {
      wrong: [
        wanted.length === 0
          ? `${type} is of the whole account: leave of out.`
          : of.length > wanted.length
            ? `${type} is about ${wanted.map((one) => one.says.replace(/^an? /, "one ")).join(" and ")}, and of has ${of.length}${wanted.length === 1 ? ": export it once for each" : ", in this order"}.`
            : `${type} needs ${says} in of${wanted.length > 1 ? ", in this order" : ""}.`,
      ],
    };
  }
  const ids: Record<string, number> = {};
  const names: string[] = [];
  const wrong: string[] = [];
  for (const [at, part] of wanted.entries()) {
    const one = await numberOf(part, of[at] ?? "", world, signal);
    if ("wrong" in one) wrong.push(one.wrong);
    else {
      ids[part.as] = one.id;
      names.push(part.kind === undefined ? one.label : `${one.id} ${one.label}`);
    }
  }
  if (wrong.length > 0) return { wrong };
  return {
    is: "type",
    type,
    ids,
    title: `Report ${type}${names.length > 0 ? ` of ${names.join(", ")}` : ""}`,
  };
}

async function numberOf({ kind }: Part, text: string, world: JobWorld, signal: AbortSignal) {
  if (kind !== undefined) return resolve(kind, text, world, signal);
  return /^[1-9]\d{0,14}$/.test(text)
    ? { id: Number(text), label: `exam ${text}` }
    : { wrong: `An exam is named by its number (get_course shows it), not “${text}”.` };
}

/** The newest of those called so that has rows (skyprep-api §3.6). */
async function saved(
  name: string,
  types: readonly string[],
  world: JobWorld,
  signal: AbortSignal,
): Promise<MeantReport | Wrong> {
  const rows = (await world.list("get_saved_advanced_reports", signal)) as readonly Row[];
  const spelt = (text: unknown) =>
    fold(String(text ?? ""))
      .trim()
      .replace(/\s+/g, " ");
  const called = rows.filter(
    (row) => spelt(clean(row.name)) === spelt(name) && reportNumber(row) !== undefined,
  );
  const [newest, ...others] = [...called].sort(
    (a, b) => Number(hasRows(b)) - Number(hasRows(a)) || at(b) - at(a),
  );
  if (newest !== undefined) {
    const number = reportNumber(newest) ?? 0;
    const older = others.map((row) => `${reportNumber(row)} of ${dayOf(row)}`).slice(0, mostOffered);
    const note = `Saved report ${number} of ${dayOf(newest)}${
      older.length > 0 ? `, the newest of ${called.length} called so; others: ${older.join(", ")}` : ""
    }.`;
    return { is: "saved", number, note };
  }
  const near = await world.directory.find("report", name, signal);
  return {
    wrong: [
      `No saved report is called exactly “${name}”${near.length > 0 ? "; near it:" : reading(rows.length, { none: "; there is none at all.", one: " (there is one: get_saved_advanced_reports shows it).", many: (n) => ` (there are ${n}: get_saved_advanced_reports lists them).` })}`,
      ...near.slice(0, mostOffered).map(({ id, label }) => `${id} ${label}`),
      `Types of report: ${types.join(", ")}.`,
    ],
  };
}

const hasRows = ({ saved_report_type }: Row): boolean => saved_report_type !== "saved_report";
const reportNumber = (row: Row): number | undefined => idIn(row, "id", "saved_advanced_report_id");
const at = ({ updated_at, created_at }: Row): number => instantIn(updated_at ?? created_at) || 0;
/** The day as SkyPrep writes it, which is the academy's. */
const dayOf = (row: Row): string =>
  /^\d{4}-\d\d-\d\d/.exec(String(row.updated_at ?? row.created_at))?.[0] ?? "an unknown day";
