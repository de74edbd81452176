import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { personsState } from "../../src/app/persons-state.ts";
import { withoutPaths } from "../../src/http/server-paths.ts";
import { readLines } from "../../src/journal/entry.ts";
import type { Board } from "../../src/pages/board.ts";
import { yes } from "../support/person.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { connectAs, type RunningTeam, team, textOf } from "./team.ts";

describe("what one person of a team keeps in files", () => {
  let folder: string;
  let running: RunningTeam;
  const clients: { close: () => Promise<void> }[] = [];

  beforeEach(async () => {
    folder = temporaryFolder("persons");
    const world = { now: Date.now, random: randomUUID, after: () => () => {} };
    const both = ["acme", "north"].map((academy) => ({ academy, scopes: ["write"] as const }));
    running = await team({
      academies: ["acme", "north"].map((name) => ({ name, sandbox: true })),
      people: { mia: both, rob: both },
      stateOf: (academy) => personsState(folder, { ...world, academy }),
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await running.end();
  });
  const as = async (who: string, academy = "acme") => {
    const client = await connectAs(running, who, { path: `/mcp/${academy}`, person: yes });
    clients.push(client);
    return client;
  };
  const planOf = (text: string) => /\b[a-z]+-\d+\b/.exec(text)?.[0] ?? "";
  const apply = (plan: string) => ({ name: "apply_plan", arguments: { plan } });

  it("is a plan that nobody else finds, nor they themselves in another academy", async () => {
    const [mia, rob, elsewhere] = [await as("mia"), await as("rob"), await as("mia", "north")];
    const planned = await mia.callTool({
      name: "plan_enrollment",
      arguments: { people: ["101", "102"], courses: ["240"] },
    });
    const plan = planOf(textOf(planned));

    const texts = [textOf(await rob.callTool(apply(plan))), textOf(await elsewhere.callTool(apply(plan)))];
    const own = textOf(await mia.callTool(apply(plan)));

    for (const text of texts) expect(text).toMatch(/There is no such plan/);
    expect(own).not.toMatch(/There is no such plan/);
  });

  it("is a report that is read as a resource, by nobody else, and lies at no path in any reply", async () => {
    const [mia, rob] = [await as("mia"), await as("rob")];
    const reply = await mia.callTool({ name: "export_report", arguments: { report: "all_users" } });
    const uri = /skyprep:\/\/exports\/[\w-]+/.exec(textOf(reply))?.[0] ?? "";

    const { contents } = await mia.readResource({ uri });
    const listed = JSON.stringify(await mia.listResources());

    expect(contents).toHaveLength(1);
    expect(JSON.stringify(reply) + listed).not.toContain(folder);
    expect(listed).toContain(uri);
    expect(JSON.stringify(await rob.listResources())).not.toContain(uri);
    await expect(rob.readResource({ uri })).rejects.toThrow();
  });

  it("is gone after a week, whoever keeps something next", async () => {
    const [mia, rob] = [await as("mia"), await as("rob")];
    await mia.callTool({ name: "export_report", arguments: { report: "all_users" } });
    const [own = ""] = readdirSync(join(folder, "exports"));
    const files = readdirSync(join(folder, "exports", own)).map((name) => join(folder, "exports", own, name));
    const before = Date.now() / 1_000 - 8 * 86_400;
    for (const file of files) utimesSync(file, before, before);

    await rob.callTool({ name: "export_report", arguments: { report: "all_users" } });

    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((file) => existsSync(file) && /\.(csv|json)$/.test(file))).toEqual([]);
  });

  it("is a change that is theirs alone to undo, which everybody sees", async () => {
    const [mia, rob] = [await as("mia"), await as("rob")];
    await mia.callTool({ name: "create_user_group", arguments: { name: "Night Shift" } });
    const listed = textOf(await rob.callTool({ name: "list_changes", arguments: {} }));
    const change = Number(/\b(\d+)\b[^\n]*create_user_group|#(\d+)/.exec(listed)?.[1] ?? 1);

    const refused = textOf(await rob.callTool({ name: "undo_change", arguments: { change } }));
    const sent = running.sent.length;
    const undone = textOf(await mia.callTool({ name: "undo_change", arguments: { change } }));

    expect(listed).toMatch(/\bmia\b/);
    expect(refused).toMatch(/was made by mia, and is theirs alone to undo\. Nothing was sent\./);
    expect(running.sent.length).toBeGreaterThan(sent);
    expect(undone).not.toMatch(/theirs alone/);
  });

  it("is written down with who did it, from which client, and the trace that the message names", async () => {
    const mia = await as("mia");
    const trace = "0af7651916cd43dd8448eb211c80319c";
    await mia.callTool({
      name: "create_user_group",
      arguments: { name: "Night Shift" },
      _meta: { traceparent: `00-${trace}-b7ad6b7169203331-01` },
    });

    const lines = (await readLines(join(folder, "journal"), () => true)).filter(
      ({ line }) => line === "intent",
    );

    expect(lines).toMatchObject([{ person: "mia", trace, client: "test", replica: expect.any(String) }]);
  });
});

it("says of no folder of the server's where it is", async () => {
  const reply = (text: string, outcome: "done" | "failed" = "failed") =>
    withoutPaths(["/var/lib/skyprep", "/etc/team", undefined])(async () => ({
      text,
      structured: { where: ["/var/lib/skyprep/exports/a1"] },
      outcome,
    }))("any", {}, new AbortController().signal);

  expect(await reply("Could not be kept in /var/lib/skyprep/exports/a1.csv: the disk is full.")).toEqual({
    text: "Could not be kept in a folder of the server: the disk is full.",
    structured: { where: ["a folder of the server"] },
    outcome: "failed",
  });
  expect((await reply("/etc/team, which is wrong"))?.text).toBe("a folder of the server, which is wrong");
  expect((await reply("See /etc/teams and /var/lib", "done"))?.text).toBe("See /etc/teams and /var/lib");
});

it("says so on no board either, where nothing else of the reply names a place", async () => {
  const board = { notes: ["See /var/lib/skyprep/templates/letter.txt"] } as unknown as Board;
  const reply = await withoutPaths(["/var/lib/skyprep"])(async () => ({
    text: "All is well.",
    board,
    outcome: "done",
  }))("any", {}, new AbortController().signal);

  expect(reply).toEqual({
    text: "All is well.",
    board: { notes: ["See a folder of the server"] },
    outcome: "done",
  });
});
