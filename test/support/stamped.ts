import type { Stamped, StampedFiles } from "../../src/state/ports.ts";

/** What lets a step on disk happen: later, or never where its process is gone. */
export type Gate = <T>(step: () => T) => Promise<T>;

/** A folder in memory that several processes share; no two writes have the same stamp. */
export function memoryFolder() {
  const files = new Map<string, Stamped>();
  let stamps = 0;
  let holder: (() => boolean) | undefined;
  const write = (name: string, text: string) => {
    stamps += 1;
    files.set(name, { text, stamp: String(stamps) });
    return String(stamps);
  };
  return {
    files,
    /** As whoever edits the folder writes: with another stamp. */
    write,
    texts: () => new Map([...files].map(([name, { text }]) => [name, text])),
    /** An older copy of all of it, put back. */
    putBack(texts: ReadonlyMap<string, string>) {
      files.clear();
      for (const [name, text] of texts) write(name, text);
    },
    /** As one process sees it; who is not alive any more holds nothing. */
    seenBy(isAlive: () => boolean = () => true, gate: Gate = async (step) => step()): StampedFiles {
      const take = () => {
        if (holder?.()) return false;
        holder = isAlive;
        return true;
      };
      return {
        async alone(work) {
          while (!(await gate(take)));
          try {
            return await work();
          } finally {
            holder = undefined;
          }
        },
        names: () => gate(() => [...files.keys()]),
        read: (name) => gate(() => files.get(name)),
        put: (name, text) => gate(() => write(name, text)),
        remove: (name) => gate(() => void files.delete(name)),
      };
    },
  };
}
