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
import { straight } from "./straight.ts";
import { createHouse, type House } from "./training-academy.ts";

const day = 86_400_000;

/** Where what was read stands. */
function folderOf({ state }: House): string {
  const [account = ""] = readdirSync(join(state, "jobs"));
  return join(state, "jobs", account, "status");
}
const fileOf = (house: House) => join(folderOf(house), "all.jsonl");
const linesOf = (house: House) => readFileSync(fileOf(house), "utf8").split("\n");

/** An academy that was read once, by a server that has ended. */
async function readOnce() {
  const house = createHouse();
  const server = await house.open();
  await server.call("training_status");
  await server.end();
  await server.close();
  return house;
}

async function askAgain(house: House) {
  const before = house.pages().length;
  const server = await house.open();
  const reply = await server.call("training_status");
  const { statuses, records } = straight([...house.world.progress.values()], house.clock.now(), 30);
  expect(reply.structured).toMatchObject({ statuses, records });
  await server.close();
  return { reply, pages: house.pages().length - before };
}

it("keeps named fields only, for their owner's eyes only", async () => {
  const house = createHouse();
  const server = await house.open();
  await server.call("training_status");
  await server.call("training_status", { person: "101", show: "overdue" });
  await server.call("training_status", { course: "203", since: "2026-11-01" });
  await server.close();

  const folder = folderOf(house);
  const names = readdirSync(folder).filter((name) => !name.endsWith(".lock"));
  expect(names).toEqual(expect.arrayContaining(["all.jsonl", "pace.json"]));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const someone = house.world.people.get(103);
  for (const name of names) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const text = readFileSync(join(folder, name), "utf8");
    expect(text).not.toMatch(/http|certificate|view_key|webcal|ssn|phone|secret|test-key/i);
    for (const personal of [someone?.profile.ssn, someone?.profile.cell, someone?.profile.address])
      if (personal) expect(text).not.toContain(personal);
  }
  expect(linesOf(house).join("\n")).toContain("avery@example.com");
});

it("is good for a new process: nothing is read again within a minute", async () => {
  const house = await readOnce();

  expect((await askAgain(house)).pages).toBe(0);
});

it("reads again only the page whose line was torn", async () => {
  const house = await readOnce();
  truncateSync(fileOf(house), statSync(fileOf(house)).size - 40);

  const { pages } = await askAgain(house);

  expect(pages).toBe(1);
  for (const line of linesOf(house).slice(0, -1)) JSON.parse(line);
});

it.each<[string, (house: House) => void]>([
  ["is garbled inside", (house) => overwrite(house, 3, '{"records":[[1,2,3]]}')],
  ["is no JSON inside", (house) => overwrite(house, 3, "\u0000\u0000\u0000")],
  [
    "is of another version",
    (house) => overwrite(house, 0, (linesOf(house)[0] ?? "").replace('"version":1', '"version":0')),
  ],
  [
    "is of another account",
    (house) => overwrite(house, 0, (linesOf(house)[0] ?? "").replace(/"account":"[^"]+"/, '"account":"x"')),
  ],
  [
    "is of another question",
    (house) => overwrite(house, 0, (linesOf(house)[0] ?? "").replace('"key":"all"', '"key":"open"')),
  ],
  ["is empty", (house) => writeFileSync(fileOf(house), "")],
  [
    "was begun in another century",
    (house) => overwrite(house, 0, (linesOf(house)[0] ?? "").replace(/"begun":\d+/, '"begun":1')),
  ],
  ["is not there any more", (house) => rmSync(fileOf(house))],
])("reads all of it anew where the file %s", async (_, harm) => {
  const house = await readOnce();
  const whole = house.pages().length;
  harm(house);

  expect((await askAgain(house)).pages).toBe(whole);
  expect((await askAgain(house)).pages).toBe(0);
});

it("writes through no link that was laid in the way", async () => {
  const house = await readOnce();
  const theirs = join(house.state, "theirs");
  writeFileSync(theirs, "theirs");
  rmSync(fileOf(house));
  symlinkSync(theirs, fileOf(house));

  await askAgain(house);

  expect(readFileSync(theirs, "utf8")).toBe("theirs");
  expect(statSync(fileOf(house)).size).toBeGreaterThan(1_000);
});

it("counts all the same where nothing can be kept, and says so", async () => {
  const house = await readOnce();
  const folder = folderOf(house);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "a file stands in its place");

  const { reply } = await askAgain(house);

  expect(reply.isError).toBe(false);
  expect(reply.text).toMatch(/What was read cannot be kept in .*status \((?:ENOTDIR|EEXIST)\)/);
});

it("throws away what nobody has asked for in more than a day", async () => {
  const house = await readOnce();
  const folder = folderOf(house);
  const old = join(folder, "person999.jsonl");
  mkdirSync(folder, { recursive: true });
  writeFileSync(old, "{}\n");
  const then = (house.clock.now() - 2 * day) / 1000;
  utimesSync(old, then, then);

  await askAgain(house);

  expect(readdirSync(folder)).not.toContain("person999.jsonl");
});

it("takes in what another process has read meanwhile", async () => {
  const house = createHouse();
  const [one, two] = [await house.open(), await house.open()];
  await one.call("training_status");
  const pages = house.pages().length;

  const reply = await two.call("training_status");

  expect(house.pages()).toHaveLength(pages);
  expect(reply.structured).toMatchObject({ records: house.world.progress.size });
  await house.pass(90);
  await two.call("training_status");
  const refreshed = house.pages().length;
  await one.call("training_status");
  expect(house.pages()).toHaveLength(refreshed);
  // A line without its end is nobody's yet.
  appendFileSync(fileOf(house), '{"records":[');
  expect((await one.call("training_status")).structured).toMatchObject({
    records: house.world.progress.size,
  });
  await one.close();
  await two.close();
});

function overwrite(house: House, line: number, text: string): void {
  const lines = linesOf(house);
  lines[line] = text;
  writeFileSync(fileOf(house), lines.join("\n"));
}
