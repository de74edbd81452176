import type { Api } from "../api.ts";
import { type ParsedResponse, Rejected } from "../response.ts";
import { idSpelledAs } from "./field-values.ts";
import type { NormalizeWorld } from "./normalize-world.ts";
import { writtenFormsIn } from "./written-forms.ts";

const holdsIds = /(^|_)ids?(\[\])?$/;

/** The numbers a form asks for, by their parameters. */
const numbersIn = (form: string): [string, string][] =>
  [...new URLSearchParams(form)].filter(
    ([name, value]) => holdsIds.test(name) && /^[1-9]\d*(,\s*[1-9]\d*)*$/.test(value),
  );

/**
 * Numbers as the academy writes them, where it knows them only so. A read by bare digits that found nothing is asked
 * once more as numbers came: only an answer that shows a number that was asked for tells that it needs it. From then on
 * all is sent so, writes as well; never before, as zeros before a number are octal to some.
 */
export function spellingIds(api: Api, world: NormalizeWorld): Api {
  const { records } = world;
  const learnt = writtenFormsIn(world);

  function asWritten(form: string): string | undefined {
    const { ids } = learnt;
    if (ids === undefined || ids === "several") return undefined;
    const numbers = new Set(numbersIn(form).map(([name]) => name));
    if (numbers.size === 0) return undefined;
    const spelled = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(form))
      spelled.append(
        name,
        numbers.has(name) ? value.replace(/\d+/g, (digits) => idSpelledAs(digits, ids)) : value,
      );
    const text = spelled.toString();
    return text === form ? undefined : text;
  }

  return async (route, form, signal, context) => {
    const plainly = () => api(route, form, signal, context);
    const written = asWritten(form);
    if (written === undefined) return plainly();
    const asked = () => api(route, written, signal, context);
    if (learnt.idsAsWritten) return asked();
    if (records.get(route)?.effect !== "read") return plainly();
    const first = await orNone(plainly());
    const again = first.isNone ? await orNone(asked()) : undefined;
    if (again?.reading !== undefined && showsAsked(again.reading, form)) {
      learnt.idsAsWritten = true;
      return again.reading;
    }
    if (first.reading === undefined) throw first.refusal;
    return first.reading;
  };
}

interface Found {
  readonly reading: ParsedResponse | undefined;
  readonly isNone: boolean;
  /** In place of an answer. */
  readonly refusal?: Rejected;
}

/** SkyPrep knows no such number, or has no rows of it. */
async function orNone(sent: Promise<ParsedResponse>): Promise<Found> {
  try {
    const reading = await sent;
    const isNone = reading.is === "json" && Array.isArray(reading.value) && reading.value.length === 0;
    return { isNone, reading };
  } catch (error) {
    if (!(error instanceof Rejected) || error.reached !== "refused") throw error;
    return { isNone: true, reading: undefined, refusal: error };
  }
}

/** One row at least, and each of a number that was asked for. */
function showsAsked(reading: ParsedResponse, form: string): boolean {
  if (reading.is !== "json") return false;
  const isOne = !Array.isArray(reading.value);
  const rows = [reading.value].flat() as (Readonly<Record<string, unknown>> | null)[];
  return (
    rows.length > 0 &&
    numbersIn(form).every(([name, value]) => {
      const own = name.replace(/s?(\[\])?$/, "");
      const asked = value.split(/,\s*/);
      // A group's user_group_id is its parent.
      return rows.every((row) =>
        [row?.[own], isOne ? row?.id : undefined].some((shown) => asked.includes(String(shown))),
      );
    })
  );
}
