import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { needsOf } from "../../../src/jobs/shared/training/scope.ts";
import { digest } from "../../../src/reply/cursor.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import type { Incoming, Outgoing, Send } from "../../../src/skyprep/send.ts";
import { readCapabilities, writeCapabilities } from "../../../src/state/capabilities.ts";
import { filesIn } from "../../../src/state/files/files-state.ts";
import { connect, noon } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { academyOf, domain, key, newProbe } from "./bench.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const folderOf = (what: string) => {
  const folder = temporaryFolder(what);
  folders.push(folder);
  return folder;
};
const mine = { account: digest(domain), secret: key };
const paged: Dialect = { "people-come-whole": "by-25" };

/** What a probe of such an academy leaves behind. */
async function probedIn(send: Send): Promise<string> {
  const probe = newProbe(send);
  folders.push(probe.folder);
  await probe.run();
  return probe.stateFolder;
}

type Asked = readonly [name: string, args: Record<string, unknown>];

/** A server that has just started, with what a probe saw or without. */
async function server(send: Send, probed?: string, env: Record<string, string> = {}) {
  const folder = folderOf("uses");
  // Not the pace: the probe's own minute is over.
  if (probed !== undefined)
    cpSync(join(probed, "capabilities"), join(folder, "capabilities"), { recursive: true });
  const sent: Outgoing[] = [];
  const lines: string[] = [];
  let at = noon;
  const client = await connect(
    (request, signal) => {
      sent.push(request);
      return send(request, signal);
    },
    {
      SKYPREP_API_KEY: key,
      SKYPREP_ACCT_KEY: domain,
      SKYPREP_STATE_DIR: folder,
      SKYPREP_CALLS_PER_MINUTE: "10000",
      ...env,
    },
    {
      clock: { now: () => at, after: () => () => {} },
      pause: async (ms) => {
        at += ms;
      },
      person: agreeing,
      say: (line) => void lines.push(line),
    },
  );
  return {
    sent,
    lines,
    to: (route: string) => sent.filter((one) => one.route === route),
    ask: async ([name, args]: Asked) =>
      (await client.call(name, args)).text.replace(/\b[0-9a-f]{8,}\b|test\d+/g, "…"),
    close: client.close,
  };
}

const avery: Asked = ["training_status", { person: "avery@example.com" }];

async function both(send: Send, probed: string, asked: Asked) {
  const without = await server(send);
  const having = await server(send, probed);
  const replies = [await without.ask(asked), await having.ask(asked)];
  await without.close();
  await having.close();
  return { without, having, replies };
}

describe("a filter that a probe saw working", () => {
  it("reads one person in place of all pages of everybody, and says the same", async () => {
    const { send } = academyOf({ dialect: paged });
    const { without, having, replies } = await both(send, await probedIn(send), avery);

    expect(replies[1]).toBe(replies[0]);
    expect(without.to("get_users").length).toBeGreaterThan(3);
    expect(having.to("get_users").map(({ body }) => new URLSearchParams(body).get("email"))).toEqual([
      "avery@example.com",
    ]);
  });

  it("reads one row of a long list that comes whole", async () => {
    const { send } = academyOf({ people: 1_200 });
    const { without, having, replies } = await both(send, await probedIn(send), avery);

    expect(replies[1]).toBe(replies[0]);
    expect(without.to("get_users")[0]?.body).not.toContain("email");
    expect(having.to("get_users").map(({ body }) => body)).toEqual([expect.stringContaining("email=avery")]);
    expect(having.sent.length).toBeLessThanOrEqual(without.sent.length);
  });

  it("that lets everybody through is noticed, trusted no more, and all is read again", async () => {
    const probed = await probedIn(academyOf({ dialect: paged }).send);
    const { send } = academyOf({ dialect: { ...paged, "filters-filter": "ignored" } });
    const { having, replies } = await both(send, probed, avery);

    expect(replies[1]).toBe(replies[0]);
    expect(having.lines.join("\n")).toMatch(/filters-filter.*filters are ignored/);
    const filtered = ({ to }: typeof having) =>
      to("get_users").filter(({ body }) => body.includes("email=")).length;
    const later = await server(send, probed);
    await later.ask(avery);
    const once = filtered(later);
    await later.ask(["training_status", { person: "jordan@example.com", fresh: true }]);
    // Its second page is a page of everybody.
    expect([once, filtered(later)]).toEqual([filtered(having), once]);
    expect(once).toBeGreaterThan(0);
    await later.close();
  });

  it("that brings nobody is no proof that nobody is there", async () => {
    const academy = academyOf({ dialect: paged });
    const probed = await probedIn(academy.send);
    const send: Send = async (request, signal) =>
      request.route === "get_users" && request.body.includes("email=")
        ? json([])
        : academy.send(request, signal);
    const { having, replies } = await both(send, probed, avery);

    expect(replies[1]).toBe(replies[0]);
    expect(having.to("get_users").some(({ body }) => !body.includes("email="))).toBe(true);
  });

  it("is nothing to a write: the same requests as without", async () => {
    const probed = await probedIn(academyOf().send);
    for (const asked of [
      ["offboard_person", { person: "avery@example.com" }],
      ["plan_enrollment", { people: ["avery@example.com"], courses: ["Fire Safety"] }],
      ["destroy_user", { user_email: "avery@example.com" }],
    ] satisfies Asked[]) {
      const without = await server(academyOf().send);
      const having = await server(academyOf().send, probed);
      const replies = [await without.ask(asked), await having.ask(asked)];
      expect(replies[1]).toBe(replies[0]);
      // From where pages count is known already.
      const routes = ({ sent }: typeof having) =>
        sent.map(({ route, body }) => `${route} ${body.replace("&page=1", "")}`);
      expect(routes(having).filter((one) => !routes(without).includes(one))).toEqual([]);
      expect(routes(having).filter((one) => /^get_users .*email=/.test(one))).toEqual([]);
      await without.close();
      await having.close();
    }
  });

  it("reads people by themselves where they are fewer than the courses", () => {
    const ids = (n: number) => new Set(Array.from({ length: n }, (_, i) => i + 1));
    const scope = { people: ids(8), courses: ids(12), words: [], notes: [], named: {} };

    expect(needsOf(scope, {}, true)).toHaveLength(12);
    expect(needsOf(scope, {}, "sure").map(({ person }) => person)).toEqual([...ids(8)]);
    expect(needsOf({ ...scope, courses: ids(3) }, {}, "sure")).toHaveLength(3);
  });
});

