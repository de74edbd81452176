import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noGrants } from "../../../src/http/grants.ts";
import { browser, identityProvider, pages, type RunningProvider } from "../../support/identity-provider.ts";
import { type Asked, type AskingTeam, asking } from "../approvals.ts";
import { raw } from "../raw.ts";
import { identityOf } from "./signed-in.ts";

const minute = 60_000;
const people = { mia: [{ academy: "acme", scopes: ["write" as const] }] };

describe("while clients are calling, an identity provider", () => {
  let idp: RunningProvider;
  let one: AskingTeam;
  /** Added to the moment at which a test began: time stands still but for this. */
  let later = 0;
  /** What was answered to whom, in the phase that a test is in. */
  let answered: Map<string, number>;
  let phase: string;
  const ends: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    later = 0;
    answered = new Map();
    idp = await identityProvider({ accounts: { mia: {} } });
    const identity = identityOf({
      issuer: idp.issuer,
      // Tokens are for one audience at each replica: they listen at addresses of their own here.
      audiences: { acme: "https://training.example.com/mcp/acme" },
      login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
    });
    const began = Date.now();
    const over: Asked["over"] = {
      login: undefined,
      identity: () => identity,
      grants: () => ({ ...noGrants, people: new Map(Object.entries(people)) }),
      fetch,
      now: () => began + later,
      limits: { callsPerPerson: 1_000 },
    };
    one = await asking({ people, over });
    idp.state.redirects = one.all.map(({ base }) => `${base}/login/callback`);
    idp.remake();
    ends.push(one.end, idp.close);
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  const signed = (more: Parameters<RunningProvider["sign"]>[1] = {}) =>
    idp.sign(
      { aud: "https://training.example.com/mcp/acme", exp: (Date.now() + 600 * minute) / 1_000 },
      more,
    );
  const statusAt = async (at: number, bearer: string) => {
    const { status, text } = await raw(one.all[at]?.port ?? 0, {
      headers: {
        authorization: `Bearer ${bearer}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
    });
    return { status, text };
  };
  /** Some callers at each replica, each with its next call as soon as the last is answered. */
  function calling(who: string, tokens: readonly string[], callers = 4) {
    let isOver = false;
    const loops = one.all.flatMap((_, at) =>
      Array.from({ length: callers }, async (_, caller) => {
        for (let n = caller; !isOver; n += 1) {
          const token = tokens[n % tokens.length] ?? "";
          const during = phase;
          const { status } = await statusAt(at, token);
          // What began in one phase may be answered in the next.
          const key = `${who} ${during === phase ? phase : "between"} ${status}`;
          answered.set(key, (answered.get(key) ?? 0) + 1);
        }
      }),
    );
    return async () => {
      isOver = true;
      await Promise.all(loops);
    };
  }
  const count = (key: string) => answered.get(key) ?? 0;
  /** Until each kind of caller was answered so often in this phase. */
  const until = async (...keys: string[]) => {
    for (const key of keys) await expect.poll(() => count(`${key}`), { timeout: 8_000 }).toBeGreaterThan(20);
  };
  const statusesOf = (who: string) =>
    [...answered.keys()].filter((key) => key.startsWith(who) && !key.includes("between")).sort();
  const reads = () => idp.asked.filter((path) => path === "/jwks").length;
  const tried = () => idp.asked.filter((path) => path.startsWith("/.well-known/")).length;

  it("may go away and come back with other keys: nobody known is refused meanwhile, and all others are let in again by themselves", async () => {
    phase = "there";
    const known = await signed();
    const madeUp = await idp.makeKey("ES256");
    const strange = await Promise.all(
      Array.from({ length: 50 }, (_, n) => signed({ key: { ...madeUp, kid: `made-up-${n}` } })),
    );
    const stop = [calling("known", [known]), calling("strange", strange)];
    ends.unshift(...stop);
    await until("known there 200", "strange there 401");
    const first = reads();

    idp.state.isGone = true;
    later = 11 * minute;
    phase = "gone";
    await until("known gone 200", "strange gone 503");
    await idp.rotate();
    const anew = await signed();
    const refused = await Promise.all([statusAt(0, anew), statusAt(1, anew)]);
    const shut = await Promise.all(one.all.map(({ base }) => browser().open(`${base}/approvals`)));
    const shutText = await Promise.all(shut.map(({ answer }) => answer?.text()));
    const whileGone = tried();

    idp.state.isGone = false;
    later += 10_001;
    phase = "back";
    await expect.poll(async () => (await statusAt(0, anew)).status).toBe(200);
    await expect.poll(async () => (await statusAt(1, anew)).status).toBe(200);
    phase = "new keys";
    await until("known new keys 401", "strange new keys 401");
    const stopAnew = calling("anew", [anew]);
    ends.unshift(stopAnew);
    await until("anew new keys 200");
    const signedIn = await Promise.all(
      one.all.map(async ({ base }) => (await browser().open(`${base}/approvals`)).answer?.text()),
    );

    expect(statusesOf("known there")).toEqual(["known there 200"]);
    expect(statusesOf("known gone")).toEqual(["known gone 200"]);
    expect(statusesOf("known new keys")).toEqual(["known new keys 401"]);
    expect(statusesOf("anew")).toEqual(["anew new keys 200"]);
    expect([...answered.keys()].filter((key) => /^strange .* 200$/.test(key))).toEqual([]);
    for (const { status, text } of refused) {
      expect(status).toBe(503);
      expect(text).toContain("the identity provider does not answer. Try again.");
    }
    expect(shut.map(({ answer }) => answer?.status)).toEqual([503, 503]);
    for (const text of shutText)
      expect(text).toContain("Nobody can sign in now: the identity provider does not answer");
    for (const html of signedIn) expect(html).toContain("Nothing waits for you.");
    // Once by each replica, in each ten seconds of its clock.
    expect(first).toBe(2);
    expect(whileGone).toBe(4);
    expect(reads()).toBe(4);
  }, 30_000);
});
