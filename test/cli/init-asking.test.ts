import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAsking } from "../../src/cli/init/asking.ts";
import { academy, domain, key, newHome } from "./home.ts";

let served: Awaited<ReturnType<typeof academy>>;
let at: ReturnType<typeof newHome>;
beforeAll(async () => {
  served = await academy();
});
afterAll(() => served.close());
beforeEach(() => {
  at = newHome(served.port);
});
afterEach(() => at.end());

const cursor = ".cursor/mcp.json";

describe("skyprep-mcp init, at a terminal", () => {
  it("asks for what is not set, and for nothing else", async () => {
    const asked: string[] = [];
    const told =
      <T>(what: string, answer: T) =>
      async () => {
        asked.push(what);
        return answer;
      };

    const { code } = await at.init([], {
      env: { SKYPREP_BASE_URL: at.baseUrl },
      asking: {
        text: told("domain", `https://${domain}/`),
        secret: told("key", key),
        yes: told("read-only", true),
        choose: async (_, choices) => {
          asked.push("assistants");
          return choices.filter(({ label }) => label === "Cursor").map(({ value }) => value);
        },
      },
    });

    expect(code).toBe(0);
    expect(asked).toEqual(["domain", "key", "read-only", "assistants"]);
    expect(at.json(cursor).mcpServers.skyprep.env).toMatchObject({
      SKYPREP_API_KEY: key,
      SKYPREP_ACCT_KEY: domain,
      SKYPREP_READ_ONLY: "true",
    });
  });

  it("asks again where the key is wrong, and three times at most", async () => {
    const keys = ["wrong-1234", "wrong-2345", key];
    const asking = { text: async () => domain, secret: async () => keys.shift(), yes: async () => false };
    const env = { SKYPREP_BASE_URL: at.baseUrl };

    const third = await at.init(["--client", "cursor"], { env, asking });
    keys.push("wrong-1234", "wrong-2345", "wrong-3456", key);
    const never = await at.init(["--client", "cursor"], { env, asking });

    expect(third.code).toBe(0);
    expect(never.code).toBe(1);
    expect(keys).toEqual([key]);
  });

  it.each(["text", "secret", "yes", "choose"] as const)(
    "writes nothing when the person leaves at %s",
    async (left) => {
      const { code, out } = await at.init([], {
        env: { SKYPREP_BASE_URL: at.baseUrl },
        asking: {
          text: async () => domain,
          secret: async () => key,
          yes: async () => false,
          choose: async (_, choices) => choices.map(({ value }) => value),
          [left]: async () => undefined,
        },
      });

      expect(code).toBe(1);
      expect(out).toContain("nothing more was written");
      expect(at.files()).toEqual([]);
    },
  );

  it("says which variables and flags do the same where there is no terminal", async () => {
    const { code, out } = await at.init([], { env: {} });

    expect(code).toBe(2);
    for (const word of ["SKYPREP_API_KEY", "SKYPREP_ACCT_KEY", "--client", "--read-only", "--yes"]) {
      expect(out).toContain(word);
    }
  });

  it("says which assistants there are where none is found and nobody can be asked", async () => {
    const { code, out } = await at.init([]);

    expect(code).toBe(1);
    expect(out).toContain("--client: claude-desktop, claude-code, vscode, cursor, windsurf, gemini, codex");
  });
});

describe("the prompts", () => {
  function terminal() {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    let shown = "";
    output.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
    });
    return {
      asking: createAsking({ input, output }),
      type: (text: string) => input.write(text),
      shown: () => shown,
    };
  }

  it("show nothing of a key that is typed", async () => {
    const { asking, type, shown } = terminal();

    const answer = asking.secret("Key", () => undefined);
    type("abc-1234-key");
    type("\r");

    expect(await answer).toBe("abc-1234-key");
    expect(shown()).toContain("Key");
    for (const piece of ["abc", "1234", "-key"]) expect(shown()).not.toContain(piece);
  });

  it("take Ctrl+C for leaving", async () => {
    const { asking, type } = terminal();

    const answer = asking.text("Domain", { example: "example.com", before: "" }, () => undefined);
    type("\u0003");

    expect(await answer).toBeUndefined();
  });

  it("leave what was typed before to be corrected", async () => {
    const { asking, type } = terminal();

    const answer = asking.text("Domain", { example: "example.com", before: "a.example.co" }, () => undefined);
    type("m");
    type("\r");

    expect(await answer).toBe("a.example.com");
  });

  it("go on with what is chosen already", async () => {
    const { asking, type } = terminal();
    const choices = ["a", "b", "c"].map((value) => ({ value, label: value, chosen: value !== "b" }));

    const answer = asking.choose("Which?", choices);
    type("\r");

    expect(await answer).toEqual(["a", "c"]);
  });
});
