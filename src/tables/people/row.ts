import { addressesIn, besideAddresses, cleanLogin } from "./address.ts";
import { type Column, saysOfElse } from "./columns.ts";
import { damageIn, unwrapped } from "./damage.ts";
import { knownFields, type PersonField } from "./header-names.ts";
import { isNoLogin, isPlaceholder, isWordForNothing } from "./nobody.ts";
import {
  answerIn,
  type ColumnDayOrder,
  isGoneWhateverOf,
  isPlainlyGone,
  isStandingWord,
  perhapsIn,
  type RosterStanding,
  statusIn,
  untilIn,
} from "./standing.ts";

/** A cell that is not believed; what SkyPrep has stays. */
export interface Suspect {
  readonly field: PersonField;
  readonly column: string;
  readonly text: string;
  readonly why: string;
}

/** What a row says of a person. */
export interface PersonRow {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  readonly values: Readonly<Partial<Record<PersonField, string>>>;
  /** What signs in, the likeliest first: the columns of logins, from left to right. */
  readonly logins: readonly string[];
  /** The login as it came, where it was cleaned. */
  readonly typed?: string;
  /** Cells as they came, where what they say was unwrapped or cleaned. */
  readonly asTyped?: Readonly<Partial<Record<PersonField, string>>>;
  /** Of a column that may be SkyPrep's number or HR's own. */
  readonly bareNumber?: string;
  readonly suspects: readonly Suspect[];
  /** The row says that they left, or when they will. */
  readonly gone?: { readonly why: string; readonly lastDay?: string };
  /** Why the row is not understood, or not to be believed. */
  readonly doubt?: string;
  /** The login is of another form than the others': it stands for somebody only where SkyPrep knows it. */
  readonly odd?: true;
  /** A name that may be the names of several. */
  readonly parts?: readonly string[];
  /** Addresses of the row that were not used, and where they stood. */
  readonly unused?: readonly string[];
}

export interface RowWorld {
  readonly columns: readonly Column[];
  readonly days: ReadonlyMap<number, ColumnDayOrder>;
  /** ISO. */
  readonly today: string;
  /** Nearly all logins are addresses. */
  readonly addresses: boolean;
}

const writable: ReadonlySet<string> = new Set(
  knownFields.filter((one) => !["login", "number", "groups", "courses"].includes(one)),
);

