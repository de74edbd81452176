import { setImmediate } from "node:timers/promises";
import { addressesIn } from "./address.ts";
import type { PersonField } from "./header-names.ts";
import { type LoosePerson, namedIn } from "./loose.ts";
import { isPlaceholder, isRule, remarkIn } from "./nobody.ts";
import {
  atOnce,
  mostRows,
  nobodyIn,
  type PeopleList,
  type Reading,
  tooMany,
  understood,
} from "./people-list.ts";
import type { PersonRow } from "./row.ts";
import type { Record } from "./split.ts";
import { isPlainlyGone, isStandingWord, statusIn } from "./standing.ts";

/** Without a header: a column of addresses among others, or lines that name people somehow. */
export async function readLoose(records: readonly Record[], reading: Reading): Promise<PeopleList> {
  const notWhole = [...reading.notWhole];
  const notes = [...reading.notes];
  const nobody: number[] = [];
  const rows: PersonRow[] = [];
  const at = addressColumn(records);
  const standings = standingColumns(records, at);
  const totals: number[][] = [];
  for (const [n, { row, cells, torn }] of records.entries()) {
    if (n % atOnce === atOnce - 1) await setImmediate();
    if (isRule(cells) || (cells.every(isPlaceholder) && remarkIn(cells) === undefined)) {
      nobody.push(row);
      continue;
    }
    if (n === 0 && at !== undefined && isForeignHeader(cells, at)) {
      nobody.push(row);
      continue;
    }
    const remark = remarkIn(cells);
    if (remark !== undefined) {
      nobody.push(row);
      if (remark.is === "more")
        notWhole.push({
          row,
          why: `“${cells.filter(Boolean).join(" ").slice(0, 60)}” says that there are more`,
        });
      if (remark.is === "total") totals.push([row, ...remark.numbers]);
      continue;
    }
    if (torn !== undefined && at !== undefined) notWhole.push({ row, why: torn });
    const own = at === undefined ? [] : addressesIn(cells[at] ?? "");
    if (at !== undefined && own.length === 1) {
      const unused = cells.flatMap((cell, place) =>
        place === at ? [] : addressesIn(cell).map((one) => `${one} (column ${place + 1})`),
      );
      const [login = ""] = own;
      rows.push({
        row,
        values: { login },
        logins: [login],
        suspects: [],
        ...(unused.length > 0 && { unused }),
        ...standingIn(cells, standings),
        ...(torn && { doubt: torn }),
      });
    } else if (at !== undefined && !cells.some((cell) => cell.includes("@"))) {
      rows.push({
        row,
        values: { name: cells.filter(Boolean).join(", ") },
        logins: [],
        suspects: [],
        doubt: `it has no login in column ${at + 1}`,
      });
    } else for (const one of looseRow(row, cells.filter(Boolean).join("; "))) rows.push(one);
    if (rows.length > mostRows) return nobodyIn(tooMany);
  }
  for (const [row = 0, ...numbers] of totals) {
    if (numbers.length > 0 && !numbers.includes(rows.length))
      notWhole.push({ row, why: `it says ${numbers.join(", ")}, and the list has ${rows.length}` });
  }
  notWhole.push(...rows.flatMap(({ row, doubt }) => (doubt === undefined ? [] : [{ row, why: doubt }])));
  if (at === undefined && isUnknownTable(records)) return { ...nobodyIn(headerUnknown(records[0])), notes };
  notes.push(
    at === undefined
      ? "It has no header row: each row was taken for a login, number or name."
      : `It has no header row: column ${at + 1} was taken for the login.`,
  );
  const fields = new Set(rows.flatMap(({ values }) => Object.keys(values) as PersonField[]));
  return { rows, meanings: new Set(fields), columns: [], fields, ignored: [], notWhole, notes, nobody };
}

/** A header in a language whose names for columns are not known: "mail" is much the same in all. */
const isForeignHeader = (cells: readonly string[], at: number): boolean =>
  cells.length > 1 &&
  cells.every((cell) => !/[@\d]/.test(cell)) &&
  /mail|почт|пошт|メール|邮|郵|信箱|이메일|메일|البريد|ایمیل|דוא|ईमेल|อีเมล/i.test(cells[at] ?? "");

