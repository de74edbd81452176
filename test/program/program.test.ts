import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernStdio } from "@modelcontextprotocol/client/stdio";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { jobs } from "../../src/jobs/index.ts";
import { protocols } from "../../src/mcp/protocols.ts";
import { tools } from "../support/catalogue.ts";
import { listen } from "../support/loopback.ts";
import { answersForms, yes } from "../support/person.ts";
import { bare, command, endAll, hello, keep, program, start } from "./child.ts";

afterEach(endAll);

const removal = { name: "destroy_course", arguments: { course_id: 202 } };

async function administer(client: {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
}) {
  const { tools } = await client.listTools();
  const call = async (name: string, args: Record<string, unknown>) =>
    JSON.stringify(await client.callTool({ name, arguments: args }));
  return {
    tools: tools.length,
    read: await call("get_user", { user_id: 101 }),
    write: await call("update_course", { course_id: 201, name: "New Hire Orientation 2027" }),
    removal: await call(removal.name, removal.arguments),
    afterwards: await call("get_course", { course_id: 202 }),
  };
}

function expectAdministered(seen: Awaited<ReturnType<typeof administer>>) {
  expect(seen.tools).toBe(tools.size + Object.keys(jobs).length);
  expect(seen.read).toMatch(/\[sandbox\] Person 101: Avery Learner/);
  expect(seen.write).toMatch(/Done: Change a course/);
  expect(seen.removal).toMatch(/Done: Delete a course/);
  expect(seen.afterwards).toMatch(/404/);
}

