import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, it } from "vitest";
import { isLong } from "../../support/long.ts";
import { canSignIn, rowsOf, straight } from "./straight.ts";
import { createAcademy, mostInAMinute } from "./training-academy.ts";

// Seeding and reading so many takes as long as a hundred other tests; `npm run bench:mornings` asks the like of as many, too.
it.runIf(isLong)(
  "says who is overdue in a group of 20,000 people's academy in a few thousand tokens",
  async () => {
    const academy = createAcademy({ people: 20_000 });
    expect(academy.world.progress.size).toBeGreaterThan(60_000);
    const server = await academy.open();
    const began = academy.clock.now();

    let asks = 0;
    let reply: Awaited<ReturnType<typeof server.call>>;
    const tokens: number[] = [];
    for (;;) {
      asks += 1;
      reply = await server.call("training_status", { group: "Sales Team", show: "overdue" });
      tokens.push(countTokens(reply.text), countTokens(JSON.stringify(reply.structured)));
      const { ask_again_in_seconds: wait } = (reply.structured?.reading ?? {}) as {
        ask_again_in_seconds?: number;
      };
      if (wait === undefined || asks > 5) break;
      await academy.pass(wait);
    }

    const seconds = (academy.clock.now() - began) / 1000;
    const { overdue } = straight(rowsOf(academy.world, { group: 301 }), academy.clock.now(), 30);
    // Whoever cannot sign in any more is counted apart, and not listed.
    const chased = overdue.filter(({ user_id }) =>
      canSignIn(academy.world.people.get(user_id), academy.clock.now()),
    );
    expect(chased.length).toBeLessThan(overdue.length);
    expect(reply.structured).toMatchObject({
      overdue: overdue.length,
      total: chased.length,
      left_out: overdue.length - chased.length,
    });
    expect(reply.text).toMatch(/Only not started, in progress, failed counted \(without show: all\): /);
    expect(Math.max(...tokens)).toBeLessThanOrEqual(4_000);
    expect(asks).toBeLessThanOrEqual(3);
    // 17,500 of 73,400 records are open: 175 pages, and a few looks at how many there are, and one at how many there would be of all.
    expect(academy.sent.length).toBeLessThanOrEqual(205);
    expect(seconds).toBeLessThanOrEqual(240);
    expect(mostInAMinute(academy.pages().map(({ at }) => at))).toBeLessThanOrEqual(60);

    const before = academy.sent.length;
    const other = await server.call("training_status", { group: "Finance", show: "due" });
    expect(other.structured?.reading).toBeUndefined();
    expect(academy.sent.length - before).toBeLessThanOrEqual(3);
    await server.close();
  },
  60_000,
);
