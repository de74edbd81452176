import { describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect, liveAccount, noon } from "../support/academy.ts";
import { createClock, passing, settled } from "../support/clock.ts";
import { seededTables } from "../support/seeded.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";

const account = { ...liveAccount, SKYPREP_CALLS_PER_MINUTE: "2" };
const academyOf = () =>
  createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
    apiKey: liveAccount.SKYPREP_API_KEY,
    domain: liveAccount.SKYPREP_ACCT_KEY,
  }).send;

describe("a call that has to wait", () => {
  it("tells so as progress, however many wait before it, and whatever it waits with", async () => {
    const clock = createClock();
    const env = { ...account, SKYPREP_CALLS_PER_MINUTE: "12" };
    const academy = await connect(academyOf(), env, { clock, pause: clock.pause });
    const told: string[][] = [];
    const grows: boolean[] = [];
    const call = (name: string, args: Record<string, unknown>) => {
      const own: string[] = [];
      let last = -1;
      told.push(own);
      return academy.client.callTool(
        { name, arguments: args },
        {
          onprogress: ({ progress, message }) => {
            grows.push(progress > last);
            last = progress;
            own.push(message ?? "");
          },
        },
      );
    };
    const first = Array.from({ length: 12 }, (_, n) => call("get_user", { user_id: 101 + n }));
    await passing(clock, 2);
    await Promise.all(first);
    await passing(clock, 20);
    told.splice(0);

    const all = [
      ...Array.from({ length: 7 }, (_, n) => call("get_user", { user_id: 103 + n })),
      call("find", { text: "avery" }),
      call("find", { text: "jordan" }),
      call("destroy_user", { user_id: 110 }),
    ];
    await passing(clock, 30);
    const heard = told.map((own) => own.length > 0);
    const ended = Promise.allSettled(all);
    for (let n = 0; n < 3; n++) await passing(clock, 60);
    await ended;
    await academy.close();

    expect(heard).toEqual(all.map(() => true));
    expect(grows).not.toContain(false);
    expect(told.flat().join()).toMatch(/Waiting for other calls before SkyPrep is called/);
  });

  it("tells so as progress, and is answered in its time", async () => {
    const clock = createSkippingClock();
    const academy = await connect(academyOf(), account, { clock, pause: clock.pause });
    const told: string[] = [];
    const get = () =>
      academy.client.callTool(
        { name: "get_user", arguments: { user_id: 101 } },
        { onprogress: ({ message }) => told.push(message ?? "") },
      );
    await get();
    await clock.pause(30_000, new AbortController().signal);
    await get();

    const third = await get();
    await academy.close();

    expect(third.isError).not.toBe(true);
    expect(told.join()).toMatch(/Waiting (30|31) s before SkyPrep is called/);
  });

  it("is told when to come back where the wait is longer than it may take", async () => {
    const clock = createSkippingClock();
    const academy = await connect(academyOf(), account, { clock, pause: clock.pause });
    for (let n = 0; n < 2; n++) await academy.call("get_user", { user_id: 101 });

    const read = await academy.call("get_user", { user_id: 101 });
    const write = await academy.call("create_course", { name: "New" });
    await academy.close();

    for (const reply of [read, write]) {
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(
        /limit of calls a minute is used up; nothing was sent.\nCall again in 6[01] s/,
      );
    }
  });

  it("ends with its time, and a write that was sent is unknown", async () => {
    const clock = createClock();
    let sent = 0;
    const silent: Send = (_, signal) => {
      sent += 1;
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const academy = await connect(silent, { SKYPREP_SANDBOX: "true" }, { clock });

    const [read, write] = [academy.call("get_courses"), academy.call("create_course", { name: "New" })];
    while (sent < 2) await settled();
    let done = false;
    void Promise.all([read, write]).then(() => {
      done = true;
    });
    while (!done) await clock.run(1_000);
    await academy.close();

    expect((await read).text).toMatch(/did not answer within 50 s/);
    expect((await write).text).toMatch(/within 50 s[\s\S]*is unknown: do not repeat it before get_courses/);
  });
});
