import { expect, it } from "vitest";
import { straight } from "./straight.ts";
import { type Academy, createAcademy, mostInAMinute } from "./training-academy.ts";

/** Read in under two minutes. */
const everyone = 3_000;
/** Read in one and a bit: more than the limit of a minute. */
const fewer = 2_000;
const minute = 60_000;
const day = 24 * 60 * minute;

interface Reading {
  read?: number;
  about?: number;
  share?: number;
  ask_again_in_seconds?: number;
}
const readingIn = ({ structured }: { structured: Record<string, unknown> | undefined }) =>
  structured?.reading as Reading | undefined;

function agreesWith(academy: Academy, { structured }: { structured: Record<string, unknown> | undefined }) {
  const { statuses, records, overdue } = straight(
    [...academy.world.progress.values()],
    academy.clock.now(),
    30,
  );
  expect(structured).toMatchObject({ statuses, records, overdue: overdue.length });
}

type Server = Awaited<ReturnType<Academy["open"]>>;

/** Asks, waits as long as it was told, and asks again, until all is read. */
async function untilRead(academy: Academy, server: Server) {
  for (let asks = 1; asks < 6; asks++) {
    const reply = await server.call("training_status");
    const { ask_again_in_seconds: wait } = readingIn(reply) ?? {};
    if (wait === undefined) return { ...reply, asks };
    await academy.pass(wait);
  }
  throw new Error(`it never ends: ${(await server.call("training_status")).text}`);
}

const nothingTwice = (academy: Academy) => {
  const bodies = academy.pages().map(({ body }) => body);
  expect(new Set(bodies).size).toBe(bodies.length);
};

/** Single records that were read to find out how many there are. */
const isProbe = ({ body }: { body: string }) => /per_page=1(?:&|$)/.test(body);

it("answers at once, reads on at 60 calls a minute, and holds nobody up who calls in between", async () => {
  const academy = createAcademy({ people: everyone });
  const server = await academy.open();

  const first = await server.call("training_status");
  const { read = 0, about = 0, share = 0, ask_again_in_seconds: wait = 0 } = readingIn(first) ?? {};

  expect(academy.clock.now()).toBe(academy.sent[0]?.at);
  expect(academy.pages().filter((one) => !isProbe(one))).toHaveLength(20);
  expect(academy.pages().filter(isProbe).length).toBeLessThanOrEqual(9);
  expect(Math.abs(about - academy.world.progress.size) / academy.world.progress.size).toBeLessThan(0.1);
  expect(share).toBeCloseTo(read / about, 2);
  expect(first.text).toMatch(
    /Not all is read yet: \d+% \(\d+ of about \d+ records\).*ask again in \d+ minutes/,
  );

  let waited = 0;
  for (let second = 0; second < wait; second += 2) {
    await academy.pass(2);
    if (second % 60 < 50) {
      const before = academy.clock.now();
      const reply = await server.call("get_user", { user_id: 101 });
      expect(reply.isError).toBe(false);
      waited += academy.clock.now() - before;
    }
  }
  expect(waited).toBe(0);
  expect(academy.sent.filter(({ route }) => route === "get_user").length).toBeGreaterThan(25);
  expect(mostInAMinute(academy.pages().map(({ at }) => at))).toBeLessThanOrEqual(60);
  expect(academy.sent.some(({ status }) => status === 429)).toBe(false);

  const again = await untilRead(academy, server);
  expect(again.asks).toBeLessThanOrEqual(2);
  expect(again.text).toMatch(/As of 2026-11-23T/);
  agreesWith(academy, again);
  nothingTwice(academy);
  await server.close();
});

it("goes on after a restart where it was, and reads no page twice", async () => {
  const academy = createAcademy({ people: fewer });
  const one = await academy.open();
  await one.call("training_status");
  await academy.pass(20);
  const before = readingIn(await one.call("training_status"))?.read ?? 0;
  await one.end();
  await one.close();
  const pages = academy.pages().length;
  await academy.pass(30);
  expect(academy.pages()).toHaveLength(pages);

  const two = await academy.open();
  const reply = await two.call("training_status");
  expect(before).toBeGreaterThan(2_000);
  expect(readingIn(reply)?.read).toBeGreaterThanOrEqual(before);

  agreesWith(academy, await untilRead(academy, two));
  nothingTwice(academy);
  await two.close();
});

it("reads only what was updated when it is asked again a day later", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  await server.call("training_status");
  const rows = [...academy.world.progress.values()]
    .filter(({ status }) => status === "in-progress")
    .slice(0, 130);
  await academy.pass(1);
  academy.clock.set(academy.clock.now() + day);
  for (const row of rows) academy.touch(row, { status: "passed", completion_date: academy.clock.now() });
  await academy.clock.run(1_000);
  const before = academy.pages().length;

  const reply = await server.call("training_status");

  const read = academy.pages().slice(before);
  expect(readingIn(reply)).toBeUndefined();
  agreesWith(academy, reply);
  expect(read.length).toBeLessThanOrEqual(3);
  for (const { body } of read) expect(body).toMatch(/updated_at_greater_than=2026-11-23T11/);

  await server.call("training_status");
  expect(academy.pages()).toHaveLength(before + read.length);
  await server.close();
});

