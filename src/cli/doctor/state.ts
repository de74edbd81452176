import { constants } from "node:fs";
import { access, lstat, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { journalFolder } from "../../journal/journal.ts";
import { CannotWrite } from "../../journal/line.ts";
import { verify } from "../../journal/verify.ts";
import { newerWrote, plainReason } from "../../node/file-errors.ts";
import { SharedWindow, settle } from "../../skyprep/rate-limit/shared-window.ts";
import { newerFile, smallFile, strangersFolder } from "../../state/files/safe-files.ts";
import { type CheckResult, ok, wrong } from "./finding.ts";

/** Whether what has to be kept can be, for its owner's eyes only. */
export async function folderFound(folder: string, platform: string): Promise<CheckResult[]> {
  const there = await stat(folder).catch(() => undefined);
  if (there === undefined) {
    const parent = await nearest(folder);
    return (await access(parent, constants.W_OK).then(
      () => true,
      () => false,
    ))
      ? [ok(`state folder ${folder}: not there yet, made when first needed`)]
      : [wrong(`state folder ${folder} cannot be made in ${parent}: set SKYPREP_STATE_DIR to another`)];
  }
  if (!there.isDirectory()) {
    return [wrong(`state folder ${folder} is a file: move it, or set SKYPREP_STATE_DIR to another`)];
  }
  if (strangersFolder(folder) !== undefined) {
    return [
      wrong(
        `state folder ${folder} belongs to another user of this computer: every change is refused; set SKYPREP_STATE_DIR to a folder of your own`,
      ),
    ];
  }
  const newer = newerFile(folder);
  if (newer !== undefined) {
    return [
      wrong(
        `state folder ${folder}: ${newerWrote(newer)}, so every change is refused; update skyprep-mcp (and its entry in your assistant), or set SKYPREP_STATE_DIR to another`,
      ),
    ];
  }
  const trial = join(folder, `doctor-${process.pid}`);
  try {
    await (await open(trial, "wx", 0o600)).close();
    await rm(trial);
  } catch (error) {
    return [
      wrong(
        `state folder ${folder} cannot be written (${plainReason(error)}): mend that, or set SKYPREP_STATE_DIR to another`,
      ),
    ];
  }
  const loose = platform === "win32" ? [] : await readableByOthers(folder);
  return loose.length === 0
    ? [ok(`state folder ${folder}: can be written, and read by you alone`)]
    : [
        wrong(
          `others on this computer can read ${loose.join(", ")}: chmod -R go-rwx ${JSON.stringify(folder)}`,
        ),
      ];
}

/** The folder, or what in it is open although the folder is. */
async function readableByOthers(folder: string): Promise<string[]> {
  const open = async (path: string) => ((await lstat(path)).mode & 0o077) !== 0;
  if (!(await open(folder))) return [];
  const names = await readdir(folder);
  const loose: string[] = [];
  for (const name of names) if (await open(join(folder, name)).catch(() => false)) loose.push(name);
  return [folder, ...loose];
}

async function nearest(folder: string): Promise<string> {
  const parent = dirname(folder);
  if (parent === folder || (await stat(parent).catch(() => undefined))) return parent;
  return nearest(parent);
}

/** How much of the minute's calls is used, by all programs of this user. */
export async function paceFound(folder: string, limit: number, now: number): Promise<CheckResult> {
  try {
    const text = await smallFile(join(folder, "pace.json")).read();
    if (text === undefined) return ok(`no call in the last minute, of ${limit}`);
    const minute = settle(SharedWindow.parse(JSON.parse(text)), now);
    const shut = Math.ceil(((minute.closed?.until ?? 0) - now) / 1000);
    if (shut > 0) return wrong(`SkyPrep turned calls away: the next goes in ${shut} s; wait that long`);
    const made = minute.calls.filter((at) => at <= now).length;
    const kept = minute.calls.length - made;
    return ok(
      `${made} of ${limit} calls used in the last minute${kept > 0 ? `, ${kept} kept for calls to come` : ""}`,
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENEWER")
      return wrong(`${newerWrote("pace.json")}: update this one`);
    return wrong(`pace.json in ${folder} cannot be read: delete it; it is made anew`);
  }
}

export async function journalFound(folder: string): Promise<CheckResult> {
  const journal = journalFolder(folder);
  try {
    const { lines, breaks, torn } = await verify(journal);
    if (breaks.length > 0) {
      return wrong(`the journal is not whole (${breaks.length}): skyprep-mcp journal verify says where`);
    }
    if (lines === 0 && torn === undefined) return ok("the journal: nothing in it yet");
    const unfinished =
      torn === undefined ? "" : "; its last line is not finished, and is set aside by the next write";
    return ok(`the journal is whole: ${lines} line${lines === 1 ? "" : "s"}${unfinished}`);
  } catch (error) {
    if (!(error instanceof CannotWrite)) throw error;
    return wrong(error.message);
  }
}
