import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readServeOptions } from "../../src/http/serve-options.ts";
import { identityProvider } from "../support/identity-provider.ts";
import { windows } from "../support/system.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { wordsIn } from "../support/words-in.ts";
import { start } from "./built-program.ts";
import { tokenOf } from "./identity/signed-in.ts";
import { connectAs, textOf } from "./team.ts";

describe("skyprep-mcp serve", () => {
  it.skipIf(windows)(
    "serves a pretend academy with a token that it prints once, and ends when it is told to (skipped on Windows: no signals)",
    async () => {
      const one = start(["serve", "--http", "127.0.0.1:0", "--sandbox"]);
      const base = await one.until(/(http:\/\/127\.0\.0\.1:\d+)\/mcp\/sandbox/);
      const token = await one.until(/(skp_[\w-]{43})/);
      for (const era of ["2025", "2026"] as const) {
        const client = await connectAs({ base, tokenFor: () => token }, "you", { era, path: "/mcp/sandbox" });
        const { tools } = await client.listTools();
        const done = await client.callTool({ name: "create_user_group", arguments: { name: `Of ${era}` } });
        expect(tools.length).toBeGreaterThan(80);
        expect(textOf(done)).toContain(`Of ${era}`);
        // What is loaded last of all, and from another file.
        const { contents } = await client.readResource({ uri: "ui://skyprep/board" });
        expect(contents[0]).toMatchObject({ text: expect.stringMatching(/^<!doctype html>/) });
        await client.close();
      }

      one.child.kill("SIGTERM");
      expect(await one.over).toBe(0);
      expect(one.said().split(token)).toHaveLength(2);
    },
  );

  it.skipIf(windows)(
    "serves a team's folder: a token made, used, revoked, and a file that goes bad meanwhile (skipped on Windows: no signals)",
    async () => {
      const folder = temporaryFolder("team-folder");
      writeFileSync(
        join(folder, "academies.json"),
        JSON.stringify({
          academies: [
            { name: "try", sandbox: true },
            { name: "real", domain: "x.skyprepapp.com", key: { env: "REAL_KEY" } },
          ],
        }),
      );
      const env = { SKYPREP_TEAM: folder, REAL_KEY: "canary-key-1234" };
      const making = start(["token", "new", "--person", "mia", "--academy", "try", "--scopes", "write"], env);
      const token = await making.until(/(skp_[\w-]{43})/);
      const id = await making.until(/token (\S+), shown/);
      await making.over;
      const server = start(["serve", "--http", "127.0.0.1:0", "--operate", "127.0.0.1:0"], env);
      const base = await server.until(/(http:\/\/127\.0\.0\.1:\d+)\/mcp\/try/);
      const running = { base, tokenFor: () => token };

      const client = await connectAs(running, "mia", { path: "/mcp/try" });
      expect(textOf(await client.callTool({ name: "get_user", arguments: { user_id: 101 } }))).toContain(
        "Avery",
      );
      await expect(connectAs(running, "mia", { path: "/mcp/real" })).rejects.toThrow();
      writeFileSync(join(folder, "academies.json"), '{"academies": [');
      server.child.kill("SIGHUP");
      await server.until(/academies\.json is not used as it stands now/);
      const still = await client.callTool({ name: "get_user", arguments: { user_id: 101 } });
      expect(textOf(still)).toContain("Avery");
      expect(await start(["token", "revoke", id], env).over).toBe(0);
      server.child.kill("SIGHUP");
      const look = () =>
        client.callTool({ name: "get_user", arguments: { user_id: 101 } }).then(
          () => "served",
          () => "refused",
        );
      await expect.poll(look).toBe("refused");

      server.child.kill("SIGTERM");
      expect(await server.over).toBe(0);
      expect(server.said()).not.toMatch(/canary-key|skp_/);
      expect(wordsIn(server.said(), ["mia"])).toEqual([]);
    },
  );

  it.skipIf(windows)(
    "takes tokens of the provider that identity.json names, and does not start with a file that contradicts itself (skipped on Windows: no signals)",
    async () => {
      const idp = await identityProvider({ accounts: { mia: { groups: ["admins"] } } });
      const folder = temporaryFolder("team-identity");
      const write = (name: string, said: unknown) => writeFileSync(join(folder, name), JSON.stringify(said));
      const wrong = {
        algorithms: ["HS256"],
        login: { client_id: "pages", client_secret: { file: "/no/such" } },
      };
      const env = { SKYPREP_TEAM: folder };
      const argv = ["serve", "--http", "127.0.0.1:0", "--operate", "127.0.0.1:0"];
      write("academies.json", { academies: [{ name: "try", sandbox: true }] });
      write("grants.json", {
        groups: [{ group: "admins", academies: [{ academy: "try", scopes: ["read"] }] }],
      });
      write("identity.json", { issuer: "http://login.example.com", ...wrong });
      const refused = start(argv, env);
      expect(await refused.over).toBe(2);
      expect(refused.said()).toMatch(/identity\.json: issuer: .*\n.*identity\.json: algorithms\.0/);

      write("identity.json", { issuer: idp.issuer, groups: "groups" });
      const server = start(argv, env);
      const base = await server.until(/(http:\/\/127\.0\.0\.1:\d+)\/mcp\/try/);
      const token = await tokenOf(idp, { who: "mia", resource: `${base}/mcp/try` });
      const client = await connectAs({ base, tokenFor: () => token }, "mia", { path: "/mcp/try" });
      const seen = await client.callTool({ name: "get_user", arguments: { user_id: 101 } });
      expect(textOf(seen)).toContain("Avery");
      await expect(client.callTool({ name: "create_user_group", arguments: { name: "x" } })).rejects.toThrow(
        /scope/,
      );
      await client.close();
      write("identity.json", { issuer: idp.issuer, groups: "roles" });
      server.child.kill("SIGHUP");
      const look = async () =>
        (await fetch(`${base}/mcp/try`, { method: "POST", headers: { authorization: `Bearer ${token}` } }))
          .status;
      await expect.poll(look).toBe(404);

      server.child.kill("SIGTERM");
      expect(await server.over).toBe(0);
      expect(server.said()).not.toMatch(/(?<![\w-])eyJ/);
      expect(wordsIn(server.said(), ["mia"])).toEqual([]);
      await idp.close();
    },
  );

  it.skipIf(windows)(
    "holds on to a provider where people sign in while questions wait for them there (skipped on Windows: no signals)",
    async () => {
      const folder = temporaryFolder("team-no-login");
      const write = (name: string, said: unknown) => writeFileSync(join(folder, name), JSON.stringify(said));
      const issuer = "https://login.example.com";
      write("academies.json", { academies: [{ name: "try", sandbox: true, approval: "four-eyes" }] });
      write("identity.json", { issuer });
      const argv = ["serve", "--http", "127.0.0.1:0", "--team", folder];
      const refused = start(argv);
      expect(await refused.over).toBe(2);
      expect(refused.said()).toMatch(
        /approval: nobody can sign in.*write issuer and login in identity\.json/,
      );

      write("identity.json", { issuer, login: { client_id: "pages" } });
      write("grants.json", { people: { mia: [{ academy: "try", scopes: ["write"] }] } });
      const server = start(argv);
      await server.until(/Serving/);
      expect(server.said()).toMatch(/try: four-eyes, and grants\.json gives nobody approve there/);
      write("identity.json", { issuer });
      server.child.kill("SIGHUP");
      await server.until(
        /identity\.json is not used as it stands now.*login is missing, and try has approval/,
      );
      write("academies.json", { academies: [{ name: "try", sandbox: true }] });
      write("identity.json", { issuer, groups: "groups" });
      server.child.kill("SIGHUP");
      await server.until(/identity\.json is read again/);

      server.child.kill("SIGTERM");
      expect(await server.over).toBe(0);
    },
  );

  it.each([
    [["serve"], {}, /serve needs --http/],
    [["serve", "--http"], {}, /no academy is named/],
    [["serve", "--http", "0.0.0.0:8080", "--sandbox"], {}, /reached from other computers: set --public-url/],
    [["serve", "--http", "--sandbox", "--public-url", "http://a.example"], {}, /--public-url takes https/],
    [["serve", "--http", "--sandbox", "--team", "/x"], {}, /contradict/],
    [["serve", "--http", "--sandbox"], { SKYPREP_DATABASE_URL: "postgres://x" }, /share a seal key/],
    [["serve", "--http", "--sandbox"], { SKYPREP_SEAL_KEY: "short" }, /SKYPREP_SEAL_KEY is too short/],
    [
      ["serve", "--http", "--team", "/no/such"],
      {},
      /academies\.json cannot be read: there is no such file in .*[\\/]no[\\/]such\b/,
    ],
  ])("does not start with %j", async (argv, env, why) => {
    const { over, said } = start(argv as string[], env as Record<string, string>);

    expect(await over).toBe(2);
    expect(said()).toMatch(why);
  });

  it("takes its names from where it listens and what it is called outside, and from nowhere else", () => {
    const read = (...argv: string[]) => readServeOptions(argv, {});

    expect(read("--http", "--sandbox")).toMatchObject({
      listen: { host: "127.0.0.1", port: 8080 },
      hosts: ["localhost", "127.0.0.1", "[::1]"],
    });
    expect(
      read("--http", "0.0.0.0:80", "--team", "/t", "--public-url", "https://training.example.com"),
    ).toMatchObject({
      hosts: ["training.example.com"],
      origins: ["training.example.com"],
      url: "https://training.example.com",
    });
    expect(read("--http", "[::1]:9", "--sandbox", "--host", "inside.example")).toMatchObject({
      listen: { host: "::1", port: 9 },
      hosts: ["localhost", "127.0.0.1", "[::1]", "inside.example"],
    });
    expect(read("--http", "--sandbox", "--host", "https://a.example")).toHaveProperty("wrong");
    expect(read("--http", "127.0.0.1:99999", "--sandbox")).toHaveProperty("wrong");
  });
});
