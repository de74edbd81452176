import type { PersonRow } from "../../tables/people.ts";
import type { PeopleIndex, Someone } from "./people-index.ts";

/** Whose number a column called `id` holds: told by whether names and logins beside it fit. */
export type BareNumbers = "skyprep" | "hr" | "unknown";

export type RowIdentity =
  | { readonly is: "one"; readonly who: Someone; readonly by: "login" | "number" | "code" | "name" }
  /** Several have this login or name. */
  | { readonly is: "several"; readonly people: readonly Someone[]; readonly what: string }
  /** What the row says of one person means two. */
  | { readonly is: "two"; readonly people: readonly Someone[]; readonly why: string }
  | { readonly is: "nobody" };

type Named = Pick<PersonRow, "values" | "logins" | "typed" | "bareNumber">;

/** The whole name, as far as the row says it. */
export const nameIn = ({ name, first_name, last_name }: PersonRow["values"]): string =>
  name ?? [first_name, last_name].filter(Boolean).join(" ");

/** A name that could be somebody's whole one. */
const fullName = ({ name, first_name, last_name }: PersonRow["values"]): string | undefined =>
  name ?? (first_name && last_name ? `${first_name} ${last_name}` : undefined);

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** Whose number it is that a column called `id` holds. */
export function bareNumbersOf(rows: readonly Named[], everyone: PeopleIndex): BareNumbers {
  let [agree, differ] = [0, 0];
  for (const row of rows) {
    const number = numberIn(row.bareNumber);
    if (number === undefined) continue;
    const theirs = everyone.byNumber(number);
    const [login] = byLogins(row, everyone);
    const name = fullName(row.values);
    const others = login === undefined ? (name === undefined ? [] : everyone.byName(name)) : [login];
    if (theirs === undefined ? others.length > 0 : others.includes(theirs)) {
      if (theirs === undefined) differ += 1;
      else agree += 1;
    } else if (login !== undefined || name !== undefined) differ += 1;
  }
  return agree > differ ? "skyprep" : agree + differ > 0 ? "hr" : "unknown";
}

/** The people whom the row's logins are of, each once; as it came first, then cleaned. */
function byLogins({ logins, typed }: Named, everyone: PeopleIndex): readonly Someone[] {
  const exact = typed === undefined ? [] : everyone.byLogin(typed);
  const found = exact.length > 0 ? [exact] : logins.map((login) => everyone.byLogin(login));
  return [...new Set(found.flat())];
}

export interface IdentifyContext {
  readonly everyone: PeopleIndex;
  readonly bare: BareNumbers;
  /** Somebody may be meant by nothing but a name. */
  readonly names: boolean;
}

/** Who is meant by a row. Whatever of it means another person stands against it. */
export function identify(row: Named, { everyone, bare, names }: IdentifyContext): RowIdentity {
  const { values } = row;
  const ofLogin = row.logins.map((login) => everyone.byLogin(login)).filter((own) => own.length > 0);
  const [first] = ofLogin;
  const number = numberIn(values.number ?? (bare === "skyprep" ? row.bareNumber : undefined));
  const ofNumber = number === undefined ? undefined : everyone.byNumber(number);
  const code = values.card_no ?? (bare === "hr" ? row.bareNumber : undefined);
  const ofCode = code === undefined ? [] : everyone.byCode(code);
  const name = fullName(values);
  const ofName = name === undefined ? [] : everyone.byName(name);

  const logins = byLogins(row, everyone);
  if (first !== undefined && first.length > 1 && logins.length === first.length) {
    const own = first.filter((one) => one === ofNumber || (ofNumber === undefined && ofName.includes(one)));
    const [who, ...more] = own;
    return who !== undefined && more.length === 0
      ? { is: "one", who, by: "login" }
      : { is: "several", people: first, what: "have this login" };
  }
  const strong = [...new Set([...logins, ...(ofNumber ? [ofNumber] : [])])];
  const [who, ...others] = strong;
  if (who !== undefined && others.length > 0) {
    return { is: "two", people: strong, why: logins.length > 1 ? "its logins" : "its number and its login" };
  }
  const found = who ?? (ofCode.length === 1 && row.logins.length === 0 ? ofCode[0] : undefined);
  if (found !== undefined) {
    const by = logins.length > 0 ? "login" : ofNumber ? "number" : "code";
    if (ofName.length > 0 && !ofName.includes(found)) {
      return { is: "two", people: [found, ...ofName], why: `its ${by} and its name` };
    }
    const [coded] = ofCode;
    if (values.card_no !== undefined && coded !== undefined && !ofCode.includes(found)) {
      return { is: "two", people: [found, coded], why: `its ${by} and its employee number` };
    }
    // A number alone may be another system's: a name beside it must fit.
    const fits = name === undefined || ofName.includes(found) || sharesName(name, found);
    if (by !== "login" && !fits) return { is: "two", people: [found], why: `its ${by} and its name` };
    return { is: "one", who: found, by };
  }
  if (ofCode.length > 1 && row.logins.length === 0)
    return { is: "several", people: ofCode, what: "have this code" };
  if (names && row.logins.length === 0 && values.number === undefined) {
    const some = everyone.byName(nameIn(values));
    const [one, ...more] = some;
    if (one !== undefined)
      return more.length === 0
        ? { is: "one", who: one, by: "name" }
        : { is: "several", people: some, what: "are called so" };
  }
  return { is: "nobody" };
}

/** Married, or written otherwise: a part of the name is the same. */
function sharesName(name: string, { name: known, row }: Someone): boolean {
  const parts = (text: string) =>
    text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((part) => part.length > 1);
  const theirs = new Set(
    [known, row.first_name, row.last_name].flatMap((one) => (typeof one === "string" ? parts(one) : [])),
  );
  return parts(name).some((part) => theirs.has(part));
}

export const peopleInWords = (people: readonly Someone[]): string =>
  people
    .slice(0, 4)
    .map(({ id, name }) => `${id} ${name}`)
    .join(" and ");
