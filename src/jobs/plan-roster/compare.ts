import { foldHeader } from "../../tables/header.ts";
import type { PeopleList, PersonRow } from "../../tables/people.ts";
import { cleanText } from "../../text/english.ts";
import { type BareNumbers, bareNumbersOf, identify, nameIn, peopleInWords } from "../shared/list-identity.ts";
import { isAdmin, isGone, loginIndexKey, type PeopleIndex, type Someone } from "../shared/people-index.ts";
import type { Plan } from "../shared/plan.ts";
import { type Changed, differing, type LeftAsIs } from "./differing.ts";
import { type ListedPerson, namesakesOf, newcomer } from "./newcomer.ts";

export interface RosterLeaver {
  readonly who: Someone;
  /** Of a row that says so; the others are not in the list. */
  readonly said?: { readonly row: number; readonly why: string };
  /** The row's own last day. */
  readonly day?: string;
}

export interface Roster {
  readonly joiners: readonly ListedPerson[];
  readonly changed: readonly Changed[];
  /** Everybody of the list who is here. */
  readonly here: readonly { readonly who: Someone; readonly wanted: ListedPerson }[];
  readonly leavers: readonly RosterLeaver[];
  /** Not in the list or said to be gone, and never made leavers. */
  readonly admins: readonly Someone[];
  /** In the list, but without access. */
  readonly returned: readonly Someone[];
  /** Not in the list by their login, and perhaps in it all the same. */
  readonly doubtful: readonly Someone[];
  /** Rows of people who are gone and not here. */
  readonly goneAlready: readonly number[];
  /** Rows that say what another row said. */
  readonly repeated: readonly number[];
  /** Rows that could be matched with nobody and make nobody new; `left` says why. */
  readonly unmatched: readonly number[];
  /** Those of them because of which the list may not be what was meant. */
  readonly unclear: readonly { readonly row?: number; readonly why: string }[];
  readonly suspects: readonly LeftAsIs[];
  /** Logins that were read otherwise than they stand there. */
  readonly readAs: readonly { readonly row: number; readonly login: string }[];
  readonly bare: BareNumbers;
  /** How many have access now. */
  readonly active: number;
  readonly left: Plan["left"];
}

