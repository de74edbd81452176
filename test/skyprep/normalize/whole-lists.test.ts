import { describe, expect, it } from "vitest";
import { readFrom } from "../../../src/academy/reads.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Api } from "../../../src/skyprep/api.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import { createLearnt } from "../../../src/skyprep/normalize/learnt.ts";
import { createWholeReader } from "../../../src/skyprep/normalize/read-whole.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, liveAccount, noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";

interface Options {
  people?: number;
  strict?: boolean;
}

/** A client before an academy of this dialect, and what was sent of a route. */
async function academyOf(dialect: Dialect, { people = 302, strict = false }: Options = {}) {
  const sandbox = createSandbox({
    now: () => noon,
    strict,
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
    dialect,
  });
  const sent: { route: string; body: string }[] = [];
  const send: Send = (request, signal) => {
    sent.push(request);
    return sandbox.send(request, signal);
  };
  const academy = await connect(send, { SKYPREP_SANDBOX: "true" });
  return {
    ...academy,
    world: sandbox.world,
    of: (route: string) => sent.filter((one) => one.route === route),
  };
}

/** Without the folder, which is another in each. */
const saying = (text: string) => text.replace(/\/\S*\/exports/g, "exports");

const both = [{ strict: false }, { strict: true }];

describe.each(both)("people come whole, strict: $strict", ({ strict }) => {
  it.each(["by-25", "by-100"] as const)("where the academy gives them %s", async (how) => {
    const { call, close, of } = await academyOf({ "people-come-whole": how }, { strict });
    const { text, structured } = await call("get_users", { limit: 3 });
    expect(structured?.total).toBe(302);
    expect(text).toMatch(/302/);

    const first = of("get_users").length;
    await call("get_users", { fresh: true, limit: 3 });
    // Known by now: one call for each page of a hundred.
    expect(of("get_users").length - first).toBe(4);
    await close();
  });

  it("and courses, groups and paths too", async () => {
    const { call, close } = await academyOf({ "other-lists-come-whole": "by-25" }, { strict });
    expect((await call("get_courses", { limit: 3 })).structured?.total).toBe(42);
    expect((await call("get_user_groups", { limit: 3 })).structured?.total).toBe(9);
    await close();
  });

  it("and costs nothing where they do come whole", async () => {
    const { call, close, of } = await academyOf({}, { strict });
    expect((await call("get_users", { limit: 3 })).structured?.total).toBe(302);
    expect(of("get_users")).toHaveLength(1);
    await close();
  });

  it("and costs one look where a page could be as long", async () => {
    const { call, close, of } = await academyOf({}, { strict, people: 300 });
    expect((await call("get_users", { limit: 3 })).structured?.total).toBe(300);
    await call("get_users", { fresh: true, limit: 3 });
    expect(of("get_users")).toHaveLength(3);
    await close();
  });
});

