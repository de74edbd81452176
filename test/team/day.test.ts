import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownChain, verifyRows } from "../../src/journal/database/chains.ts";
import { textOf } from "../http/team.ts";
import { hasNginx } from "../support/nginx.ts";
import { agreeing, yes } from "../support/person.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { connectFirst, connectThrough, type Replicas, startReplicas } from "./replicas.ts";

/** Of each client one, lest they wait for each other's minute. */
const academies = ["modern", "older", "first", "asking"];
const writes = academies.map((academy) => ({ academy, scopes: ["write"] as const }));

describe.skipIf(!hasPostgres || !hasNginx)("three replicas behind nginx, which takes turns", () => {
  let fresh: FreshDatabase;
  let running: Replicas;
  beforeAll(async () => {
    fresh = await freshDatabase();
    running = await startReplicas({
      databaseUrl: fresh.url,
      academies,
      people: { ana: writes, ben: writes, cleo: writes },
    });
  }, 60_000);
  afterAll(() => running?.close());

  const routesSince = (calls: number) => running.arrived.slice(calls).map(({ route }) => route);
  const days = [
    ["the second SDK of 2026", "ana", "modern", () => connectThrough(running, "ana", { academy: "modern" })],
    [
      "the second SDK of 2025",
      "ben",
      "older",
      () => connectThrough(running, "ben", { academy: "older", era: "2025" }),
    ],
    ["the first SDK", "cleo", "first", () => connectFirst(running, "cleo", { academy: "first" })],
  ] as const;

  it.each(days)("do a day's work with a client of %s", async (_, who, academy, connect) => {
    const user = 110;
    const client = await connect();
    const call = async (tool: string, args: Record<string, unknown>) => {
      const reply = await client.callTool({ name: tool, arguments: args });
      expect(reply.isError, `${tool}: ${textOf(reply)}`).not.toBe(true);
      return textOf(reply);
    };
    const before = running.proxy.taken().length;

    expect((await client.listTools()).tools.length).toBeGreaterThan(80);
    expect(await call("find", { text: "Avery" })).toContain("101");
    await call("enroll_user_in_course", { user_id: user, course_id: 205 });
    const group = `The night shift of ${who}`;
    await call("create_user_group", { name: group });

    const planned = await call("plan_enrollment", { people: [String(user)], groups: [group] });
    const [plan] = /\b[a-z]{3,12}-\d{2,5}\b/.exec(planned) ?? [];
    expect(await call("apply_plan", { plan })).toMatch(/done/);

    const report = { report: "single_course", of: ["202"], limit: 2 };
    let reported = "";
    let uri = "";
    // When a write ended is told too late rather than too early: a report made right after it may be made anew.
    const isKept = async () => {
      const before = uri;
      reported = await call("export_report", report);
      [uri = ""] = /skyprep:\/\/exports\/[\w-]+/.exec(reported) ?? [];
      return uri === before;
    };
    await expect.poll(isKept, { timeout: 10_000, interval: 50 }).toBe(true);
    const { contents } = await client.readResource({ uri });
    expect((contents[0] as { text: string }).text.split("\n").length).toBeGreaterThan(100);
    // The same again, and what follows, is answered from what another replica kept.
    const calls = running.arrived.length;
    const [, cursor] = /call again with cursor (\S+)/.exec(reported) ?? [];
    expect(await call("export_report", report)).toContain(uri);
    expect(await call("export_report", { ...report, cursor })).toMatch(/^1\d\d\t.*\tWorkplace/m);
    expect(routesSince(calls)).not.toContain("get_report");

    await call("update_user", { user_id: user, title: `Chief ${who}` });
    const listed = await call("list_changes", {});
    expect(listed).toMatch(new RegExp(`\t${who}\tdone\t${plan}\t`));
    const [, change] = /^(\d+)\t.*\tupdate_user\t/m.exec(listed) ?? [];
    expect(await call("undo_change", { change: Number(change) })).toMatch(/undone|done/);
    expect(await call("get_user", { user_id: user })).not.toContain(`Chief ${who}`);
    await client.close();

    const taken = running.proxy.taken().slice(before);
    expect(taken.length).toBeGreaterThan(10);
    expect(taken.filter((one, at) => one === taken[at - 1])).toEqual([]);
    const { breaks } = await verifyRows(fresh.open(), { academy, chain: ownChain });
    expect(breaks).toEqual([]);
  });

  it("ask a person through the client's form, once, and take the answer at whichever is next", async () => {
    const asked: string[] = [];
    const client = await connectThrough(running, "ana", {
      academy: "asking",
      person: (form) => {
        asked.push(form.message);
        return yes(form);
      },
    });
    const calls = running.arrived.length;
    const reply = await client.callTool({ name: "destroy_user", arguments: { user_id: 115 } });
    await client.close();

    expect(reply.isError, textOf(reply)).not.toBe(true);
    expect(asked).toEqual([expect.stringMatching(/^Delete /)]);
    expect(routesSince(calls).filter((route) => route === "destroy_user")).toHaveLength(1);
  });

  it("send nothing that nobody can be asked about, and say so", async () => {
    for (const [who, connect] of [
      ["ben", () => connectThrough(running, "ben", { academy: "asking", era: "2025", person: agreeing })],
      ["cleo", () => connectFirst(running, "cleo", { academy: "asking" })],
    ] as const) {
      const client = await connect();
      const calls = running.arrived.length;
      const reply = await client.callTool({ name: "destroy_user", arguments: { user_id: 116 } });
      await client.close();

      expect([who, reply.isError, textOf(reply)]).toEqual([
        who,
        true,
        expect.stringMatching(/nobody can be asked/),
      ]);
      expect(routesSince(calls)).not.toContain("destroy_user");
    }
  });

  it("say no key, token or password", async () => {
    expect(running.said()).toContain("Serving https://training.example.com/mcp/modern");
    for (const secret of [...running.secrets, fresh.password]) expect(running.said()).not.toContain(secret);
  });
});
