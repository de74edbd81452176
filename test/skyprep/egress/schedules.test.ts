import fc from "fast-check";
import { expect, it } from "vitest";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { settled } from "../../support/clock.ts";
import { mostInAMinute, times } from "../../support/shared-minute.ts";
import { pretendWorld } from "./egress-world.ts";

/** Of calls close upon each other, so that turns are taken ahead, and of floods that take each the moment it is free. */
const event = fc.record({
  gap: fc.oneof(
    { weight: 9, arbitrary: fc.nat(450) },
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat(30_000) },
  ),
  replica: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2)),
  academy: fc.nat(3),
  isBackground: fc.boolean(),
  calls: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 60 })),
  within: fc.oneof({ weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) }, fc.nat(90_000)),
  cancelled: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.nat(5_000)),
  happens: fc.oneof(
    { weight: 20, arbitrary: fc.constant("nothing" as const) },
    {
      weight: 6,
      arbitrary: fc.constantFrom("killed", "set back", "set forward", "own clock", "gone", "unheard", "429"),
    },
  ),
  by: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 3_600_000 })),
});
const ways = fc.array(
  fc.oneof({ weight: 8, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.nat(2_500) }),
  { minLength: 4, maxLength: 41 },
);

it("never more than the limit leave in any 61 s, whoever dies, whatever is lost and whichever clock is set", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 40, maxLength: 120 }),
      fc.constantFrom(12, 20, 100),
      ways,
      async (events, limit, delays) => {
        let nth = 0;
        let isSlow = true;
        const delay = () => (isSlow ? (delays[nth++ % delays.length] ?? 0) : 0);
        let turnedAway = 0;
        const world = pretendWorld(() => [delay(), delay(), delay(), delay()]);
        const { clock, row, made } = world;
        const born = (offMs = 0) => {
          const replica = world.born({
            offMs,
            behind: async () => ({
              status: turnedAway-- > 0 ? 429 : 200,
              contentType: "",
              body: new Uint8Array(),
            }),
          });
          return { replica, academies: times(4, (n) => replica.academy(`academy ${n}`, limit)) };
        };
        const replicas = [born(-300_000), born(), born(300_000)];

        for (const { gap, academy, isBackground, calls, within, cancelled, ...one } of events) {
          await clock.run(gap);
          const at = replicas[one.replica];
          for (let n = 0; n < calls; n++) {
            const abort = new AbortController();
            const deadline = (at?.replica.now() ?? 0) + within;
            void at?.academies[academy]?.(
              createRequestContext({ isBackground, deadline }),
              abort.signal,
            ).catch(() => {});
            if (cancelled !== undefined) clock.after(cancelled, () => abort.abort());
          }
          await settled();
          if (one.happens === "killed") {
            at?.replica.kill();
            replicas[one.replica] = born(one.by);
          } else if (one.happens === "set back") row.offMs -= one.by;
          else if (one.happens === "set forward") {
            // Whoever saw it before sees it first afterwards: a server that is new can only believe it. And by more than
            // an answer takes: less is what the second over the minute is for.
            row.trouble = undefined;
            for (const { academies } of replicas) void academies[0]?.().catch(() => {});
            await clock.run(20_000);
            row.offMs += 20_000 + one.by;
            void at?.academies[0]?.().catch(() => {});
            await clock.run(20_000);
          } else if (one.happens === "own clock" && at) at.replica.offMs += one.by % 2 ? one.by : -one.by;
          else if (one.happens === "429") turnedAway = 1;
          else if (one.happens === "gone" || one.happens === "unheard") row.trouble = one.happens;
          if (one.happens === "nothing") row.trouble = undefined;
        }
        row.trouble = undefined;
        isSlow = false;
        await clock.run(240_000);
        void world.born().academy("last", limit)();
        await clock.run(125_000);

        expect(made.filter(({ academy }) => academy === "last")).toHaveLength(1);
        const sent = made.map((call) => call.sent);
        expect(mostInAMinute(sent, 61_000)).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 20), endOnFailure: true },
  );
});
