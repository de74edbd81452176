import { unlessAborted } from "../node/abort.ts";
import { cleanText } from "../text/english.ts";
import { fold } from "../text/fold.ts";
import { createMeanings, type Meaning, otherOrders } from "./name-matching.ts";
import type { Row } from "./reads.ts";

export type DirectoryKind = "person" | "course" | "group" | "path" | "report";

/** One record that a text may mean, with words a person knows it by. */
export interface Candidate {
  readonly id: number;
  readonly label: string;
  /** Of a person. */
  readonly login?: string;
  /** Named exactly: by number, login, code or the whole name. */
  readonly exact?: true;
}

/** What people type, as one record: part of a name, a login, a code or the number itself. */
export interface Directory {
  /**
   * At most 100, best first: people by their login, where they have one, everything else by number. An offer while somebody types: nothing where the list is not there
   * within a second (it is then on its way for the next key) or cannot be had.
   */
  complete(kind: DirectoryKind, text: string, signal: AbortSignal): Promise<string[]>;
  /**
   * Those it may mean, best first, however long the list takes: an exact name, login, code or number leaves
   * out what merely resembles it. Rejects as the list does, or with the signal's reason.
   */
  find(kind: DirectoryKind, text: string, signal: AbortSignal): Promise<readonly Candidate[]>;
  /** Those it names: the exact text first, then as it was most likely meant. Rejects as `find` does. */
  meant(kind: DirectoryKind, text: string, signal: AbortSignal): Promise<Meaning<Candidate>>;
}

export interface DirectoryWorld {
  /** A whole list, raw, by its tool; kept by whoever gives it. The same array again is not read again. */
  readonly list: (tool: string, signal: AbortSignal) => Promise<readonly unknown[]>;
  /** Calls back after so many milliseconds unless the returned function was called; need not keep a process alive. */
  readonly after: (ms: number, then: () => void) => () => void;
}

const patienceMs = 1_000;
/** Keys are typed faster than a list that cannot be had should be asked for. */
const restMs = 10_000;
const mostOffered = 100;
const wordBreaks = /[\s@._,;:+()<>/&-]+/g;

/** The list each kind is in, and where its names, logins and codes stand. */
const listed: Record<DirectoryKind, Listed> = {
  person: {
    tool: "get_users",
    also: "user_id",
    login: ["email", "username"],
    code: ["user_identifier", "card_no"],
    name: people,
  },
  course: { tool: "get_courses", also: "course_id", login: [], code: ["course_code"], name: named },
  // A group's user_group_id is its parent.
  group: { tool: "get_user_groups", login: [], code: [], name: named },
  path: { tool: "get_learning_paths", login: [], code: [], name: named },
  report: {
    tool: "get_saved_advanced_reports",
    also: "saved_advanced_report_id",
    login: [],
    code: [],
    name: named,
  },
};

interface Listed {
  readonly tool: string;
  /** Where the number stands too. */
  readonly also?: string;
  readonly login: readonly string[];
  readonly code: readonly string[];
  readonly name: (row: Row) => string[];
}

/** The list tool that a kind's records are looked up with. */
export const listToolOf = (kind: DirectoryKind): string => listed[kind].tool;

interface DirectoryEntry extends Candidate {
  /** As they stand in the record. */
  readonly own: readonly string[];
  /** A name in another order than it is written here. */
  readonly other: readonly string[];
  readonly keys: readonly string[];
  /** The words of all keys, each after a line break. */
  readonly words: string;
  readonly sort: string;
}

