import { afterEach, describe, expect, it } from "vitest";
import { endAll, hello, start } from "./child.ts";

afterEach(endAll);

const until = async (there: () => boolean) => {
  while (!there()) await new Promise((resolve) => setImmediate(resolve));
};

describe("hosts are as they are", () => {
  it("a byte order mark before the first message, and carriage returns, are no part of it", async () => {
    const server = start(["--sandbox"]);
    const line = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello });

    server.send(`\ufeff${line}\r\n`);
    await until(() => server.out.length > 0);

    expect(JSON.parse(server.out[0] ?? "")).toMatchObject({
      id: 1,
      result: { serverInfo: { name: "skyprep-mcp" } },
    });
  });

  it.each(["tools/call", "prompts/get"])("null for the arguments of %s is none", async (method) => {
    const server = start(["--sandbox"]);
    await server.ask(1, "initialize", hello);
    const { result } = (await server.ask(2, "prompts/list")) as {
      result: { prompts: { name: string; arguments?: { required?: boolean }[] }[] };
    };
    const prompt = result.prompts.find((one) => !(one.arguments ?? []).some(({ required }) => required));
    const name = method === "tools/call" ? "test_connection" : prompt?.name;

    const reply = await server.ask(3, method, { name, arguments: null });

    expect(reply).not.toHaveProperty("error");
    expect(reply).not.toHaveProperty("result.isError", true);
  });

  it("a host that closes our stderr takes nothing from the others", async () => {
    const server = start(["--sandbox"], { SKYPREP_LOG: "info" });
    await server.ask(1, "initialize", hello);

    server.child.stderr.destroy();
    const replies = [];
    for (let id = 2; id < 22; id++)
      replies.push(await server.ask(id, "tools/call", { name: "get_course", arguments: { course_id: 201 } }));
    server.child.stdin.end();

    expect(replies.filter((reply) => "result" in reply)).toHaveLength(20);
    expect(await server.exit).toBe(0);
  });

  it("a client that closes our stdout ends us", async () => {
    const server = start(["--sandbox"]);
    await server.ask(1, "initialize", hello);

    server.child.stdout.destroy();
    void server.ask(2, "tools/call", { name: "get_course", arguments: { course_id: 201 } });

    expect(await server.exit).toBe(0);
  });

  it("a message over 8 MiB is answered under its own id, and only then", async () => {
    const server = start(["--sandbox"]);
    await server.ask(1, "initialize", hello);
    const long = "x".repeat(9 * 1024 * 1024);

    const first = server.ask(2, "tools/call", { name: "plan_roster", arguments: { csv: long } });
    server.send(`{"method":"tools/call","params":{"id":3,"csv":"${long}"}}\n`);
    server.send(
      `{"params":{"name":"plan_roster","arguments":{"csv":"${long}","id":4}},"method":"tools/call","jsonrpc":"2.0","id":"a-5"}\n`,
    );
    const after = await server.ask(6, "tools/call", { name: "get_user", arguments: { user_id: 101 } });

    expect(await first).toMatchObject({
      id: 2,
      error: { code: -32600, message: expect.stringMatching(/longer than 8 MiB\. Send it in parts\.$/) },
    });
    expect(JSON.stringify(after)).toMatch(/Avery Learner/);
    const ids = server.out.map((line) => (JSON.parse(line) as { id?: unknown }).id);
    expect(ids).toEqual([1, 2, "a-5", 6]);
  });
});
