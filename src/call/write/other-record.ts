import type { Output } from "../../../tools/schema/answer.ts";
import type { Row } from "../../academy/reads.ts";
import { asList, asOne } from "../../reply/records.ts";
import { cleanText } from "../../text/english.ts";
import type { Args } from "../check/check.ts";

/**
 * Why a record that a write was answered with is not the one the write was about, in words; undefined where nothing
 * of it says so. `told`: what was asked for, with all that is known of the person.
 */
export function otherThan(output: Output, told: Args, value: unknown): string | undefined {
  if (output.as !== "one" && output.as !== "many") return undefined;
  const { repeats = {}, holds, one: name } = output.kind;
  const rows = output.as === "many" ? asList(value) : [asOne(value, output.inside)];
  const sentence = strangeSentence(value);
  if (sentence !== undefined) return `it said ${JSON.stringify(sentence)}`;
  for (const row of rows) {
    const record = (row ?? {}) as Row;
    if (holds !== undefined && isEmpty(record[holds])) return `it shows a ${name} without its ${holds}`;
    for (const [argument, fields] of Object.entries(repeats)) {
      const given = told[argument];
      // Whoever gets a new login is shown with it.
      if (argument === "user_email" && told.email !== undefined) continue;
      const shown = fields.map((field) => at(record, field)).filter(tells);
      if (isEmpty(given) || shown.length === 0) continue;
      if (![given].flat().some((one) => shown.some((other) => isSame(one, other)))) {
        return `it shows another ${name}${typeof shown[0] === "number" ? `: ${argument} ${shown[0]}` : ""}`;
      }
    }
  }
  return undefined;
}

/** A sentence beside a record, where only success is said, or nothing. */
function strangeSentence(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { message } = value as Row;
  if (typeof message !== "string" || message.trim() === "") return undefined;
  const good = /\bsuccess(ful(ly)?)?\b/i.test(message) && !/\b(not|un|fail\w*|error\w*)\b/i.test(message);
  return good ? undefined : cleanText(message).slice(0, 240);
}

/** A field inside others, by its path: `user.id`. */
export const at = (record: Row, path: string): unknown =>
  path.split(".").reduce<unknown>((value, name) => (value as Row | null | undefined)?.[name], record);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** Numbers may come as text, and logins capitalised. */
const isSame = (given: unknown, shown: unknown): boolean =>
  String(given).trim().toLowerCase() === String(shown).trim().toLowerCase();

/** What stands in a login's place, as where mail addresses are blotted out, is no other login. */
const tells = (value: unknown): boolean =>
  !isEmpty(value) && ["string", "number"].includes(typeof value) && !/\s/.test(String(value).trim());
