import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { filesOf } from "./mutants.ts";

/** They run the built program, which no mutant is in, or these mutants. */
const apart = /^test\/(?:program|install|kill|inspect|mutants)\//;

/** By the files each file of the house names, to import or to start: which tests a source is part of. */
export function concernedBy(root: string): (file: string) => string[] {
  const named = new Map<string, readonly string[]>();
  const namesIn = (file: string): readonly string[] => {
    const known = named.get(file);
    if (known) return known;
    const text = readFileSync(join(root, file), "utf8");
    const found = [...text.matchAll(/["'](\.[^"'\n]*\.ts)["']/g)]
      .map(([, name = ""]) => join(dirname(file), name))
      .filter((name) => existsSync(join(root, name)));
    named.set(file, found);
    return found;
  };
  const tests = filesOf(root, "test").filter((file) => file.endsWith(".test.ts") && !apart.test(file));
  const distances = new Map(tests.map((test) => [test, distancesFrom(test, namesIn)] as const));
  return (file) => {
    const far = (test: string) => distances.get(test)?.get(file) ?? Number.POSITIVE_INFINITY;
    return tests
      .filter((test) => Number.isFinite(far(test)))
      .sort((a, b) => far(a) - kinship(a, file) - (far(b) - kinship(b, file)));
  };
}

function distancesFrom(test: string, namesIn: (file: string) => readonly string[]): Map<string, number> {
  const far = new Map([[test, 0]]);
  // What is put in while it is walked is walked, too.
  for (const [file, steps] of far) {
    for (const name of namesIn(file)) if (!far.has(name)) far.set(name, steps + 1);
  }
  return far;
}

/** Everything is a few imports from everything; a test of the same folder or name is nearer. */
function kinship(test: string, file: string): number {
  const [, folder = "", inner = ""] = file.split("/");
  const own = basename(file, ".ts");
  return (
    (test.includes(`/${folder}/`) ? 2 : 0) +
    (test.includes(`/${inner}/`) || test.includes(`/${own}/`) ? 2 : 0) +
    (test.includes(own) ? 2 : 0)
  );
}
