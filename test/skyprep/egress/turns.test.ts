import { describe, expect, it } from "vitest";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { NotNow } from "../../../src/skyprep/response.ts";
import { settled } from "../../support/clock.ts";
import { mostInAMinute, times } from "../../support/shared-minute.ts";
import { pretendWorld } from "./egress-world.ts";

const inTime = (ms: number, now: () => number) => createRequestContext({ deadline: now() + ms + 2_000 });
const background = () => createRequestContext({ isBackground: true });
const turnedAwayOnce = (retryAfter: number) => {
  let isFirst = true;
  return async () => {
    const status = isFirst ? 429 : 200;
    isFirst = false;
    return { status, contentType: "", body: new Uint8Array(), retryAfter };
  };
};

/** Every turn of the minute is used; the next is free 61 s after the first, the others so much apart. */
async function used(apartMs = 0) {
  const world = pretendWorld();
  const replica = world.born();
  const call = replica.academy("used");
  for (let n = 0; n < 100; n++) {
    await call();
    await world.clock.run(apartMs);
  }
  return {
    ...world,
    replica,
    sentSince: (ms: number) => world.made.filter(({ sent }) => sent >= world.start + ms),
  };
}

describe("turns of many replicas", () => {
  it("are all for an academy that is alone", async () => {
    const { made, clock, start } = await used();

    expect(made).toHaveLength(100);
    expect(clock.now()).toBe(start);
  });

  it("cost a hundred calls in a row few asks of the database", async () => {
    const { row } = await used();

    expect(row.asked).toBeLessThanOrEqual(30);
  });

  it("are never more than 100 in 61 s, whatever is set", async () => {
    const { born, made, clock } = pretendWorld();
    const call = born().academy("acme", 10_000);
    for (let n = 0; n < 150; n++) void call();

    await clock.run(60_900);

    expect(made).toHaveLength(100);
  });

  it("are fewer where an academy's own answers say so", async () => {
    const { born, made, clock } = pretendWorld();
    const call = born().academy("acme", 12);
    for (let n = 0; n < 30; n++) void call();

    await clock.run(60_900);

    expect(made).toHaveLength(12);
  });

  it("are waited for as long as it takes, and no longer; the wait is told once", async () => {
    const { clock, born, sentSince } = await used();
    const waits: number[] = [];
    const context = createRequestContext({ onWait: (ms) => waits.push(ms) });

    void born().academy("acme")(context);
    await clock.run(65_000);

    expect(sentSince(1)).toHaveLength(1);
    const [{ sent, asked } = { sent: 0, asked: 0 }] = sentSince(1);
    expect(sent - asked).toBeGreaterThanOrEqual(61_000);
    expect(sent - asked).toBeLessThanOrEqual(62_100);
    expect(waits).toHaveLength(1);
    expect(context.waitedMs).toBe(sent - asked);
  });

  it("are refused at once where they come too late, with when to come back", async () => {
    const { clock, born, row } = await used();
    const replica = born();
    const before = JSON.parse(row.content ?? "{}").waiting;

    const refusal = await replica
      .academy("acme")(inTime(50_000, replica.now))
      .catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(NotNow);
    expect(refusal).toMatchObject({
      reached: "no",
      message: expect.stringContaining("limit of calls a minute"),
    });
    expect((refusal as NotNow).waitMs).toBeGreaterThan(59_000);
    expect(JSON.parse(row.content ?? "{}").waiting).toEqual(before);
    expect(clock.due()).toBeGreaterThan(0);
  });

  it("are refused in time where the database does not answer", async () => {
    const { clock, born } = pretendWorld(() => [600_000, 0, 0, 0]);
    const replica = born();
    const call = replica
      .academy("acme")(inTime(10_000, replica.now))
      .catch((error: unknown) => error);

    await clock.run(10_100);

    expect(await call).toBeInstanceOf(NotNow);
  });

  it("are given up when a call is cancelled: nobody waits behind it", async () => {
    const { clock, born, sentSince, row } = await used();
    const abort = new AbortController();
    const gone = times(4, () =>
      born()
        .academy("acme")(undefined, abort.signal)
        .catch((error: Error) => error.message),
    );
    await clock.run(500);
    const before = JSON.parse(row.content ?? "{}").waiting.length;

    abort.abort(new Error("never mind"));

    expect(await Promise.all(gone)).toEqual(times(4, () => "never mind"));
    await settled();
    expect([before, JSON.parse(row.content ?? "{}").waiting.length]).toEqual([4, 0]);
    await clock.run(70_000);
    expect(sentSince(1)).toEqual([]);
  });

  it("never come to a call uncounted while the database is gone, and come by themselves when it is back", async () => {
    const { born, row, made, clock } = pretendWorld();
    const call = born().academy("acme");
    row.trouble = "gone";

    const refused = await call().catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(NotNow);
    expect(refused).toMatchObject({ message: expect.stringMatching(/^The database .* nothing was sent\.$/) });
    expect(made).toEqual([]);
    row.trouble = undefined;
    await clock.run(1);
    await call();
    expect(made).toHaveLength(1);
  });

  it("are refused to all who wait when the database goes", async () => {
    const { born, row, clock, sentSince } = await used();
    const call = born()
      .academy("acme")()
      .catch((error: unknown) => error);
    await clock.run(3_000);

    row.trouble = "gone";
    await clock.run(2_000);

    expect(await call).toBeInstanceOf(NotNow);
    await clock.run(70_000);
    expect(sentSince(1)).toEqual([]);
  });

  it("count as used where they were given and nobody heard of it", async () => {
    const { born, row, made, clock } = pretendWorld();
    const call = born().academy("acme");
    row.trouble = "unheard";
    for (let n = 0; n < 30; n++) await call().catch(() => {});
    row.trouble = undefined;

    for (let n = 0; n < 100; n++) void call();
    await clock.run(60_000);

    expect(made).toHaveLength(70);
  });

  it("of a replica that dies count as used, and its calls that wait hold nothing up", async () => {
    const { born, clock, sentSince, row } = await used();
    const dying = born();
    for (const academy of ["a", "b"]) for (let n = 0; n < 4; n++) void dying.academy(academy)();
    await clock.run(2_000);
    expect(JSON.parse(row.content ?? "{}").waiting).toHaveLength(8);

    dying.kill();
    const call = born().academy("c");
    for (let n = 0; n < 100; n++) void call();
    await clock.run(63_000);

    expect(sentSince(1).length).toBeGreaterThanOrEqual(99);
    expect(sentSince(1).every(({ academy }) => academy === "c")).toBe(true);
  });

  it("taken ahead count as used at the last that a replica that died may have used them", async () => {
    const { born, clock, made, row } = pretendWorld();
    const dying = born();
    const call = dying.academy("a");
    for (let n = 0; n < 10; n++) await call();
    await clock.run(900);
    const asked = row.asked;
    for (let n = 0; n < 3; n++) await call();
    expect(row.asked).toBe(asked);
    dying.kill();

    const other = born().academy("b");
    for (let n = 0; n < 200; n++) void other();
    await clock.run(63_000);

    const sent = made.map((one) => one.sent);
    expect(mostInAMinute(sent, 61_000)).toBeLessThanOrEqual(100);
    expect(made.length).toBeGreaterThan(180);
  });

  it("are closed to all when SkyPrep turns one call away, for as long as it asks", async () => {
    const { born, clock, made, start } = pretendWorld();
    const turnedAway = born({ behind: turnedAwayOnce(20) });
    const other = born();
    await turnedAway.academy("a")();
    await settled();

    void other.academy("b")();
    void turnedAway.academy("a")();
    await clock.run(19_900);
    const early = made.length;
    await clock.run(2_000);

    expect(early).toBe(1);
    expect(made.slice(1).map(({ sent }) => Math.floor((sent - start) / 1_000))).toEqual([20, 20]);
    expect(await other.turns("b").closedMs()).toBe(0);
  });

  it("are given as before when what stands there cannot be read, a minute later", async () => {
    const { born, row, clock, made } = pretendWorld();
    row.content = '{"version":9}';
    void born().academy("acme")();

    await clock.run(60_000);
    const early = made.length;
    await clock.run(2_000);

    expect([early, made.length]).toEqual([0, 1]);
  });

  it("are of no use when they come after their second", async () => {
    const ways = { back: 1_500 };
    const { born, clock, made, row } = pretendWorld(() => [0, 0, 0, ways.back]);
    const call = born().academy("acme");

    void call();
    await clock.run(1_600);
    const early = made.length;
    ways.back = 0;
    await clock.run(2_000);

    expect([early, made.length]).toEqual([0, 1]);
    // What was not used is given back.
    expect(JSON.parse(row.content ?? "{}").leases).toHaveLength(1);
  });
});

