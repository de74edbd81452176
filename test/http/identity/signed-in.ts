import { createHash, randomBytes } from "node:crypto";
import { type IdentitySettings, readIdentity } from "../../../src/http/identity/identity.ts";
import { browser, desktop, nightly, type RunningProvider } from "../../support/identity-provider.ts";

/** What an identity file says, read as it is. */
export function identityOf(said: Record<string, unknown>): IdentitySettings {
  const read = readIdentity(JSON.stringify(said), "identity.json", {
    env: { PAGES_SECRET: "a-canary-secret-of-the-pages-client" },
    readText: () => "",
  });
  if ("wrong" in read) throw new Error(read.wrong.join("\n"));
  return read.value;
}

interface Asked {
  readonly who: string;
  readonly resource: string;
  readonly scope?: string;
  readonly client?: string;
}

/** An access token as a person's client gets one: through the code flow, in a browser. */
export async function tokenOf(
  { issuer, state }: RunningProvider,
  { who, resource, scope = "skyprep:read skyprep:write", client = desktop.client_id }: Asked,
): Promise<string> {
  state.who = who;
  const verifier = randomBytes(32).toString("base64url");
  const to = new URL(`${issuer}/auth`);
  for (const [name, value] of Object.entries({
    client_id: client,
    redirect_uri: desktop.redirect_uri,
    response_type: "code",
    scope: `openid ${scope}`.trim(),
    resource,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }))
    to.searchParams.set(name, value);
  const { url } = await browser().open(to, ({ pathname }) => pathname === "/back");
  return tokenAt(issuer, {
    grant_type: "authorization_code",
    client_id: client,
    redirect_uri: desktop.redirect_uri,
    code: url.searchParams.get("code") ?? "",
    code_verifier: verifier,
    resource,
  });
}

/** An agent's, which acts for nobody. */
export const agentToken = (
  { issuer }: RunningProvider,
  { resource, scope = "skyprep:read skyprep:write" }: Omit<Asked, "who">,
): Promise<string> => tokenAt(issuer, { grant_type: "client_credentials", ...nightly, resource, scope });

async function tokenAt(issuer: string, body: Record<string, string>): Promise<string> {
  const answer = await fetch(`${issuer}/token`, { method: "POST", body: new URLSearchParams(body) });
  const { access_token, error_description } = (await answer.json()) as Record<string, string>;
  if (access_token === undefined) throw new Error(error_description);
  return access_token;
}
