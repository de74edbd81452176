import { foldHeader } from "../../files/header.ts";
import type { PeopleTable, PersonField } from "../../files/people.ts";
import { keyboarded } from "../../files/typed.ts";
import { cleanText } from "../../reply/clean-text.ts";
import { type Everyone, isAdmin, isGone, loginKey, type Row, type Someone } from "./everyone.ts";
import type { Plan } from "./plan.ts";

/** One who should be here, as the list has them. */
export interface Wanted {
  readonly row: number;
  readonly login: string;
  readonly values: Readonly<Partial<Record<PersonField, string>>>;
}

export interface Roster {
  readonly joiners: readonly Wanted[];
  /** Whose fields differ: what is to be sent, by the names update_user has for them. */
  readonly changed: readonly { readonly who: Someone; readonly args: Record<string, unknown> }[];
  /** Everybody of the list who is here. */
  readonly here: readonly { readonly who: Someone; readonly wanted: Wanted }[];
  readonly leavers: readonly Someone[];
  /** Not in the list, and never made leavers. */
  readonly admins: readonly Someone[];
  /** In the list, but without access. */
  readonly returned: readonly Someone[];
  /** How many have access now. */
  readonly active: number;
  readonly left: Plan["left"];
}

/** Fields that a roster sets → where SkyPrep shows them. */
const shown: Readonly<Partial<Record<PersonField, string>>> = {
  first_name: "first_name",
  last_name: "last_name",
  title: "title",
  company: "company",
  cell: "cell",
  phone: "phone",
  work_phone: "work_phone",
  address: "address",
  address_2: "address_2",
  state: "state",
  zip: "zip",
  gender: "gender",
  date_of_birth: "date_of_birth",
  card_no: "user_identifier",
};

/** Who should be here against who is; nothing is guessed, and an empty cell says nothing. */
export function compare({ rows }: Pick<PeopleTable, "rows">, everyone: Everyone, now: number): Roster {
  const { wanted, left } = wantedIn(rows, everyone);
  /** May well be in the list, by their names or by a login that several have. */
  const doubtful = new Set<number>();
  const doubt = (people: readonly Someone[]) => {
    for (const { id } of people) doubtful.add(id);
  };
  for (const { values } of rows) {
    if (loginIn(values, everyone) === undefined) doubt(namesakes(values, everyone, wanted));
  }

  const joiners: Wanted[] = [];
  const here: { who: Someone; wanted: Wanted }[] = [];
  for (const one of wanted.values()) {
    const { row, login, values } = one;
    const say = (why: string) => left.push({ row, who: short(login), why });
    const [who, ...more] = everyone.byLogin(login);
    if (who !== undefined && more.length === 0) here.push({ who, wanted: one });
    else if (who !== undefined) {
      doubt([who, ...more]);
      say("several people have this login");
    } else {
      const alike = namesakes(values, everyone, wanted);
      doubt(alike);
      if (alike.length === 0) joiners.push(one);
      else
        say(
          `perhaps person ${alike.map(({ id }) => id).join(", ")} with a new login: neither created nor ended`,
        );
    }
  }

  const listed = new Set(here.map(({ who }) => who.id));
  const active = everyone.all.filter((one) => !isGone(one, now));
  const missing = active.filter(({ id }) => !listed.has(id) && !doubtful.has(id));
  return {
    joiners,
    here,
    changed: here.flatMap(({ who, wanted: { values } }) => {
      const args = differing(values, who.row);
      return Object.keys(args).length > 0 ? [{ who, args }] : [];
    }),
    leavers: missing.filter((one) => !isAdmin(one)),
    admins: missing.filter(isAdmin),
    returned: here.filter(({ who }) => isGone(who, now)).map(({ who }) => who),
    active: active.length,
    left,
  };
}

/** The rows by login, each login once. */
function wantedIn(rows: PeopleTable["rows"], everyone: Everyone) {
  const left: Plan["left"] = [];
  const wanted = new Map<string, Wanted>();
  for (const { row, values } of rows) {
    const login = loginIn(values, everyone);
    if (login === undefined) {
      left.push({ row, who: short(nameIn(values)), why: "it has no login" });
      continue;
    }
    const before = wanted.get(loginKey(login));
    if (before === undefined) wanted.set(loginKey(login), { row, login, values });
    else left.push({ row, who: short(login), why: `the same login as row ${before.row}, which counts` });
  }
  return { wanted, left };
}

const short = (text: string): string => cleanText(text).slice(0, 80);

const nameIn = ({ name, first_name, last_name }: Wanted["values"]): string =>
  name ?? [first_name, last_name].filter(Boolean).join(" ");

function loginIn({ login, number }: Wanted["values"], everyone: Everyone): string | undefined {
  if (login !== undefined) return login;
  return number !== undefined && /^\d{1,15}$/.test(number)
    ? everyone.byNumber(Number(number))?.login
    : undefined;
}

/** People of this name whom the list does not name by their login. */
const namesakes = (
  values: Wanted["values"],
  everyone: Everyone,
  wanted: ReadonlyMap<string, Wanted>,
): Someone[] => everyone.byName(nameIn(values)).filter(({ login }) => !wanted.has(loginKey(login)));

const differing = (values: Wanted["values"], row: Row): Record<string, unknown> =>
  // What SkyPrep does not show cannot be compared.
  settable(
    values,
    (value, field) => field in row && keyboarded(String(row[field] ?? "")) !== keyboarded(value),
  );

/** The values as create_user and update_user take them. */
export function settable(
  values: Wanted["values"],
  take: (value: string, field: string) => boolean = () => true,
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  const custom: Record<string, string> = {};
  for (const [name, value] of Object.entries(values) as [PersonField, string][]) {
    const number = /^ca_(\d+)$/.exec(name)?.[1];
    const field = number === undefined ? shown[name] : name;
    if (field === undefined || !take(value, field)) continue;
    if (number === undefined) args[name] = value;
    else custom[number] = value;
  }
  return { ...args, ...(Object.keys(custom).length > 0 && { custom_fields: custom }) };
}

/** The groups a cell names: separated by semicolons, bars or line breaks, as names may hold commas. */
export const groupNames = (cell: string | undefined): string[] => [
  ...new Map(
    (cell ?? "")
      .split(/[;|\n]/)
      .map((name) => name.trim())
      .filter((name) => name !== "")
      .map((name) => [foldHeader(name), name] as const),
  ).values(),
];
