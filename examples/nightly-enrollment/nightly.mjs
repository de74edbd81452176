#!/usr/bin/env node
// Every night: HR's list in, a plan for each course or group and 500 people, each applied once. No model, no packages.
//   node nightly.mjs joiners.csv [--create] [--run NAME] [--dir runs]
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** How it ends, and how each call of `skyprep-mcp call` does; the first that any part gave is the night's. */
const code = { done: 0, failed: 1, wrongUse: 2, person: 3, partly: 4, later: 75 };
const worstFirst = [code.later, code.partly, code.failed, code.person];
/** In one plan: one request to SkyPrep enrolls so many, and by default one call reaches at most 1,000 people. */
const mostPeople = 500;
const pauseSeconds = Number(process.env.NIGHTLY_PAUSE ?? 65);
const mostTries = 30;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { create: { type: "boolean" }, run: { type: "string" }, dir: { type: "string", default: "runs" } },
});
const [listFile] = positionals;
const run = values.run ?? `nightly-${new Date().toLocaleDateString("sv")}`;
const folder = join(values.dir, run);
const file = (name) => join(folder, name);

/** Whole or not at all, whenever it is killed. */
function write(name, text) {
  writeFileSync(file(`${name}.new`), text);
  renameSync(file(`${name}.new`), file(name));
}
const read = (name) => (existsSync(file(name)) ? JSON.parse(readFileSync(file(name), "utf8")) : undefined);

function log(line) {
  const text = `${new Date().toISOString()} ${line.replace(/\s+/g, " ")}\n`;
  appendFileSync(file("log.txt"), text);
  process.stderr.write(text);
}

function stop(exitCode, line) {
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
}

/** One night at a time, whatever its name: whoever makes the next lock, where the last one's process is dead, has it. */
function lock() {
  const at = (n) => join(values.dir, `lock.${n}`);
  const mine = at(`${process.pid}.new`);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, at: Date.now() }));
  for (;;) {
    const all = readdirSync(values.dir).map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0));
    const last = Math.max(0, ...all);
    const held = last > 0 && existsSync(at(last)) ? JSON.parse(readFileSync(at(last), "utf8")) : undefined;
    if (held && lives(held.pid, held.at)) {
      rmSync(mine);
      stop(code.later, `A night is being done by process ${held.pid} (${at(last)}).`);
    }
    try {
      linkSync(mine, at(last + 1));
    } catch (error) {
      if (error.code === "EEXIST") continue;
      throw error;
    }
    for (const old of all) if (old > 0) rmSync(at(old), { force: true });
    return rmSync(mine);
  }
}
function lives(pid, since) {
  if (pid === process.pid || since < Date.now() - uptime() * 1000) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The list's rows, each with its line and its cells by name. What cannot be read for certain ends the night. */
function rowsOf(csv) {
  const [, head = ""] = /^\uFEFF?([^\r\n]*)/.exec(csv);
  const cell =
    head.includes(";") && !head.includes(",")
      ? /\uFEFF?(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r?\n|$)/y
      : /\uFEFF?(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const lines = [[]];
  while (cell.lastIndex < csv.length) {
    const [, quoted, plain, end] =
      cell.exec(csv) ?? stop(code.wrongUse, `${listFile}: line ${lines.length} is not CSV.`);
    lines.at(-1).push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end !== "," && end !== ";") lines.push([]);
  }
  const [names = [], ...rest] = lines.filter((cells) => cells.some((one) => one !== ""));
  return rest.map((cells) => ({
    whole: cells.length <= names.length,
    ...Object.fromEntries(names.map((name, at) => [name.toLowerCase(), cells[at] ?? ""])),
  }));
}
const csvOf = (rows) =>
  rows.map((row) => row.map((cell) => `"${String(cell ?? "").replaceAll('"', '""')}"`).join(",")).join("\n");

/** A row says who, and a course or a group; one with more cells than the header has may say anything. */
const isClear = ({ whole, email, course, group }) => whole && email && (course || group);

const pairOf = (email, kind, target) => [kind, target.toLowerCase(), email.toLowerCase()].join(" ");

/** Who got what by an earlier night. A long course is not read to its end each night, so they are not left to the plan. */
function doneBefore() {
  const done = new Set();
  for (const other of readdirSync(values.dir))
    for (const name of other === run ? [] : partsIn(join(values.dir, other))) {
      const { over, args, left } = JSON.parse(readFileSync(name, "utf8"));
      const [kind, target] = args.courses ? ["courses", args.courses[0]] : ["groups", args.groups[0]];
      const not = new Set(left?.map(({ who }) => who.toLowerCase()));
      for (const { email } of over ? rowsOf(args.csv) : [])
        if (!not.has(email.toLowerCase())) done.add(pairOf(email, kind, target));
    }
  return done;
}
const partsIn = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => (/^part-.*\d\.json$/.test(name) ? [join(path, name)] : []))
    : [];

