import { type Entry, personal } from "./entry.ts";
import type { Target } from "./line.ts";
import type { NamesOfPerson } from "./person.ts";

/** What stands where something about a forgotten person stood. */
export const forgottenMark = "(forgotten)";

const idKey = /^id$|_ids?$/;

/**
 * The line without the person; undefined where it does not name them. Numbers and kinds stay, so that it still
 * says what was done; of a line about several people, what is said of the others stays too.
 */
export function without(entry: Entry, person: NamesOfPerson): Entry | undefined {
  const of = typeof entry.of === "number" ? entry.of : entry.seq;
  const account = typeof entry.account === "string" ? entry.account : (person.accountOf(of) ?? "");
  const masking = { person, account, all: person.owns(of) };
  const changed: Entry = { ...entry };
  for (const key of personal) {
    const value = entry[key];
    if (value === undefined) continue;
    if (key === "targets" && Array.isArray(value))
      changed[key] = (value as Target[]).map((one) => maskTarget(one, masking));
    // The top of the arguments is no row of a table: a value that names them leaves the others.
    else if (key === "arguments") changed[key] = maskFields(value as object, masking);
    else changed[key] = maskValue(value, masking);
  }
  // Others did much of what is said of this person.
  for (const key of ["person", "approver", "client_id"] as const) {
    const value = entry[key];
    if (typeof value === "string" && person.namedIn(value)) changed[key] = forgottenMark;
  }
  if (JSON.stringify(changed) === JSON.stringify(entry)) return undefined;
  const { salt: _, ...rest } = changed;
  return { ...rest, forgotten: true };
}

/** Whether anything inside names the person. */
export function names(value: unknown, person: NamesOfPerson): boolean {
  if (typeof value === "string") return person.namedIn(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, one]) => person.namedIn(key) || names(one, person));
}

interface Masking {
  readonly person: NamesOfPerson;
  readonly account: string;
  /** Everything said is said of this person. */
  readonly all: boolean;
}

function maskTarget(target: Target, { person, account }: Masking): Target {
  const { kind, id, ...said } = target;
  const known = { kind, ...(id !== undefined && { id }) };
  if (person.isTarget(account, target)) return { ...known, login: forgottenMark };
  const kept = Object.entries(said).map(([key, one]) => [key, names(one, person) ? forgottenMark : one]);
  return { ...known, ...Object.fromEntries(kept) };
}

function maskValue(value: unknown, masking: Masking, key = ""): unknown {
  const { person, account, all } = masking;
  if (Array.isArray(value)) return value.map((one) => maskValue(one, masking, key));
  if (typeof value === "object" && value !== null) {
    // Of a table of people, the row that names them goes; the others stay.
    const row = Object.values(value).some((one) => typeof one === "string" && person.namedIn(one));
    return maskFields(value, { ...masking, all: all || row });
  }
  if (typeof value === "string")
    return all || person.namedIn(value) || numbers(value) ? forgottenMark : value;
  return all && value !== null && !(typeof value === "number" && idKey.test(key)) ? forgottenMark : value;

  function numbers(text: string): boolean {
    return [...text.matchAll(/#(\d+)/g)].some(([, id]) => person.numbered(account, Number(id)));
  }
}

const maskFields = (fields: object, masking: Masking) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, one]) => [
      masking.person.namedIn(key) ? forgottenMark : key,
      maskValue(one, masking, key),
    ]),
  );
