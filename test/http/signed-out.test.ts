import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browser, identityProvider, pages, type RunningProvider } from "../support/identity-provider.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { wordsIn } from "../support/words-in.ts";
import { type Keeper, keepers } from "./approvals.ts";
import { start } from "./built-program.ts";

const session = "skyprep-session";

describe.each(keepers)("a sign-in that was ended, of servers that share %s", (keeper) => {
  let idp: RunningProvider;
  let fresh: FreshDatabase | undefined;
  let env: Record<string, string>;
  const folder = temporaryFolder("signed-out");
  const programs: ReturnType<typeof start>[] = [];
  const bases: string[] = [];

  async function begin(): Promise<string> {
    const program = start(["serve", "--http", "127.0.0.1:0"], env);
    programs.push(program);
    const base = await program.until(/(http:\/\/127\.0\.0\.1:\d+)\/mcp\/acme/);
    bases.push(base);
    idp.state.redirects = bases.map((one) => `${one}/login/callback`);
    idp.remake();
    return base;
  }

  beforeAll(async () => {
    idp = await identityProvider({ accounts: { mia: {}, rob: {} } });
    fresh = keeper === "postgres" ? await freshDatabase() : undefined;
    const files = {
      "academies.json": { academies: [{ name: "acme", sandbox: true }] },
      "grants.json": { people: {} },
      "identity.json": {
        issuer: idp.issuer,
        login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
      },
    };
    for (const [name, said] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(said));
    env = {
      SKYPREP_TEAM: folder,
      SKYPREP_STATE_DIR: join(folder, "state"),
      SKYPREP_SEAL_KEY: "s".repeat(40),
      PAGES_SECRET: pages.client_secret,
      ...(fresh && { SKYPREP_DATABASE_URL: fresh.url }),
    };
    await begin();
    await begin();
  }, 60_000);
  afterAll(async () => {
    for (const { child } of programs) child.kill("SIGTERM");
    await Promise.all(programs.map(({ over }) => over));
    await idp?.close();
  });

  /** Somebody signs in at the first, in a browser of their own; gives it, and a copy of its cookie. */
  async function signIn(who: string) {
    idp.state.who = who;
    const [base = ""] = bases;
    const one = browser();
    const { answer } = await one.open(`${base}/approvals`);
    expect(await answer?.text()).toContain(who);
    return { one, copy: `${session}=${one.jarOf(base).get(session)}` };
  }
  /** Of each server, to a copy of a cookie. */
  const statuses = (cookie: string) =>
    Promise.all(
      bases.map(
        async (base) =>
          (await fetch(`${base}/approvals`, { redirect: "manual", headers: { cookie } })).status,
      ),
    );
  const signOut = (one: ReturnType<typeof browser>, at = 0) =>
    one.once(`${bases[at]}/logout`, { method: "POST", headers: { origin: bases[at] ?? "" } });

  it("is refused by the one that took it, by the other, and by one that is started later; nobody else's is", async () => {
    const [mia, rob] = [await signIn("mia"), await signIn("rob")];
    expect(await statuses(mia.copy)).toEqual([200, 200]);

    const out = await signOut(mia.one);

    expect([out.status, await out.text()]).toEqual([
      200,
      expect.stringContaining("You are signed out here."),
    ]);
    expect(await statuses(mia.copy)).toEqual([303, 303]);
    await begin();
    expect(await statuses(mia.copy)).toEqual([303, 303, 303]);
    expect(await statuses(rob.copy)).toEqual([200, 200, 200]);
  }, 30_000);

  it("counts for nobody while it cannot be looked up, and is not called ended where it was not kept", async () => {
    const [mia, rob] = [await signIn("mia"), await signIn("rob")];
    const shut = await hide(keeper);
    const during = await statuses(mia.copy);
    const out = await signOut(mia.one);
    const text = await out.text();
    await shut.over();

    expect(during.every((status) => status === 503)).toBe(true);
    expect([out.status, text]).toEqual([503, expect.stringMatching(/could not be noted for other places/)]);
    expect(mia.one.jarOf(bases[0] ?? "").has(session)).toBe(false);
    // The one that took it remembers by itself.
    expect((await statuses(mia.copy))[0]).toBe(303);
    expect((await statuses(rob.copy)).every((status) => status === 200)).toBe(true);
    const said = programs.map((one) => one.said()).join("\n");
    expect(said).toMatch(/Somebody signed out, and it could not be kept/);
    expect(said).not.toContain("canary");
    expect(wordsIn(said, ["mia", "rob"])).toEqual([]);
  });

  /** What was kept cannot be read, nor anything be kept, until it is over. */
  async function hide(where: Keeper): Promise<{ readonly over: () => unknown }> {
    if (where === "postgres") {
      await fresh?.admin("alter table skyprep.texts rename to hidden");
      return { over: () => fresh?.admin("alter table skyprep.hidden rename to texts") };
    }
    const kept = join(folder, "state", "signed-out");
    mkdirSync(kept, { recursive: true });
    renameSync(kept, `${kept}.hidden`);
    writeFileSync(kept, "");
    return {
      over: () => {
        rmSync(kept);
        renameSync(`${kept}.hidden`, kept);
      },
    };
  }
});
