import { basename } from "node:path";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this program is not allowed to",
  EPERM: "this program is not allowed to",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk reports a fault",
  EMFILE: "this program has too many files open",
  ENFILE: "this computer has too many files open",
  ENOTDIR: "a file stands in its place",
  EEXIST: "a file stands in its place",
  ELOOP: "a symbolic link stands in its place",
  ELOCKED: "another process holds it",
  EFOREIGN: "it belongs to another user of this computer",
};

/** What a person is told of a file that this program must not write over. */
export const newerWrote = (path: string): string => `a newer skyprep-mcp wrote ${basename(path)}`;

/** Why a file could not be read or written, as a person is told; what the system calls it, where no words of ours are known. */
export function plainReason(error: unknown): string {
  const { code, path, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code === "ENEWER") return newerWrote(path ?? "there");
  return code === undefined ? (message ?? "unknown") : (reasons[code] ?? code);
}
