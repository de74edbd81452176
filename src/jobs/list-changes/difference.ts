import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { fieldOf, keptOf } from "../../guard/undo-plan/kept.ts";
import { inWords } from "../../guard/undo-plan/promise.ts";
import type { Change } from "../../journal/line.ts";
import { shownFields } from "../../reply/records.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";

type Given = readonly (readonly [string, unknown])[];

const mostFields = 6;
const longest = 40;
/** Said to have been set, and never what to. */
const secret = /password$|^ssn$|key$/;
/** Who or what a change is about, and how it was sent: not what it changed. */
const about = /^(?:user_email|confirm|notify.*|send_.*|.*_ids?)$/;
/** Arguments that records show by another name. */
const shownAs: Readonly<Record<string, string>> = { set_status: "status", card_no: "user_identifier" };

/**
 * What a change set, from what and to what, as far as it was kept; undefined where it sets nothing. Personal fields
 * are named and not shown, as everywhere.
 */
export async function differenceOf(
  { seq, intent }: Change,
  { records, journal, view }: Pick<JobWorld, "records" | "journal" | "view">,
): Promise<string | undefined> {
  const found = records.get(intent.tool)?.operation;
  if (found?.effect !== "change") return undefined;
  const operation = found as WriteOperation;
  const image = intent.before
    ? ((await journal.image(seq)) as Readonly<Record<string, unknown>> | undefined)
    : undefined;
  const kept = keptOf(operation, { given: intent.arguments, targets: intent.targets }, image);
  const same = new Set("with" in operation.undo ? (operation.undo.same ?? []) : []);
  const { output } = operation;
  const kind = output.as === "one" || output.as === "many" ? output.kind : undefined;
  const shown = kind && shownFields(kind, view);
  const isHidden = (field: string) => kind?.personal?.includes(field) === true && shown?.has(field) === false;

  const all = given(intent.arguments).filter(([name]) => !about.test(name) && !same.has(name));
  const told = all.flatMap(([name, to]) => {
    const field = shownAs[name] ?? name;
    const label = view.labels.get(name) ?? inWords(name);
    if (secret.test(name)) return [`${label}: set anew`];
    if (to === undefined || typeof to === "object") return [`${label}: set`];
    const was = kept && fieldOf(kept, field);
    if (kept !== undefined && alike(was, to)) return [];
    if (isHidden(field)) return [`${label}: another (not shown)`];
    // Nothing of before was kept, or it is something that no read shows.
    return [kept === undefined ? `${label}: → ${said(to)}` : `${label}: ${said(was)} → ${said(to)}`];
  });
  if (told.length === 0) return undefined;
  const more = told.length > mostFields ? [`${told.length - mostFields} more`] : [];
  return [...told.slice(0, mostFields), ...more].join("; ");
}

function given({ custom_fields, extra, ...rest }: Readonly<Record<string, unknown>>): Given {
  const inside = (value: unknown): Given =>
    typeof value === "object" && value !== null ? Object.entries(value) : [];
  const custom = inside(custom_fields).map(
    ([name, value]) => [/^\d+$/.test(name) ? `ca_${name}` : name, value] as const,
  );
  return [...Object.entries(rest), ...custom, ...inside(extra)];
}

const said = (value: unknown): string => {
  if (value === undefined || value === null || value === "") return "nothing";
  if (typeof value !== "string") return String(value);
  const text = cleanText(value).replace(/\s+/g, " ");
  return `“${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}”`;
};

const alike = (was: unknown, to: unknown): boolean =>
  String(was ?? "")
    .trim()
    .toLowerCase() ===
  String(to ?? "")
    .trim()
    .toLowerCase();
