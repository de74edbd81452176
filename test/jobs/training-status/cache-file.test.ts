import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectPrivate } from "../../support/private-files.ts";
import { straight } from "./straight.ts";
import { type Academy, createAcademy } from "./training-academy.ts";

const day = 86_400_000;

/** Where what was read stands. */
function folderOf({ state }: Academy): string {
  const [account = ""] = readdirSync(join(state, "jobs"));
  return join(state, "jobs", account, "status");
}
const fileOf = (academy: Academy) => join(folderOf(academy), "all.jsonl");
const linesOf = (academy: Academy) => readFileSync(fileOf(academy), "utf8").split("\n");

/** An academy that was read once, by a server that has ended. */
async function readOnce() {
  const academy = createAcademy({ people: 150 });
  const server = await academy.open();
  await server.call("training_status");
  await server.end();
  await server.close();
  return academy;
}

async function askAgain(academy: Academy) {
  const before = academy.pages().length;
  const server = await academy.open();
  const reply = await server.call("training_status");
  const { statuses, records } = straight([...academy.world.progress.values()], academy.clock.now(), 30);
  expect(reply.structured).toMatchObject({ statuses, records });
  await server.close();
  return { reply, pages: academy.pages().length - before };
}

it("keeps named fields only, for their owner's eyes only", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  await server.call("training_status");
  await server.call("training_status", { person: "101", show: "overdue" });
  await server.call("training_status", { course: "203", since: "2026-11-01" });
  await server.close();

  const folder = folderOf(academy);
  const names = readdirSync(folder).filter((name) => !name.endsWith(".lock"));
  expect(names).toEqual(expect.arrayContaining(["all.jsonl", "pace.json"]));
  expectPrivate(folder, ...names.map((name) => join(folder, name)));
  const someone = academy.world.people.get(103);
  for (const name of names) {
    const text = readFileSync(join(folder, name), "utf8");
    expect(text).not.toMatch(/http|certificate|view_key|webcal|ssn|phone|secret|test-key/i);
    for (const personal of [someone?.profile.ssn, someone?.profile.cell, someone?.profile.address])
      if (personal) expect(text).not.toContain(personal);
  }
  expect(linesOf(academy).join("\n")).toContain("avery@example.com");
});

it("is good for a new process: nothing is read again within a minute", async () => {
  const academy = await readOnce();

  expect((await askAgain(academy)).pages).toBe(0);
});

it("reads again only the page whose line was torn", async () => {
  const academy = await readOnce();
  truncateSync(fileOf(academy), statSync(fileOf(academy)).size - 40);

  const { pages } = await askAgain(academy);

  // Before it, a new process sees in the first page from where pages count.
  expect(pages).toBe(2);
  for (const line of linesOf(academy).slice(0, -1)) JSON.parse(line);
});

it.each<[string, (academy: Academy) => void]>([
  ["is garbled inside", (academy) => overwrite(academy, 3, '{"records":[[1,2,3]]}')],
  ["is no JSON inside", (academy) => overwrite(academy, 3, "\u0000\u0000\u0000")],
  [
    "is of another version",
    (academy) => overwrite(academy, 0, (linesOf(academy)[0] ?? "").replace('"version":1', '"version":0')),
  ],
  [
    "is of another account",
    (academy) =>
      overwrite(academy, 0, (linesOf(academy)[0] ?? "").replace(/"account":"[^"]+"/, '"account":"x"')),
  ],
  [
    "is of another question",
    (academy) => overwrite(academy, 0, (linesOf(academy)[0] ?? "").replace('"key":"all"', '"key":"open"')),
  ],
  ["is empty", (academy) => writeFileSync(fileOf(academy), "")],
  [
    "was begun in another century",
    (academy) => overwrite(academy, 0, (linesOf(academy)[0] ?? "").replace(/"begun":\d+/, '"begun":1')),
  ],
  ["is not there any more", (academy) => rmSync(fileOf(academy))],
])("reads all of it anew where the file %s", async (_, harm) => {
  const academy = await readOnce();
  const whole = academy.pages().length;
  harm(academy);

  expect((await askAgain(academy)).pages).toBe(whole);
  expect((await askAgain(academy)).pages).toBe(0);
});

it("writes through no link that was laid in the way", async () => {
  const academy = await readOnce();
  const theirs = join(academy.state, "theirs");
  writeFileSync(theirs, "theirs");
  rmSync(fileOf(academy));
  symlinkSync(theirs, fileOf(academy));

  await askAgain(academy);

  expect(readFileSync(theirs, "utf8")).toBe("theirs");
  expect(statSync(fileOf(academy)).size).toBeGreaterThan(1_000);
});

it("counts all the same where nothing can be kept, and says so", async () => {
  const academy = await readOnce();
  const folder = folderOf(academy);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "a file stands in its place");

  const { reply } = await askAgain(academy);

  expect(reply.isError).toBe(false);
  expect(reply.text).toMatch(/What was read cannot be kept in .*status \(a file stands in its place\)/);
});

it("throws away what nobody has asked for in more than a day", async () => {
  const academy = await readOnce();
  const folder = folderOf(academy);
  const old = join(folder, "person999.jsonl");
  mkdirSync(folder, { recursive: true });
  writeFileSync(old, "{}\n");
  const then = (academy.clock.now() - 2 * day) / 1000;
  utimesSync(old, then, then);

  await askAgain(academy);

  expect(readdirSync(folder)).not.toContain("person999.jsonl");
});

it("takes in what another process has read meanwhile", async () => {
  const academy = createAcademy();
  const [one, two] = [await academy.open(), await academy.open()];
  await one.call("training_status");
  const pages = academy.pages().length;

  const reply = await two.call("training_status");

  expect(academy.pages()).toHaveLength(pages);
  expect(reply.structured).toMatchObject({ records: academy.world.progress.size });
  await academy.pass(90);
  await two.call("training_status");
  const refreshed = academy.pages().length;
  await one.call("training_status");
  expect(academy.pages()).toHaveLength(refreshed);
  // A line without its end is nobody's yet.
  appendFileSync(fileOf(academy), '{"records":[');
  expect((await one.call("training_status")).structured).toMatchObject({
    records: academy.world.progress.size,
  });
  await one.close();
  await two.close();
});

function overwrite(academy: Academy, line: number, text: string): void {
  const lines = linesOf(academy);
  lines[line] = text;
  writeFileSync(fileOf(academy), lines.join("\n"));
}
