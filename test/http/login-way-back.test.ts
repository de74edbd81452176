import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { usedOnceHere, usedOnceIn } from "../../src/state/postgres/used-once.ts";
import { browser } from "../support/identity-provider.ts";
import { freshDatabase, hasPostgres } from "../support/postgres.ts";
import { minute, type PagesBehindLogin, pagesBehindLogin } from "./login.ts";

describe("the way back from signing in", () => {
  let here: PagesBehindLogin;
  beforeEach(async () => {
    here = await pagesBehindLogin();
  });
  afterEach(() => here.end());

  describe.each(["one process", ...(hasPostgres ? ["a database"] : [])])(
    "with what %s remembers",
    (where) => {
      it("takes a way back once, at whichever replica, in the browser that it began in", async () => {
        if (where === "a database") here.share(usedOnceIn((await freshDatabase()).open(), "login"));
        const one = browser();
        const url = await here.upToCode(one);
        const cookie = one.jarOf(here.base).get("skyprep-login") ?? "";
        const stranger = await browser().once(url);
        // Somebody else who began a sign-in of their own.
        const other = browser();
        await here.upToCode(other);
        const swapped = await other.once(url);

        expect([stranger.status, swapped.status]).toEqual([400, 400]);
        expect((await one.once(url)).status).toBe(303);
        const exchanges = here.idp.asked.filter((path) => path === "/token").length;
        expect(exchanges).toBe(1);
        for (here.replica of [0, 1]) {
          one.jarOf(here.base).set("skyprep-login", cookie);
          const again = await one.once(url);
          expect(again.status).toBe(400);
          expect(await again.text()).toContain("used already");
        }
        expect(here.idp.asked.filter((path) => path === "/token").length).toBe(exchanges);
      });

      it("takes of ten that come at once a single one", async () => {
        if (where === "a database") here.share(usedOnceIn((await freshDatabase()).open(), "login"));
        const one = browser();
        const url = await here.upToCode(one);
        const cookie = `skyprep-login=${one.jarOf(here.base).get("skyprep-login")}`;
        const all = await Promise.all(
          Array.from({ length: 10 }, () => fetch(url, { redirect: "manual", headers: { cookie } })),
        );

        expect(all.filter(({ status }) => status === 303)).toHaveLength(1);
        expect(all.filter(({ status }) => status === 400)).toHaveLength(9);
      });
    },
  );

  it("is shut where nobody can look up what was used, and where another process sent them off", async () => {
    here.share(() => Promise.reject(new Error("the database is gone")));
    const gone = browser();
    const url = await here.upToCode(gone);
    expect((await gone.once(url)).status).toBe(503);

    here.share(usedOnceHere(here.now), ["one", "two"]);
    const other = browser();
    const back = await here.upToCode(other);
    here.replica = 1;
    expect((await other.once(back)).status).toBe(400);
    expect(here.idp.asked).not.toContain("/token");
  });

  it.each<[string, (url: URL) => void]>([
    ["another state", (url) => url.searchParams.set("state", "x".repeat(43))],
    ["a state of other letters", (url) => url.searchParams.set("state", "ü".repeat(43))],
    ["no state", (url) => url.searchParams.delete("state")],
    ["two states", (url) => url.searchParams.append("state", "x")],
    ["another issuer", (url) => url.searchParams.set("iss", "https://other.example")],
    ["no issuer, where the provider says that it names itself", (url) => url.searchParams.delete("iss")],
    ["another code", (url) => url.searchParams.set("code", "made-up")],
    ["no code", (url) => url.searchParams.delete("code")],
    ["an answer that is no code", (url) => url.searchParams.set("response", "eyJ")],
  ])("refuses a way back with %s", async (_, change) => {
    const one = browser();
    const url = await here.upToCode(one);
    change(url);
    const answer = await one.once(url);

    expect([400, 403]).toContain(answer.status);
    expect(one.jarOf(here.base).has("skyprep-session")).toBe(false);
    expect(await answer.text()).not.toMatch(/made-up|other\.example|eyJ/);
  });

  it("refuses a way back that comes too late, or was altered where the browser keeps it", async () => {
    const one = browser();
    const url = await here.upToCode(one);
    const cookie = one.jarOf(here.base).get("skyprep-login") ?? "";
    one.jarOf(here.base).set("skyprep-login", `${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`);
    expect((await one.once(url)).status).toBe(400);
    one.jarOf(here.base).set("skyprep-login", cookie);
    here.later = 10 * minute;
    expect((await one.once(url)).status).toBe(400);
    expect(here.idp.asked).not.toContain("/token");
  });
});
