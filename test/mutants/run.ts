import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readRepository } from "./concerned.ts";
import { createCovering, openMap } from "./covering.ts";
import { equivalents } from "./equivalents.ts";
import { judge, programs, typeChecks, type Verdict } from "./judge.ts";
import { allMutants, type Mutant, shuffled } from "./mutants.ts";
import { keeping, openRecord } from "./record.ts";
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
    /** A JSON list of keys: only those changes, in that order. For a sample that was drawn before the code moved. */
    these: { type: "string", default: "" },
    /** What the likeliest tests do not notice, all others that run it are shown for so long. */
    seconds: { type: "string", default: "90" },
    /** Looks anew which blocks each test runs. */
    map: { type: "boolean", default: false },
    /** Does not do so where only the code changed since, nor look whether the tests are green as it is. */
    trust: { type: "boolean", default: false },
    /** Forgets what was found under this seed before. */
    fresh: { type: "boolean", default: false },
  },
});
const least = 90;
const wanted = Number(values.count);
const seconds = Number(values.seconds);
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
const thoughOf = (verdict: Verdict) =>
  verdict.is === "survived" && verdict.though !== undefined ? ` (${verdict.though})` : "";
const showOf = ({ file, line, kind, was, now }: Mutant) => `${file}:${line} ${kind}\n  - ${was}\n  + ${now}`;

if (!(await typeChecks(tree))) throw new Error("the code does not type-check as it is");
const repository = readRepository(tree.root);
const path = join(keeping, "covering.json");
const map = await openMap({ tree, repository, path, anew: values.map, trust: values.trust, say });
const covering = createCovering(map, repository);
const doubt = (test: string) => say(`red as it is: ${test || "some"}; ${covering.doubt(test)}`);
const sourceOf = (file: string) => readFileSync(join(tree.root, file), "utf8");

/** So many are type-checked at once. */
const atOnce = 40;
const drawn = sample().filter(({ key }) => !(key in equivalents));
for (let from = 0; from < drawn.length && found.length < wanted; from += atOnce) {
  const next = drawn.slice(from, from + atOnce);
  const unknown = next.filter((mutant) => record.known(mutant) === undefined);
  const good = await programs(tree, unknown);
  for (const mutant of unknown) if (!good.has(mutant)) record.keep(mutant, { is: "void" });
  for (const mutant of next) if (found.length < wanted) await judged(mutant);
}

function sample(): readonly Mutant[] {
  if (values.these === "") return shuffled(every, seed);
  const named = JSON.parse(readFileSync(values.these, "utf8")) as readonly string[];
  const known = new Map(every.map((mutant) => [mutant.key, mutant]));
  return named.flatMap((key) => known.get(key) ?? []);
}

async function judged(mutant: Mutant): Promise<void> {
  const began = Date.now();
  const covered = () => covering.of(mutant, sourceOf(mutant.file), record.caught(mutant.file));
  const known = record.known(mutant);
  const verdict = known ?? (await judge(tree, mutant, { covered, doubt, seconds }));
  record.keep(mutant, verdict);
  if (verdict.is === "void") return;
  found.push({ mutant, verdict });
  if (known !== undefined) return;
  const took = Math.round((Date.now() - began) / 1000);
  say(`${found.length} ${verdict.is}${thoughOf(verdict)} ${took} s ${showOf(mutant)}`);
  if ("by" in verdict) say(`  by ${verdict.by}`);
}

const survivors = found.filter(({ verdict }) => verdict.is === "survived");
const folderOf = ({ mutant: { file } }: (typeof found)[number]) => file.slice(0, file.lastIndexOf("/"));
for (const folder of [...new Set(found.map(folderOf))].sort()) {
  const ones = found.filter((one) => folderOf(one) === folder);
  const caught = ones.filter(({ verdict }) => verdict.is !== "survived").length;
  say(`${folder}: ${caught} of ${ones.length} caught`);
}
for (const { mutant, verdict } of survivors) say(`survived${thoughOf(verdict)}: ${showOf(mutant)}`);
const share = (100 * (found.length - survivors.length)) / Math.max(1, found.length);
say(
  `SEED=${seed}: ${found.length - survivors.length} of ${found.length} caught, ${share.toFixed(1)}% (at least ${least}%)`,
);
if (share < least) process.exitCode = 1;
