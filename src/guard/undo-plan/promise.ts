import type { WriteOperation } from "../../../tools/schema/operation.ts";
import { and } from "../../text/english.ts";
import type { Image, Subjects } from "./kept.ts";
import { type Followed, type Left, type NoWay, type Plan, planBack, whyLeft } from "./plan.ts";

/** A change that is about to be made, as far as its undoing goes. */
export interface Before extends Subjects {
  readonly operation: WriteOperation;
  /** What stands there now, and would be kept; `unread`: that is read when its turn comes. */
  readonly image: Image | undefined | "unread";
}

/** What a question says about undoing: no more than undo_change then does. */
export function promise({ operation, image, given, targets }: Before): string[] {
  const { undo } = operation;
  if ("no" in undo) return [[undo.no, undo.instead].filter(Boolean).join(" ")];
  const { unless: _, only: __, ...rest } = undo;
  const unread = image === "unread";
  const from = unread ? assumed(operation, given) : image;
  const plan = planBack({
    operation,
    way: unread ? rest : undo,
    given,
    targets,
    image: from,
    // Its number comes with the answer.
    made: 1,
  });
  return "why" in plan ? [neverInWords(plan)] : backInWords(plan, unread);
}

/** Whatever was given is taken to be there: only what can never be put back is told. */
const assumed = ({ keeps = [], undo }: WriteOperation, given: Subjects["given"]): Image => {
  const kept =
    "no" in undo
      ? {}
      : Object.fromEntries(Object.entries(undo.kept ?? {}).map(([name, field]) => [field, given[name]]));
  const maps = [given.custom_fields, given.extra].map((one) => one as object | undefined);
  return { [keeps[0] ?? ""]: Object.assign({}, kept, given, ...maps) };
};

function backInWords({ put, left, follows, loses, stays }: Plan, unread: boolean): string[] {
  const whole = left.length + follows.length === 0;
  const head = whole
    ? `This can be undone afterwards${unread && put.length > 0 ? ", as far as something stood there before" : ""}.`
    : left.length > 0
      ? `${capital(the(put.map(({ name }) => name)))} can be put back afterwards; ${leftInWords(left)}.`
      : `${capital(the(put.map(({ name }) => name)))} can be put back afterwards; what stands with it may be lost, or dated anew: ${followsInWords(follows)}.`;
  return [head, ...(loses === undefined ? [] : [`What may not come back: ${loses}.`]), ...stays];
}

/** “the password cannot: SkyPrep does not show what it was”, grouped by why. */
export function leftInWords(left: readonly Left[]): string {
  const reasons = [...new Set(left.map(({ why }) => why))];
  return reasons
    .map((why) => {
      const names = left.flatMap((one) => (one.why === why ? [one.name] : []));
      return `${the(names)} cannot: ${whyLeft[why]}`;
    })
    .join("; ");
}

const never: Readonly<Record<NoWay["why"], string>> = {
  "not-kept": "what stands there now is not kept",
  "so-before": "it is there already, and SkyPrep does not show what this replaces",
  several: "not in one step, only one by one",
  "no-number": "SkyPrep does not say which number it has",
  nothing: "",
};
const neverInWords = ({ why, left = [] }: NoWay): string =>
  `This cannot be undone afterwards: ${why === "nothing" ? leftInWords(left) : never[why]}.`;

/** Fields of a record in an administrator's words. */
const words: Readonly<Record<string, string>> = {
  access_end_date: "end of access",
  access_start_date: "start of access",
  password_expiration_date: "end of the password",
  email: "login",
  set_status: "status",
  ssn: "social security number",
  card_no: "badge number",
  user_identifier: "badge number",
  active: "active or not",
  completion_date: "completed",
  completed_at: "completed",
  expiration_date: "valid until",
  commencement_date: "begun",
  percent_viewed: "percent done",
};
export const inWords = (name: string): string =>
  words[name] ?? name.replace(/^ca_(\d+)$/, "custom field $1").replaceAll("_", " ");

const most = 8;
const the = (names: readonly string[]): string => {
  const all = names.slice(0, most).map((name) => `the ${inWords(name)}`);
  return and([...all, ...(names.length > most ? [`${names.length - most} more`] : [])]);
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** “completed 2026-03-01, valid until 2027-03-01”: days and numbers, no text that people wrote. */
export const followsInWords = (follows: readonly Followed[]): string =>
  follows
    .map(({ field, was }) =>
      field === "percent_viewed" ? `${plain(was)}% done` : `${inWords(field)} ${plain(was)}`,
    )
    .join(", ");
export const plain = (value: unknown): string => {
  const text = String(value ?? "");
  return /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? (/^[\w.:+-]{1,40}$/.test(text) ? text : "another");
};