/** What is to be done, in parts: who is to get one course or group, 500 at a time. */
function partsOf(rows, before = new Set()) {
  const wanted = new Map();
  const want = (email, kind, target) => {
    if (before.has(pairOf(email, kind, target))) return;
    const key = `${kind} ${target.toLowerCase()}`;
    if (!wanted.has(key)) wanted.set(key, { kind, target, people: new Map() });
    wanted.get(key).people.set(email.toLowerCase(), email);
  };
  for (const { email, course, group } of rows.filter(isClear)) {
    if (course) want(email, "courses", course);
    if (group) want(email, "groups", group);
  }
  return [...wanted.values()].flatMap(({ kind, target, people }) =>
    cut([...people.values()], mostPeople).map((some) => ({
      what: `${some.length} people, ${target}`,
      tool: "plan_enrollment",
      args: { csv: csvOf([["Email"], ...some.map((one) => [one])]), [kind]: [target] },
    })),
  );
}
const cut = (all, size) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));

/** One tool, once, in a process of its own; a process that is gone has done it in part, for all we know. */
function call(tool, args) {
  const child = spawn("skyprep-mcp", ["call", tool, "--args", "-", "--json", "--quiet"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      SKYPREP_CONFIRM: "unattended",
      SKYPREP_POLICY: fileURLToPath(new URL("policy.json", import.meta.url)),
      ...process.env,
      SKYPREP_RUN: run,
    },
  });
  child.stdin.on("error", () => {}).end(JSON.stringify(args));
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  return new Promise((resolve) => {
    child.once("error", ({ code: why }) =>
      stop(code.failed, `skyprep-mcp could not be started (${why}): is it on the PATH?`),
    );
    child.once("close", (exit) =>
      resolve({ exit: exit ?? code.partly, text: "", data: {}, ...parsed(said) }),
    );
  });
}
function parsed(said) {
  try {
    return JSON.parse(said);
  } catch {
    return { text: said };
  }
}

/** The same call until it need not be made again: what was done is not repeated, and a plan alone changes nothing. */
async function callUntilDone(tool, args) {
  for (let tries = 1; ; tries++) {
    const answer = await call(tool, args);
    log(`${tool} ${answer.exit}: ${answer.text.split("\n")[0]}`);
    // Without its settings no other call will do either.
    if (answer.exit === code.wrongUse) stop(code.wrongUse, answer.text);
    const isOver = answer.exit !== code.later && answer.exit !== code.partly;
    // All of the plan was tried, and SkyPrep would not have some.
    if (isOver || answer.data?.finished || tries >= mostTries) return answer;
    const goesOn = answer.data?.not_tried > 0 && !(answer.data?.unknown > 0) && answer.exit === code.partly;
    await sleep(goesOn ? 1000 : pauseSeconds * 1000);
  }
}

/** Who is not in a plan, all of them. */
async function leftOut({ left_out = [], next_cursor }) {
  const all = [...left_out];
  for (let cursor = next_cursor; cursor; ) {
    const { exit, data } = await callUntilDone("plan_enrollment", { cursor });
    if (exit !== code.done) break;
    all.push(...data.left_out);
    cursor = data.next_cursor;
  }
  return all.map(({ who, why }) => ({ who, why }));
}

/**
 * Plans a part, writes the plan's name down, and only then applies it: started again, it goes on with that plan. What is
 * over is not called again; what waits for a person is, since they may have done it, or mended the list.
 */
