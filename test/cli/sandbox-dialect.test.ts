import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { dialectOf, saidOf } from "../../src/app/sandbox-dialect.ts";
import { runSandbox } from "../../src/cli/sandbox.ts";
import { readDialect } from "../../src/config/sandbox-dialect.ts";

it("serves no academy where the dialect is misspelt, and says what was meant", async () => {
  const said: string[] = [];

  const code = await runSandbox(["--port", "0", "--sandbox-dialect", "unknown-is-404=pagee"], {
    stdout: new Writable(),
    say: (line) => void said.push(line),
  });

  expect(code).toBe(2);
  expect(said.join("\n")).toContain("unknown-is-404 cannot be “pagee”; page was meant?");
});

it("says what was drawn in a form that sets the same again", () => {
  const written = saidOf({ seed: 5 }).split(": ")[1] ?? "";

  expect(readDialect(written)).toEqual({ named: dialectOf({ seed: 5 }) });
});
