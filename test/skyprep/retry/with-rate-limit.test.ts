import { describe, expect, it } from "vitest";
import { createApi, createCircuitBreaker, createRetry } from "../../../src/skyprep/api.ts";
import { createRateLimiter } from "../../../src/skyprep/rate-limit/limiter.ts";
import { createTurns } from "../../../src/skyprep/rate-limit/turns.ts";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { NotNow, Unreachable } from "../../../src/skyprep/response.ts";
import { createClock } from "../../support/clock.ts";
import { createDisk } from "../../support/shared-minute.ts";

type Step = number | Error | { status: number; retryAfter: number };
const lost = new Unreachable("The connection ended.", "", "maybe");

/** Retry, circuit and pace before one service, as they are put together; several processes share a disk. */
function createChain(
  steps: Step[],
  { clock = createClock(), disk = createDisk(), callsPerMinute = 100 } = {},
) {
  const start = clock.now();
  const sent: number[] = [];
  const reads = new Set(["get_users"]);
  const turns = createTurns({
    ...disk,
    callsPerMinute,
    now: clock.now,
    after: clock.after,
    onTrouble: () => {},
  });
  const retry = createRetry({
    repeat: (route) => (reads.has(route) ? "read" : "settles"),
    random: () => 0.5,
    ...clock,
  });
  const circuit = createCircuitBreaker(clock);
  const pace = createRateLimiter({ turns, reads, ...clock });
  const service = async () => {
    sent.push(clock.now() - start);
    const step = steps.length > 1 ? steps.shift() : steps[0];
    if (step instanceof Error) throw step;
    const answer = typeof step === "object" ? step : { status: step ?? 200 };
    return { contentType: "", body: new TextEncoder().encode("success"), ...answer };
  };
  const api = createApi(retry(circuit(pace(service))), { apiKey: "k", acctKey: "d" });
  return {
    clock,
    disk,
    sent,
    call: (route: string, context = createRequestContext()) =>
      api(route, "", new AbortController().signal, context).then(
        () => "done",
        (error: unknown) => error,
      ),
  };
}

describe("retry, circuit and pace together", () => {
  it("come back when SkyPrep says, and keep another process away until then", async () => {
    const one = createChain([{ status: 429, retryAfter: 10 }, 200]);
    const other = createChain([200], one);
    const context = createRequestContext();
    const first = one.call("get_users", context);
    await one.clock.run(0);

    const second = other.call("get_users");
    await one.clock.run();

    expect(await Promise.all([first, second])).toEqual(["done", "done"]);
    expect([one.sent, other.sent]).toEqual([[0, 10_500], [10_000]]);
    expect(context.tries).toBe(2);
  });

  it("take a turn for each try", async () => {
    const chain = createChain([502, 502, 200]);

    const call = chain.call("get_users");
    await chain.clock.run();

    expect(await call).toBe("done");
    expect(JSON.parse(chain.disk.text ?? "").calls).toHaveLength(3);
  });

  it("leave a write unknown whose second try gets no turn in time", async () => {
    const chain = createChain([lost], { callsPerMinute: 1 });

    const call = chain.call("update_user", createRequestContext({ deadline: chain.clock.now() + 50_000 }));
    await chain.clock.run();

    expect(await call).toMatchObject({ reached: "maybe", last: expect.any(NotNow) });
    expect(chain.sent).toEqual([0]);
  });

  it("take no turn while a circuit is open", async () => {
    const chain = createChain([503]);
    for (let n = 0; n < 2; n++) void chain.call("get_users");
    await chain.clock.run();
    const before = chain.disk.text;

    const call = await chain.call("get_users");

    expect(call).toBeInstanceOf(NotNow);
    expect(chain.disk.text).toBe(before);
    expect(chain.sent.length).toBeLessThanOrEqual(6);
  });

  it("end within the call's time, however long SkyPrep is down", async () => {
    const chain = createChain([503]);
    const deadline = chain.clock.now() + 50_000;
    let endedAt = Number.POSITIVE_INFINITY;

    const call = chain.call("get_users", createRequestContext({ deadline })).then(() => {
      endedAt = chain.clock.now();
    });
    await chain.clock.run();
    await call;

    expect(endedAt).toBeLessThanOrEqual(deadline);
  });
});
