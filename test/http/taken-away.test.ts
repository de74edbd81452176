import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type AppState, filesState } from "../../src/app/state.ts";
import type { Academy } from "../../src/http/academies.ts";
import { type AcademyGrant, type Grants, noGrants } from "../../src/http/grants.ts";
import type { KeptToken } from "../../src/http/token.ts";
import { readLines } from "../../src/journal/entry.ts";
import { journalFolder } from "../../src/journal/journal.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { identityProvider, type RunningProvider } from "../support/identity-provider.ts";
import { agreeing } from "../support/person.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { type Asked, type AskingTeam, addressIn, asking, fourEyes, keepers, textIn } from "./approvals.ts";
import { identityOf } from "./identity/signed-in.ts";
import { answerAt, browse } from "./signing-in.ts";
import { connectAs, team, textOf } from "./team.ts";

const acme = (...scopes: AcademyGrant["scopes"]): AcademyGrant[] => [{ academy: "acme", scopes }];
/** Nobody is asked about a course's name, and each is a call of its own. */
const table = "Course,New name\n201,One\n202,Two\n203,Three\n204,Four\n205,Five";
const takenAway = /may not change anything in this academy any more/;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** What happens at a write, the second of its kind where nothing else is said, before SkyPrep answers. */
interface Half {
  halfway: (() => unknown) | undefined;
}
async function halfwayThrough(asked: Asked, route = "update_course", at = 2): Promise<AskingTeam & Half> {
  const half: Half = { halfway: undefined };
  let writes = 0;
  const one = await asking({
    ...asked,
    arrived: (arrived) => {
      if (arrived !== route) return;
      writes += 1;
      if (writes === at) half.halfway?.();
    },
  });
  ends.push(one.end);
  return Object.assign(half, one);
}

const planned = async (one: AskingTeam, more: object = {}): Promise<string> =>
  /Plan (\w+-\d+)/.exec(textIn(await one.call("plan_course_changes", { csv: table }, more)))?.[1] ?? "";

describe.each(keepers)("a grant that is taken away in the middle of a job, kept in %s", (keeper) => {
  let fresh: FreshDatabase | undefined;
  beforeAll(async () => {
    if (keeper === "postgres") fresh = await freshDatabase();
  });

  it.each<[string, (one: AskingTeam) => unknown]>([
    ["all of it", ({ granted }) => granted.set("mia", [])],
    ["whoever has it", ({ granted }) => granted.delete("mia")],
    ["all but reading", ({ granted }) => granted.set("mia", acme("read", "approve"))],
    ["the academy", ({ granted }) => granted.set("mia", [{ academy: "north", scopes: ["write"] }])],
    [
      "the freedom from a policy",
      ({ granted }) => granted.set("mia", [{ academy: "acme", scopes: ["write"], policy: "/p" }]),
    ],
    [
      "the academy's own place",
      ({ all }) => all.map(({ world }) => (world.academies() as Map<string, Academy>).clear()),
    ],
    ["the token", ({ all }) => all.map(({ world }) => (world.tokens() as Map<string, KeptToken>).clear())],
  ])("%s: no further step is sent, and it is said", async (_, change) => {
    const one = await halfwayThrough({ fresh });
    const plan = await planned(one);
    one.halfway = () => change(one);

    const told = textIn(await one.call("apply_plan", { plan }));
    const intents = (await one.journal()).filter(({ line }) => line === "intent");

    expect(one.sent("update_course")).toBe(2);
    expect(told).toMatch(/2 done, 0 already, 0 failed, 0 unknown, 3 not tried/);
    expect(told).toMatch(takenAway);
    expect(intents).toHaveLength(2);
  });
});