describe.each(both)("training records in pages, strict: $strict", ({ strict }) => {
  const variants: Dialect[] = [
    {},
    { "progress-pages": "page-ignored" },
    { "progress-pages": "capped" },
    { "progress-pages": "from-zero" },
  ];

  it.each(variants)("each once, in an academy of %o", async (dialect) => {
    const { call, close, world } = await academyOf(dialect, { strict });
    const ids: unknown[] = [];
    let cursor: unknown;
    do {
      const { structured, text, isError } = await call("get_course_progresses", {
        limit: 500,
        ...(cursor !== undefined && { cursor }),
      });
      expect(isError, text).toBe(false);
      ids.push(...((structured?.items ?? []) as { id: number }[]).map(({ id }) => id));
      cursor = structured?.next_cursor;
    } while (cursor !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual([...world.progress.keys()].sort());
    await close();
  });

  it.each(variants)("counted the same, in an academy of %o", async (dialect) => {
    const straight = await academyOf({}, { strict });
    const other = await academyOf(dialect, { strict });
    for (const args of [{}, { course: "201" }, { show: "overdue" }]) {
      const [as, is] = [
        await straight.call("training_status", args),
        await other.call("training_status", args),
      ];
      expect(saying(is.text)).toBe(saying(as.text));
    }
    await straight.close();
    await other.close();
  });

  it.each(["capitalised", "words", "underscores", "synonyms"] as const)(
    "by status, where the academy spells it in %s",
    async (how) => {
      const { call, close, world } = await academyOf({ "statuses-as-on-the-page": how }, { strict });
      const open = [...world.progress.values()].filter(({ status }) => status === "in-progress").length;
      const { text } = await call("get_course_progresses", { status: ["in-progress"], limit: 500 });
      expect(text).toMatch(new RegExp(`\\b${open}\\b`));
      await close();
    },
  );

  it("of a person, where that filter is refused", async () => {
    const { call, close, world, of } = await academyOf({ "filters-filter": "refused" }, { strict });
    const [one] = [...world.people.values()].filter(({ role }) => role === "learner");
    const own = [...world.progress.values()].filter(({ user_id }) => user_id === one?.id).length;
    const { text } = await call("training_status", { person: String(one?.id) });
    expect(text).toContain(`${own} record`);
    expect(of("get_course_progresses").filter(({ body }) => body.includes("user_id"))).toHaveLength(1);
    await close();
  });
});

describe("a list that cannot be read to its end", () => {
  const people = Array.from({ length: 25 }, (_, n) => ({
    id: n + 1,
    email: `p${n}@example.com`,
    first_name: "P",
    last_name: String(n),
    role: "learner",
  }));
  /** Twenty-five, whatever is asked, and the word that there are more. */
  const stuck: Send = async ({ route }) => {
    const value = route === "get_program" ? { users_count: 302 } : people;
    return { status: 200, contentType: "", body: new TextEncoder().encode(JSON.stringify(value)) };
  };

  it("is believed where nothing says that there are more", async () => {
    const { call, close } = await connect(stuck, liveAccount);
    expect((await call("get_users", { limit: 3 })).structured?.total).toBe(25);
    await close();
  });
});

describe("what cannot be had is said", () => {
  const rows = Array.from({ length: 25 }, (_, n) => ({ id: n + 1 }));

  it("of a list with a total that it never reaches: it is a part, and jobs do not count it", async () => {
    const api: Api = async () => ({ is: "json", value: rows, bytes: 1, total: 302 });
    const { read } = createWholeReader({ api, learnt: createLearnt(), now: () => noon, patienceMs: 1_000 });
    const asking = { route: "get_users", form: "", signal: new AbortController().signal, context: undefined };
    const came = await read(asking);
    expect(came).toMatchObject({ isPart: true, total: 302 });
    await expect(readFrom(async () => came)("get_users", {}, asking.signal)).rejects.toThrow(
      "only 25 of 302 rows came",
    );
  });

  it("of pages that are always the first, where time does not help: never a total", async () => {
    const hundred = Array.from({ length: 100 }, (_, n) => ({ id: n + 1, user_id: 1, status: "passed" }));
    const repeating: Send = async () => ({
      status: 200,
      contentType: "",
      body: new TextEncoder().encode(JSON.stringify(hundred)),
    });
    const { call, close } = await connect(repeating, liveAccount);
    const { text, structured } = await call("get_course_progresses", { limit: 500 });
    expect(text).toContain("This is not all: 100 course progresses came; SkyPrep gave no more.");
    expect(structured?.total ?? null).toBeNull();
    await close();
  });
});

it("what a probe has learnt saves looks, and what it says wrongly is found out", async () => {
  const people = Array.from({ length: 302 }, (_, n) => ({ id: n + 1 }));
  let calls = 0;
  const api: Api = async (_, form) => {
    calls += 1;
    const asked = new URLSearchParams(form);
    const size = Math.min(100, Number(asked.get("per_page") ?? 25));
    const at = (Number(asked.get("page") ?? 1) - 1) * size;
    return { is: "json", value: people.slice(at, at + size), bytes: 1 };
  };
  const asking = { route: "get_users", form: "", signal: new AbortController().signal, context: undefined };
  const first = createLearnt();
  const came = await createWholeReader({ api, learnt: first, now: () => noon, patienceMs: 1_000 }).read(
    asking,
  );
  expect(came).toMatchObject({ value: people });
  const looked = calls;

  calls = 0;
  const learnt = createLearnt(JSON.parse(JSON.stringify(first.facts())));
  await createWholeReader({ api, learnt, now: () => noon, patienceMs: 1_000 }).read(asking);
  expect([looked, calls]).toEqual([6, 4]);

  const whole: Api = async () => ({ is: "json", value: people, bytes: 1 });
  const read = createWholeReader({ api: whole, learnt, now: () => noon, patienceMs: 1_000 });
  expect(await read.read(asking)).toMatchObject({ value: people });
  expect(learnt.of("get_users").pages).toEqual({ is: "whole", rows: 302 });
  expect(createLearnt({ routes: { get_users: { pages: "all" } } }).facts()).toEqual({ routes: {} });
});

it("a list of many pages ends in time, says how far it came, and goes on", async () => {
  let now = noon;
  const everybody = Array.from({ length: 12_000 }, (_, n) => ({ id: n + 1, email: `p${n}@example.com` }));
  const slow: Send = async ({ route, body }) => {
    now += 600;
    const form = new URLSearchParams(body);
    const size = Math.min(100, Number(form.get("per_page") ?? 25));
    const at = (Number(form.get("page") ?? 1) - 1) * size;
    const value = route === "get_program" ? { users_count: 12_000 } : everybody.slice(at, at + size);
    return { status: 200, contentType: "", body: new TextEncoder().encode(JSON.stringify(value)) };
  };
  const clock = { now: () => now, after: () => () => {} };
  const { call, close } = await connect(slow, liveAccount, { clock });

  const first = await call("get_users", { limit: 3 });
  expect(first.isError).toBe(true);
  expect(first.text).toMatch(/pages of 100, and \d+ of 12000 rows were read so far; the rest takes about/);
  let reply = first;
  let calls = 1;
  while (reply.isError && calls < 10) {
    now += 5_000;
    reply = await call("get_users", { limit: 3 });
    calls += 1;
  }
  expect(reply.structured?.total).toBe(12_000);
  expect(calls).toBeLessThan(6);
  await close();
});
