import { expect } from "vitest";
import { readGrants } from "../../../src/http/grants.ts";
import type { IdentitySettings } from "../../../src/http/identity/identity.ts";
import { identityProvider, nightly, type RunningProvider } from "../../support/identity-provider.ts";
import { statelessCall } from "../../support/stateless-call.ts";
import { raw } from "../raw.ts";
import { team } from "../team.ts";
import { identityOf, tokenOf } from "./signed-in.ts";

const accounts = {
  mia: { email: "mia@example.com", email_verified: true, groups: ["admins", "staff"] },
  rob: { email: "rob@example.com", email_verified: false, groups: ["staff"] },
  eve: { groups: ["externals", "admins"] },
  ann: {},
};
const grants = {
  people: { "mia@example.com": [{ academy: "acme", scopes: ["write"] }], barred: [] },
  groups: [
    { group: "externals", academies: [{ academy: "acme", scopes: ["read"] }] },
    { group: "admins", academies: [{ academy: "acme", scopes: ["write", "approve"] }] },
    { group: "staff", academies: [{ academy: "acme", scopes: ["read"] }] },
  ],
  clients: { [nightly.client_id]: [{ academy: "acme", scopes: ["write"] }], narrow: [] },
};
export const write = { name: "create_user_group", args: { name: "Made with a token" } };

/** Two academies behind an identity provider, one of which is called with its tokens. */
export async function protectedResource() {
  const idp = await identityProvider({ accounts });
  const usual = () => identityOf({ issuer: idp.issuer, groups: "groups" });
  const read = readGrants(JSON.stringify(grants), "grants.json");
  if ("wrong" in read) throw new Error(read.wrong.join());
  const running = await team({
    academies: [
      { name: "acme", sandbox: true },
      { name: "other", sandbox: true },
    ],
    people: { static: [{ academy: "acme", scopes: ["write"] }] },
    over: {
      identity: () => here.identity,
      grants: () => read.value,
      now: () => here.clock,
      limits: { callsPerPerson: 100 },
    },
  });
  const acme = `${running.base}/mcp/acme`;
  const tokens: string[] = [];
  const remembered = (token: string) => {
    tokens.push(token);
    return token;
  };
  const call = (
    bearer: string,
    { name = "get_user", args = { user_id: 101 } as object, path = "/mcp/acme" } = {},
  ) => raw(running.port, { path, ...statelessCall({ token: bearer, name, args }) });
  const here = {
    idp,
    running,
    acme,
    /** All that were made. */
    tokens,
    remembered,
    call,
    identity: usual() as IdentitySettings,
    clock: Date.now(),
    /** As it was before a test changed it. */
    asBefore: () => {
      here.identity = usual();
      here.clock = Date.now();
      idp.state.isGone = false;
      idp.state.lies = {};
    },
    token: async (asked: Partial<Parameters<typeof tokenOf>[1]> = {}) =>
      remembered(await tokenOf(idp, { who: "mia", resource: acme, ...asked })),
    signed: async (...what: Parameters<RunningProvider["sign"]>) =>
      remembered(
        await idp.sign({ aud: acme, exp: Date.now() / 1_000 + 600, groups: ["admins"], ...what[0] }, what[1]),
      ),
    /** Its status, and that nothing went to SkyPrep where it was turned away. */
    statusOf: async (bearer: string, asked: Parameters<typeof call>[1] = {}) => {
      const before = running.sent.length;
      const answer = await call(bearer, asked);
      if (answer.status !== 200) expect(running.sent.length).toBe(before);
      return answer.status;
    },
    end: async () => {
      await running.end();
      await idp.close();
    },
  };
  return here;
}
export type ProtectedResource = Awaited<ReturnType<typeof protectedResource>>;
