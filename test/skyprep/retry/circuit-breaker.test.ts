import { describe, expect, it } from "vitest";
import { createCircuitBreaker } from "../../../src/skyprep/api.ts";
import { createRequestContext } from "../../../src/skyprep/request.ts";
import { NotNow, Unreachable, Unreadable } from "../../../src/skyprep/response.ts";
import type { Incoming } from "../../../src/skyprep/send.ts";
import { createClock } from "../../support/clock.ts";

type Step = number | Error | Promise<Incoming>;
const incoming = (status: number): Incoming => ({ status, contentType: "", body: new Uint8Array() });
const lost = new Unreachable("lost", "", "maybe");
const noConnection = new Unreachable("none", "", "no");
const timeOut = new DOMException("The operation timed out.", "TimeoutError");

function createService() {
  const clock = createClock();
  let sent = 0;
  let next: Step = 200;
  const send = createCircuitBreaker(clock)(async (_request, _signal, context) => {
    sent += 1;
    if (context) context.waitedMs += waited;
    if (next instanceof Error) throw next;
    return typeof next === "number" ? incoming(next) : next;
  });
  let waited = 0;
  const call = (route = "get_users") =>
    send({ route, headers: {}, body: "" }, new AbortController().signal, createRequestContext()).then(
      ({ status }) => status,
      (error: unknown) => error,
    );
  return {
    clock,
    call,
    sent: () => sent,
    waits: (ms: number) => {
      waited = ms;
    },
    async answers(step: Step, times: number, route = "get_users") {
      next = step;
      for (let n = 0; n < times; n++) await call(route);
    },
  };
}

describe("the circuit of a route", () => {
  it.each<[string, Step]>([
    ["lost connections", lost],
    ["calls whose time ran out", timeOut],
    ["500", 500],
    ["503", 503],
  ])("opens after five %s in a row, and says when to call again", async (_, step) => {
    const service = createService();
    service.waits(5);
    await service.answers(step, 5);

    const refusal = await service.call();

    expect(service.sent()).toBe(5);
    expect(refusal).toBeInstanceOf(NotNow);
    expect(refusal).toMatchObject({ reached: "no", next: "Call again in 30 s." });
  });

  it.each<[string, Step]>([
    ["404", 404],
    ["429", 429],
    ["unreadable answers", new Unreadable("too large", "", "yes")],
    ["cancelled calls", new DOMException("This operation was aborted", "AbortError")],
    ["calls turned back before the network", new NotNow("limit", 1)],
  ])("stays closed after any number of %s", async (_, step) => {
    const service = createService();

    await service.answers(step, 20);

    expect(service.sent()).toBe(20);
  });

  it("stays closed when the time ran out in waiting", async () => {
    const service = createService();
    service.waits(40_000);

    await service.answers(timeOut, 20);

    expect(service.sent()).toBe(20);
  });

  it("stays closed when one of five succeeds", async () => {
    const service = createService();

    for (let n = 0; n < 5; n++) {
      await service.answers(500, 4);
      await service.answers(404, 1);
    }

    expect(service.sent()).toBe(25);
  });

  it("leaves other routes alone", async () => {
    const service = createService();
    await service.answers(500, 5);

    await service.answers(200, 1, "get_courses");

    expect(service.sent()).toBe(6);
  });

  it("lets one call try when thirty seconds are over, and closes when it succeeds", async () => {
    const service = createService();
    await service.answers(500, 5);
    await service.clock.run(30_000);
    let succeed = (_: Incoming) => {};
    void service.answers(
      new Promise<Incoming>((resolve) => {
        succeed = resolve;
      }),
      1,
    );

    expect(await service.call()).toBeInstanceOf(NotNow);
    succeed(incoming(200));
    await service.clock.run();

    expect(await service.call()).toBe(200);
    expect(service.sent()).toBe(7);
  });

  it("stays open for thirty seconds more when that call fails", async () => {
    const service = createService();
    await service.answers(500, 5);
    await service.clock.run(30_000);

    await service.answers(500, 1);
    await service.clock.run(29_999);

    expect(await service.call()).toMatchObject({ waitMs: 1 });
    expect(service.sent()).toBe(6);
  });

  it("lets another try when that call is cancelled", async () => {
    const service = createService();
    await service.answers(500, 5);
    await service.clock.run(30_000);

    await service.answers(new DOMException("aborted", "AbortError"), 1);
    await service.answers(200, 1);

    expect(await service.call()).toBe(200);
  });

  it("does not stay open for longer because the clock was set back", async () => {
    const service = createService();
    await service.answers(500, 5);

    service.clock.set(service.clock.now() - 3_600_000);

    expect(await service.call()).toMatchObject({ waitMs: 30_000 });
    await service.clock.run(30_000);
    await service.answers(200, 1);
    expect(await service.call()).toBe(200);
  });
});

describe("the circuit of the whole service", () => {
  const routes = ["get_users", "get_courses", "update_user", "get_skills", "get_materials"];

  it("opens after five calls in a row that found no connection, whatever their routes", async () => {
    const service = createService();
    for (const route of routes) await service.answers(noConnection, 1, route);

    expect(await service.call("get_payments")).toMatchObject({ waitMs: 30_000 });
    await service.clock.run(30_000);
    await service.answers(200, 1);

    expect(await service.call("get_payments")).toBe(200);
  });

  it("stays closed while anything answers, however badly", async () => {
    const service = createService();

    for (const route of [...routes, ...routes]) {
      await service.answers(noConnection, 1, route);
      await service.answers(500, 1, `${route}_${service.sent()}`);
    }

    expect(service.sent()).toBe(20);
  });
});
