import type { Operation } from "../../../tools/schema/operation.ts";
import type { Api } from "../api.ts";
import { errorInside, type ParsedResponse, Rejected, saysNotFound, speaksOfAccess } from "../response.ts";
import type { ListSpelling } from "./learnt-lists.ts";
import type { NormalizeWorld } from "./normalize-world.ts";

const takesSeveral = /(_ids|_emails)$|^(status|login_status)$/;

/** Parameters of a form that hold several values, joined by commas as the page has them. */
function severalIn(form: URLSearchParams, operation: Operation | undefined): string[] {
  const renamed = Object.entries(operation?.wire ?? {}).flatMap(([argument, { as }]) =>
    as !== undefined && takesSeveral.test(argument) ? [as] : [],
  );
  return [...new Set(form.keys())].filter((name) => {
    const value = form.get(name) ?? "";
    return (takesSeveral.test(name) || renamed.includes(name)) && /^[^\s,]+(,[^\s,]+)+$/.test(value);
  });
}

/** A form with several values in another spelling; the others stay as they are. */
export function spelledAs(text: string, how: ListSpelling, operation: Operation | undefined): string {
  if (how === "commas") return text;
  const form = new URLSearchParams(text);
  const several = new Set(severalIn(form, operation));
  if (several.size === 0) return text;
  const spelled = new URLSearchParams();
  for (const [name, value] of form) {
    if (!several.has(name)) spelled.append(name, value);
    else if (how === "blanks") spelled.append(name, value.replaceAll(",", ", "));
    else for (const one of value.split(",")) spelled.append(`${name}[]`, one);
  }
  return spelled.toString();
}

/** One text for all spellings of the same values. */
export function withCommas(text: string): string {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const bare = name.replace(/\[\]$/, "");
    const own = takesSeveral.test(bare) || bare !== name ? value.replace(/,\s+/g, ",") : value;
    values.set(bare, [...(values.get(bare) ?? []), own]);
  }
  return new URLSearchParams(
    [...values].map(([name, own]): [string, string] => [name, own.join(",")]),
  ).toString();
}

/** What a list that was read as one value, or not at all, is refused with. */
const mayBeOfSpelling =
  /param|invalid|missing|required|not (be )?found|unknown|exist|blank|empty|must be|format|number|integer|unprocess|error/i;

/** Nothing was done: SkyPrep read it and said no, of the call as a whole, and perhaps because of how it was spelt. */
function isPlainNo(error: unknown): boolean {
  if (!(error instanceof Rejected) || ![400, 404, 422].includes(error.status)) return false;
  return error.said === undefined || (mayBeOfSpelling.test(error.said) && !speaksOfAccess(error.said));
}

/** A no to one of several values may come after something was made with the others: each try would make one more. */
const makesAnew = (operation: Operation | undefined): boolean =>
  operation === undefined ||
  (operation.effect !== "read" && !(operation.idempotent ?? operation.effect !== "add"));

/** A no that speaks of what was given one of, and not of what was given several of: no spelling mends it. */
function isOfAnother(error: unknown, form: string, several: readonly string[]): boolean {
  const said = (error instanceof Rejected ? error.said : undefined)?.toLowerCase();
  if (said === undefined || !saysNotFound(said)) return false;
  const speaksOf = (name: string) => {
    const noun = name.replace(/_(ids?|emails?)(\[\])?$/, "").replaceAll("_", " ");
    return new RegExp(`\\b${noun}\\b`).test(said);
  };
  const others = [...new Set(new URLSearchParams(form).keys())].filter((name) => /_ids?$/.test(name));
  return others.some((name) => !several.includes(name) && speaksOf(name)) && !several.some(speaksOf);
}

/**
 * Lists of values as SkyPrep reads them: first as its page spells them, or as worked before. Where that is plainly
 * refused, in each other spelling once; a read that finds nothing for several values is asked once more, too. What
 * worked is used from then on. What makes something anew is never sent again here, nor a write that may have been done
 * in part.
 */
export const spellingLists =
  (api: Api, { records, lists }: NormalizeWorld): Api =>
  async (route, form, signal, context) => {
    const operation = records.get(route);
    const several = severalIn(new URLSearchParams(form), operation);
    const [name] = several;
    if (name === undefined) return api(route, form, signal, context);
    const send = (how: ListSpelling) => api(route, spelledAs(form, how, operation), signal, context);
    const first = lists.known() ?? lists.tried() ?? "commas";
    try {
      const reading = await send(first);
      if (operation?.effect !== "read" || lists.known() !== undefined) return reading;
      if (showsLater(reading, name, form)) lists.works(first);
      if (!isEmptyList(reading)) return reading;
      const again = await send("brackets");
      if (isEmptyList(again)) return reading;
      // All rows come, too, where it is not heard at all: writes in that spelling would be of nobody.
      if (showsLater(again, name, form)) lists.works("brackets");
      return again;
    } catch (error) {
      if (!isPlainNo(error) || lists.known() !== undefined || makesAnew(operation)) throw error;
      if (isOfAnother(error, form, several)) throw error;
      for (const how of ["blanks", "brackets"] as const) {
        try {
          const reading = await send(how);
          const value = reading.is === "json" ? reading.value : undefined;
          if (errorInside(value) !== undefined) continue;
          // Only what was done shows that it was read as it was meant: whoever sent it looks.
          if (operation?.effect === "read") lists.works(how);
          else lists.taken(how);
          return reading;
        } catch (next) {
          if (!isPlainNo(next)) throw next;
        }
      }
      throw error;
    }
  };

const isEmptyList = (reading: ParsedResponse): boolean =>
  reading.is === "json" && Array.isArray(reading.value) && reading.value.length === 0;

/**
 * Whether rows show another value than the first, and none that was not asked for: then the list was not read as one
 * value, nor not at all.
 */
function showsLater(reading: ParsedResponse, name: string, form: string): boolean {
  const asked = (new URLSearchParams(form).get(name) ?? "").split(",");
  if (reading.is !== "json" || !Array.isArray(reading.value)) return false;
  const shown = reading.value.map((row: unknown) => String((row as Record<string, unknown> | null)?.[name]));
  return shown.every((one) => asked.includes(one)) && shown.some((one) => one !== asked[0]);
}
