import { describe, expect, it } from "vitest";
import { createApi, createRetry, type Repeat } from "../../../src/skyprep/api.ts";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { LostBefore, NotNow, Rejected, SignInRefused, Unreachable } from "../../../src/skyprep/response.ts";
import type { Incoming } from "../../../src/skyprep/send.ts";
import { createClock } from "../../support/clock.ts";

type Step = number | Error | Partial<Incoming>;
const lost = new Unreachable("The connection ended.", "", "maybe");
const neverConnected = new Unreachable("No connection.", "", "no");

/** A service that does one step after the other, and the last one for ever. */
function before(
  steps: readonly Step[],
  { repeat = "read", random = () => 0.5 }: { repeat?: Repeat; random?: () => number } = {},
) {
  const clock = createClock();
  const start = clock.now();
  const tries: number[] = [];
  const send = createRetry({ repeat: () => repeat, random, ...clock })(async () => {
    const step = steps[Math.min(tries.length, steps.length - 1)] ?? 200;
    tries.push(clock.now() - start);
    if (step instanceof Error) throw step;
    const answer = typeof step === "number" ? { status: step } : step;
    return { status: 200, contentType: "", body: new TextEncoder().encode("success"), ...answer };
  });
  const api = createApi(send, { apiKey: "k", acctKey: "d" });
  const call = async (context = createRequestContext(), signal = new AbortController().signal) => {
    const came = api("destroy_user", "user_id=101", signal, context).then(
      (reading) => ({ reading }),
      (error: unknown) => ({ error }),
    );
    await clock.run();
    return came as Promise<{ reading?: unknown; error?: unknown }>;
  };
  return { clock, start, tries, call };
}

describe("a call that is tried again", () => {
  it("pauses longer each time, for a random part of it", async () => {
    const { tries, call } = before([503], { random: () => 0.5 });
    await call();

    const eager = before([503], { random: () => 0 });
    await eager.call();

    expect(tries).toEqual([0, 500, 2_000]);
    expect(eager.tries).toEqual([0, 0, 0]);
  });

  it.each([429, 503])("stays away for as long as a %s asks", async (status) => {
    const { tries, call } = before([{ status, retryAfter: 7 }, 200]);

    expect(await call()).toMatchObject({ reading: { text: "success" } });

    expect(tries).toEqual([0, 7_500]);
  });

  it("counts its tries", async () => {
    const [first, second] = [createRequestContext(), createRequestContext()];

    await before([lost, 502, 200]).call(first);
    await before([200]).call(second);

    expect([first.tries, second.tries]).toEqual([3, 1]);
    expect(first.waitedMs).toBe(2_000);
  });

  it("does not count as a try what was not sent", async () => {
    const context = createRequestContext();

    const { error } = await before([lost, new NotNow("closed", 1_000)]).call(context);

    expect(error).toBeInstanceOf(NotNow);
    expect(context.tries).toBe(1);
  });

  it("is not tried again when there would not be two seconds left for it", async () => {
    const { clock, tries, call } = before([{ status: 429, retryAfter: 20 }, 200]);

    const { error } = await call(createRequestContext({ deadline: clock.now() + 22_000 }));

    expect(tries).toEqual([0]);
    expect(error).toMatchObject({ status: 429, next: expect.stringContaining("wait 20 s") });
  });

  it.each<[string, Repeat, number, number[]]>([
    ["for a minute", "read", Number.POSITIVE_INFINITY, [0, 5_000, 20_000, 40_000, 60_000]],
    ["a write, too", "turned-away", Number.POSITIVE_INFINITY, [0, 5_000, 20_000, 40_000, 60_000]],
    ["within the call's time", "read", 50_000, [0, 5_000, 20_000, 40_000]],
  ])("waits out a limit that does not say how long: %s", async (_, repeat, ms, expected) => {
    const { clock, tries, call } = before([429], { repeat, random: () => 0 });

    await call(createRequestContext({ deadline: clock.now() + ms }));

    expect(tries).toEqual(expected);
  });

  it("is tried again when there are", async () => {
    const { clock, tries, call } = before([{ status: 429, retryAfter: 20 }, 200]);

    await call(createRequestContext({ deadline: clock.now() + 22_500 }));

    expect(tries).toEqual([0, 20_500]);
  });

  it("says that it waits, and stops when it is cancelled", async () => {
    const abort = new AbortController();
    const waits: number[] = [];
    const context = createRequestContext({
      onWait: (ms) => {
        waits.push(ms);
        queueMicrotask(() => abort.abort(new Error("never mind")));
      },
    });
    const { tries, call } = before([503]);

    const { error } = await call(context, abort.signal);

    expect(error).toMatchObject({ message: "never mind" });
    expect([tries, waits]).toEqual([[0], [500]]);
  });
});

describe("a write whose first answer was lost", () => {
  const settles = { repeat: "settles" as const };

  it("is done when it is sent again and succeeds", async () => {
    expect(await before([lost, 200], settles).call()).toMatchObject({ reading: { text: "success" } });
  });

  it("is done, if it removes, when the next try finds nothing", async () => {
    const { error } = await before([lost, 404], settles).call();

    expect(error).toBeInstanceOf(LostBefore);
    expect(error).toMatchObject({ reached: "maybe", foundNothing: true });
  });

  it.each<[string, Step]>([
    ["is refused", 422],
    ["finds the door shut", 401],
    ["is turned away", { status: 429, retryAfter: 1_000 }],
    ["meets a sign-in page", { body: new TextEncoder().encode("<!doctype html><p>Sign in") }],
    ["meets an error in a good answer", { body: new TextEncoder().encode('{"error":"not found"}') }],
    ["is not sent", new NotNow("closed", 1_000)],
    ["finds no connection", neverConnected],
    ["is lost too", lost],
    ["fails", 503],
    ["fails otherwise", 500],
  ])("stays unknown when the next try %s", async (_, step) => {
    const { error } = await before([lost, step], settles).call();

    expect(error).toMatchObject({ reached: "maybe" });
    expect((error as { foundNothing?: boolean }).foundNothing ?? false).toBe(false);
  });

  it.each([502, 503, 504])("stays unknown after a %s just as well", async (status) => {
    expect((await before([status, 422], settles).call()).error).toBeInstanceOf(LostBefore);
  });

  it.each<[string, Step]>([
    ["was turned away at the door", 429],
    ["was never connected", neverConnected],
  ])("is what it is told when the earlier try %s", async (_, step) => {
    const { error } = await before([step, 404], settles).call();

    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({ reached: "refused" });
  });

  it("is no matter to a read", async () => {
    expect((await before([lost, 404]).call()).error).toBeInstanceOf(Rejected);
    expect((await before([lost, 401]).call()).error).toBeInstanceOf(SignInRefused);
  });
});
