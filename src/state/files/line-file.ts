import { constants, type Stats } from "node:fs";
import { lstat, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { LineFile } from "../ports.ts";
import { makePrivateFolder, openPlain, replace } from "./safe-files.ts";

const largest = 512 * 1024 * 1024;
const lineBreak = 0x0a;

/** For its owner's eyes only, never through a link; its folder is made where it is not there. */
export function lineFile(path: string): LineFile {
  return {
    async read(after) {
      const handle = await openPlain(path, constants.O_RDONLY).catch(noneWhereNone);
      if (handle === undefined) return undefined;
      try {
        const stat = await handle.stat();
        const file = nameOf(stat);
        if (stat.size > largest) return undefined;
        const fresh = after === undefined || after.file !== file || after.end > stat.size;
        const start = fresh ? 0 : after.end;
        const bytes = Buffer.alloc(stat.size - start);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        const whole = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf(lineBreak) + 1);
        const lines = whole.length === 0 ? [] : whole.toString("utf8", 0, whole.length - 1).split("\n");
        return { lines, mark: { file, end: start + whole.length }, fresh };
      } finally {
        await handle.close();
      }
    },
    async append(line, after) {
      const handle = await openPlain(path, constants.O_RDWR);
      try {
        const file = nameOf(await handle.stat());
        if (file !== after.file)
          throw Object.assign(new Error("another file stands there"), { code: "ESTALE" });
        const bytes = Buffer.from(`${line}\n`);
        await handle.truncate(after.end);
        await handle.write(bytes, 0, bytes.length, after.end);
        return { file, end: after.end + bytes.length };
      } finally {
        await handle.close();
      }
    },
    async begin(line) {
      const fresh = `${path}.new`;
      makePrivateFolder(dirname(path));
      await rm(fresh, { force: true });
      const bytes = Buffer.from(`${line}\n`);
      const handle = await open(fresh, "wx", 0o600);
      try {
        await handle.writeFile(bytes);
      } finally {
        await handle.close();
      }
      await replace(fresh, path);
      return { file: nameOf(await lstat(path)), end: bytes.length };
    },
  };
}

// A number of a file that is gone comes again; not with the same birth.
const nameOf = ({ dev, ino, birthtimeMs }: Stats): string => `${dev} ${ino} ${birthtimeMs}`;

/** A link or a pipe in its place counts as none: it is replaced by the next writing. */
function noneWhereNone(error: unknown): undefined {
  if (["ENOENT", "ELOOP", "ENOTFILE", "ENXIO"].includes((error as NodeJS.ErrnoException).code ?? ""))
    return undefined;
  throw error;
}
