import { chmodSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lookAt } from "../../src/cli/account.ts";
import { listen } from "../support/loopback.ts";
import { expectPrivate } from "../support/private-files.ts";
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
const toCursor = ["--client", "cursor"];

describe("skyprep-mcp init", () => {
  it("writes an entry for every assistant it finds, each in its own format, for its owner's eyes only", async () => {
    for (const folder of [".config/Claude", ".claude", ".config/Code/User", ".cursor"]) {
      mkdirSync(join(at.home, folder), { recursive: true });
    }

    const { code, out } = await at.init([]);

    const env = { ...at.live };
    const runs = { command: process.execPath, args: [at.program] };
    expect(code).toBe(0);
    expect(out).toContain(`This is Example Training Portal (${domain}), 10 people.`);
    expect(at.json(".config/Claude/claude_desktop_config.json")).toEqual({
      mcpServers: { skyprep: { ...runs, env } },
    });
    expect(at.json(".claude.json")).toEqual({ mcpServers: { skyprep: { type: "stdio", ...runs, env } } });
    expect(at.json(".config/Code/User/mcp.json")).toEqual({
      servers: { skyprep: { type: "stdio", ...runs, env } },
    });
    expect(at.json(cursor)).toEqual({
      mcpServers: { skyprep: { ...runs, env: { ...env, SKYPREP_SECTIONS: "essentials" } } },
    });
    expectPrivate(...at.files().map((file) => join(at.home, file)));
  });

  it("keeps what is there, comments and layout too, and a copy of it", async () => {
    const before =
      '{\r\n\t// mine\r\n\t"mcpServers": {\r\n\t\t"other": { "command": "x" }, // why\r\n\t},\r\n}\r\n';
    at.put(cursor, before);

    const { out } = await at.init(toCursor);

    const after = at.read(cursor);
    const begun = after.indexOf('\r\n\t\t"skyprep"');
    const ended = after.indexOf(',\r\n\t\t"other"') + 1;
    expect(after.slice(0, begun) + after.slice(ended)).toBe(before);
    const copy = `${cursor}.2026-11-23T10-00-00.bak`;
    expect(out).toContain(join(copy));
    expect(at.read(copy)).toBe(before);
    expectPrivate(join(at.home, copy), join(at.home, cursor));
  });

  it("changes nothing with --dry-run, and shows no key", async () => {
    at.put(cursor, "{}");

    const { code, out } = await at.init(["--dry-run", ...toCursor]);

    expect(code).toBe(0);
    expect(out).toContain('"SKYPREP_API_KEY": "••••-key"');
    expect(out).not.toContain(key);
    expect(at.files()).toEqual([cursor]);
    expect(at.read(cursor)).toBe("{}");
  });

  it("says that a key is wrong before anything is written", async () => {
    at.put(cursor, "{}");

    const { code, out } = await at.init(toCursor, { env: { ...at.live, SKYPREP_API_KEY: "wrong-key-1234" } });

    expect(code).toBe(1);
    expect(out).toMatch(/does not take this key for this domain.*\nNothing was written/);
    expect(out).not.toContain("wrong-key-1234");
    expect(at.files()).toEqual([cursor]);
    expect(at.read(cursor)).toBe("{}");
  });

  it("says so where SkyPrep cannot be reached", async () => {
    const env = { ...at.live, SKYPREP_BASE_URL: "http://127.0.0.1:9/admin/api" };

    const { code, out } = await at.init(toCursor, { env });

    expect(code).toBe(1);
    expect(out).toMatch(/No connection to 127\.0\.0\.1:9/);
    expect(at.files()).toEqual([]);
  });

  it("says so where SkyPrep keeps silent", async () => {
    const silent = await listen(() => {});
    const look = lookAt({
      baseUrl: silent.baseUrl,
      proxy: undefined,
      callsPerMinute: 100,
      stateFolder: at.stateFolder,
      patienceMs: 50,
    });

    const { code, out } = await at.init(toCursor, { look });

    expect(code).toBe(1);
    expect(out).toMatch(/did not answer within 0\.05 s[\s\S]*Nothing was written/);
    expect(at.files()).toEqual([]);
    await silent.close();
  });

  it("has nothing to do a second time", async () => {
    await at.init(toCursor);

    const { code, out } = await at.init(toCursor);

    expect(code).toBe(0);
    expect(out).toContain("Cursor has this entry already");
    expect(at.files()).toEqual([cursor]);
  });

  it("writes an entry for the pretend academy without a key", async () => {
    const { code } = await at.init(["--sandbox", "--client", "claude-desktop"], { env: {} });

    expect(code).toBe(0);
    expect(at.json(".config/Claude/claude_desktop_config.json").mcpServers.skyprep).toEqual({
      command: process.execPath,
      args: [at.program, "--sandbox"],
      env: {},
    });
  });

  it("makes it read-only where that is wanted", async () => {
    await at.init(["--read-only", ...toCursor]);

    expect(at.json(cursor).mcpServers.skyprep.env.SKYPREP_READ_ONLY).toBe("true");
  });

  it("prints for Windsurf, Gemini CLI and Codex what to paste, without the key", async () => {
    const { code, out } = await at.init(["--client", "windsurf", "--client", "gemini", "--client", "codex"]);

    expect(code).toBe(0);
    expect(out).toContain("~/.codeium/windsurf/mcp_config.json");
    expect(out).toMatch(/^gemini mcp add --scope user -e "SKYPREP_API_KEY=your key"/m);
    expect(out).toMatch(/^codex mcp add skyprep --env "SKYPREP_API_KEY=your key"/m);
    expect(out).not.toContain(key);
    expect(at.files()).toEqual([]);
  });

  it("takes no key as a flag, and does not repeat it", async () => {
    const { code, out } = await at.init(["--api-key", "pasted-secret"]);

    expect(code).toBe(2);
    expect(out).toContain("SKYPREP_API_KEY");
    expect(out).not.toContain("pasted-secret");
  });
});

