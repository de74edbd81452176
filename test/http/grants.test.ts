import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import { readGrants, scopeOfCall } from "../../src/http/grants.ts";
import { tools } from "../support/catalogue.ts";
import { statelessCall } from "../support/stateless-call.ts";
import { raw } from "./raw.ts";
import { connectAs, type RunningTeam, team, textOf } from "./team.ts";

const byName = new Map(prebuiltTools.map((tool) => [tool.name, tool]));
const isMeta = (name: string) => ["find_operation", "read_operation", "write_operation"].includes(name);
const academies = ["acme", "north"];
const scopes = { reader: "read", writer: "write", approver: "approve" } as const;
/** One person for each scope in each academy, and one who has nothing anywhere. */
const people = {
  ...Object.fromEntries(
    academies.flatMap((academy) =>
      Object.entries(scopes).map(([kind, scope]) => [`${kind}-${academy}`, [{ academy, scopes: [scope] }]]),
    ),
  ),
  nobody: [],
};

/** Arguments with which it would be sent. */
function examples(name: string): Record<string, unknown> {
  const tool = tools.get(name);
  return tool ? exampleOf(tool) : {};
}

describe("grants", () => {
  let running: RunningTeam;
  beforeAll(async () => {
    running = await team({
      academies: academies.map((name) => ({ name, sandbox: true })),
      people,
      over: { limits: { callsPerPerson: 1_000 } },
    });
  });
  afterAll(() => running.end());

  const call = (person: string, academy: string, name: string, args: object) =>
    raw(running.port, {
      path: `/mcp/${academy}`,
      ...statelessCall({ token: running.tokenFor(person), name, args }),
    });

  it("let nothing outside them reach SkyPrep: every person, academy, scope and tool", async () => {
    const wrong: string[] = [];
    for (const person of Object.keys(people)) {
      for (const academy of academies) {
        for (const { name, effect } of prebuiltTools.filter((tool) => !isMeta(tool.name))) {
          const [kind = "", own] = person.split("-");
          const may =
            own === academy && (kind === "writer" || (kind === "reader" && effect === "read"))
              ? 200
              : undefined;
          const before = running.sent.length;
          // Whoever is not let in calls as it should be called; what is let in is not to be carried out here.
          const { status } = await call(
            person,
            academy,
            name,
            may ? { no_such_argument: 1 } : examples(name),
          );
          const expected = may ?? (own === academy ? 403 : 404);
          if (status !== expected) wrong.push(`${person} ${academy} ${name}: ${status}, not ${expected}`);
          if (may === undefined && running.sent.length > before)
            wrong.push(`${person} ${academy} ${name}: sent`);
        }
      }
    }

    expect(wrong).toEqual([]);
  });

  it("let a reader call nothing that changes something through a tool that stands for many", async () => {
    const toolsets = { "x-mcp-toolsets": "essentials" };
    const client = await connectAs(running, "reader-acme", { headers: toolsets });
    const listed = (await client.listTools()).tools.map(({ name }) => name);

    for (const name of ["read_operation", "write_operation"])
      await expect(
        client.callTool({
          name,
          arguments: { operation: "create_user_group", arguments: '{"name":"x"}' },
        }),
      ).rejects.toThrow(/scope/);

    expect(listed).toContain("read_operation");
    expect(listed).not.toContain("write_operation");
    expect(running.sent.map(({ route }) => route)).not.toContain("create_user_group");
    await client.close();
  });

  it("show a reader only what reads, and a writer all", async () => {
    const [reader, writer, narrowed, narrow] = await Promise.all([
      connectAs(running, "reader-acme"),
      connectAs(running, "writer-acme"),
      connectAs(running, "writer-acme", { path: "/mcp/acme/readonly" }),
      connectAs(running, "writer-acme", { headers: { "x-mcp-toolsets": "users", "x-mcp-readonly": "true" } }),
    ]);
    const listed = async (client: typeof reader) => (await client.listTools()).tools;
    const writing = (tools: Awaited<ReturnType<typeof listed>>) =>
      tools.filter(({ name }) => byName.get(name)?.effect !== "read").length;

    expect(writing(await listed(reader))).toBe(0);
    expect(writing(await listed(writer))).toBeGreaterThan(30);
    expect(writing(await listed(narrowed))).toBe(0);
    const few = await listed(narrow);
    expect(few.length).toBeGreaterThan(1);
    expect(few.every(({ name }) => byName.get(name)?.section === "users")).toBe(true);
    expect(writing(few)).toBe(0);
    await Promise.all([reader, writer, narrowed, narrow].map((client) => client.close()));
  });

  it("come with no word of a code", async () => {
    const client = await connectAs(running, "writer-acme", {
      headers: { "x-mcp-toolsets": "jobs,essentials,users" },
    });
    const { tools: listed } = await client.listTools();

    expect(listed.filter(({ inputSchema }) => "confirm" in (inputSchema.properties ?? {}))).toEqual([]);
    await client.close();
  });

  it("send nothing from an address that only reads, whoever calls", async () => {
    const client = await connectAs(running, "writer-acme", { path: "/mcp/acme/readonly" });
    const before = running.sent.length;
    const refused = await client.callTool({ name: "create_user_group", arguments: { name: "x" } });

    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toMatch(/this address only reads.*\n.*without \/readonly/);
    expect(running.sent.length).toBe(before);
    await client.close();
  });

  it("say what leaves a tool out in words of this server, not of one desk", async () => {
    const client = await connectAs(running, "writer-acme", { headers: { "x-mcp-toolsets": "users" } });
    const refused = textOf(await client.callTool({ name: "get_courses", arguments: {} }));

    expect(refused).toMatch(/section courses, which X-MCP-Toolsets or .*\nName courses in X-MCP-Toolsets/);
    expect(refused).not.toContain("SKYPREP_");
    await client.close();
  });

  it("read what a call needs from the operation within", () => {
    const needs = (name: string, args: object) => scopeOfCall(byName, name, args as Record<string, unknown>);

    expect(needs("read_operation", { operation: " destroy_user " })).toBe("write");
    expect(needs("read_operation", { operation: "get_user" })).toBe("read");
    expect(needs("write_operation", { operation: "get_user" })).toBe("write");
    expect(needs("plan_enrollment", {})).toBe("read");
    expect(needs("apply_plan", {})).toBe("write");
  });

  it("say where a file of them is wrong", () => {
    const read = (value: unknown) => readGrants(JSON.stringify(value), "grants.json");

    expect(read({ people: { mia: [{ academy: "acme", scopes: ["write"] }] } })).toHaveProperty("value");
    expect(read({ people: { mia: [{ academy: "acme", scopes: ["admin"] }] } })).toEqual({
      wrong: [expect.stringMatching(/^grants\.json: people\.mia\.0\.scopes\.0: /)],
    });
    expect(
      read({
        people: {
          mia: [
            { academy: "acme", scopes: ["read"] },
            { academy: "acme", scopes: ["write"] },
          ],
        },
      }),
    ).toEqual({ wrong: [expect.stringContaining("one academy twice")] });
    expect(readGrants('{"people": {"mia": [', "grants.json")).toEqual({
      wrong: ["grants.json: it is no JSON, or is not written to its end."],
    });
  });
});