it("a filter of a person that a probe saw ignored is not tried", async () => {
  const { send } = academyOf({ dialect: { "filters-filter": "ignored" } });
  const { without, having, replies } = await both(send, await probedIn(send), avery);

  expect(replies[1]).toBe(replies[0]);
  const tried = ({ to }: typeof having) =>
    to("get_course_progresses").filter(({ body }) => body.includes("user_id=")).length;
  expect([tried(without), tried(having)]).toEqual([1, 0]);
  expect(having.sent.length).toBeLessThan(without.sent.length);
});

it("a time is written in the zone that a probe saw, and nobody is asked for it", async () => {
  const { send } = academyOf({ dialect: paged });
  const probed = await probedIn(send);
  expect(await readCapabilities(filesIn(probed), mine)).toMatchObject({
    found: { zone: "Eastern Time (US & Canada)" },
  });
  const { without, having, replies } = await both(send, probed, ["list_changes", {}]);

  expect(replies[1]).toBe(replies[0]);
  expect(without.sent.length).toBeGreaterThan(0);
  expect(having.sent).toEqual([]);
});

it("a zone that no list of zones has is none", async () => {
  const { send } = academyOf();
  const folder = folderOf("mars");
  const seen = { when: "2026-11-20", by: "0.1.0", seen: {}, filters: {}, account: mine.account };
  await writeCapabilities(folder, { ...seen, zone: "Olympus Mons" }, key);
  const { having, without, replies } = await both(send, folder, ["list_changes", {}]);

  expect(replies[1]).toBe(replies[0]);
  expect(having.sent.length).toBe(without.sent.length);
});

describe("a limit that answers tell of", () => {
  const telling = (perMinute: number): Send => {
    const { send } = academyOf();
    return async (request, signal) => ({ ...(await send(request, signal)), perMinute });
  };

  it("is kept by the probe, and kept to", async () => {
    const probed = await probedIn(telling(40));
    expect(await readCapabilities(filesIn(probed), mine)).toMatchObject({ found: { perMinute: 40 } });
    const { send } = academyOf();
    const having = await server(send, probed, { SKYPREP_CALLS_PER_MINUTE: "100" });
    const without = await server(send, undefined, { SKYPREP_CALLS_PER_MINUTE: "100" });
    for (const one of [having, without]) {
      for (let n = 0; n < 41; n++) await one.ask(["get_user", { user_id: 101 + n }]);
      await one.close();
    }

    // The last of them would have had to wait for a minute.
    expect([having.sent.length, without.sent.length]).toEqual([40, 41]);
  });

  it("is never above the published one: a file that says so is none", async () => {
    const folder = folderOf("limit");
    const seen = { when: "2026-11-20", by: "0.1.0", seen: {}, filters: {}, account: mine.account };
    await writeCapabilities(folder, { ...seen, perMinute: 1_000 }, key);

    expect(await readCapabilities(filesIn(folder), mine)).toMatchObject({ ignored: /not whole/ });
  });
});

const json = (value: unknown): Incoming => ({
  status: 200,
  contentType: "application/json",
  body: new TextEncoder().encode(JSON.stringify(value)),
});