export function createDirectory({ list, after }: DirectoryWorld): Directory {
  const loading = new Map<DirectoryKind, Promise<readonly DirectoryEntry[]>>();
  const failed = new Set<DirectoryKind>();
  const read = new WeakMap<readonly unknown[], readonly DirectoryEntry[]>();
  const meanings = new WeakMap<readonly DirectoryEntry[], (text: string) => Meaning<DirectoryEntry>>();

  /** One load for all who ask; it does not end with the request that began it. */
  function load(kind: DirectoryKind): Promise<readonly DirectoryEntry[]> {
    const running = loading.get(kind);
    if (running) return running;
    const begun = begin(kind).finally(() => loading.delete(kind));
    loading.set(kind, begun);
    begun.catch(() => {
      failed.add(kind);
      after(restMs, () => failed.delete(kind));
    });
    return begun;
  }

  async function begin(kind: DirectoryKind): Promise<readonly DirectoryEntry[]> {
    const rows = await list(listToolOf(kind), new AbortController().signal);
    const known = read.get(rows);
    if (known) return known;
    const entries = rows.flatMap((row) => entryOf(kind, row)).sort(byName);
    read.set(rows, entries);
    return entries;
  }

  return {
    async complete(kind, text, signal) {
      if (failed.has(kind)) return [];
      const { promise: late, cancel } = lateness(after);
      try {
        const found = load(kind).catch(() => undefined);
        const entries = await unlessAborted(Promise.race([found, late]), signal);
        return ranked(entries ?? [], text)
          .slice(0, mostOffered)
          .map(({ entry: { login, id } }) => login ?? String(id));
      } finally {
        cancel();
      }
    },
    async find(kind, text, signal) {
      const found = ranked(await unlessAborted(load(kind), signal), text);
      const exact = found.filter(({ rank }) => rank === 0);
      return (exact.length > 0 ? exact : found).map(({ entry: { id, label, login }, rank }) => ({
        id,
        label,
        ...(login !== undefined && { login }),
        ...(rank === 0 && { exact: true as const }),
      }));
    },
    async meant(kind, text, signal) {
      const entries = await unlessAborted(load(kind), signal);
      const meaning = meanings.get(entries) ?? createMeanings(entries);
      meanings.set(entries, meaning);
      const { found, ...more } = meaning(text);
      return { ...more, found: found.map(candidate) };
    },
  };
}

const candidate = ({ id, label, login }: DirectoryEntry): Candidate => ({
  id,
  label,
  ...(login !== undefined && { login }),
});

function lateness(after: DirectoryWorld["after"]): { promise: Promise<undefined>; cancel: () => void } {
  let cancel = () => {};
  const promise = new Promise<undefined>((resolve) => {
    cancel = after(patienceMs, () => resolve(undefined));
  });
  return { promise, cancel };
}

function entryOf(kind: DirectoryKind, row: unknown): DirectoryEntry[] {
  if (typeof row !== "object" || row === null) return [];
  const record = row as Row;
  const { also, login, code, name } = listed[kind];
  const id = Number(record.id ?? (also === undefined ? undefined : record[also]));
  if (!Number.isSafeInteger(id) || id <= 0) return [];
  const names = name(record);
  const logins = textsAt(record, login);
  const others = [...logins, ...textsAt(record, code)];
  const shown = [names[0], others[0] === undefined ? undefined : `(${others[0]})`].filter(Boolean).join(" ");
  const own = [...new Set([String(id), ...others, ...names])];
  const keys = own.map(fold);
  return [
    {
      id,
      label: cleanText(shown),
      ...(logins[0] !== undefined && { login: logins[0] }),
      own,
      other: kind === "person" ? otherOrders(record) : [],
      keys,
      words: `\n${keys.flatMap((key) => [key.replaceAll(" ", "\n"), key.replace(wordBreaks, "\n")]).join("\n")}`,
      sort: fold(names[0] ?? others[0] ?? ""),
    },
  ];
}

const textsAt = (row: Row, fields: readonly string[]): string[] =>
  fields.map((field) => row[field]).filter((one): one is string => typeof one === "string" && one !== "");

function people(row: Row): string[] {
  const [first = "", last = ""] = [row.first_name, row.last_name].map((one) =>
    typeof one === "string" ? one : undefined,
  );
  const both = [`${first} ${last}`, `${last}, ${first}`].filter(() => first && last);
  return [...textsAt(row, ["display_name"]), ...both];
}

function named(row: Row): string[] {
  return textsAt(row, ["name", "full_name", "display_name"]);
}

function byName(a: DirectoryEntry, b: DirectoryEntry): number {
  return a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : a.id - b.id;
}

/** 0 the same · 1 begins so · 2 a word of it begins so · 3 contains it · 4 has words that begin as each of its words do. */
function ranked(entries: readonly DirectoryEntry[], text: string): { entry: DirectoryEntry; rank: number }[] {
  const wanted = fold(text).trim().replace(/\s+/g, " ");
  const words = wanted.split(/[\s,;]+/).filter(Boolean);
  const rankOf = ({ keys, words: own }: DirectoryEntry): number | undefined => {
    if (wanted === "") return 1;
    if (keys.includes(wanted)) return 0;
    if (keys.some((key) => key.startsWith(wanted))) return 1;
    if (own.includes(`\n${wanted}`)) return 2;
    if (keys.some((key) => key.includes(wanted))) return 3;
    return words.length > 1 && words.every((word) => own.includes(`\n${word}`)) ? 4 : undefined;
  };
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry) }))
    .filter((one): one is { entry: DirectoryEntry; rank: number } => one.rank !== undefined)
    .sort((a, b) => a.rank - b.rank);
}
