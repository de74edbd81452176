import { describe, expect, it } from "vitest";
import type { Send } from "../../../src/skyprep/send.ts";
import { createKeptLists } from "../../../src/state/kept-lists.ts";
import { answering, connect, liveAccount, noon, openAcademy } from "../../support/academy.ts";

type Row = Record<string, unknown>;
const rowsIn = (reply: { structured: Row | undefined }) => (reply.structured?.items ?? []) as Row[];

describe("a list", () => {
  it("shows fifty rows, how many there are, and how to go on", async () => {
    const academy = await openAcademy();

    const first = await academy.call("get_users");
    const second = await academy.call("get_users", { cursor: first.structured?.next_cursor });

    expect(first.text).toMatch(/^\[sandbox\] 302 people, 1–50\.\nid\tdisplay_name/);
    expect(first.text).toMatch(new RegExp(`cursor ${first.structured?.next_cursor}$`));
    expect(first.structured).toMatchObject({ total: 302 });
    expect(second.text).toMatch(/302 people, 51–100\./);
    expect(rowsIn(second)[0]?.id).toBe(151);
    await academy.close();
  });

  it("says so when it is all", async () => {
    const academy = await openAcademy();

    expect((await academy.call("get_user_groups")).text).toMatch(/^\[sandbox\] 9 groups\.\n/);
    await academy.close();
  });

  it("says what a login that is only a part of one may have been meant for", async () => {
    const academy = await openAcademy();
    const part = await academy.call("get_users", { email: "avery" });
    const whole = await academy.call("get_users", { email: "avery@example.com" });

    expect(part.text).toMatch(/^\[sandbox\] 0 people\. A whole login was looked for; find takes a part/);
    expect(whole.text).not.toContain("find takes");
    await academy.close();
  });

  it("is searched by words in names, logins and codes, without case or accents", async () => {
    const rows = [
      { id: 1, display_name: "Zoë Müller", email: "zm@example.com" },
      { id: 2, display_name: "Zoe Smith", email: "zoe.mueller@example.com" },
      { id: 3, display_name: "Someone", email: "else@example.com", title: "zoe muller" },
    ];
    const { send } = answering(JSON.stringify(rows));
    const academy = await connect(send, liveAccount);

    const reply = await academy.call("get_users", { search: "MULLER zoe" });

    expect(rowsIn(reply).map(({ id }) => id)).toEqual([1]);
    expect(reply.text).toMatch(/^1 of 3 people, search “MULLER zoe”\./);
    await academy.close();
  });

  it("shows the columns asked for, identity first", async () => {
    const academy = await openAcademy();

    const reply = await academy.call("get_users", { fields: ["Email", "company"], limit: 1 });

    expect(rowsIn(reply)).toEqual([{ id: 101, email: "avery@example.com", company: "Example Co." }]);
    expect(reply.text.split("\n")[1]).toBe("id\temail\tcompany");
    await academy.close();
  });

  it.each([
    "nonsense",
    "ssn",
    "view_key",
    "webcal_link",
    "gravatar_url",
    "cell",
    "date_of_birth",
    "__proto__",
  ])("has no column %s to show, and says which there are", async (field) => {
    const academy = await openAcademy();

    const reply = await academy.call("get_users", { fields: [field] });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/fields: there is no .* to show; there are id, display_name, email/);
    await academy.close();
  });

  it("shows custom fields under the tenant's own names, and personal fields only when revealed", async () => {
    const user = { id: 1, display_name: "A", ca_0: "EMEA", cell: "555", ssn: "123-45-6789" };
    const { send } = answering(JSON.stringify([user]));
    const plain = await connect(send, { ...liveAccount, SKYPREP_CUSTOM_FIELDS: "ca_0=Region" });
    const revealed = await connect(send, { ...liveAccount, SKYPREP_REVEAL: "personal" });

    expect(rowsIn(await plain.call("get_users", { fields: ["region"] }))).toEqual([
      { id: 1, Region: "EMEA" },
    ]);
    expect((await plain.call("get_user", { user_id: 1 })).text).toMatch(/^Person 1: A\nRegion: EMEA$/);
    expect(rowsIn(await revealed.call("get_users", { fields: ["cell"] }))).toEqual([{ id: 1, cell: "555" }]);
    expect((await revealed.call("get_user", { user_id: 1 })).text).not.toMatch(/123-45/);
    await plain.close();
    await revealed.close();
  });

  it.each([0, 501, 10_000, -1, 1.5])("refuses a limit of %s with the range", async (limit) => {
    const academy = await openAcademy();

    expect((await academy.call("get_users", { limit })).text).toMatch(
      /limit must be a whole number, 1 to 500/,
    );
    await academy.close();
  });
});

