import { type PeopleList, rowList } from "../../tables/people.ts";
import { cleanText } from "../../text/english.ts";
import type { BareNumbers } from "./list-identity.ts";

const mostListed = 20;

/** What is told of a list's people, by row. */
export interface PeopleNotes {
  readonly empty: readonly number[];
  readonly twice: readonly number[];
  readonly readAs: readonly string[];
  readonly inPart: readonly string[];
}

const some = (all: readonly string[]): string =>
  `${all.slice(0, mostListed).join("; ")}${all.length > mostListed ? ` and ${all.length - mostListed} more` : ""}`;

export const told = ({ empty, twice, readAs, inPart }: PeopleNotes): string[] => [
  ...(empty.length > 0 ? [`Nobody is named in ${rowList(empty)}.`] : []),
  ...(twice.length > 0 ? [`Named before, and counted once: ${rowList(twice)}.`] : []),
  ...(readAs.length > 0 ? [`Read without what stood around them: ${some(readAs)}.`] : []),
  ...(inPart.length > 0 ? [`Taken by their logins, though the row is not understood: ${some(inPart)}.`] : []),
];

/** Columns that tell whom a row means. */
const telling: ReadonlySet<string | undefined> = new Set([
  "login",
  "second_login",
  "number",
  "bare_number",
  "card_no",
  "name",
  "first_name",
  "last_name",
  "middle_name",
  "status",
  "is_active",
  "is_gone",
  "last_day",
  "perhaps_status",
]);

export function notesOf(list: PeopleList | undefined, bare: BareNumbers): string[] {
  if (list === undefined) return [];
  const unused = [
    ...new Set(
      list.columns
        .filter(({ meaning, header }) => header !== "" && !telling.has(meaning))
        .map(({ header }) => cleanText(header).slice(0, 40)),
    ),
  ];
  const spare = list.rows.flatMap(({ row, unused: own }) =>
    (own ?? []).map((one) => `row ${row} ${cleanText(one).slice(0, 100)}`),
  );
  const more = list.notWhole.filter(
    ({ row }) => row === undefined || !list.rows.some((one) => one.row === row),
  );
  const hasBare = list.rows.some(({ bareNumber }) => bareNumber !== undefined);
  return [
    ...list.notes,
    ...(more.length > 0
      ? [
          `The list may not be whole: ${some(more.map(({ row, why }) => `${row === undefined ? "" : `row ${row}: `}${cleanText(why).slice(0, 120)}`))}.`,
        ]
      : []),
    ...(unused.length > 0 ? [`Not used: ${some(unused)}.`] : []),
    ...(spare.length > 0 && spare.length <= list.rows.length / 2
      ? [`Addresses not used: ${some(spare)}.`]
      : []),
    ...(hasBare && bare === "unknown"
      ? ["Its numbers were taken for SkyPrep's: no name or login beside them tells."]
      : []),
    ...(hasBare && bare === "hr"
      ? ["Its numbers are HR's own: the names or logins beside them are other people's in SkyPrep."]
      : []),
  ];
}
