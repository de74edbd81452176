import { beforeEach, expect, it } from "vitest";
import { egressRow } from "../../../src/skyprep/egress/egress-row.ts";
import { EgressWindow, emptyEgress, silenceMs } from "../../../src/skyprep/egress/egress-window.ts";
import { reservationMs } from "../../../src/skyprep/rate-limit/reservations.ts";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { NotNow } from "../../../src/skyprep/response.ts";
import type { Database } from "../../../src/state/postgres/database.ts";
import { type Clock, createClock } from "../../support/clock.ts";
import { describeWithPostgres, freshDatabase } from "../../support/postgres.ts";
import { mostInAMinute, times } from "../../support/shared-minute.ts";
import { createEgressWorld, type Made, type Replica } from "./egress-world.ts";

/** Replicas with a real database whose clock stands where the test's does. */
async function databaseWorld() {
  const fresh = await freshDatabase();
  const clock = createClock();
  // Each transaction is told first what the time is.
  await fresh.admin(`create or replace function skyprep.clock() returns timestamptz language sql volatile
    as $$ select skyprep.at(current_setting('skyprep.test_ms')::bigint) $$`);
  let busy = 0;
  let offMs = 0;
  let doomed: Replica | undefined;
  let killedAt = Number.POSITIVE_INFINITY;
  const opened: Database[] = [];
  const world = createEgressWorld((replica) => {
    const database = fresh.open({ connections: 2 });
    opened.push(database);
    const watched: Database = {
      ...database,
      async transaction(work, options) {
        busy += 1;
        try {
          return await database.transaction(async () => {
            await database.query("select set_config('skyprep.test_ms', $1, true)", [
              String(Math.floor(clock.now() + offMs)),
            ]);
            return work();
          }, options);
        } finally {
          busy -= 1;
        }
      },
    };
    const row = egressRow(watched, "office", replica);
    return {
      async change(work) {
        let hasTurns = false;
        const done = await row.change((before, ...seen) => {
          const asked = work(before, ...seen);
          const known = new Set(EgressWindow.safeParse(before).data?.leases.map(({ id }) => id));
          hasTurns = EgressWindow.parse(asked.kept).leases.some(({ id }) => !known.has(id));
          return asked;
        });
        if (replica === doomed && done !== undefined && hasTurns && !replica.isDead()) {
          replica.kill();
          killedAt = clock.now();
        }
        return done;
      },
    };
  }, clock);
  const calm = async () => {
    for (let still = 0; still < 3; still = busy === 0 ? still + 1 : 0)
      await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return {
    ...world,
    fresh,
    calm,
    opened,
    ready: async () => {
      for (const one of opened) await one.check();
    },
    /** Killed when it next has a turn, of which it never hears. */
    doom: (replica: Replica | undefined) => {
      doomed = replica;
    },
    killedAt: () => killedAt,
    setOff: (ms: number) => {
      offMs += ms;
    },
    /** As the clock's own, and nothing passes while the database is asked. */
    async run(ms: number): Promise<void> {
      const end = clock.now() + ms;
      for (;;) {
        await calm();
        const step = Math.min(clock.due(), end - clock.now());
        await clock.run(step);
        if (clock.now() >= end) break;
      }
      await calm();
    },
  };
}

/** One after the other, each taking as long as a call does. */
function flood(
  world: { readonly clock: Clock; readonly end: () => number },
  call: () => Promise<unknown>,
  callers: number,
): void {
  for (let n = 0; n < callers; n++)
    void (async () => {
      while (world.clock.now() < world.end()) await call();
    })();
}

/**
 * How long each call waited, and how long it would if turns went round by academy: until so many are free as its
 * academy's calls before it and itself take, for each of the academies one.
 */
function waits(calls: readonly Made[], began: readonly number[], academies: number) {
  const sent = began.toSorted((a, b) => a - b);
  return calls.map((call) => {
    const { academy, asked } = call;
    const before = calls.filter(
      (one) =>
        one.academy === academy &&
        one.sent > asked &&
        (one.asked < asked || (one.asked === asked && one.sent < call.sent)),
    ).length;
    const gone = sent.filter((at) => at <= asked).length;
    const freed = sent[gone + (before + 1) * academies - 1 - 100];
    return {
      ...call,
      waited: call.sent - asked,
      fair: freed === undefined ? 0 : Math.max(0, freed + 61_000 - asked),
    };
  });
}

const slow = (clock: Clock) => {
  let nth = 0;
  return async () => {
    nth += 1;
    await clock.pause(150 + ((nth * 7_919) % 900));
    return { status: 200, contentType: "", body: new Uint8Array() };
  };
};

describeWithPostgres("replicas that share a database", () => {
  let world: Awaited<ReturnType<typeof databaseWorld>>;
  beforeEach(async () => {
    world = await databaseWorld();
  });

  it("three, with clocks minutes off, and four academies flooding for three minutes: never more than 100 in any 61 s, nobody waits more than twice the fair time, whoever comes meanwhile or is killed, and no person for background reading", async () => {
    const { clock, made, start, born } = world;
    const replicas = [-300_000, 0, 300_000].map((offMs) => born({ offMs, behind: slow(clock) }));
    await world.ready();
    // A minute of single calls, so that from then on turns are free one by one.
    const calls = times(100, (n) => start - 60_000 + n * 600);
    await world.fresh.admin(
      "insert into skyprep.egresses (egress, content, changed_at) values ('office', $1, now())",
      [JSON.stringify({ ...emptyEgress(start), calls })],
    );
    const end = () => start + 180_000;
    {
      const callers = { big: 8, middle: 4, other: 3 };
      for (const [academy, count] of Object.entries(callers))
        for (const replica of replicas) {
          const call = replica.academy(academy);
          flood({ clock, end }, call, count);
          flood({ clock, end }, () => call(createRequestContext({ isBackground: true })), 1);
        }
      // One call after the other, at one of the replicas.
      for (const replica of replicas.slice(0, 1)) flood({ clock, end }, replica.academy("small"), 1);
    }

    await world.run(60_000);
    // Somebody of a quiet academy, once, while all others go on.
    void replicas[1]?.academy("quiet")();
    await world.run(60_000);
    world.doom(replicas[2]);
    await world.run(30_000);
    const killedAt = world.killedAt();
    // The living say what became of theirs within a second: what still counts as used at the last is of the dead.
    const [row] = await world.fresh.admin("select content from skyprep.egresses where egress = 'office'");
    const { leases } = EgressWindow.parse(row?.content);
    const dead = leases.filter(({ until }) => until < killedAt + reservationMs + 1_000);
    const ofTheDead = dead.flatMap(({ until, size }) => Array<number>(size).fill(until));
    await world.run(start + 180_000 - clock.now());

    const persons = made.filter(({ isBackground }) => !isBackground);
    const sent = made.map((one) => one.sent);
    expect(mostInAMinute(sent, 61_000)).toBeLessThanOrEqual(100);
    // The turns it had are used, in whichever of its last moments; which of its calls were of them nobody knows.
    expect(ofTheDead.length).toBeGreaterThan(0);
    const known = made.filter((one) => one.replica !== 2 || one.sent < killedAt - 2 * reservationMs);
    const counted = [...known.map((one) => one.sent), ...ofTheDead];
    expect(mostInAMinute(counted, 61_000)).toBeLessThanOrEqual(100);
    expect(made.length + ofTheDead.length).toBeGreaterThanOrEqual(285);
    const began = [...calls, ...sent, ...ofTheDead];
    // Until it is taken for dead, places are left for those who waited there.
    const all = waits(persons, began, 4).filter(
      ({ academy, asked, sent }) => academy !== "quiet" && (sent < killedAt || asked > killedAt + silenceMs),
    );
    const quiet = waits(persons, began, 5).filter(({ academy }) => academy === "quiet");
    expect(quiet).toHaveLength(1);
    expect(quiet.filter(({ waited, fair }) => waited > 2 * Math.max(fair, 750))).toEqual([]);
    expect(made.filter(({ replica, sent }) => replica === 2 && sent > killedAt)).toEqual([]);
    expect(persons.filter(({ sent }) => sent > killedAt + silenceMs).length).toBeGreaterThan(70);
    for (const academy of ["big", "middle", "other", "small"])
      expect(persons.filter((one) => one.academy === academy).length).toBeGreaterThanOrEqual(70);
    expect(all.filter(({ waited, fair }) => waited > 2 * Math.max(fair, 750))).toEqual([]);
    const before = made.filter(
      ({ isBackground, sent }) =>
        isBackground && persons.some((one) => one.asked < sent && one.sent > sent + 1_000),
    );
    expect(before).toEqual([]);
  }, 120_000);

  it("count the turns of one that died, keep to the minute when the database's time steps back, and refuse while it is gone", async () => {
    const { made, start, born, fresh, run } = world;
    const [dying, living] = [born(), born()];
    await world.ready();
    const first = dying.academy("acme");
    const second = living.academy("acme");
    for (let n = 0; n < 40; n++) void first().catch(() => {});
    await run(100);
    dying.kill();
    world.setOff(-120_000);
    for (let n = 0; n < 90; n++) void second().catch(() => {});
    await run(60_000);

    expect(made).toHaveLength(100);
    await fresh.admin("alter table skyprep.egresses rename to elsewhere");
    await run(3_000);
    const refused = await second().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotNow);
    expect((refused as NotNow).message).toContain("The database that counts the team's calls");
    expect(made).toHaveLength(100);
    await fresh.admin("alter table skyprep.elsewhere rename to egresses");
    void second();
    await run(1_000);

    expect(made).toHaveLength(101);
    expect(
      mostInAMinute(
        made.map((call) => call.sent),
        61_000,
      ),
    ).toBeLessThanOrEqual(100);
    expect(start).toBeLessThan(living.now());
  });

  it("count a turn whatever becomes of the transaction that its caller stands in", async () => {
    const { born, fresh, calm } = world;
    const replica = born();
    await world.ready();
    const [database] = world.opened;
    if (database === undefined) throw new Error("no database");
    const call = replica.academy("acme");

    await database
      .transaction(async () => {
        await call();
        throw new Error("rolled back");
      })
      .catch(() => {});
    await calm();

    const [row] = await fresh.admin("select content from skyprep.egresses where egress = 'office'");
    expect(row?.content).toMatchObject({ leases: [{ size: 1 }] });
  });
});