describe("a cursor", () => {
  const courses = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: n + 1, name: `Course ${n + 1}` }));

  /** SkyPrep with a list that the test changes. */
  async function changing(rows: { now: unknown[] }, env = {}) {
    const send: Send = async () => ({
      status: 200,
      contentType: "application/json",
      body: new TextEncoder().encode(JSON.stringify(rows.now)),
    });
    return connect(send, { ...liveAccount, ...env });
  }

  it("is good for another process of the same account, and for no other account", async () => {
    const rows = { now: courses(120) };
    const cursor = (await (await changing(rows)).call("get_courses")).structured?.next_cursor;

    const again = await (await changing(rows)).call("get_courses", { cursor });
    const foreign = await (await changing(rows, { SKYPREP_ACCT_KEY: "other.example.com" })).call(
      "get_courses",
      { cursor },
    );

    expect(rowsIn(again)[0]).toEqual({ id: 51, name: "Course 51" });
    expect(foreign.text).toMatch(/belongs to another call/);
  });

  it("belongs to its call", async () => {
    const rows = { now: courses(120) };
    const academy = await changing(rows);
    const cursor = (await academy.call("get_courses", { search: "course" })).structured?.next_cursor;

    expect((await academy.call("get_courses", { cursor })).text).toMatch(/belongs to another call/);
    expect((await academy.call("get_materials", { cursor })).isError).toBe(true);
  });

  it.each(["x", "AAAA", "%%%", "A".repeat(21), "A".repeat(64)])(
    "that nobody gave (%j) is refused",
    async (cursor) => {
      const academy = await openAcademy();

      const reply = await academy.call("get_users", { cursor });

      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/not one that this server gave/);
      await academy.close();
    },
  );

  it("says that the list changed rather than skip or repeat a row", async () => {
    for (const after of [
      courses(120).slice(1),
      [...courses(120), { id: 500, name: "New" }],
      courses(120).reverse(),
    ]) {
      const rows = { now: courses(120) as unknown[] };
      const academy = await changing(rows);
      const cursor = (await academy.call("get_courses")).structured?.next_cursor;
      rows.now = after;
      await academy.call("create_course", { name: "x" });

      const reply = await academy.call("get_courses", { cursor });

      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/changed since that cursor was given/);
      await academy.close();
    }
  });
});

describe("kept lists", () => {
  /** Counts what reaches SkyPrep; its clock is the test's. */
  function counting() {
    let time = noon;
    const loads: string[] = [];
    const lists = createKeptLists<string>({ now: () => time, maxBytes: 100 });
    const read = (key: string, bytes = 10, signal = new AbortController().signal) =>
      lists.read(
        key,
        async () => {
          loads.push(key);
          return { value: `${key}${loads.length}`, bytes };
        },
        signal,
      );
    return {
      lists,
      read,
      loads,
      pass: (ms: number) => {
        time += ms;
      },
    };
  }

  it("are read once a minute", async () => {
    const { read, loads, pass } = counting();

    await read("a");
    pass(59_999);
    await read("a");
    pass(2);
    await read("a");

    expect(loads).toEqual(["a", "a"]);
  });

  it("are one request for all who ask at once", async () => {
    const { read, loads } = counting();

    expect(await Promise.all([read("a"), read("a"), read("a")])).toEqual(["a1", "a1", "a1"]);
    expect(loads).toEqual(["a"]);
  });

  it("let the least recently used go first when there is no room", async () => {
    const { read, loads } = counting();

    await read("a", 40);
    await read("b", 40);
    await read("a", 40);
    await read("c", 40);
    loads.length = 0;
    await read("a", 40);
    await read("b", 40);

    expect(loads).toEqual(["b"]);
  });

  it("never keep one that alone is too big", async () => {
    const { read, loads } = counting();

    await read("a", 101);
    await read("a", 101);

    expect(loads).toEqual(["a", "a"]);
  });

  it("forget what was on its way when something was written", async () => {
    const { lists, read, loads } = counting();

    const early = read("a");
    lists.drop();
    const late = read("a");

    expect(await early).toBe("a1");
    expect(await late).toBe("a2");
    expect(await read("a")).toBe("a2");
    expect(loads).toHaveLength(2);
  });

  it("do not fail the others when one who asked gives up, and stop when all did", async () => {
    const lists = createKeptLists<string>({ now: () => noon });
    const [one, two] = [new AbortController(), new AbortController()];
    const seen: AbortSignal[] = [];
    const load = (signal: AbortSignal) => {
      seen.push(signal);
      return new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const first = lists.read("a", load, one.signal);
    const second = lists.read("a", load, two.signal);

    one.abort(new Error("first gave up"));
    await expect(first).rejects.toThrow("first gave up");
    expect(seen[0]?.aborted).toBe(false);
    two.abort(new Error("second gave up"));

    await expect(second).rejects.toThrow("second gave up");
    expect(seen[0]?.aborted).toBe(true);
  });

  it("are dropped by a write of ours, so that what was written is seen", async () => {
    const academy = await openAcademy();
    await academy.call("get_courses");

    await academy.call("create_course", { name: "Brand New" });

    expect((await academy.call("get_courses", { search: "brand new" })).structured).toMatchObject({
      total: 1,
    });
    await academy.close();
  });
});