/** Who should be here against who is; nothing is guessed, and an empty cell says nothing. */
export function compareRoster(
  { rows }: Pick<PeopleList, "rows">,
  everyone: PeopleIndex,
  now: number,
): Roster {
  const bare = bareNumbersOf(rows, everyone);
  const left: Plan["left"] = [];
  const unmatched: number[] = [];
  const unclear: { row: number; why: string }[] = [];
  const doubtful = new Map<number, Someone>();
  const joiners = new Map<string, ListedPerson>();
  const here = new Map<number, { who: Someone; wanted: ListedPerson; row: PersonRow }>();
  const gone = new Map<number, { row: number; why: string }>();
  const last = new Map<number, { row: number; why: string; day: string }>();
  const twice = new Map<number, number>();
  const goneAlready: number[] = [];
  const repeated: number[] = [];
  const readAs: { row: number; login: string }[] = [];
  const doubt = (people: readonly Someone[]) => {
    for (const one of people) doubtful.set(one.id, one);
  };
  const listed = new Set(rows.flatMap(({ logins }) => logins.map(loginIndexKey)));
  const namesakes = (values: PersonRow["values"]) => namesakesOf(values, everyone, listed);
  /** Not to be used; `whole`: the rest of the list is to be believed all the same. */
  const leave = (row: PersonRow, why: string, about: { readonly whole: boolean }) => {
    const who = short(
      row.values.login ?? (nameIn(row.values) || (row.values.number ?? row.bareNumber ?? "")),
    );
    left.push({ row: row.row, who, why });
    unmatched.push(row.row);
    if (!about.whole) unclear.push({ row: row.row, why });
  };

  for (const row of rows) {
    const { values, typed, row: at } = row;
    const is = identify(row, { everyone, bare, names: false });
    if (row.doubt !== undefined) {
      doubt([...(is.is === "one" ? [is.who] : is.is === "nobody" ? [] : is.people), ...namesakes(values)]);
      leave(row, row.doubt, { whole: false });
    } else if (is.is === "two") {
      doubt(is.people);
      leave(row, `${is.why} mean two people: ${peopleInWords(is.people)}`, { whole: false });
    } else if (is.is === "several") {
      doubt(is.people);
      leave(row, `several people ${is.what}`, { whole: true });
    } else if (is.is === "one") {
      const { who } = is;
      const isGone = row.gone !== undefined && row.gone.lastDay === undefined;
      const before = here.get(who.id)?.wanted.row ?? gone.get(who.id)?.row;
      if (before !== undefined) {
        if (gone.has(who.id) !== isGone) {
          twice.set(who.id, at);
          leave(row, `row ${before} says otherwise whether they are gone`, { whole: false });
        } else {
          left.push({
            row: at,
            who: short(row.values.login ?? who.login),
            why: `the same login as row ${before}, which counts`,
          });
          repeated.push(at);
        }
        continue;
      }
      if (typed !== undefined && loginIndexKey(typed) !== loginIndexKey(who.login))
        readAs.push({ row: at, login: who.login });
      if (isGone) gone.set(who.id, { row: at, why: row.gone?.why ?? "" });
      else here.set(who.id, { who, wanted: { row: at, login: who.login, values }, row });
      if (row.gone?.lastDay !== undefined)
        last.set(who.id, { row: at, why: row.gone.why, day: row.gone.lastDay });
    } else if (row.gone !== undefined && row.gone.lastDay === undefined) goneAlready.push(at);
    else {
      const is = newcomer(row, { everyone, listed, joiners });
      if ("joins" in is) joiners.set(loginIndexKey(is.joins.login), is.joins);
      else if ("repeats" in is) {
        left.push({
          row: at,
          who: short(values.login ?? ""),
          why: `the same login as row ${is.repeats}, which counts`,
        });
        repeated.push(at);
      } else {
        doubt(is.perhaps);
        leave(row, is.why, { whole: is.whole });
      }
    }
  }

  for (const id of twice.keys()) {
    const one = here.get(id)?.who ?? everyone.byNumber(id);
    if (one) doubt([one]);
    gone.delete(id);
    here.delete(id);
  }
  const active = everyone.all.filter((one) => !isGone(one, now));
  const missing = active.filter(({ id }) => !here.has(id) && !doubtful.has(id));
  const ending = active.filter(({ id }) => last.has(id) && !doubtful.has(id));
  const present = [...here.values()];
  const compared = present.map(({ who, row }) => differing(row, who));
  return {
    joiners: [...joiners.values()],
    here: present.map(({ who, wanted }) => ({ who, wanted })),
    changed: compared.flatMap(({ changed }) => changed ?? []),
    leavers: [...missing, ...ending]
      .filter((one) => !isAdmin(one))
      .map((who) => {
        const day = last.get(who.id);
        const said = gone.get(who.id) ?? day;
        return { who, ...(said && { said: { row: said.row, why: said.why } }), ...(day && { day: day.day }) };
      }),
    admins: [...missing, ...ending].filter(isAdmin),
    returned: present.filter(({ who }) => isGone(who, now)).map(({ who }) => who),
    doubtful: [...doubtful.values()].filter((one) => !isGone(one, now) && !here.has(one.id)),
    goneAlready,
    repeated,
    unmatched,
    unclear,
    suspects: [
      ...compared.flatMap(({ suspects }) => suspects),
      ...rows
        .filter(
          ({ values }) =>
            values.login !== undefined && joiners.get(loginIndexKey(values.login)) !== undefined,
        )
        .flatMap(({ row, suspects }) => suspects.map((one) => ({ ...one, row }))),
    ],
    readAs,
    bare,
    active: active.length,
    left,
  };
}

const short = (text: string): string => cleanText(text).slice(0, 80);

/** The groups, or courses, a cell names: separated by semicolons, bars or line breaks, as names may hold commas. */
export const namesIn = (cell: string | undefined): string[] => [
  ...new Map(
    (cell ?? "")
      .split(/[;|\n]/)
      .map((name) => name.trim())
      .filter((name) => name !== "")
      .map((name) => [foldHeader(name), name] as const),
  ).values(),
];
