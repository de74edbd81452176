import { describe, expect, it } from "vitest";
import { exampleOf, type Tool } from "../../../src/catalogue/catalogue.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import { Unreachable } from "../../../src/skyprep/response.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { type Call, connect, noon } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";
import { isLong } from "../../support/long.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

const page = "<!DOCTYPE html><html><body>Please sign in</body></html>";
const other = {
  id: 999_999,
  user_id: 999_999,
  email: "somebody.else@example.com",
  url: "https://example.com/x",
  otps: ["x"],
  moved: { course_progresses: 1 },
  source_user_id: 999_999,
  user: { id: 999_999, email: "somebody.else@example.com" },
  user_group: { id: 999_999 },
};

type Said = { readonly status?: number; readonly body: string } | "lost";
/** What a service may say instead of what it should; only a plain no is one. */
const answers = {
  "302": { status: 302, body: "" },
  "303": { status: 303, body: page },
  "a web page": { body: page },
  "a web page on 500": { status: 500, body: page },
  "a sentence": { body: "Email has already been taken" },
  "a sentence as JSON": { body: '"You are not authorized"' },
  "a message": { body: '{"message":"Limit of users reached"}' },
  "a failure": { body: '{"message":"failure"}' },
  "a failure that calls itself a success": { body: '{"status":"success","message":"failure"}' },
  "a success with some left out": { body: '{"message":"success","failed":[102]}' },
  "a success with a warning": { body: '{"message":"success","warnings":["2 were skipped"]}' },
  "a success that waits": { body: '{"message":"success","status":"queued"}' },
  "a number by another name": { body: '{"code":422}' },
  "a number": { body: "7" },
  true: { body: "true" },
  null: { body: "null" },
  "an empty list": { body: "[]" },
  "sentences in a list": { body: '["Email has already been taken"]' },
  nothing: { body: "" },
  "broken JSON": { body: '{"id":1,' },
  "another record": { body: JSON.stringify(other) },
  "another record, wrapped": {
    body: JSON.stringify({ message: "success of another kind", ...other }),
  },
  silence: "lost",
} as const satisfies Record<string, Said>;
const noes = {
  "an error message": { body: '{"error_message":{"email":["has already been taken"]}}' },
  "no success, in digits": { body: '{"success":0}' },
  "no success, in a word": { body: '{"success":"no"}' },
  "error messages": { body: '{"error_messages":["has already been taken"]}' },
  "errors in a list": { body: '[{"errors":"has already been taken"}]' },
} as const satisfies Record<string, Said>;

const writes = [...tools.values()].filter(({ operation }) => operation.effect !== "read");
/** A number of a thing nobody has: a record without any is as good as another. */
const tellsOthers = ({ operation: { output } }: Tool): boolean =>
  output.as === "done" ||
  output.as === "balances" ||
  ((output.as === "one" || output.as === "many") && output.kind.repeats !== undefined);
const namesItself = (tool: Tool): boolean => {
  const { output } = tool.operation;
  if (output.as !== "one" && output.as !== "many") return true;
  return Object.keys(output.kind.repeats ?? {}).some((name) => name in exampleOf(tool));
};

/** The pretend academy, one route of which answers as it likes, having done its work or not. */
async function lying(tool: Tool, said: Said, does: boolean) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  let sent = 0;
  const send: Send = async (request, signal) => {
    if (request.route !== tool.route) return sandbox.send(request, signal);
    sent += 1;
    if (does) await sandbox.send(request, signal);
    if (said === "lost")
      throw new Unreachable("The connection ended (ECONNRESET).", "Try again in a minute.", "maybe");
    return { status: said.status ?? 200, contentType: "", body: new TextEncoder().encode(said.body) };
  };
  const academy = await connect(send, { SKYPREP_SANDBOX: "true" }, { person: agreeing });
  return { ...academy, sent: () => sent };
}

/** How the last change ended, and after a colon why. */
async function journalled(call: Call): Promise<string> {
  const { structured } = await call("list_changes", { limit: 1 });
  const [row] = (structured?.items ?? []) as { ended: string }[];
  return row?.ended ?? "none";
}
const journalWord = async (call: Call) => (await journalled(call)).split(":")[0];

/** Each write with each answer over the seeds together; each seed tries every write. */
function* pairs<T extends string>(all: readonly T[], seed: number): Generator<[Tool, T, boolean]> {
  for (const [n, tool] of writes.entries()) {
    for (const [m, name] of all.entries()) {
      if ((n + m) % every === seed % every) yield [tool, name, Math.floor((n + m) / every) % 2 === 0];
    }
  }
}
const every = isLong ? 1 : 13;
const seed = Number(process.env.SEED ?? new Date().getUTCDate());

describe(`an answer that is not what a write is answered with (SEED=${seed})`, () => {
  it("leaves it open whether it was done, says done only of what was, sends once, and is written down so", async () => {
    for (const [tool, name, does] of pairs(Object.keys(answers) as (keyof typeof answers)[], seed)) {
      if (name.startsWith("another") && !(tellsOthers(tool) && namesItself(tool))) continue;
      const said: Said = answers[name];
      const academy = await lying(tool, said, does);
      const reply = await academy.call(tool.name, exampleOf(tool));
      const word = await journalWord(academy.call);
      await academy.close();
      const tried = `${tool.name}, ${name}, ${does ? "done" : "not done"}: ${reply.text}`;

      // Setting what is to be set may go twice after silence; no other write does.
      if (said !== "lost") expect(academy.sent(), tried).toBe(1);
      if (!does) expect(reply.text, tried).not.toMatch(/Done|verified: yes/);
      expect(word, tried).toBe(reply.isError ? "unknown" : "done");
      expect(reply.text, tried).not.toMatch(/try again/i);
      if (reply.isError) expect(reply.text, tried).toMatch(/do not repeat it/);
    }
  });

  it("is a plain no where it is called an error, in SkyPrep's words", async () => {
    for (const [tool, name] of pairs(Object.keys(noes) as (keyof typeof noes)[], seed)) {
      const academy = await lying(tool, noes[name], false);
      const reply = await academy.call(tool.name, exampleOf(tool));
      const word = await journalled(academy.call);
      await academy.close();

      expect(reply.isError, `${tool.name}: ${reply.text}`).toBe(true);
      expect(reply.text).toMatch(/has already been taken|no success/);
      expect(word).toMatch(/^not done: SkyPrep .*(has already been taken|no success)/);
    }
  });
});

it.each(["You have reached your limit", "Not authorized", "unsuccessful"])(
  "test_connection answered with “%s” is no connection",
  async (message) => {
    const body = new TextEncoder().encode(JSON.stringify({ message }));
    const academy = await connect(async () => ({ status: 200, contentType: "", body }), {
      SKYPREP_SANDBOX: "true",
    });
    const reply = await academy.call("test_connection");
    await academy.close();

    expect(reply.isError).toBe(true);
    expect(reply.text).toContain(message);
  },
);
