import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { concernedBy } from "./concerned.ts";
import { equivalents } from "./equivalents.ts";
import { judge, runTests, typeChecks, type Verdict } from "./judge.ts";
import { allMutants, type Mutant, safetyFiles, shuffled } from "./mutants.ts";
import { openRecord } from "./record.ts";
import { copyTree } from "./tree.ts";

/**
 * `npm run mutants`: small changes of the safety code, one at a time, each of which some test should notice.
 * `SEED=…` chooses them again and goes on where a run was broken off; docs/decisions/013 says why it is ours.
 */
const { values } = parseArgs({
  options: {
    /** So many that type-check. */
    count: { type: "string", default: "150" },
    /** Only of files whose path this matches. */
    only: { type: "string", default: "" },
    /** Only so many test files, the likeliest first: a quick look, which lets more survive. */
    nearest: { type: "string", default: "" },
    /** Does not look first whether the tests are green as the code is. */
    trust: { type: "boolean", default: false },
    /** Forgets what was found under this seed before. */
    fresh: { type: "boolean", default: false },
  },
});
const least = 90;
const wanted = Number(values.count);
const nearest = values.nearest === "" ? Number.POSITIVE_INFINITY : Number(values.nearest);
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const root = fileURLToPath(new URL("../..", import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);

const every = allMutants(root, new RegExp(values.only));
const keys = new Set(every.map(({ key }) => key));
const record = openRecord(seed, values);
say(`mutants: SEED=${seed}, ${wanted} of ${every.length}; kept in ${record.path}`);
for (const key of Object.keys(equivalents))
  if (values.only === "" && !keys.has(key))
    say(`no longer in the code, take it out of equivalents.ts: ${key}`);

const tree = copyTree(root);
process.on("exit", tree.remove);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
const found: { readonly mutant: Mutant; readonly verdict: Verdict }[] = [];
const showOf = ({ file, line, kind, was, now }: Mutant) => `${file}:${line} ${kind}\n  - ${was}\n  + ${now}`;

if (!(await typeChecks(tree))) throw new Error("the code does not type-check as it is");
const concerned = concernedBy(tree.root);
if (!values.trust) {
  const tests = [...new Set(safetyFiles(root).flatMap(concerned))];
  const unchanged = await runTests(tree, tests, record.took);
  if (unchanged.is !== "survived") throw new Error(`red as it is: ${"by" in unchanged ? unchanged.by : ""}`);
}

for (const mutant of shuffled(every, seed)) {
  if (found.length >= wanted) break;
  if (mutant.key in equivalents) continue;
  const began = Date.now();
  const tests = record.likeliest(mutant.file, concerned(mutant.file)).slice(0, nearest);
  const known = record.known(mutant);
  const verdict = known ?? (await judge(tree, mutant, { tests, took: record.took }));
  record.keep(mutant, verdict);
  if (verdict.is === "void") continue;
  found.push({ mutant, verdict });
  if (known === undefined) {
    const seconds = Math.round((Date.now() - began) / 1000);
    say(
      `${found.length} ${verdict.is} ${seconds} s ${showOf(mutant)}${"by" in verdict ? `\n  by ${verdict.by}` : ""}`,
    );
  }
}

const survivors = found.filter(({ verdict }) => verdict.is === "survived").map(({ mutant }) => mutant);
const folderOf = ({ mutant: { file } }: (typeof found)[number]) => file.slice(0, file.lastIndexOf("/"));
for (const folder of [...new Set(found.map(folderOf))].sort()) {
  const ones = found.filter((one) => folderOf(one) === folder);
  const caught = ones.filter(({ verdict }) => verdict.is !== "survived").length;
  say(`${folder}: ${caught} of ${ones.length} caught`);
}
for (const mutant of survivors) say(`survived: ${showOf(mutant)}`);
const share = (100 * (found.length - survivors.length)) / Math.max(1, found.length);
say(
  `SEED=${seed}: ${found.length - survivors.length} of ${found.length} caught, ${share.toFixed(1)}% (at least ${least}%)`,
);
if (share < least) process.exitCode = 1;