/** Several people where one cell of logins holds several and the row says nothing of any one of them. */
export function rowOf(row: number, cells: readonly string[], world: RowWorld): PersonRow[] {
  const { columns } = world;
  const values: Partial<Record<PersonField, string>> = {};
  const asTyped: Partial<Record<PersonField, string>> = {};
  const suspects: Suspect[] = [];
  const groups: string[] = [];
  const courses: string[] = [];
  const mine: FoundLogin[] = [];
  const others: string[] = [];
  const remarks: string[] = [];
  let aside: string | undefined;
  let bareNumber: string | undefined;
  let middle: string | undefined;
  for (const { at, header, meaning } of columns) {
    const cell = cells[at] ?? "";
    if (cell === "") continue;
    switch (meaning) {
      case "login":
      case "second_login":
        mine.push(...loginsIn(cell, meaning));
        break;
      case "number":
      case "bare_number": {
        const number = unwrapped(cell)
          .replace(/^#/, "")
          .replace(/[.,]0+$/, "");
        if (isNoLogin(number)) break;
        if (meaning === "number") values.number ??= number;
        else bareNumber ??= number;
        break;
      }
      case "groups":
        if (!isPlaceholder(cell)) groups.push(unwrapped(cell));
        break;
      case "courses":
        if (!isPlaceholder(cell)) courses.push(unwrapped(cell));
        break;
      case "middle_name":
        middle = unwrapped(cell);
        break;
      case "status":
      case "is_active":
      case "is_gone":
      case "last_day":
      case "perhaps_status":
        break;
      case undefined:
        if (isGoneAside(header, cell))
          aside ??= `${header}: ${cell}: whether it says that they are gone is not plain`;
        for (const address of addressesIn(cell)) others.push(`${address} (${header})`);
        break;
      case "another":
        for (const address of addressesIn(cell)) others.push(`${address} (${header})`);
        break;
      default: {
        if (!writable.has(meaning) && !meaning.startsWith("ca_")) break;
        if (isPlaceholder(cell) && !isWordForNothing(cell)) break;
        for (const address of addressesIn(cell)) others.push(`${address} (${header})`);
        const { value, remark } = /name$/.test(meaning)
          ? withoutRemark(unwrapped(cell))
          : { value: unwrapped(cell) };
        if (remark !== undefined) remarks.push(remark);
        const why = damageIn(meaning, value);
        if (why !== undefined) suspects.push({ field: meaning, column: header, text: cell, why });
        else if (value !== "" && values[meaning] === undefined) {
          values[meaning] = value;
          if (value !== cell && remark === undefined) asTyped[meaning] = cell;
        }
      }
    }
  }
  for (const cell of cells.slice(columns.length)) others.push(...addressesIn(cell));
  if (groups.length > 0) values.groups = groups.join(";");
  if (courses.length > 0) values.courses = courses.join(";");
  const standing = standingOf(cells, world, remarks);
  const base: PersonRow = {
    row,
    values,
    logins: [],
    suspects,
    ...(Object.keys(asTyped).length > 0 && { asTyped }),
    ...(bareNumber !== undefined && { bareNumber }),
    ...(others.length > 0 && { unused: others }),
    ...(aside !== undefined && standing.gone === undefined && { doubt: aside }),
    ...standing,
  };
  return [...withLogins(base, mine, { ...world, middle })];
}

interface FoundLogin {
  readonly logins: readonly string[];
  readonly typed: string;
  /** What stands beside an address, where it may be a name. */
  readonly beside: string;
  readonly meaning: "login" | "second_login";
}

function loginsIn(cell: string, meaning: FoundLogin["meaning"]): FoundLogin[] {
  if (isNoLogin(cell)) return [];
  const found = addressesIn(cell);
  if (found.length > 0) return [{ logins: found, typed: cell, beside: besideAddresses(cell), meaning }];
  const login = cleanLogin(unwrapped(cell));
  return login === "" || isNoLogin(login) ? [] : [{ logins: [login], typed: cell, beside: "", meaning }];
}

const hasName = ({ values, suspects }: PersonRow): boolean =>
  values.name !== undefined ||
  values.first_name !== undefined ||
  values.last_name !== undefined ||
  suspects.some(({ field }) => /name/.test(field));

function* withLogins(
  base: PersonRow,
  found: readonly FoundLogin[],
  { addresses }: RowWorld & { middle: string | undefined },
) {
  const first = found.filter(({ meaning }) => meaning === "login");
  const several = found.find(({ logins }) => logins.length > 1);
  if (several !== undefined && found.length === 1 && !hasName(base) && base.bareNumber === undefined) {
    for (const login of several.logins) yield { ...base, logins: [login], values: { ...base.values, login } };
    return;
  }
  const inOrder = [...first, ...found.filter(({ meaning }) => meaning !== "login")].flatMap(
    ({ logins }) => logins,
  );
  // An address is what signs in, where there is one beside a short name.
  const sorted = [
    ...inOrder.filter((one) => one.includes("@")),
    ...inOrder.filter((one) => !one.includes("@")),
  ];
  const [login] = sorted;
  const own = found.find(({ logins }) => logins.includes(login ?? ""));
  const typed = own?.typed;
  const odd = login !== undefined && (/\s/.test(login) || (addresses && !isWhole(login)));
  const name = own?.beside && !hasName(base) && /\p{L}/u.test(own.beside) ? { name: own.beside } : {};
  yield {
    ...base,
    logins: sorted,
    values: { ...name, ...base.values, ...(login !== undefined && { login }) },
    ...(login !== undefined && typed !== undefined && typed !== login && { typed }),
    ...(odd && { odd: true as const }),
  };
}

/** An address with a domain that could be one. */
const isWhole = (login: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(login);

/** Said in passing, in a column of notes. */
const isGoneAside = (header: string, cell: string): boolean =>
  (isGoneWhateverOf(cell) ||
    /\bleft (?:the |our )?(?:company|firm|organi[sz]ation|business)\b|\bno longer (?:with|works?|employed|here)\b/i.test(
      cell,
    )) &&
  !saysOfElse(header);

/** "Carter (Terminated)": what stands behind a name of whether they are here is no part of it. */
function withoutRemark(name: string): { value: string; remark?: string } {
  const [, value = "", remark = ""] = /^(.*\S)\s*[([]([^()[\]]{2,40})[)\]]$/u.exec(name) ?? [];
  return value !== "" && isStandingWord(remark) ? { value, remark } : { value: name };
}

/** What the columns of status, activity and last days say together. */
function standingOf(
  cells: readonly string[],
  { columns, days, today }: RowWorld,
  remarks: readonly string[],
): Pick<PersonRow, "gone" | "doubt"> {
  const said: { readonly standing: RosterStanding; readonly words: string; readonly asked: boolean }[] = [];
  let perhaps: string | undefined;
  for (const remark of remarks) {
    const standing = statusIn(remark);
    if (standing?.is === "gone" && !isPlainlyGone(remark))
      perhaps ??= `“(${remark})”: whether it says that they are gone is not plain`;
    else if (standing !== undefined) said.push({ standing, words: `(${remark})`, asked: false });
  }
  for (const { at, header, meaning } of columns) {
    const cell = cells[at] ?? "";
    if (cell === "") continue;
    const standing =
      meaning === "status"
        ? statusIn(cell)
        : meaning === "is_active" || meaning === "is_gone"
          ? /\d{2}/.test(cell)
            ? untilIn(cell, "unknown", today)
            : answerIn(cell, meaning)
          : meaning === "last_day"
            ? untilIn(cell, days.get(at) ?? "unknown", today)
            : undefined;
    if (meaning === "perhaps_status") {
      const doubt = perhapsIn(cell);
      if (doubt?.is === "unclear") perhaps ??= `${header}: ${cell}: ${doubt.why}`;
    }
    if (standing !== undefined)
      said.push({ standing, words: `${header}: ${cell}`, asked: meaning === "is_gone" });
  }
  const of = (is: RosterStanding["is"]) => said.find(({ standing }) => standing.is === is);
  const [unclear, gone, here, until] = [of("unclear"), of("gone"), of("here"), of("until")];
  if (unclear?.standing.is === "unclear") return { doubt: `${unclear.words}: ${unclear.standing.why}` };
  // "Suspended: 1" and "Deleted: 0" agree: each asks for something else.
  const against = said.some(({ standing, asked }) => standing.is === "here" && !(asked && gone?.asked));
  if (gone && here && against) return { doubt: `${gone.words} and ${here.words} disagree` };
  if (until?.standing.is === "until") return { gone: { why: until.words, lastDay: until.standing.day } };
  if (gone) return { gone: { why: gone.words } };
  // A reason for having left stays behind when somebody comes back.
  return perhaps !== undefined && here === undefined ? { doubt: perhaps } : {};
}
