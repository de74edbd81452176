import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesOf } from "./mutants.ts";

/** They run the built program, which no mutant is in, or these mutants. */
const apart =
  /^test\/(?:program|install|kill|inspect|mutants)\/|^test\/(?:catalogue\/portability|skyprep\/wire\/proxy)\./;

/** What the files of the repository are part of, by the files that each names, to import or to start. */
export interface Repository {
  readonly tests: readonly string[];
  /** All that a file is made of, itself included. */
  reach(file: string): ReadonlySet<string>;
  /** The sources that name it themselves. */
  importers(file: string): string[];
  /** Starts processes of its own, of which nobody notes what they reach. */
  starts(test: string): boolean;
}

export function readRepository(root: string): Repository {
  const kept = new Map<string, { readonly text: string; readonly names: readonly string[] }>();
  const read = (file: string) => {
    const known = kept.get(file);
    if (known) return known;
    const text = readFileSync(join(root, file), "utf8");
    const names = [...text.matchAll(/["'](\.[^"'\n]*\.ts)["']/g)]
      .map(([, name = ""]) => join(dirname(file), name))
      .filter((name) => existsSync(join(root, name)));
    const one = { text, names };
    kept.set(file, one);
    return one;
  };
  const reaches = new Map<string, ReadonlySet<string>>();
  return {
    tests: filesOf(root, "test").filter((file) => file.endsWith(".test.ts") && !apart.test(file)),
    reach(file) {
      const known = reaches.get(file);
      if (known) return known;
      const reached = new Set([file]);
      // What is put in while it is walked is walked, too.
      for (const one of reached) for (const name of read(one).names) reached.add(name);
      reaches.set(file, reached);
      return reached;
    },
    importers: (file) => filesOf(root, "src").filter((other) => read(other).names.includes(file)),
    starts: (test) => /"node:child_process"[\s\S]*process\.execPath/.test(read(test).text),
  };
}
