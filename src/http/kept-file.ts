import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { FileRead } from "./file-read.ts";

interface WatchedFileWorld<T> {
  /** A file, or a folder of `*.json`. */
  readonly path: string;
  readonly read: (texts: readonly NamedText[]) => FileRead<T>;
  readonly now: () => number;
  /** One line for whoever looks after the server. */
  readonly say: (line: string) => void;
  /** What holds where there is nothing; left out: that is a mistake. */
  readonly otherwise?: T;
}

export interface NamedText {
  /** The file's own name. */
  readonly file: string;
  readonly text: string;
}

export interface WatchedFile<T> {
  /** What was read last that had nothing wrong. */
  now(): T;
  /** Reads at once, changed or not: what it names, as a key's file, may have changed. */
  again(): void;
}

const lookMs = 1_000;
const largest = 4 * 1024 * 1024;
const troubles: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EFBIG: "it is larger than 4 MiB",
};

/**
 * A file that people change while the server runs: looked at when it is asked for, at most once a second. One that is
 * wrong, or half written, leaves what was read before, and is told once.
 * @returns what is wrong where the first reading finds nothing to hold
 */
export function keepFile<T>({
  path,
  read,
  now,
  say,
  otherwise,
}: WatchedFileWorld<T>): FileRead<WatchedFile<T>> {
  let stamp = stampOf(path);
  let looked = now();
  let held: T | undefined;
  const first = readNow();
  if ("wrong" in first) return first;
  held = first.value;
  let told = "";
  const look = () => {
    looked = now();
    const found = stampOf(path);
    if (found === stamp) return;
    stamp = found;
    const next = readNow();
    if ("value" in next) {
      held = next.value;
      if (told !== "") say(`${basename(path)} is read again: what was wrong is mended.`);
      told = "";
      return;
    }
    const why = next.wrong.join(" ");
    if (why !== told)
      say(`${basename(path)} is not used as it stands now, what was read before holds on. ${why}`);
    told = why;
  };
  return {
    value: {
      now() {
        if (now() - looked >= lookMs) look();
        return held as T;
      },
      again() {
        stamp = "";
        look();
      },
    },
  };

  function readNow(): FileRead<T> {
    try {
      return read(textsAt(path));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown";
      // Gone while the server runs is no wish: only at the start may there be none.
      if (code === "ENOENT" && otherwise !== undefined && held === undefined) return { value: otherwise };
      return { wrong: [`${basename(path)}: it cannot be read: ${troubles[code] ?? code}.`] };
    }
  }
}

const filesAt = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith(".json") && !name.startsWith("."))
        .sort()
        .map((name) => join(path, name))
    : [path];

const textsAt = (path: string): NamedText[] =>
  filesAt(path).map((file) => {
    if (statSync(file).size > largest) throw Object.assign(new Error("too large"), { code: "EFBIG" });
    return { file: basename(file), text: readFileSync(file, "utf8") };
  });

/** Changes with whatever stands there, behind links as well. */
function stampOf(path: string): string {
  try {
    return filesAt(path)
      .map((file) => {
        const { ino, size, mtimeMs, ctimeMs } = statSync(file);
        return [file, ino, size, mtimeMs, ctimeMs].join(" ");
      })
      .join("\n");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}