describe("the built program, over real stdio", () => {
  it("lets the built-in academy be called as often as one likes: nothing paces it, so nothing turns away", async () => {
    const server = start(["--sandbox"]);
    await server.ask(1, "initialize", hello);

    for (let id = 2; id < 132; id++) {
      const { result } = await server.ask(id, "tools/call", {
        name: "get_user",
        arguments: { user_id: 101 + (id % 100) },
      });
      expect((result as { isError?: boolean }).isError ?? false, JSON.stringify(result)).toBe(false);
    }
  });

  it("is administered through the 1.x client", async () => {
    const client = new LegacyClient({ name: "legacy", version: "1" }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      expect(params.message).toMatch(
        /^\[sandbox\] Delete the course “[^”]+” \(202\)\?\n[\s\S]*Type delete 202 to go on\.$/,
      );
      return { action: "accept", content: { typed: "delete 202" } };
    });
    await client.connect(new LegacyStdio(command()));

    expectAdministered(await administer(client as never));
    await expect(client.callTool({ name: "no_such_tool", arguments: {} })).rejects.toThrow(
      /Unknown tool: no_such_tool/,
    );
    await client.close();
  });

  it.each(["legacy", "auto"] as const)("is administered through the 2.x client, mode %s", async (mode) => {
    const client = new ModernClient(
      { name: "modern", version: "1" },
      { versionNegotiation: { mode }, capabilities: { elicitation: { form: {} } } },
    );
    let asked = 0;
    answersForms(client, (form) => {
      asked += 1;
      return yes(form);
    });
    await client.connect(new ModernStdio(command()));

    expectAdministered(await administer(client as never));
    expect(asked).toBe(1);
    expect(client.getNegotiatedProtocolVersion()).toBe(mode === "auto" ? "2026-07-28" : "2025-11-25");
    expect(client.getInstructions()).toMatch(/SANDBOX/);
    await expect(client.callTool({ name: "no_such_tool", arguments: {} })).rejects.toThrow(
      /Unknown tool: no_such_tool/,
    );
    await client.close();
  });

  it.each(protocols)("speaks %s, as doctor says", async (revision) => {
    const server = start(["--sandbox"]);
    const meta = {
      "io.modelcontextprotocol/protocolVersion": revision,
      "io.modelcontextprotocol/clientInfo": hello.clientInfo,
      "io.modelcontextprotocol/clientCapabilities": {},
    };

    const discovered = revision >= "2026";
    const { result } = discovered
      ? await server.ask(1, "server/discover", { _meta: meta })
      : await server.ask(1, "initialize", { ...hello, protocolVersion: revision });

    expect(result).toMatchObject(
      discovered ? { supportedVersions: [revision] } : { protocolVersion: revision },
    );
  });

  it.each(["sandbox", "journal", "init", "doctor"])("%s --help answers, and does nothing", (command) => {
    const said = execFileSync(process.execPath, [program, command, "--help"], {
      env: bare(),
      encoding: "utf8",
    });

    expect(said).toMatch(new RegExp(`^skyprep-mcp ${command} `));
  });

  it("prints nothing but JSON lines, and exits by itself when stdin closes", async () => {
    const server = start(["--sandbox"]);
    await server.ask(1, "initialize", hello);
    await server.ask(2, "tools/call", { name: "get_users", arguments: {} });

    const closed = performance.now();
    server.child.stdin.end();

    expect(await server.exit).toBe(0);
    expect(performance.now() - closed).toBeLessThan(2_000);
    expect(server.pending()).toBe("");
    for (const line of server.out) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });

  it("exits when stdin closes while SkyPrep keeps it waiting", async () => {
    const silent = await listen(() => {});
    const server = start([], {
      SKYPREP_API_KEY: "k-1234",
      SKYPREP_ACCT_KEY: "a.example.com",
      SKYPREP_BASE_URL: silent.baseUrl,
    });
    await server.ask(1, "initialize", hello);
    void server.ask(2, "tools/call", { name: "get_courses", arguments: {} });
    while (silent.received.length === 0) await new Promise((resolve) => setImmediate(resolve));

    const closed = performance.now();
    server.child.stdin.end();

    expect(await server.exit).toBe(0);
    expect(performance.now() - closed).toBeLessThan(2_000);
    await silent.close();
  });

  it("lives on after lines that are no messages, short, long and too long", async () => {
    const server = start(["--sandbox"]);
    await server.ask(1, "initialize", hello);

    for (const line of [
      "not json",
      "{",
      '{"jsonrpc":"2.0"}',
      "[]",
      "\u0000\u0001",
      "null",
      "x".repeat(5_000_000),
      "y".repeat(12_000_000),
    ]) {
      server.send(`${line}\n`);
    }
    server.send(`${JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/call", params: { name: 7 } })}\n`);
    const reply = await server.ask(2, "tools/call", { name: "get_user", arguments: { user_id: 101 } });

    expect(JSON.stringify(reply)).toMatch(/Avery Learner/);
    expect(server.err()).toMatch(/dropped: longer than 8 MiB/);
  });

  it("starts without settings, says what to set on stderr and in every call", async () => {
    const server = start(["--api-key", "s3cret-value", "--nonsense"]);
    await server.ask(1, "initialize", hello);

    const reply = JSON.stringify(
      await server.ask(2, "tools/call", { name: "get_user", arguments: { user_id: 101 } }),
    );

    for (const said of [server.err(), reply]) {
      expect(said).toMatch(/SKYPREP_API_KEY/);
      expect(said).toMatch(/--nonsense/);
      expect(said).toMatch(/use SKYPREP_API_KEY: other users/);
      expect(said).not.toContain("s3cret-value");
    }
    expect(reply).toMatch(/"isError":true/);
  });

  it("answers --help and --version", async () => {
    const run = async (flag: string) => {
      const child = spawn(process.execPath, [program, flag], { env: bare() });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      const [code] = await once(child, "close");
      return { code, text };
    };

    expect(await run("--version")).toEqual({ code: 0, text: `${packageJson.version}\n` });
    const help = await run("--help");
    expect(help.code).toBe(0);
    expect(help.text).toMatch(/--sandbox[\s\S]*SKYPREP_API_KEY[\s\S]*SKYPREP_READ_ONLY/);
  });

  it("serves the sandbox over HTTP on this computer only, and administers it from there", async () => {
    const child = keep(spawn(process.execPath, [program, "sandbox", "--port", "0"], { env: bare() }));
    const [chunk] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const address = /http:\/\/127\.0\.0\.1:(\d+)\/admin\/api/.exec(chunk);
    const settings = Object.fromEntries(
      [...chunk.matchAll(/(SKYPREP_\w+)=(\S+)/g)].map(([, name, value]) => [name ?? "", value ?? ""]),
    );
    expect(address).not.toBeNull();

    const server = start([], settings);
    await server.ask(1, "initialize", hello);
    const read = JSON.stringify(
      await server.ask(2, "tools/call", { name: "get_user", arguments: { user_id: 101 } }),
    );
    const write = JSON.stringify(
      await server.ask(3, "tools/call", { name: "create_course", arguments: { name: "New" } }),
    );
    const refused = JSON.stringify(await server.ask(4, "tools/call", removal));
    const still = JSON.stringify(
      await server.ask(5, "tools/call", { name: "get_course", arguments: { course_id: 202 } }),
    );

    expect(read).toMatch(/Person 101: Avery Learner/);
    expect(read).not.toMatch(/\[sandbox\]|structuredContent/);
    expect(write).toMatch(/Done: Create a course/);
    expect(refused).toMatch(/Not done yet: a person has to agree before destroy_course is sent/);
    expect(still).toMatch(/Workplace Safety Basics/);
  });
});
