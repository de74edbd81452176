import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { PolicyTool } from "../catalogue/toolsets.ts";
import { digest } from "../reply/cursor.ts";
import type { Policy } from "./policy.ts";
import { readPolicy } from "./policy-file.ts";

export interface PolicyWorld {
  /** All tools there are: what a policy may name; left out where nothing will be called. */
  readonly tools?: readonly PolicyTool[];
  /** @throws as the file system does */
  readonly readText?: (path: string) => string;
}

const largest = 1024 * 1024;

const troubles: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a folder",
  ENOTFILE: "it is no plain file",
  EFBIG: "it is larger than 1 MB",
};

/** The policy in a file; or everything that is wrong with it, each a sentence that names the file. */
export function readPolicyAt(
  path: string,
  { tools = [], readText = plainText }: PolicyWorld = {},
): Policy | { readonly wrong: readonly string[] } {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return { wrong: [`${path.slice(0, 200)} cannot be read: ${troubles[code] ?? (code || "unknown")}.`] };
  }
  const name = basename(path).replace(/\.json$/i, "");
  const read = readPolicy(text, { name, digest: digest(`${name}\n${text}`) }, tools);
  return "wrong" in read
    ? { wrong: read.wrong.slice(0, 8).map((why) => `in ${basename(path)}, ${why}`) }
    : read;
}

function plainText(path: string): string {
  const found = statSync(path);
  if (!found.isFile()) throw Object.assign(new Error("not a file"), { code: "ENOTFILE" });
  if (found.size > largest) throw Object.assign(new Error("too large"), { code: "EFBIG" });
  return readFileSync(path, "utf8");
}