it("forgets what nobody looked at for more than a day, and reads all of it anew", async () => {
  const academy = createAcademy();
  const server = await academy.open();
  await server.call("training_status");
  academy.clock.set(academy.clock.now() + day + 2 * 60 * minute);
  const gone = [...academy.world.progress.keys()].slice(0, 10);
  for (const id of gone) academy.world.progress.delete(id);

  const reply = await server.call("training_status");

  agreesWith(academy, reply);
  expect(academy.pages().some(({ body }) => body.includes("greater_than"))).toBe(false);
  await server.close();
});

it("two processes read one academy together: each page once, and no more than 60 calls a minute between them", async () => {
  const academy = createAcademy({ people: fewer });
  const [one, two] = [await academy.open(), await academy.open()];

  const [first, other] = [await one.call("training_status"), await two.call("training_status")];
  expect(readingIn(other)?.read).toBeGreaterThanOrEqual(readingIn(first)?.read ?? 0);

  for (const server of [one, two]) agreesWith(academy, await untilRead(academy, server));
  nothingTwice(academy);
  expect(mostInAMinute(academy.pages().map(({ at }) => at))).toBeLessThanOrEqual(60);
  await one.close();
  await two.close();
});

it("misses nothing of what changes while it is read", async () => {
  const academy = createAcademy({ people: everyone });
  const server = await academy.open();
  await server.call("training_status");
  const rows = [...academy.world.progress.values()];
  for (let n = 0; n < 150; n++) {
    await academy.pass(1);
    // From everywhere: of what was read already, and of what was not.
    for (const at of [n * 7, n * 41 + 3, n * 97 + 11]) {
      const row = rows[at % rows.length];
      if (row)
        academy.touch(row, {
          status: row.status === "passed" ? "failed" : "passed",
          completion_date: academy.clock.now(),
        });
    }
  }

  await untilRead(academy, server);
  await academy.pass(61);
  agreesWith(academy, await untilRead(academy, server));
  await server.close();
});

it("tells on the next call what went wrong in the background, and does not try again by itself", async () => {
  const academy = createAcademy({ people: fewer });
  let broken = false;
  const server = await academy.open(async (request, pass) => {
    if (!broken || request.route !== "get_course_progresses") return pass();
    return { status: 500, contentType: "text/plain", body: new TextEncoder().encode("Oops <b>") };
  });
  await server.call("training_status");
  await academy.pass(5);
  broken = true;
  await academy.pass(30);
  const calls = academy.pages().length;
  await academy.pass(120);

  const told = await server.call("training_status");

  expect(academy.pages()).toHaveLength(calls);
  expect(told.isError).toBe(false);
  expect(told.text).toMatch(
    /Reading on has stopped: SkyPrep could not be read: .*Call again to try once more/,
  );
  expect(readingIn(told)).not.toHaveProperty("ask_again_in_seconds");
  await academy.pass(60);
  expect(academy.pages()).toHaveLength(calls);

  broken = false;
  agreesWith(academy, await untilRead(academy, server));
  await server.close();
});

it("ends with the server at once, whatever is on its way", async () => {
  const academy = createAcademy({ people: fewer });
  let hanging = false;
  let cut = 0;
  const server = await academy.open((request, pass, signal) => {
    if (!hanging || request.route !== "get_course_progresses") return pass();
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        cut += 1;
        reject(signal.reason);
      });
    });
  });
  await server.call("training_status");
  await academy.pass(3);
  hanging = true;
  await academy.pass(2);
  const calls = academy.pages().length;

  const before = academy.clock.now();
  await server.end();
  expect(academy.clock.now()).toBe(before);
  expect(cut).toBe(1);
  await academy.pass(60);

  expect(academy.pages()).toHaveLength(calls);
  await server.close();
});

it("refuses where nothing could be read, and tells what is kept where it could not be brought up to date", async () => {
  const academy = createAcademy();
  let broken = true;
  const server = await academy.open(async (request, pass) => {
    if (!broken || request.route !== "get_course_progresses") return pass();
    return { status: 500, contentType: "text/plain", body: new TextEncoder().encode("Oops") };
  });

  const nothing = await server.call("training_status");
  expect(nothing.isError).toBe(true);
  expect(nothing.text).toMatch(/Nothing was counted: SkyPrep could not be read/);

  broken = false;
  await server.call("training_status");
  await academy.pass(300);
  broken = true;
  const kept = await server.call("training_status");
  expect(kept.isError).toBe(false);
  expect(kept.text).toMatch(/As of 2026-11-23T07:00:00-05:00[\s\S]*SkyPrep could not be read just now/);
  agreesWith(academy, kept);
  await server.close();
});