describe("a grant that is taken away in the middle of a job", () => {
  it("lets the rest be done, once, when it is given back; until then there is nothing here for them", async () => {
    const one = await halfwayThrough({});
    const plan = await planned(one);
    one.halfway = () => one.granted.set("mia", []);
    await one.call("apply_plan", { plan });

    const outside = await one.call("apply_plan", { plan });
    const between = one.sent("update_course");
    one.granted.set("mia", acme("write"));
    const again = textIn(await one.call("apply_plan", { plan }));

    expect(outside.error).toBeDefined();
    expect(between).toBe(2);
    expect(again).toMatch(/5 done, 0 already, 0 failed, 0 unknown, 0 not tried/);
    expect(one.sent("update_course")).toBe(5);
  });

  /** A plan that a person is asked about, with a write for each of three. */
  const leaving = async (one: AskingTeam): Promise<readonly ["apply_plan", { plan: string }]> => {
    const leavers = { people: ["110", "111", "112"], last_day: "2026-12-01" };
    const [, plan = ""] = /Plan (\w+-\d+)/.exec(textIn(await one.call("offboard_people", leavers))) ?? [];
    return ["apply_plan", { plan }];
  };
  const approve = async (one: AskingTeam, path: string) => {
    const { html } = await browse(one.base(), path, { who: "rob" });
    const [, phrase = ""] = /Type <b>([^<]+)<\/b>/.exec(html) ?? [];
    return answerAt(one.base(), path, "rob", { answer: "approve", phrase });
  };
  const form = { capabilities: { elicitation: { form: {} } } };
  const people = { mia: acme("write"), rob: acme("write", "approve") };

  it("stops what a person agreed to in a form", async () => {
    const one = await halfwayThrough({ over: { login: undefined } }, "update_user");
    const job = await leaving(one);
    const asked = await one.call(...job, form);
    const message = asked.result?.inputRequests?.answer.params.message ?? "";
    await one.pass(30_000);
    one.halfway = () => one.granted.set("mia", []);

    const phrase = /Type (.*) to go on/.exec(message)?.[1];
    const told = await one.call(...job, {
      ...form,
      more: {
        requestState: asked.result?.requestState,
        inputResponses: { answer: await agreeing({ message, phrase }) },
      },
    });

    expect(message).toMatch(/Offboard /);
    expect(one.sent("update_user")).toBe(2);
    expect(textIn(told)).toMatch(takenAway);
  });

  it("stops what somebody else agreed to on a page, whose own grant stands", async () => {
    const one = await halfwayThrough({ people, academies: fourEyes }, "update_user");
    const job = await leaving(one);
    await approve(one, addressIn(await one.call(...job)));
    one.halfway = () => one.granted.set("mia", acme("read"));

    const told = await one.call(...job, { at: 1 });

    expect(one.sent("update_user")).toBe(2);
    expect(textIn(told)).toMatch(takenAway);
  });

  it("stops a job of its own steps, and says of each what became of it", async () => {
    const one = await halfwayThrough({ people, academies: fourEyes }, "remove_user_from_user_group", 1);
    const job = ["offboard_person", { person: "101" }] as const;
    await approve(one, addressIn(await one.call(...job)));
    one.halfway = () => one.granted.set("mia", []);

    const told = await one.call(...job);

    expect(one.sent("remove_user_from_user_group")).toBe(1);
    expect(textIn(told)).toMatch(/group 301 Sales Team\tleft/);
    expect(textIn(told)).toMatch(/group 302 West Region\tnot tried/);
    expect(textIn(told)).toMatch(takenAway);
  });

  it.each([
    ["question and answer", 0],
    ["answer and write", 1],
  ])("or between %s of one: nothing is sent, and nothing is told", async (_, after) => {
    const one = await halfwayThrough({ people, academies: fourEyes }, "update_user");
    const job = await leaving(one);
    const path = addressIn(await one.call(...job));
    if (after === 1) await approve(one, path);
    one.granted.set("mia", []);
    if (after === 0) await approve(one, path);

    const told = await one.call(...job);

    expect(one.sent("update_user")).toBe(0);
    expect(told).toEqual({
      jsonrpc: "2.0",
      id: null,
      error: { code: -32_000, message: "There is nothing here, or nothing of yours." },
    });
  });

  describe("that a group has", () => {
    let idp: RunningProvider;
    beforeAll(async () => {
      idp = await identityProvider();
      return idp.close;
    });
    /** Of whoever is in these groups, by a token of the identity provider. */
    async function inGroups() {
      const groups = new Map([["admins", acme("write")]]);
      const grants = (): Grants => ({
        ...noGrants,
        groups: [...groups].map(([group, academies]) => ({ group, academies })),
      });
      const identity = () => identityOf({ issuer: idp.issuer, groups: "groups" });
      const one = await halfwayThrough({ replicas: 1, over: { grants, identity } });
      const tokenIn = (...named: string[]) =>
        idp.sign({ aud: `${one.base()}/mcp/acme`, exp: one.clock.now() / 1_000 + 3_600, groups: named });
      return { one, groups, tokenIn };
    }

    it("stops the job of whoever is in it, and of nobody whom another one lets go on", async () => {
      const { one, groups, tokenIn } = await inGroups();
      groups.set("others", acme("write"));
      const [bearer, both] = [await tokenIn("admins"), await tokenIn("admins", "others")];
      const [first, second] = [await planned(one, { bearer }), await planned(one, { bearer })];
      one.halfway = () => groups.delete("admins");

      const told = textIn(await one.call("apply_plan", { plan: first }, { bearer }));
      const stopped = one.sent("update_course");
      await one.call("apply_plan", { plan: second }, { bearer: both });

      expect(stopped).toBe(2);
      expect(told).toMatch(takenAway);
      expect(one.sent("update_course")).toBe(7);
    });

    it("is no more of whoever the next token finds outside of it: what is left of the job stays undone", async () => {
      const { one, tokenIn } = await inGroups();
      const bearer = await tokenIn("admins");
      const plan = await planned(one, { bearer });
      const told = await one.call("apply_plan", { plan }, { bearer: await tokenIn("choir") });

      expect(told.error).toBeDefined();
      expect(one.sent("update_course")).toBe(0);
      // The plan itself is good.
      await one.call("apply_plan", { plan }, { bearer });
      expect(one.sent("update_course")).toBe(5);
    });
  });
});

