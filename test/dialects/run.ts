import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { journeys } from "../journeys/all.ts";
import {
  beginCalls,
  type CallsOf,
  callsOf,
  closeProbes,
  endCalls,
  probedAcademies,
  tableOfCalls,
} from "./calls.ts";
import { covering, inWords, type Named, singles } from "./dialects.ts";
import { judged } from "./play.ts";
import { begin, end, type Result, tableOf } from "./table.ts";

const { values } = parseArgs({
  options: {
    /** `id`, `id=variant`, or `row 7`; as often as wanted. */
    only: { type: "string", multiple: true },
    journey: { type: "string", multiple: true },
    /** Counts calls with and without what a probe saw, and plays nothing else. */
    calls: { type: "boolean" },
    /** Prints what was called and answered. */
    show: { type: "boolean" },
    /** Where to write the outcomes as JSON. */
    out: { type: "string" },
    processes: { type: "string" },
    /** `singles` or `rows`. */
    part: { type: "string" },
    /** Of a child: each n-th dialect from the k-th, `k/n`. */
    share: { type: "string" },
  },
});

const print = (text = "") => void process.stdout.write(`${text}\n`);
const page = fileURLToPath(new URL("../../docs/dialects.md", import.meta.url));

const wanted = ({ name }: Named): boolean =>
  (values.only ?? [name]).some((one) => name === one || name.startsWith(`${one}=`));
const dialects = [
  ...(values.part === "rows" ? [] : singles),
  ...(values.part === "singles" ? [] : covering),
].filter(wanted);
const played = journeys.filter(({ job }) => (values.journey ?? [String(job)]).includes(String(job)));

async function playAll(list: readonly Named[], tell: (result: Result) => void): Promise<void> {
  for (const named of list) {
    for (const journey of played) {
      const { seen, is, why } = await judged(journey, named);
      tell({ name: named.name, job: journey.job, is, why });
      if (!values.show) continue;
      for (const { name, args, reply, asked } of seen.exchanges) {
        print(`\n> ${name} ${JSON.stringify(args)}`);
        for (const question of asked) print(`? ${question}`);
        print(`${reply.isError ? "!" : "<"} ${reply.text.slice(0, 3_000)}`);
      }
    }
  }
}

/** The part of the page between two marks. */
function writePart(begin: string, end: string, part: string): void {
  const text = readFileSync(page, "utf8");
  const [before, after] = [text.split(begin)[0] ?? "", text.split(end)[1] ?? ""];
  writeFileSync(page, `${before}${begin}\n${part}\n${end}${after}`);
}

async function countCalls(): Promise<void> {
  const all: CallsOf[] = [];
  for (const [name, dialect] of probedAcademies.filter(([one]) => (values.only ?? [one]).includes(one))) {
    for (const journey of played) {
      const one = await callsOf(journey, name, dialect);
      all.push(one);
      const { job, without, having, differs } = one;
      if (having > without) print(`MORE  ${name}  ${job}: ${without} → ${having}`);
      if (differs !== undefined)
        print(`OTHER  ${name}  ${job}: ${values.show ? differs : differs.slice(0, 160)}`);
      if (having > without || differs !== undefined) process.exitCode = 1;
    }
    closeProbes();
  }
  print(tableOfCalls(all));
  if (!values.only && !values.journey) writePart(beginCalls, endCalls, tableOfCalls(all));
}

/** The dialects dealt out to as many processes as there are cores. */
async function inProcesses(n: number, tell: (result: Result) => void): Promise<void> {
  await Promise.all(
    Array.from(
      { length: n },
      (_, k) =>
        new Promise<void>((resolve, reject) => {
          const child = fork(fileURLToPath(import.meta.url), [
            ...process.argv.slice(2),
            "--share",
            `${k}/${n}`,
          ]);
          child.on("message", (result) => tell(result as Result));
          child.on("error", reject);
          child.on("exit", (code) =>
            code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`)),
          );
        }),
    ),
  );
}

if (values.share !== undefined) {
  // Whoever started it is gone.
  process.on("disconnect", () => process.exit());
  const [k, n] = values.share.split("/").map(Number);
  await playAll(
    dialects.filter((_, at) => at % (n ?? 1) === k),
    (result) => process.send?.(result),
  );
  process.disconnect?.();
} else if (values.calls) {
  await countCalls();
} else {
  const started = Date.now();
  const results: Result[] = [];
  const left = new Map(dialects.map((named) => [named.name, played.length]));
  const tell = (result: Result) => {
    results.push(result);
    if (result.is === "false") print(`FALSE  ${result.name}  ${result.job}: ${result.why}`);
    if (result.is === "refused" && values.only)
      print(`refused  ${result.name}  ${result.job}: ${result.why}`);
    const rest = (left.get(result.name) ?? 0) - 1;
    left.set(result.name, rest);
    if (rest > 0) return;
    const own = results.filter(({ name }) => name === result.name);
    const named = dialects.find(({ name }) => name === result.name);
    const n = (is: Result["is"]) => own.filter((one) => one.is === is).length;
    print(
      `${Math.round((Date.now() - started) / 1_000)} s  ${result.name}: right ${n("right")}, refused ${n("refused")}, false ${n("false")}${result.name.startsWith("row") && named ? `  (${inWords(named)})` : ""}`,
    );
  };
  const n = Number(values.processes ?? availableParallelism());
  if (values.show || dialects.length < 2 || n < 2) await playAll(dialects, tell);
  else await inProcesses(n, tell);

  const order = new Map(dialects.map(({ name }, at) => [name, at]));
  results.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0) || a.job - b.job);
  if (values.out) writeFileSync(values.out, JSON.stringify(results));
  const isAll = !values.only && !values.journey && !values.part;
  if (isAll) writePart(begin, end, tableOf(results));
  const count = (is: Result["is"]) => results.filter((one) => one.is === is).length;
  print(
    `\n${results.length} plays in ${Math.round((Date.now() - started) / 1_000)} s: ${count("right")} right, ${count("refused")} refused, ${count("false")} false`,
  );
  if (count("false") > 0) process.exitCode = 1;
}
