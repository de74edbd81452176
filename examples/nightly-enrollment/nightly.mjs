#!/usr/bin/env node
// Every night: HR's list in, a plan for each course or group and 500 people, each applied once. No model, no packages.
//   node nightly.mjs joiners.csv [--create] [--run NAME] [--dir runs]
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { csvOf, isClear, rowsOf } from "./list.mjs";
import { lock } from "./lock.mjs";

/** How it ends, and how each call of `skyprep-mcp call` does; the first that any part gave is the night's. */
const code = { done: 0, failed: 1, wrongUse: 2, person: 3, partly: 4, later: 75 };
const worstFirst = [code.later, code.partly, code.failed, code.person];
/** In one plan: one request to SkyPrep enrolls so many, and by default one call reaches at most 1,000 people. */
const mostPeople = 500;
const pauseSeconds = Number(process.env.NIGHTLY_PAUSE ?? 65);
const mostTries = 30;

function stop(exitCode, line) {
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
}

function readArgs() {
  const options = {
    create: { type: "boolean" },
    run: { type: "string" },
    dir: { type: "string", default: "runs" },
  };
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    const [why] = error.message.split(/[.\n]/);
    return stop(code.wrongUse, `${why}. There are --create, --run NAME and --dir FOLDER.`);
  }
}
const { values, positionals } = readArgs();
const [listFile] = positionals;
const run = values.run ?? `nightly-${new Date().toLocaleDateString("sv")}`;
// As SKYPREP_RUN may be; a folder elsewhere it never is.
if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/.test(run))
  stop(code.wrongUse, "--run is a name of up to 64 letters, digits, dots, - and _, e.g. nightly-2026-11-29.");
if (values.dir.trim() === "") stop(code.wrongUse, "--dir is the folder where runs are kept.");
const folder = join(values.dir, run);
const file = (name) => join(folder, name);

/** Whole or not at all, whenever it is killed. */
function write(name, text) {
  writeFileSync(file(`${name}.new`), text);
  renameSync(file(`${name}.new`), file(name));
}
const jsonIn = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
const read = (name) => jsonIn(file(name));

function log(line) {
  const text = `${new Date().toISOString()} ${line.replace(/\s+/g, " ")}\n`;
  appendFileSync(file("log.txt"), text);
  process.stderr.write(text);
}

