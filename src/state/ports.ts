import type { statePlaces } from "./state-places.ts";

/**
 * What outlives a call, whatever keeps it. An adapter for one desk stands in `files/`, one for a team in `postgres/`;
 * nobody else knows which it is. Rejections carry a `code`, as those of a file system do, where something could not be
 * read or written.
 */
export interface State extends SharedState {
  /** Of the account, and of what may be shown in them. */
  plans(owner: string): Plans;
  /** `run`: of a pretend academy that begins anew with each process, what an earlier one kept is not seen. */
  exports(owner: string, run?: string): Exports;
}

export type Place = keyof typeof statePlaces;

/** Texts and lines under the names of `statePlaces`, and of what stands inside those. */
export interface SharedState {
  /** The whole, as a person is told of it. */
  readonly where: string;
  /** The same of a part. */
  whereOf(place: Place, ...inside: string[]): string;
  text(place: Place, ...inside: string[]): SharedText;
  lines(place: Place, ...inside: string[]): SharedLines;
  /** Empty where there are none, or they cannot be read. */
  names(place: Place, ...inside: string[]): Promise<readonly NamedEntry[]>;
  remove(place: Place, ...inside: string[]): Promise<void>;
  stamped(place: Place, ...inside: string[]): StampedFiles;
  /** Of the whole, or of what would stand there. */
  isWritable(...within: [Place, ...string[]] | []): boolean;
}

export interface NamedEntry {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

/**
 * Runs the work while nothing else, in this process or another, holds the same lock. Callers of one process
 * go first come, first served. The work must not ask for the lock again: it would wait for itself.
 * @throws LockTaken, or what the folder says (`EACCES`, `ENOTDIR` …), or EFOREIGN, ENEWER
 */
export type Lock = <T>(work: () => Promise<T>) => Promise<T>;

/** Another process held the lock for longer than anybody should. */
export class LockTaken extends Error {
  readonly code = "ELOCKED";

  constructor(path: string) {
    super(`${path} is held by another process`);
  }
}

/** A text that several processes share. Read and written whole. */
export interface SmallFile {
  /** Undefined: there is none. @throws ENEWER, and whoever writes reads before: a newer program's is not written over */
  read(): Promise<string | undefined>;
  /** Whole or not at all: whoever is killed while writing leaves what was there before. */
  write(text: string): Promise<void>;
}

export interface SharedText extends SmallFile {
  readonly alone: Lock;
}

/** How far a file was read. */
export interface FileMark {
  /** Which file: a new one may stand under the same name. */
  readonly file: string;
  readonly end: number;
}

export interface Lines {
  readonly lines: readonly string[];
  readonly mark: FileMark;
  /** Whether the lines begin with the file's first: it is another file than the mark was of. */
  readonly fresh: boolean;
}

/** A file that grows by lines. Who writes holds a lock; who reads need not. */
export interface LineFile {
  /** The lines that came after the mark. What a killed writer left without its line break is no line. Undefined: there is no file. */
  read(after?: FileMark): Promise<Lines | undefined>;
  append(line: string, after: FileMark): Promise<FileMark>;
  /** A new file with this one line: whole or not at all. */
  begin(line: string): Promise<FileMark>;
}

export interface SharedLines extends LineFile {
  readonly alone: Lock;
}

/** What a file says, and when it was last touched as only its file system can say: a copy put back has another stamp. */
export interface Stamped {
  readonly text: string;
  readonly stamp: string;
}

/** Small files in a folder that several processes share. */
export interface StampedFiles {
  /** Alone among all who share them. The work must not ask for it again. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  names(): Promise<readonly string[]>;
  /** Undefined: there is none, or something else stands in its place. */
  read(name: string): Promise<Stamped | undefined>;
  /** Whole, and on disk, when it resolves: with its stamp. Rejects with what the file system says, or EFBIG. */
  put(name: string, text: string): Promise<string>;
  remove(name: string): Promise<void>;
}

/** What is to be done, which never changes, and how far it is, which does. */
export interface KeptPlan {
  readonly plan: unknown;
  readonly state: unknown;
  /** Of the state: whoever writes it says which one it read. */
  readonly revision: number;
}

/** Kept for a week, so that an old plan can be told from an unknown one. */
export interface Plans {
  /** A short name that a person can say, e.g. `oak-17`. @throws CannotKeepPlan */
  keep(plan: object, state: unknown): Promise<string>;
  /** Undefined where there is none of this name, or no longer. */
  read(name: string): Promise<KeptPlan | undefined>;
  /** The new revision. @throws Overtaken, CannotKeepPlan */
  advance(name: string, revision: number, state: unknown): Promise<number>;
}

/** Somebody else has taken the plan further meanwhile. */
export class Overtaken extends Error {}

/** Why something cannot be kept, for a person: where, why, and what they can do, a sentence. */
export interface Unkept {
  readonly where: string;
  readonly why: string;
  readonly remedy: string;
}

/** Plans cannot be written. */
export class CannotKeepPlan extends Error {
  constructor({ where, why, remedy }: Unkept, cause?: unknown) {
    super(`The plan could not be kept in ${where}: ${why}. ${remedy}`, { cause });
  }
}

/** A report that was kept. */
export interface Export {
  readonly id: string;
  readonly name: string;
  readonly extension: "csv" | "xlsx" | "txt" | "html";
  /** Its whole path on the computer of whoever calls; undefined where it is on none of theirs. */
  readonly file: string | undefined;
  readonly bytes: number;
  /** Unknown of a workbook. */
  readonly rows: number | undefined;
  readonly columns: readonly string[] | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface ToKeep {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly extension: "csv" | "xlsx" | "txt" | "html";
  readonly rows?: number | undefined;
  readonly columns?: readonly string[] | undefined;
}

/** Kept for a week. */
export interface Exports {
  /** @throws CannotKeep */
  keep(report: ToKeep): Promise<Export>;
  /** Newest first. */
  list(): Promise<readonly Export[]>;
  /** Undefined where there is none of this id, or no longer. */
  read(id: string): Promise<{ readonly about: Export; readonly content: Uint8Array } | undefined>;
}

/** Exports cannot be written. */
export class CannotKeep extends Error {
  readonly where: string;

  constructor({ where, why, remedy }: Unkept, cause?: unknown) {
    super(`The report could not be kept in ${where}: ${why}. ${remedy}`, { cause });
    this.where = where;
  }
}
