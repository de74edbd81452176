import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sendBack } from "../../src/http/exchange.ts";
import { createCurrentIdentity } from "../../src/http/identity/current.ts";
import { createLogin, type KeptLogin } from "../../src/http/login.ts";
import { type UseOnce, usedOnceHere } from "../../src/state/postgres/used-once.ts";
import { signOutsHere } from "../../src/state/sign-outs.ts";
import {
  type browser,
  type IdentityProviderSettings,
  identityProvider,
  pages,
} from "../support/identity-provider.ts";
import { identityOf } from "./identity/signed-in.ts";

const accounts = {
  mia: { email: "mia@example.com", email_verified: true, groups: ["admins", "choir"] },
  rob: { email: "rob@example.com", email_verified: false, groups: [] },
} satisfies IdentityProviderSettings["accounts"];
export const minute = 60_000;

/** What identity.json says besides. */
interface SaidBesides {
  readonly person?: string;
  readonly algorithms?: string[];
  readonly login?: Record<string, unknown>;
}

/** Pages of two replicas at one address, behind a login; what a test sets of it holds from then on. */
export async function pagesBehindLogin() {
  const idp = await identityProvider({ accounts });
  const said: string[] = [];
  const server = createServer(async (request, response) => {
    const login = here.logins[here.replica % here.logins.length] as KeptLogin;
    const { method = "", url: target = "", headers } = request;
    const answered = await login.answer({ method, target, headers });
    if (answered) return sendBack(response, answered);
    const who = await login.signedIn(headers);
    if (!who) return sendBack(response, await login.begin(target));
    const renewed = login.renewed(headers);
    return sendBack(response, Response.json(who, { headers: renewed ? { "set-cookie": renewed } : {} }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  idp.state.redirects = [`${base}/login/callback`];
  idp.remake();

  const now = () => Date.now() + here.later;
  const here = {
    idp,
    said,
    base,
    now,
    logins: [] as KeptLogin[],
    /** By how much the pages' clock is ahead. */
    later: 0,
    file: {} as SaidBesides,
    /** Which of the replicas answers. */
    replica: 0,
    /** New replicas, which look up together what was used. */
    share: (useOnce: UseOnce, runs = ["shared", "shared"]) => {
      const signOuts = signOutsHere();
      here.logins = runs.map((run) => {
        const current = createCurrentIdentity({
          identity: () =>
            identityOf({
              issuer: idp.issuer,
              groups: "groups",
              ...here.file,
              login: {
                client_id: pages.client_id,
                client_secret: { env: "PAGES_SECRET" },
                scopes: ["email", "groups"],
                ...here.file.login,
              },
            }),
          fetch,
          now,
          say: (line) => void said.push(line),
        });
        return createLogin({
          current,
          base: () => here.base,
          sealKey: new Uint8Array(32).fill(3),
          useOnce,
          signOuts,
          run,
          groups: () => ["admins"],
          now,
        });
      });
    },
    textAt: async (one: ReturnType<typeof browser>, path = "/approvals?show=all") => {
      const { url, answer } = await one.open(`${here.base}${path}`);
      return {
        path: `${url.pathname}${url.search}`,
        status: answer?.status,
        text: (await answer?.text()) ?? "",
      };
    },
    /** Up to the address with the code, which is not opened yet. */
    upToCode: async (one: ReturnType<typeof browser>) =>
      (await one.open(`${here.base}/approvals`, ({ pathname }) => pathname === "/login/callback")).url,
    end: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await idp.close();
    },
  };
  here.share(usedOnceHere(now));
  return here;
}
export type PagesBehindLogin = Awaited<ReturnType<typeof pagesBehindLogin>>;