/** Which academy the settings name, told apart and not read back: a key set in the wrong place is not kept either. */
function academyOf(env) {
  const set = (name, otherwise = "") => env[`SKYPREP_${name}`]?.trim() || otherwise;
  const isSandbox = /^(?:true|1|yes|on)$/i.test(set("SANDBOX"));
  const url = set("BASE_URL", "https://api.skyprep.io/admin/api").replace(/\/+$/, "");
  const domain = set("ACCT_KEY")
    .replace(/^https?:\/\//i, "")
    .replace(/\/.*$/, "");
  const address = URL.canParse(url) ? new URL(url).href : url;
  const named = isSandbox ? ["sandbox", set("SANDBOX_USERS", "302")] : [domain.toLowerCase(), address];
  return createHash("sha256").update(JSON.stringify(named)).digest("hex");
}
const academy = academyOf(process.env);

const pairOf = (email, kind, target) => [kind, target.toLowerCase(), email.toLowerCase()].join(" ");

/** Who got what by an earlier night at this academy; the latest that names somebody counts. */
function placedBefore() {
  const parts = readdirSync(values.dir)
    .filter((other) => other !== run && jsonIn(join(values.dir, other, "run.json"))?.academy === academy)
    .flatMap((other) => partsIn(join(values.dir, other)))
    .sort((one, two) => statSync(one).mtimeMs - statSync(two).mtimeMs);
  const placed = new Set();
  for (const { over, args, left, unnamed = 0 } of parts.map(jsonIn)) {
    const [kind, target] = args.courses ? ["courses", args.courses[0]] : ["groups", args.groups[0]];
    const all = rowsOf(args.csv).map(({ email }) => email.toLowerCase());
    const not = new Set(left?.map(({ who }) => who.toLowerCase()));
    // Where it is not known for certain who was left out, they are planned again.
    const isCertain = over && unnamed === 0 && [...not].every((who) => all.includes(who));
    for (const email of all) {
      if (!isCertain || not.has(email)) placed.delete(pairOf(email, kind, target));
      else placed.add(pairOf(email, kind, target));
    }
  }
  return placed;
}
const partsIn = (path) =>
  readdirSync(path).flatMap((name) => (/^part-.*\d\.json$/.test(name) ? [join(path, name)] : []));

/** What is to be done, in parts: who is to get one course or group, 500 at a time. */
function partsOf(rows) {
  const wanted = new Map();
  const want = (email, kind, target) => {
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

/** Who is not in a plan; undefined where not all of them can be told. */
async function leftOut({ left_out = [], next_cursor }) {
  const all = [...left_out];
  for (let cursor = next_cursor; cursor; ) {
    const { exit, data } = await callUntilDone("plan_enrollment", { cursor });
    if (exit !== code.done) return undefined;
    all.push(...data.left_out);
    cursor = data.next_cursor;
  }
  return all.map(({ who, why }) => ({ who, why }));
}

/** What was refused before anything was sent is for a person to mend; failed is what SkyPrep or the network did. */
const exitOf = ({ exit, outcome, text }) =>
  exit === code.failed && outcome === "refused" && !isKeyRefused(text) ? code.person : exit;
/** No list that is mended helps against a wrong key. */
const isKeyRefused = (text) => /SkyPrep answered (?:40[13]\b|with a web page)/.test(text.split("\n")[0]);

/**
 * Plans everybody of a part, whatever earlier nights did. Only where a course is too long for the plan to see who is in
 * it, those whom an earlier night placed are left out, and counted: nobody is enrolled, and mailed, every night.
 */
async function planPart({ tool, args }) {
  const answer = await callUntilDone(tool, args);
  if (answer.exit !== code.done || tool !== "plan_enrollment" || !(answer.data?.not_known > 0))
    return { answer, unseen: 0 };
  const [kind, target] = args.courses ? ["courses", args.courses[0]] : ["groups", args.groups[0]];
  const all = rowsOf(args.csv).map(({ email }) => email);
  const others = all.filter((email) => !placed.has(pairOf(email, kind, target)));
  const unseen = all.length - others.length;
  if (unseen === 0) return { answer, unseen };
  if (others.length === 0)
    return { answer: { ...answer, data: { ...answer.data, plan: undefined } }, unseen };
  const csv = csvOf([["Email"], ...others.map((one) => [one])]);
  const second = await callUntilDone(tool, { ...args, csv });
  // Nobody of them was found: there is nothing to apply, and the first plan has their names.
  const isNobody = second.outcome === "refused" && second.data?.left_out?.length > 0;
  if (second.exit !== code.done && !isNobody) return { answer: second, unseen };
  const { left_out, next_cursor } = answer.data;
  return { answer: { ...answer, data: { plan: second.data?.plan, left_out, next_cursor } }, unseen };
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
  let { plan, left, unseen } = before ?? {};
  if (plan === undefined) {
    const planned = await planPart(part);
    const { answer } = planned;
    unseen = planned.unseen;
    left = await leftOut(answer.data ?? {});
    if (left === undefined)
      return keep({ exit: code.later, text: "who is not in the plan could not be read" });
    const nobody = answer.outcome === "refused" && left.length === rowsOf(part.args.csv).length;
    if (answer.exit !== code.done && !nobody) return keep({ exit: exitOf(answer), left, text: answer.text });
    plan = answer.data.plan;
    if (plan === undefined) return keep({ exit: code.done, over: true, left, unseen });
    keep({ plan, left, unseen });
  }
  const answer = await callUntilDone("apply_plan", { plan });
  const { finished, done = 0, failed = 0, items = [] } = answer.data ?? {};
  if (!finished)
    return keep({
      exit: exitOf(answer) || code.partly,
      plan,
      left,
      unseen,
      enrolled: done,
      text: answer.text,
    });
  const refused = items.map(({ login, outcome, why = outcome }) => ({ who: login, why }));
  // Its reply names a hundred at most.
  const unnamed = failed - refused.length;
  if (unnamed > 0)
    refused.push({ who: `${unnamed} more of plan ${plan}`, why: "refused; its file has them all" });
  left = [...left, ...refused];
  return keep({ exit: code.done, over: true, plan, left, unseen, enrolled: done, unnamed });
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

const notSeen =
  "enrolled by an earlier night and not again: the course is too long to see whether they are still in it";

/** What a person has to look at, one line each. */
function forAPerson(parts) {
  const rows = parts.flatMap(({ what, plan, exit, text, left = [], unseen = 0 }) => [
    ...(unseen > 0 ? [[what, `${unseen} of them`, notSeen]] : []),
    ...left.map(({ who, why }) => [what, who, why]),
    ...(exit === code.done ? [] : [[what, plan ? `plan ${plan}` : "", text]]),
  ]);
  // No spreadsheet is to run what somebody wrote into HR's list.
  const plain = rows.map((row) => row.map((cell = "") => (/^[=+@-]/.test(cell) ? `'${cell}` : cell)));
  write("for-a-person.csv", `${csvOf([["What", "Who", "Why"], ...plain])}\n`);
  return rows.length;
}

function readList() {
  try {
    return rowsOf(list);
  } catch (error) {
    return stop(code.wrongUse, `${listFile}: ${error.message}.`);
  }
}

if (!listFile || !existsSync(listFile) || statSync(listFile).isDirectory())
  stop(code.wrongUse, "Give HR's list: node nightly.mjs joiners.csv");
const list = readFileSync(listFile, "utf8");
const input = createHash("sha256")
  .update(JSON.stringify([list, values.create ?? false]))
  .digest("hex");
const rows = readList();
// Logins stand in what it keeps.
process.umask(0o077);
mkdirSync(folder, { recursive: true });
const held = lock(values.dir);
if (held !== undefined) stop(code.later, held);
if (!rows.some(isClear))
  stop(code.wrongUse, "The list needs a column Email and a column Course or Group, and a row.");
let begun = read("run.json") ?? { input, academy, parts: partsOf(rows) };
if (begun.academy !== academy) {
  // A setting that was wrong may be mended as long as nothing was planned.
  if (partsIn(folder).some((name) => jsonIn(name).plan !== undefined || jsonIn(name).over))
    stop(
      code.wrongUse,
      `${run} began for another academy (account, base URL or sandbox): give this one a --run of its own.`,
    );
  begun = { ...begun, academy };
}
if (begun.input !== input)
  stop(code.wrongUse, `${run} began with another list: give this one a --run of its own.`);
write("run.json", JSON.stringify(begun));
const placed = placedBefore();

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
