import { afterEach, expect, it } from "vitest";
import { endAll, hello, start } from "./child.ts";

afterEach(endAll);

it("ends at once while it reads on in the background", async () => {
  const server = start(["--sandbox", "--sandbox-users", "4000"]);
  await server.ask(1, "initialize", hello);
  const reply = await server.ask(2, "tools/call", { name: "training_status", arguments: {} });
  expect(JSON.stringify(reply)).toMatch(/It is read on; ask again in \d+ (?:minutes|seconds)/);

  const again = await server.ask(3, "tools/call", { name: "training_status", arguments: {} });
  expect(JSON.stringify(again)).toMatch(/It is read on/);
  const began = performance.now();
  server.child.stdin.end();

  expect(await server.exit).toBe(0);
  expect(performance.now() - began).toBeLessThan(2_000);
});