describe("skyprep-mcp init, where something stands in the way", () => {
  const hindrances = {
    "is not valid JSON": () => void at.put(cursor, '{ "mcpServers": { oops'),
    "holds no settings": () => void at.put(cursor, "[1]"),
    "has something else than servers": () => void at.put(cursor, '{"mcpServers": []}'),
    "is read-only": () => chmodSync(at.put(cursor, "{}"), 0o400),
    "is a link": () => {
      mkdirSync(join(at.home, ".cursor"));
      symlinkSync(at.put("dotfiles/mcp.json", '{"kept":1}'), join(at.home, cursor));
    },
    "has an entry skyprep already (runs x --y)": () =>
      void at.put(cursor, '{"mcpServers":{"skyprep":{"command":"x","args":["--y"]},"z":{}}}'),
  };

  it.each(Object.entries(hindrances))(
    "says that the file %s, and changes nothing without a yes",
    async (says, make) => {
      make();
      const before = at.read(cursor);
      const files = at.files();

      const unasked = await at.init(toCursor);
      const refused = await at.init(toCursor, { asking: { yes: async () => false } });

      for (const { code, out } of [unasked, refused]) {
        expect(code).toBe(1);
        expect(out).toContain(says);
        expect(out).toContain("nothing was changed");
      }
      expect(unasked.out).toContain("--yes");
      expect(at.read(cursor)).toBe(before);
      expect(at.files()).toEqual(files);
    },
  );

  it.each(Object.entries(hindrances))(
    "goes on with a yes where the file %s, and keeps a copy",
    async (_, make) => {
      make();
      const before = at.read(cursor);

      const { code } = await at.init(["--yes", ...toCursor]);

      expect(code).toBe(0);
      expect(at.json(cursor).mcpServers.skyprep.args).toEqual([at.program]);
      const copy = at.files().find((file) => file.endsWith(".bak"));
      expect(at.read(copy ?? "")).toBe(before);
    },
  );

  it("leaves a link a link, and what else is in the file", async () => {
    hindrances["is a link"]();

    await at.init(["--yes", ...toCursor]);

    expect(readlinkSync(join(at.home, cursor))).toBe(join(at.home, "dotfiles/mcp.json"));
    expect(at.json("dotfiles/mcp.json").kept).toBe(1);
  });

  it("says so where a link leads nowhere, and where the file has its servers twice", async () => {
    mkdirSync(join(at.home, ".cursor"));
    symlinkSync(join(at.home, "nowhere"), join(at.home, cursor));
    at.put(".config/Claude/claude_desktop_config.json", '{"mcpServers":{},"mcpServers":{"b":{}}}');

    const { code, out } = await at.init(["--yes", ...toCursor, "--client", "claude-desktop"]);

    expect(code).toBe(1);
    expect(out).toContain("is a link to a file that is not there");
    expect(out).toContain('has "mcpServers" or "skyprep" twice');
  });

  it("sets up the others all the same, and ends with 1", async () => {
    at.put(cursor, "{");

    const { code } = await at.init([...toCursor, "--client", "claude-code"]);

    expect(code).toBe(1);
    expect(at.json(".claude.json").mcpServers.skyprep).toBeDefined();
    expect(at.read(cursor)).toBe("{");
  });
});
