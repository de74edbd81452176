import { type PeopleList, rowList } from "../../tables/people.ts";
import { cleanText, count } from "../../text/english.ts";
import type { Someone } from "../shared/people-index.ts";
import type { Roster, RosterLeaver } from "./compare.ts";

export const mostNamed = 40;
/** Reasons why a list is not whole; each row is named below. */
const mostReasons = 12;

/** What is told of a comparison, whatever comes of it. */
export interface RosterComparison {
  readonly list: PeopleList;
  readonly roster: Roster;
  /** Whether access may end: it was asked for, and the list was read whole. */
  readonly ends: boolean;
  /** Why nobody's access ends although it was asked for. */
  readonly notWhole: readonly { readonly row?: number; readonly why: string }[];
}

/** Every row and everybody with access, each counted once. */
export function numbersOf({ list, roster, ends }: RosterComparison, refused: readonly number[]) {
  const gone = new Set(
    roster.leavers.flatMap(({ said, day }) => (said && day === undefined ? [said.row] : [])),
  );
  const open = new Set([...roster.unmatched, ...refused]).size;
  const rows = {
    total: list.rows.length,
    here: roster.here.length,
    new: roster.joiners.length - refused.length,
    repeated: roster.repeated.length,
    not_matched: roster.unmatched.length + refused.length,
    gone: 0,
    nobody: list.nobody.length,
  };
  rows.gone = rows.total - rows.here - rows.new - rows.repeated - rows.not_matched;
  const inList = roster.here.length - roster.returned.length;
  const leave = roster.leavers.filter(({ day }) => day === undefined).length;
  return {
    rows,
    people: {
      with_access: roster.active,
      in_list: inList,
      leave: ends ? leave : 0,
      left: roster.active - inList - (ends ? leave : 0),
    },
    said_gone: gone.size,
    open,
  };
}

export type RosterNumbers = ReturnType<typeof numbersOf>;

export const numbersInWords = ({ rows, people }: RosterNumbers): string =>
  `${count(rows.total, "row", "rows")}: ${rows.here} here, ${rows.new} new, ${rows.gone} gone, ${rows.repeated} repeated, ${rows.not_matched} not matched. ` +
  `${count(people.with_access, "person has", "people have")} access: ${people.in_list} in the list, ${people.leave} leave, ${people.left} left as they are.`;

export function whyNotWhole({ notWhole, roster }: RosterComparison): string[] {
  if (notWhole.length === 0) return [];
  const reasons = notWhole
    .slice(0, mostReasons)
    .map(({ row, why }) => `${row === undefined ? "" : `row ${row}: `}${cleanText(why).slice(0, 200)}`);
  const more = notWhole.length - reasons.length;
  return [
    `The list was not read whole, so nobody's access ends${roster.leavers.length > 0 ? ` (${roster.leavers.length} seemed to leave)` : ""}: ${reasons.join("; ")}${more > 0 ? `; and ${more} more` : ""}. Mend that, and plan again.`,
  ];
}

const another = "another";
const ofManagers =
  "SkyPrep knows no manager of a person, only of a group (assign_manager_to_user_group); where a custom field holds it, name that in SKYPREP_CUSTOM_FIELDS.";
const ofStartDays = "New people can sign in at once: update_user sets access_start_date once they are here.";

export function notesOf({ list, roster, ends, notWhole }: RosterComparison): string[] {
  const { notes, columns, ignored, fields, nobody, rows } = list;
  const unused = [
    ...ignored,
    ...columns.filter(({ meaning }) => meaning === another).map(({ header }) => header),
  ];
  const said = roster.leavers.filter(
    (one): one is RosterLeaver & { said: NonNullable<RosterLeaver["said"]> } => one.said !== undefined,
  );
  const absent = roster.leavers.filter((one) => one.said === undefined).map(({ who }) => who);
  const spare = rows.flatMap(({ row, unused: own }) => (own ?? []).map((one) => `row ${row} ${one}`));
  const future = rows.filter(
    ({ row, gone }) => gone?.lastDay !== undefined && roster.joiners.some((one) => one.row === row),
  );
  const known = new Set(rows.map(({ row }) => row));
  const remarks = list.notWhole
    .filter(({ row }) => notWhole.length === 0 && (row === undefined || !known.has(row)))
    .map(({ row, why }) => `${row === undefined ? "" : `row ${row}: `}${cleanText(why).slice(0, 120)}`);
  return [
    ...notes,
    ...(remarks.length > 0 ? [`The list may not be whole: ${listed(remarks)}.`] : []),
    ...(unused.length > 0 ? [`Not used: ${headers(unused)}.`] : []),
    ...(unused.some((one) => /manager|supervisor|reports? to/i.test(one)) ? [ofManagers] : []),
    ...(unused.some((one) => /^(?:access )?start|hire date|first day/i.test(one)) ? [ofStartDays] : []),
    ...(roster.bare === "hr"
      ? ["The column of numbers is HR's own: the names or logins beside them are other people's in SkyPrep."]
      : []),
    ...(fields.has("name")
      ? ["Full names are not compared: first and last name have columns of their own."]
      : []),
    ...(spare.length > 0 && spare.length <= rows.length / 2
      ? [`Addresses not used: ${listed(spare.map((one) => cleanText(one).slice(0, 100)))}.`]
      : []),
    ...(roster.readAs.length > 0
      ? [
          `Read without marks around them (${roster.readAs.length}): ${listed(roster.readAs.map(({ row, login }) => `row ${row} ${cleanText(login).slice(0, 80)}`))}`,
        ]
      : []),
    ...(said.length > 0
      ? [
          `${ends ? "Said to be gone" : "Said to be gone, left as they are"} (${said.length}): ${listed(
            said.map(
              ({ who, said: { row, why } }) => `row ${row} ${inWords(who)} (${cleanText(why).slice(0, 60)})`,
            ),
          )}`,
        ]
      : []),
    ...(roster.goneAlready.length > 0
      ? [`Said to be gone, and not here: ${rowList(roster.goneAlready)}.`]
      : []),
    ...(future.length > 0
      ? [`New with a last day, which is not set: ${rowList(future.map(({ row }) => row))}.`]
      : []),
    ...(ends ? [] : absentInWords(absent, notWhole.length > 0)),
    ...named("Admins who are not in the list, left as they are", roster.admins),
    ...named("In the list, but without access now, left so", roster.returned),
    ...named("Perhaps in the list, left as they are", roster.doubtful),
    ...(nobody.length > 1
      ? [`Nobody (a header, a rule, a total, or words for none): ${rowList(nobody)}.`]
      : []),
  ];
}

/** Whoever was to be left alone is not listed: nobody asked for their names. */
function absentInWords(absent: readonly Someone[], isCut: boolean): string[] {
  if (isCut) return named("Not in the list, and left as they are because it was not read whole", absent);
  return absent.length === 0
    ? []
    : [`Not in the list, left as they are: ${count(absent.length, "person", "people")}.`];
}

export const headers = (all: readonly string[]): string =>
  listed(all.map((one) => cleanText(one).slice(0, 40)));
export const inWords = ({ id, name }: Someone): string => `${id} ${name}`;
export const listed = (all: readonly string[]): string =>
  `${all.slice(0, mostNamed).join("; ")}${all.length > mostNamed ? ` and ${all.length - mostNamed} more` : ""}`;
export const named = (what: string, people: readonly Someone[]): string[] =>
  people.length > 0 ? [`${what} (${people.length}): ${listed(people.map(inWords))}`] : [];
