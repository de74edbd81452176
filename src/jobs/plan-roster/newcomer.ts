import { isWordForNothing } from "../../tables/people/nobody.ts";
import type { PersonRow } from "../../tables/people.ts";
import { cleanText } from "../../text/english.ts";
import { nameIn, peopleInWords } from "../shared/list-identity.ts";
import { loginIndexKey, type PeopleIndex, type Someone } from "../shared/people-index.ts";

/** One who should be here, as the list has them. */
export interface ListedPerson {
  readonly row: number;
  readonly login: string;
  readonly values: PersonRow["values"];
}

/** What a row is whose login nobody has. */
export type UnknownLogin =
  | { readonly joins: ListedPerson }
  /** The row that said the same. */
  | { readonly repeats: number }
  /** `whole`: the rest of the list is to be believed all the same. */
  | { readonly why: string; readonly perhaps: readonly Someone[]; readonly whole: boolean };

interface NewcomerContext {
  readonly everyone: PeopleIndex;
  /** Logins that the list holds. */
  readonly listed: ReadonlySet<string>;
  /** Those of the rows before, by login. */
  readonly joiners: ReadonlyMap<string, ListedPerson>;
}

/** Nobody is created who may be here already, nor of a row that is not sure. */
export function newcomer(given: PersonRow, { everyone, listed, joiners }: NewcomerContext): UnknownLogin {
  const { values, suspects, row, odd, bareNumber } = calledNothing(given);
  const { login } = values;
  const alike = namesakesOf(values, everyone, listed);
  if (login === undefined) {
    const number = values.number ?? bareNumber ?? values.card_no;
    const why =
      number === undefined
        ? "it has no login"
        : `it has no login, and nobody has the number ${short(number)}`;
    return { why, perhaps: alike, whole: false };
  }
  const cut = everyone.cutLogin(login);
  if (cut.length > 0)
    return { why: `its login may be cut: ${peopleInWords(cut)}`, perhaps: [...cut, ...alike], whole: false };
  if (odd)
    return {
      why: "its login is not of the form the others have, and nobody has it",
      perhaps: alike,
      whole: false,
    };
  const before = joiners.get(loginIndexKey(login));
  if (before !== undefined) {
    const same =
      nameIn(values) === "" || loginIndexKey(nameIn(before.values)) === loginIndexKey(nameIn(named(values)));
    return same
      ? { repeats: before.row }
      : { why: `row ${before.row} gives this login to another name`, perhaps: alike, whole: false };
  }
  const perhaps = [...new Set([...alike, ...codesakes(values, everyone, listed)])];
  if (perhaps.length > 0) {
    const who = perhaps.map(({ id }) => id).join(", ");
    return { why: `perhaps person ${who} with a new login: neither created nor ended`, perhaps, whole: true };
  }
  const damaged = suspects.find(
    ({ field }) => field === "first_name" || field === "last_name" || field === "name",
  );
  if (damaged !== undefined) {
    return { why: `${damaged.column} “${short(damaged.text)}”: ${damaged.why}`, perhaps: [], whole: false };
  }
  const whole = named(values);
  return whole.first_name === undefined || whole.last_name === undefined
    ? { why: "a new person needs a first and a last name", perhaps: [], whole: false }
    : { joins: { row, login: inOneCase(login), values: whole } };
}

/** Na Wang, Jennifer Null: beside a name of its own, a word for nothing with a capital is a name. */
function calledNothing(given: PersonRow): PersonRow {
  const { values, suspects } = given;
  const [only, ...more] = suspects.filter(({ field }) => field === "first_name" || field === "last_name");
  const other = values[only?.field === "first_name" ? "last_name" : "first_name"];
  if (only === undefined || more.length > 0 || other === undefined || !/^\p{Lu}\p{Ll}+$/u.test(only.text))
    return given;
  return isWordForNothing(only.text)
    ? {
        ...given,
        values: { ...values, [only.field]: only.text },
        suspects: suspects.filter((one) => one !== only),
      }
    : given;
}

/** As the others are written: a program that prints in capitals says nothing by it. */
const inOneCase = (login: string): string =>
  login.includes("@") && login === login.toUpperCase() ? login.toLowerCase() : login;

/** People of this name whom the list does not name by their login. */
export const namesakesOf = (
  values: PersonRow["values"],
  everyone: PeopleIndex,
  listed: ReadonlySet<string>,
): Someone[] => everyone.byName(nameIn(values)).filter(({ login }) => !listed.has(loginIndexKey(login)));

const codesakes = (
  { card_no }: PersonRow["values"],
  everyone: PeopleIndex,
  listed: ReadonlySet<string>,
): Someone[] =>
  card_no === undefined
    ? []
    : everyone.byCode(card_no).filter(({ login }) => !listed.has(loginIndexKey(login)));

/** First and last name, also of one that says which is which by its comma. */
function named(values: PersonRow["values"]): PersonRow["values"] {
  const [, last, first] = /^([^,]+),\s*([^,]+)$/.exec(values.name ?? "") ?? [];
  return first === undefined ||
    last === undefined ||
    values.first_name !== undefined ||
    values.last_name !== undefined
    ? values
    : { ...values, first_name: first.trim(), last_name: last.trim() };
}

const short = (text: string): string => cleanText(text).slice(0, 80);