describe("a grant that is taken away while a write waits for its turn", () => {
  /** A real account's way to SkyPrep, on which each call waits for a turn: `waits` is told of each. */
  async function withTurns(waits: (written: number) => void) {
    let written = 0;
    const folder = temporaryFolder("turns");
    const files = filesState(folder, { now: Date.now, random: randomUUID, after: () => () => {} });
    const stateOf = (): AppState => ({
      ...files,
      journal: (kept) => {
        const journal = files.journal(kept);
        return {
          ...journal,
          intend: async (...asked) => {
            const intended = await journal.intend(...asked);
            written += 1;
            return intended;
          },
        };
      },
      turns: (asked) => {
        const turns = files.turns(asked);
        const take: typeof turns.take = async (...rest) => {
          waits(written);
          return turns.take(...rest);
        };
        return { ...turns, kept: () => undefined, take };
      },
    });
    const granted = new Map([["mia", acme("write")]]);
    const account = { apiKey: "a-key-of-acme", domain: "acme.skyprepapp.com" };
    const { send } = createSandbox({ ...account, callsPerMinute: Infinity });
    const one = await team({
      academies: [{ name: "acme", domain: account.domain, key: { env: "KEY" } }],
      env: { KEY: account.apiKey },
      people: { mia: acme("write") },
      send: () => send,
      stateOf,
      over: { grants: () => ({ ...noGrants, people: granted }) },
    });
    ends.push(one.end);
    return { one, granted, folder };
  }

  it("is none any more when its turn comes: it is not sent, and the journal says so", async () => {
    let take = () => {};
    const { one, granted, folder } = await withTurns((written) => {
      if (written > 0) take();
    });
    take = () => granted.set("mia", []);
    const client = await connectAs(one, "mia");
    ends.unshift(() => client.close());

    const told = textOf(await client.callTool({ name: "create_user_group", arguments: { name: "Late" } }));
    const lines = await readLines(journalFolder(folder), () => true);

    expect(one.sent.map(({ route }) => route)).not.toContain("create_user_group");
    expect(told).toMatch(takenAway);
    expect(lines).toMatchObject([
      { line: "intent", tool: "create_user_group" },
      { line: "outcome", outcome: { is: "failed", why: "Nothing was sent." } },
    ]);
  });
});
