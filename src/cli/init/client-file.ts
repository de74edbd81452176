import { constants } from "node:fs";
import { access, chmod, copyFile, lstat, mkdir, open, readFile, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { findNodeAtLocation, type Node, type ParseError, parse, parseTree } from "jsonc-parser";
import { replace } from "../../state/files/safe-files.ts";
import { type ClientEntry, entryName } from "./entry.ts";

/** What stands in the way of writing an entry without asking. */
export type Obstacle = "not-json" | "read-only" | "link" | "taken";

/** What writing an entry would do to a client's file. */
export interface FileChange {
  /** Where the text goes: behind a link, its target. */
  readonly file: string;
  /** What is there now; undefined: nothing. */
  readonly before: string | undefined;
  readonly after: string;
  readonly obstacles: readonly { readonly is: Obstacle; readonly says: string }[];
}

/** A client's file that cannot be looked at, and why. */
export class Unusable extends Error {}

/** Reads the file and says what it would become; changes nothing. */
export async function planEntry(path: string, under: string, entry: ClientEntry): Promise<FileChange> {
  const link = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
  const file = link ? await realpath(path).catch(() => path) : path;
  if (link && file === path) throw new Unusable(`${path} is a link to a file that is not there.`);
  const before = await textOf(file);
  const obstacles: FileChange["obstacles"][number][] = [];
  const stop = (is: Obstacle, says: string) => void obstacles.push({ is, says });
  if (link) stop("link", `${path} is a link: the entry would be written to ${file}.`);
  if (before !== undefined && !(await writable(file))) stop("read-only", `${file} is read-only.`);

  const read = readServers(before ?? "", under);
  if (read.is === "broken") {
    stop("not-json", `${file} ${read.why}. It would be set aside, and begun anew with this entry alone.`);
    return { file, before, after: withEntry("", under, entry), obstacles };
  }
  const there = read.servers[entryName];
  const same = isDeepStrictEqual(there, entry);
  if (there !== undefined && !same) {
    stop("taken", `${file} has an entry ${entryName} already (${sayEntry(there)}): it would be replaced.`);
  }
  return { file, before, after: same ? (before ?? "") : withEntry(before ?? "", under, entry), obstacles };
}

/** Writes what was planned, whole or not at all. Gives where the old text was kept. */
export async function carryOut(
  { file, before, after }: FileChange,
  { secret, now }: { secret: boolean; now: Date },
) {
  if (after === before) return undefined;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  if ((await textOf(file)) !== before) {
    throw new Unusable(`${file} changed meanwhile: close the program that it belongs to, and begin again.`);
  }
  const old = before === undefined ? undefined : await keepCopy(file, now);
  const mode = secret ? 0o600 : before === undefined ? 0o600 : (await stat(file)).mode & 0o777;
  const fresh = join(dirname(file), `.${basename(file)}.skyprep-mcp`);
  await rm(fresh, { force: true });
  const handle = await open(fresh, "wx", mode);
  try {
    await handle.writeFile(after);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await replace(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  return old;
}

/** The entry of ours in a client's file; undefined where there is none, or the file cannot be read. */
export async function entryIn(file: string, under: string): Promise<Partial<ClientEntry> | undefined> {
  const text = await textOf(file).catch(() => undefined);
  const read = text === undefined ? undefined : readServers(text, under);
  const entry = read?.is === "servers" ? read.servers[entryName] : undefined;
  return isRecord(entry) ? entry : undefined;
}

/** All a client's file says; undefined where there is none, or it cannot be read. */
export async function settingsIn(file: string): Promise<unknown> {
  const text = await textOf(file).catch(() => undefined);
  const errors: ParseError[] = [];
  const root: unknown = parse((text ?? "").replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  return errors.length > 0 ? undefined : root;
}

async function keepCopy(file: string, now: Date): Promise<string> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(":", "-");
  for (let n = 0; ; n += 1) {
    const copy = `${file}.${stamp}${n === 0 ? "" : `-${n}`}.bak`;
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL);
      // It may hold other programs' keys.
      await chmod(copy, 0o600);
      return copy;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new Unusable(`${file} cannot be read (${code}).`, { cause: error });
  }
}

/** Looks at the mode too: to the superuser everything is writable. */
async function writable(file: string): Promise<boolean> {
  const { mode } = await stat(file);
  return (
    (mode & 0o200) !== 0 &&
    (await access(file, constants.W_OK).then(
      () => true,
      () => false,
    ))
  );
}

type Servers =
  | { readonly is: "servers"; readonly servers: Readonly<Record<string, unknown>> }
  | { readonly is: "broken"; readonly why: string };

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Clients differ in what they forgive: comments and a comma at the end are kept, and nobody's error. */
function readServers(text: string, under: string): Servers {
  const errors: ParseError[] = [];
  const bare = text.replace(/^\uFEFF/, "");
  if (bare.trim() === "") return { is: "servers", servers: {} };
  const root: unknown = parse(bare, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const line = bare.slice(0, error.offset).split("\n").length;
    return { is: "broken", why: `is not valid JSON (line ${line})` };
  }
  if (!isRecord(root)) return { is: "broken", why: "holds no settings" };
  const servers = root[under] ?? {};
  if (!isRecord(servers)) return { is: "broken", why: `has something else than servers under "${under}"` };
  return { is: "servers", servers };
}

/** Everything else stays as it is, to the last blank: the library's own edits lay neighbours out anew. */
function withEntry(text: string, under: string, entry: ClientEntry): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const bare = text.slice(mark.length);
  const base = bare.trim() === "" ? "{}\n" : bare;
  const root = parseTree(base, [], { allowTrailingComma: true });
  const servers = root && findNodeAtLocation(root, [under]);
  const there = servers && findNodeAtLocation(servers, [entryName]);
  const lay = layOf(base);
  const written = there
    ? lay.put(there, entry, 2)
    : servers?.type === "object"
      ? lay.add(servers, entryName, entry, 2)
      : servers
        ? lay.put(servers, { [entryName]: entry }, 1)
        : root && lay.add(root, under, { [entryName]: entry }, 1);
  const read = readServers(written ?? "", under);
  // A file that says the same thing twice is edited in one place and read in the other.
  if (read.is === "broken" || !isDeepStrictEqual(read.servers[entryName], entry)) {
    throw new Unusable(
      `The file has "${under}" or "${entryName}" twice: leave one of them, and begin again.`,
    );
  }
  return `${mark}${written}`;
}

/** Puts values into a text in the text's own indentation and line ends. */
function layOf(text: string) {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  const line = (depth: number) => eol + indent.repeat(depth);
  const laid = (value: unknown, depth: number) =>
    JSON.stringify(value, null, indent).replaceAll("\n", line(depth));
  return {
    put: ({ offset, length }: Node, value: unknown, depth: number) =>
      text.slice(0, offset) + laid(value, depth) + text.slice(offset + length),
    /** As the first: what follows keeps its comma, or needs none. */
    add: ({ offset, children = [] }: Node, name: string, value: unknown, depth: number) => {
      const rest = text.slice(offset + 1);
      const after = children.length > 0 ? `,${rest}` : line(depth - 1) + rest.replace(/^\s*(?=})/, "");
      return `${text.slice(0, offset + 1)}${line(depth)}${JSON.stringify(name)}: ${laid(value, depth)}${after}`;
    },
  };
}

function sayEntry(entry: unknown): string {
  const { command, args, url } = isRecord(entry) ? entry : {};
  const words = [command, ...(Array.isArray(args) ? args : [])].filter((one) => typeof one === "string");
  return words.length > 0
    ? `runs ${words.join(" ")}`
    : typeof url === "string"
      ? "runs elsewhere"
      : "unknown";
}
