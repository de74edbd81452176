import { constants } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { openPlain, remove } from "../state/files/safe-files.ts";
import { journalFile } from "./line.ts";
import type { NamesOfPerson } from "./person.ts";
import { textsIn } from "./zip.ts";

/** Files beside the lines and images of the journal: plans, exports, tables that were kept, and whatever comes. */
export interface KeptFile {
  readonly path: string;
  /** What it says; of a workbook, its parts. Undefined: that cannot be told. */
  readonly text: string | undefined;
}

/** Every plain file in these places, one by one; what the journal forgets by itself is left out. */
export async function* keptFiles(places: readonly string[], journal: string): AsyncGenerator<KeptFile> {
  for (const place of places) {
    const found = await lstat(place).catch(() => undefined);
    if (found?.isDirectory()) {
      const inside = (await readdir(place)).sort().map((name) => join(place, name));
      yield* keptFiles(inside, journal);
    } else if (found?.isFile() && !isOfJournal(place, journal)) {
      yield { path: place, text: await textOf(place) };
    }
  }
}

const isOfJournal = (path: string, journal: string): boolean =>
  path === journalFile(journal) ||
  path === join(journal, "journal.head") ||
  (path.startsWith(join(journal, "before")) && /[\\/]\d+\.json$/.test(path));

/** Never through a link that was put there since. */
async function textOf(path: string): Promise<string | undefined> {
  const handle = await openPlain(path, constants.O_RDONLY).catch(() => undefined);
  try {
    const bytes = await handle?.readFile();
    if (bytes === undefined) return undefined;
    return /\.xlsx(\.part)?$/.test(path) ? textsIn(bytes)?.join("\n") : bytes.toString("utf8");
  } finally {
    await handle?.close();
  }
}

/** Whether a file is about this person; what cannot be read may be. */
export const isAbout = ({ path, text }: KeptFile, person: NamesOfPerson): boolean =>
  text === undefined ||
  [text, stemOf(path)].some((one) => person.namedIn(one) || person.spreadIn(one)) ||
  person.namedIn(basename(path).replace(/\.[a-z]+$/, ""));

const stemOf = (path: string): string => basename(path).replace(/(\.[a-z]+){1,3}$/, "");

/** Erases what names the person, with what belongs to it: a plan and how far it is, a report and its description. */
export async function eraseFiles(
  places: readonly string[],
  journal: string,
  person: NamesOfPerson,
): Promise<readonly string[]> {
  const about = new Set<string>();
  const all: string[] = [];
  for await (const file of keptFiles(places, journal)) {
    all.push(file.path);
    if (isAbout(file, person)) about.add(familyOf(file.path));
  }
  const erased = all.filter((path) => about.has(familyOf(path)));
  for (const path of erased) await remove(path);
  return erased;
}

/**
 * Erases the questions that wait, whoever they are about: what they keep says that to nobody but this program. They
 * are asked anew; the marks of those that were used stay, so that none of them can be used again.
 */
export async function eraseQuestions(folder: string): Promise<void> {
  const accounts = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const account of accounts.filter((one) => one.isDirectory())) {
    const within = join(folder, account.name);
    for (const name of await readdir(within))
      if (/^[0-9a-f]{32}(\.[0-9a-f]+)*(\.(?:form|agreed|page))?(\.seal)?\.json(\.part)?$/.test(name))
        await remove(join(within, name));
  }
}

/** `oak-17.json` and `oak-17.state.json`; of a name that is not of this form, the file alone. */
const familyOf = (path: string): string =>
  /[\\/]journal\.torn-/.test(path) ? path : path.replace(/(\.[a-z]+){1,3}$/, "");

/** Takes up how files call whoever has the login: until nothing new is learnt. */
export async function learnFromFiles(
  places: readonly string[],
  journal: string,
  person: NamesOfPerson,
): Promise<void> {
  for (let more = true; more; ) {
    more = false;
    for await (const { text } of keptFiles(places, journal)) {
      if (text === undefined || !person.namedIn(text)) continue;
      for (const name of namesIn(text, person)) if (person.call(name)) more = true;
    }
  }
}

/** Names that stand with a login of theirs: in a record, in a pair of name and login, in a row of a table. */
export function namesIn(text: string, person: NamesOfPerson): string[] {
  const documents = [text, ...text.split("\n")].flatMap((one): unknown[] => {
    if (!/^\s*[[{]/.test(one)) return [];
    try {
      return [JSON.parse(one) as unknown];
    } catch {
      return [];
    }
  });
  return [...documents.flatMap((one) => namesWithin(one, person)), ...namesInTable(text, person)];
}

function namesWithin(value: unknown, person: NamesOfPerson): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap((one) => namesWithin(one, person));
  const own = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (!own.some(([, one]) => person.hasLogin(one))) return inner;
  if (Array.isArray(value)) {
    const [name, login] = value as unknown[];
    return value.length === 2 && typeof name === "string" && person.hasLogin(String(login))
      ? [...inner, name]
      : inner;
  }
  const fields = Object.fromEntries(own);
  const whole = ["name", "display_name", "full_name"].flatMap((key) => fields[key] ?? []);
  return [...inner, ...whole, `${fields.first_name ?? ""} ${fields.last_name ?? ""}`];
}

function namesInTable(text: string, person: NamesOfPerson): string[] {
  const [head = "", ...rows] = text.split(/\r?\n/);
  if (!head.includes(",")) return [];
  const cells = (row: string) => row.split(",").map((one) => one.replace(/^\s*"?|"?\s*$/g, ""));
  const columns = cells(head.replace(/^﻿/, "")).map((one) => one.toLowerCase().replace(/[_ ]+/g, " "));
  return rows.flatMap((row) => {
    const own = cells(row);
    if (!own.some((one) => person.hasLogin(one))) return [];
    const at = (name: string) => own[columns.indexOf(name)] ?? "";
    return [at("name"), at("user name"), `${at("first name")} ${at("last name")}`];
  });
}