describe("replicas whose clocks are wrong", () => {
  it("by minutes keep one count, and wait no longer", async () => {
    const { born, clock, made } = pretendWorld(() => [3, 0, 2, 5]);
    const calls = [-300_000, 0, 300_000].map((offMs) => born({ offMs }).academy("acme"));
    for (let n = 0; n < 80; n++) for (const call of calls) void call();

    await clock.run(183_000);

    expect(
      mostInAMinute(
        made.map(({ sent }) => sent),
        61_000,
      ),
    ).toBeLessThanOrEqual(100);
    expect(made).toHaveLength(240);
  });

  it.each([
    ["back by an hour", -3_600_000],
    ["forward by an hour", 3_600_000],
    ["forward by two seconds", 2_000],
  ])(
    "and a database's clock that is set %s: never more than 100, and nobody waits for a minute more",
    async (_, ms) => {
      const { born, clock, made, row } = pretendWorld();
      const calls = times(3, () => born().academy("acme"));
      for (let n = 0; n < 60; n++) for (const call of calls) void call();
      await clock.run(30_000);

      row.offMs += ms;
      await clock.run(95_000);

      expect(
        mostInAMinute(
          made.map(({ sent }) => sent),
          61_000,
        ),
      ).toBeLessThanOrEqual(100);
      expect(made).toHaveLength(180);
    },
  );
});

describe("a person's call", () => {
  it("goes before background reading, of other academies and replicas too, and does not wait in its places", async () => {
    const { born, clock, sentSince } = await used(600);
    const [one, other] = [born(), born()];
    const reading = one.academy("a");
    for (let n = 0; n < 10; n++) void reading(background());
    await clock.run(10);

    void reading();
    void other.academy("b")();
    await clock.run(9_000);

    expect(
      sentSince(60_000)
        .map(({ isBackground }) => isBackground)
        .slice(0, 2),
    ).toEqual([false, false]);
    expect(sentSince(60_000)).toHaveLength(12);
  });
});

describe("academies that wait", () => {
  it("have a turn each in every round, however many calls one of them has", async () => {
    const { clock, born, made } = await used(610);
    const flooding = [born(), born(), born()].flatMap((one) => times(3, () => one.academy("big")));
    for (const call of flooding) for (let n = 0; n < 20; n++) void call();
    await clock.run(3_050);
    const since = clock.now();

    void born().academy("small")();
    await clock.run(6_000);

    const small = made.find(({ academy }) => academy === "small");
    expect(small && small.sent - since).toBeLessThanOrEqual(2 * 2 * 610 + 100);
  });
});