async function doPart(name, part) {
  const before = read(name);
  if (before?.over) return before;
  const keep = (state) => {
    write(name, JSON.stringify({ ...part, ...state }));
    return { ...part, ...state };
  };
  let { plan, left } = before ?? {};
  if (plan === undefined) {
    const { exit, outcome, text, data } = await callUntilDone(part.tool, part.args);
    left = await leftOut(data ?? {});
    const nobody = outcome === "refused" && left.length > 0;
    if (exit === code.done || nobody) plan = data.plan;
    // A list that cannot be planned is for a person to mend; only what SkyPrep or the network did has failed.
    else
      return keep({ exit: outcome === "refused" && exit === code.failed ? code.person : exit, left, text });
    if (plan === undefined) return keep({ exit: code.done, over: true, left });
    keep({ plan, left });
  }
  const { exit, text, data } = await callUntilDone("apply_plan", { plan });
  const refused = (data?.items ?? []).map(({ login, outcome, why = outcome }) => ({ who: login, why }));
  const state = { plan, left: [...left, ...refused], enrolled: data?.done ?? 0 };
  if (data?.finished) return keep({ ...state, exit: code.done, over: true });
  return keep({ ...state, left, exit: exit === code.done ? code.partly : exit, text });
}

async function doParts(name, parts) {
  const done = [];
  for (const [n, part] of parts.entries()) done.push(await doPart(`${name}-${n + 1}.json`, part));
  return done;
}

/** Who was not found and has a first and a last name is made, where the policy lets it, and then enrolled as the others are. */
async function createAndEnroll(done) {
  const notFound = new Set(
    done
      .flatMap(({ left = [] }) => left)
      .filter(isNotFound)
      .map(({ who }) => who.toLowerCase()),
  );
  const isNew = (row) =>
    isClear(row) && notFound.has(row.email.toLowerCase()) && row["first name"] && row["last name"];
  const joiners = [...new Map(rows.filter(isNew).map((row) => [row.email.toLowerCase(), row])).values()];
  const made = await doParts(
    "new",
    cut(joiners, mostPeople).map((some) => ({
      what: `${some.length} new people`,
      tool: "plan_roster",
      args: {
        csv: csvOf([columns, ...some.map((row) => columns.map((name) => row[name.toLowerCase()]))]),
        leavers: "ignore",
      },
    })),
  );
  if (made.some(({ exit }) => exit !== code.done)) return made;
  // They are found now: what was said of them before is over.
  const isOver = (one) =>
    isNotFound(one) && joiners.some(({ email }) => email.toLowerCase() === one.who.toLowerCase());
  for (const part of done) part.left = part.left?.filter((one) => !isOver(one));
  return [...made, ...(await doParts("part-of-new", partsOf(rows.filter(isNew))))];
}
const columns = ["Email", "First name", "Last name"];
const isNotFound = ({ why }) => why === "not found";

/** What a person has to look at, one line each. */
function forAPerson(parts) {
  const rows = parts.flatMap(({ what, plan, exit, text, left = [] }) => [
    ...left.map(({ who, why }) => [what, who, why]),
    ...(exit === code.done ? [] : [[what, plan ? `plan ${plan}` : "", text]]),
  ]);
  write("for-a-person.csv", `${csvOf([["What", "Who", "Why"], ...rows])}\n`);
  return rows.length;
}

if (listFile === undefined || !existsSync(listFile))
  stop(code.wrongUse, "Give HR's list: node nightly.mjs joiners.csv");
const list = readFileSync(listFile, "utf8");
const input = createHash("sha256")
  .update(JSON.stringify([list, values.create ?? false]))
  .digest("hex");
const rows = rowsOf(list);
mkdirSync(folder, { recursive: true });
lock();
if (!rows.some(isClear))
  stop(code.wrongUse, "The list needs a column Email and a column Course or Group, and a row.");
const begun = read("run.json") ?? { input, parts: partsOf(rows, doneBefore()) };
if (begun.input !== input)
  stop(code.wrongUse, `${run} began with another list: give this one a --run of its own.`);
write("run.json", JSON.stringify(begun));

const unclear = rows
  .filter((row) => !isClear(row))
  .map(({ email }) => ({ who: email ?? "", why: "the row is not clear" }));
const done = [{ what: "HR's list", exit: code.done, left: unclear }, ...(await doParts("part", begun.parts))];
if (values.create) done.push(...(await createAndEnroll(done)));

const unfinished = worstFirst.find((one) => done.some(({ exit }) => exit === one));
const open = forAPerson(done);
const exitCode = unfinished ?? (open > 0 ? code.person : code.done);
const enrolled = done.reduce((sum, one) => sum + (one.enrolled ?? 0), 0);
log(
  `${run} ends with ${exitCode}: ${enrolled} enrolled, ${open} for a person (${file("for-a-person.csv")}).`,
);
process.exitCode = exitCode;
