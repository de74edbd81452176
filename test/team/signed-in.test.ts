import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownChain, readChain, verifyRows } from "../../src/journal/database/chains.ts";
import { executablePath, launch } from "../guard/approval/browser.ts";
import { tokenOf } from "../http/identity/signed-in.ts";
import { textOf } from "../http/team.ts";
import { identityProvider, pages, type RunningProvider } from "../support/identity-provider.ts";
import { isLong } from "../support/long.ts";
import { hasNginx, publicName } from "../support/nginx.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { answerIn } from "../support/stateless-call.ts";
import { callRaw, connectFirst, connectThrough, type Replicas, startReplicas } from "./replicas.ts";

/** Of each client one, lest they wait for each other's minute. */
const academies = ["opens", "tells", "older", "error", "first", "refuses", "leaves", "eyes"];
const publicUrl = `https://${publicName}`;
const session = "__Host-skyprep-session";

type Call = () => Promise<unknown>;

describe.skipIf(!hasPostgres || !hasNginx || executablePath === undefined)(
  "people who sign in, over three replicas behind nginx",
  () => {
    let idp: RunningProvider;
    let fresh: FreshDatabase;
    let running: Replicas;
    let chromium: Browser;
    const tokens: string[] = [];
    beforeAll(async () => {
      idp = await identityProvider({
        accounts: { ana: {}, bob: {} },
        redirects: [`${publicUrl}/login/callback`],
        host: "localhost",
      });
      fresh = await freshDatabase();
      const everywhere = academies.map((academy) => ({ academy, scopes: ["write", "approve"] as const }));
      running = await startReplicas({
        databaseUrl: fresh.url,
        academies,
        people: { ana: everywhere, bob: everywhere },
        own: { eyes: { approval: "four-eyes" } },
        identity: {
          issuer: idp.issuer,
          login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
        },
        env: { PAGES_SECRET: pages.client_secret },
      });
      const { port } = new URL(running.proxy.base);
      chromium = await launch([`--host-resolver-rules=MAP ${publicName} 127.0.0.1:${port}`]);
    }, 90_000);
    afterAll(async () => {
      await chromium?.close();
      await running?.close();
      await idp?.close();
    });

    /** A browser that nobody is signed in with yet, and whoever the provider takes them for. */
    async function tabOf(): Promise<Page> {
      const context = await chromium.newContext({ ignoreHTTPSErrors: true });
      return context.newPage();
    }
    const heading = (tab: Page) => tab.getByRole("heading", { level: 1 }).textContent();
    /** As an address stands in a reply: it leads to the provider, and back to itself. */
    async function open(tab: Page, who: string, address: string): Promise<string | null> {
      idp.state.who = who;
      await tab.goto(address);
      expect(tab.url()).toBe(address);
      return heading(tab);
    }
    async function answer(tab: Page, button: "Approve" | "Refuse", reason = ""): Promise<string | null> {
      await tab.getByLabel(/reason/).fill(reason);
      await tab.getByRole("button", { name: button }).click();
      return heading(tab);
    }
    /** The provider's own, for one academy. */
    async function tokenFor(who: string, academy: string): Promise<string> {
      const token = await tokenOf(idp, { who, resource: `${publicUrl}/mcp/${academy}` });
      tokens.push(token);
      return token;
    }
    const remove = { name: "remove_user_from_user_group", arguments: { user_id: 101, user_group_id: 301 } };
    const addressIn = (text: string) =>
      new RegExp(`approve: (${publicUrl}/approvals/[\\w-]{16})$`, "m").exec(text)?.[1] ?? "";
    const sent = (academy: string) =>
      running.arrived.filter((one) => one.academy === academy && one.route === remove.name).length;
    /** Who took so many requests since then; each is another than the one before. nginx writes a line a moment late. */
    async function takenSince(before: number, count: number): Promise<number[]> {
      const since = () => running.proxy.taken().slice(before);
      await expect.poll(() => since().length, { interval: 10 }).toBeGreaterThanOrEqual(count);
      const taken = since().slice(-count);
      expect(taken.filter((one, at) => one === taken[at - 1])).toEqual([]);
      return taken;
    }
    async function agreedIn(academy: string) {
      const database = fresh.open();
      const { breaks } = await verifyRows(database, { academy, chain: ownChain });
      expect(breaks).toEqual([]);
      const lines = await readChain(database, { academy, chain: ownChain });
      return lines.flatMap((line) =>
        line.line === "intent" ? [{ agreed: line.agreed, person: line.person, approver: line.approver }] : [],
      );
    }

    it("are led to the page by a client of 2026 that opens addresses, whose one call is then done by another replica", async () => {
      const tab = await tabOf();
      const opened: string[] = [];
      const client = await connectThrough(running, "ana", {
        academy: "opens",
        token: await tokenFor("ana", "opens"),
        opens: async (address) => {
          opened.push(address, (await open(tab, "ana", address)) ?? "");
          opened.push((await answer(tab, "Approve")) ?? "");
          await tab.getByRole("link", { name: "Approvals" }).click();
          opened.push((await heading(tab)) ?? "");
        },
      });
      const before = running.proxy.taken().length;

      const reply = await client.callTool(remove);
      const taken = await takenSince(before, 8);
      await client.close();

      expect(opened).toEqual([
        expect.stringMatching(new RegExp(`^${publicUrl}/approvals/[\\w-]{16}$`)),
        expect.stringMatching(/^Remove /),
        "Approved.",
        "Nothing waits for you.",
      ]);
      expect(reply.isError, textOf(reply)).not.toBe(true);
      expect(textOf(reply)).toMatch(/Done|Removed/);
      expect(sent("opens")).toBe(1);
      // Asked, begun, come back, shown, answered, shown, listed, and gone on with.
      expect(taken.at(-1)).not.toBe(taken[0]);
      expect(await agreedIn("opens")).toEqual([{ agreed: "page", person: "ana", approver: "ana" }]);
    });

    const clients: readonly (readonly [
      what: string,
      academy: string,
      connect: (token: string) => Promise<{ call: Call; close: () => Promise<void> }>,
    ])[] = [
      [
        "a client of 2026 without a session, which opens nothing",
        "tells",
        async (token) => ({
          call: async () => {
            const { name, arguments: args } = remove;
            const call = { path: "/mcp/tells", token, name, args, capabilities: {} };
            return answerIn<{ result: unknown }>((await callRaw(running, "ana", call)).text).result;
          },
          close: async () => {},
        }),
      ],
      [
        "a client of 2025 in its session, which shows forms alone",
        "older",
        async (token) => {
          const person = () => ({ action: "decline" }) as const;
          const client = await connectThrough(running, "ana", {
            era: "2025",
            academy: "older",
            token,
            person,
          });
          return { call: () => client.callTool(remove), close: () => client.close() };
        },
      ],
      [
        "the first SDK's client in its session",
        "first",
        async (token) => {
          const client = await connectFirst(running, "ana", { academy: "first", token });
          return { call: () => client.callTool(remove), close: () => client.close() };
        },
      ],
    ];
    it.each(clients.filter(([, academy]) => isLong || academy === "older"))(
      "find the address in the reply of %s; the same call goes on elsewhere, once",
      async (_, academy, connect) => {
        const client = await connect(await tokenFor("ana", academy));
        const tab = await tabOf();
        const before = running.proxy.taken().length;

        const asked = textOf(await client.call());
        const question = await open(tab, "ana", addressIn(asked));
        const early = textOf(await client.call());
        const said = await answer(tab, "Approve");
        const unsent = sent(academy);
        const done = textOf(await client.call());
        const taken = await takenSince(before, 8);
        await client.close();

        expect(asked).toMatch(/^(\[sandbox\] )?Not done yet/);
        expect([question, said]).toEqual([expect.stringMatching(/^Remove /), "Approved."]);
        expect(addressIn(early)).toBe(addressIn(asked));
        expect(unsent).toBe(0);
        expect(done).toMatch(/Done|Removed/);
        expect(sent(academy)).toBe(1);
        expect(taken.at(-1)).not.toBe(taken[0]);
        expect(await agreedIn(academy)).toEqual([{ agreed: "page", person: "ana", approver: "ana" }]);
      },
    );

    it.runIf(isLong)(
      "get the address from a client of 2025 that opens such, by the error that says so",
      async () => {
        const token = await tokenFor("ana", "error");
        const client = await connectThrough(running, "ana", {
          era: "2025",
          academy: "error",
          token,
          opens: async () => {},
        });
        const call = () => client.callTool(remove);
        const tab = await tabOf();

        const error = (await call().catch((one: unknown) => one)) as {
          code: number;
          data: { elicitations: { url: string }[] };
        };
        const [{ url } = { url: "" }] = error.data.elicitations;
        const question = await open(tab, "ana", url);
        const said = await answer(tab, "Approve");
        const done = textOf(await call());
        await client.close();

        expect(error.code).toBe(-32042);
        expect([question, said]).toEqual([expect.stringMatching(/^Remove /), "Approved."]);
        expect(done).toMatch(/Done|Removed/);
        expect(sent("error")).toBe(1);
      },
    );

    it.runIf(isLong)(
      "refuse with a reason, which whoever asked reads at another replica, and nothing is sent",
      async () => {
        const client = await connectFirst(running, "ana", {
          academy: "refuses",
          token: await tokenFor("ana", "refuses"),
        });
        const tab = await tabOf();

        await open(tab, "ana", addressIn(textOf(await client.callTool(remove))));
        const said = await answer(tab, "Refuse", "she stays");
        const told = textOf(await client.callTool(remove));
        await client.close();

        expect(said).toBe("Refused.");
        expect(told).toMatch(/person said no[\s\S]*she stays/);
        expect(sent("refuses")).toBe(0);
        expect(await agreedIn("refuses")).toEqual([]);
      },
    );

    it.runIf(isLong)(
      "are nobody's questions but those of whoever was asked, under four-eyes somebody else's, as each browser is signed in",
      async () => {
        const client = await connectThrough(running, "ana", {
          academy: "eyes",
          token: await tokenFor("ana", "eyes"),
        });
        const [own, other] = [await tabOf(), await tabOf()];

        const address = addressIn(textOf(await client.callTool(remove)));
        const seen = await open(own, "ana", address);
        const early = textOf(await client.callTool(remove));
        const question = await open(other, "bob", address);
        const said = await answer(other, "Approve");
        const done = textOf(await client.callTool(remove));
        await client.close();

        expect(seen).toBe("There is nothing here for you.");
        expect(addressIn(early)).toBe(address);
        expect([question, said]).toEqual([expect.stringMatching(/^Remove /), "Approved."]);
        expect(done).toMatch(/Done|Removed/);
        expect(await agreedIn("eyes")).toEqual([{ agreed: "page", person: "ana", approver: "bob" }]);
      },
    );

    it("sign out at one replica, and a copy of their cookie is no sign-in at any; their form counts for nothing", async () => {
      const client = await connectFirst(running, "bob", {
        academy: "leaves",
        token: await tokenFor("bob", "leaves"),
      });
      const tab = await tabOf();
      await open(tab, "bob", addressIn(textOf(await client.callTool(remove))));
      const form = await tab
        .locator("form")
        .last()
        .evaluate((one: { outerHTML: string }) => one.outerHTML);
      const address = tab.url();
      const [kept] = (await tab.context().cookies(publicUrl)).filter(({ name }) => name === session);
      const cookie = `${session}=${kept?.value}`;
      const look = (to: string, init: RequestInit = {}) =>
        running.proxy.fetch(to.replace(publicUrl, running.proxy.base), {
          redirect: "manual",
          ...init,
          headers: { cookie, ...init.headers },
        });
      const thrice = async (init?: RequestInit) => {
        const before = running.proxy.taken().length;
        const statuses = [];
        for (let n = 0; n < 3; n++) statuses.push((await look(address, init)).status);
        expect(new Set(await takenSince(before, 3)).size).toBe(3);
        return statuses;
      };
      expect(await thrice()).toEqual([200, 200, 200]);

      await tab.getByRole("link", { name: "Sign out" }).click();
      await tab.getByRole("button").click();

      expect(await tab.textContent("main")).toBe("You are signed out here.");
      expect(await thrice()).toEqual([303, 303, 303]);
      const [, token = ""] = /name="token" value="([^"]+)"/.exec(form) ?? [];
      expect(token).not.toBe("");
      const posted = {
        method: "POST",
        headers: { origin: publicUrl, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ token, answer: "approve", reason: "" }).toString(),
      };
      expect(await thrice(posted)).toEqual([403, 403, 403]);
      expect(addressIn(textOf(await client.callTool(remove)))).toBe(address);
      await client.close();
      expect(sent("leaves")).toBe(0);
      // Signed in anew, they are somebody again.
      expect(await open(tab, "bob", address)).toMatch(/^Remove /);
    });

    it("say no token, secret or name in any log", () => {
      const said = running.said();
      for (const secret of [...running.secrets, ...tokens, pages.client_secret, fresh.password])
        expect(said).not.toContain(secret);
      expect(said).not.toMatch(/\b(ana|bob)\b/);
    });
  },
);