/** Columns of words for being here or gone, though no header says so. */
const standingColumns = (records: readonly Record[], login: number | undefined): ReadonlySet<number> => {
  const sample = records.slice(0, 500).map(({ cells }) => cells);
  const widest = Math.max(0, ...sample.map((cells) => cells.length));
  return new Set(
    Array.from({ length: Math.min(widest, 100) }, (_, at) => at).filter((at) => {
      const own = sample.map((cells) => cells[at] ?? "").filter((cell) => cell !== "");
      return at !== login && own.length > 0 && own.filter(isStandingWord).length > own.length * 0.8;
    }),
  );
};

/** Without a header to tell what it is of, only a plain word ends anything; another makes a doubt. */
function standingIn(
  cells: readonly string[],
  standings: ReadonlySet<number>,
): Pick<PersonRow, "gone" | "doubt"> {
  for (const [at, cell] of cells.entries()) {
    if (isPlainlyGone(cell) && standings.has(at)) return { gone: { why: cell } };
    if (isPlainlyGone(cell) || (standings.has(at) && statusIn(cell)?.is !== "here" && cell !== ""))
      return { doubt: `“${cell.slice(0, 40)}”: whether it says that they are gone is not plain` };
  }
  return {};
}

/** "avery@example.com - Terminated": a word, and no name. */
function standingOf({ login, number, name }: LoosePerson): Pick<PersonRow, "gone" | "doubt"> | undefined {
  if (name === undefined || (login === undefined && number === undefined) || !isStandingWord(name))
    return undefined;
  if (isPlainlyGone(name)) return { gone: { why: name } };
  return statusIn(name)?.is === "here"
    ? {}
    : { doubt: `“${name.slice(0, 40)}”: whether it says that they are gone is not plain` };
}

export function looseRow(row: number, text: string): PersonRow[] {
  return namedIn(text).map((named) => {
    const standing = standingOf(named);
    return { ...looseOf(row, standing === undefined ? named : { ...named, name: undefined }), ...standing };
  });
}

function looseOf(row: number, { login, number, name, typed, parts }: Undefinable<LoosePerson>): PersonRow {
  return {
    row,
    values: {
      ...(login !== undefined && { login }),
      ...(number !== undefined && { number }),
      ...(name !== undefined && { name }),
    },
    logins: login === undefined ? [] : [login],
    suspects: [],
    ...(typed !== undefined && { typed }),
    ...(parts !== undefined && { parts }),
  };
}

type Undefinable<T> = { readonly [key in keyof T]: T[key] | undefined };

/** The one column that holds an address in most rows, beside others that hold none as a rule. */
export function addressColumn(records: readonly Record[]): number | undefined {
  const sample = records.slice(0, 500);
  const widest = Math.max(0, ...sample.map(({ cells }) => cells.length));
  if (widest < 2 || widest > 500) return undefined;
  const holds = sample.map(({ cells }) => cells.map((cell) => addressesIn(cell).length));
  const crowded = holds.filter(
    (counts) => counts.filter((n) => n > 0).length > 1 || counts.some((n) => n > 1),
  ).length;
  const texts = sample.some(({ cells }) => cells.some((cell) => cell !== "" && !cell.includes("@")));
  if (!texts || sample.length < 2) return undefined;
  const counts = Array.from({ length: widest }, (_, at) => holds.filter((own) => (own[at] ?? 0) > 0).length);
  const most = Math.max(...counts);
  const boxed = sample.some(({ cells }) => cells.some((cell) => /<[^>]*@/.test(cell)));
  if (boxed || most < sample.length * 0.6) return undefined;
  return crowded > sample.length / 2 &&
    sample.every(({ cells }) => cells.filter(Boolean).every((cell) => cell.includes("@")))
    ? undefined
    : counts.indexOf(most);
}

/** Rows of many cells and no address: a table whose header is not known. */
export function isUnknownTable(records: readonly Record[]): boolean {
  const wide = records.filter(({ cells }) => cells.filter(Boolean).length > 1);
  if (records.length < 2 || wide.length < records.length * 0.8) return false;
  if (records.some(({ cells }) => cells.some((cell) => cell.includes("@")))) return false;
  // "Learner, Avery" on every line is a list of names.
  const isName = (cell: string) => /^[\p{L}\p{M}'’.\- ]+$/u.test(cell);
  return !wide.every(({ cells }) => cells.length === 2 && cells.every(isName));
}

const headerUnknown = (first: Record | undefined): string =>
  `No column says who is meant. The first row is: ${first?.cells.slice(0, 8).join(", ").slice(0, 200)}. Understood are ${understood}.`;
