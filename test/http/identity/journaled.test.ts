import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Grants } from "../../../src/http/grants.ts";
import { identityProvider, type RunningProvider } from "../../support/identity-provider.ts";
import { type FreshDatabase, freshDatabase } from "../../support/postgres.ts";
import { asking, keepers } from "../approvals.ts";
import { agentToken, identityOf, tokenOf } from "./signed-in.ts";

const write = [{ academy: "acme", scopes: ["write" as const] }];
const grants: Grants = {
  people: new Map([["mia", write]]),
  groups: [],
  clients: new Map([["nightly", write]]),
};

describe.each(keepers)("what is done with tokens of an identity provider, kept in %s", (keeper) => {
  let fresh: FreshDatabase | undefined;
  let idp: RunningProvider;
  beforeAll(async () => {
    if (keeper === "postgres") fresh = await freshDatabase();
    idp = await identityProvider({ accounts: { mia: {} } });
  });
  afterAll(() => idp.close());

  it("is written down with the client that each token was given to, whatever it calls itself", async () => {
    const identity = () => identityOf({ issuer: idp.issuer });
    const one = await asking({ fresh, replicas: 1, over: { grants: () => grants, identity, now: Date.now } });
    try {
      const resource = `${one.base()}/mcp/acme`;
      const bearers = [await tokenOf(idp, { who: "mia", resource }), await agentToken(idp, { resource })];

      for (const [n, bearer] of [...bearers, one.tokenFor("mia")].entries())
        await one.call("create_user_group", { name: `Shift ${n}` }, { bearer, client: "Claude" });
      const intents = (await one.journal()).filter(({ line }) => line === "intent");

      expect(intents.map(({ person, client_id, client }) => [person, client_id, client])).toEqual([
        ["mia", "desktop", "Claude"],
        ["client:nightly", "nightly", "Claude"],
        ["mia", undefined, "Claude"],
      ]);
    } finally {
      await one.end();
    }
  });
});
