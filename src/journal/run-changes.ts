import { changesOf, readLines } from "./entry.ts";
import type { Change } from "./line.ts";

/** Changes of a run, oldest first. Of a long journal only the lines of it, and those that undo any, are looked into. */
export async function changesOfRun(folder: string, run: string): Promise<Change[]> {
  const named = `"run":${JSON.stringify(run)}`;
  const seqs = new Set<string>();
  const numberIn = (text: string, field: string) => new RegExp(`"${field}":(\\d+)`).exec(text)?.[1];
  const worth = (text: string): boolean => {
    if (text.includes('"line":"outcome"')) return seqs.has(numberIn(text, "of") ?? "");
    if (!text.includes(named) && !text.includes('"undoes":')) return false;
    seqs.add(numberIn(text, "seq") ?? "");
    return true;
  };
  return changesOf(await readLines(folder, () => true, worth)).filter(({ intent }) => intent.run === run);
}
