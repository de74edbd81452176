import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import { Provider } from "oidc-provider";

/** Whoever has an account there. */
export interface Account {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly groups?: readonly string[];
}

export interface IdentityProviderSettings {
  readonly accounts?: Readonly<Record<string, Account>>;
  /** Where the pages' client may be sent back to. */
  readonly redirects?: readonly string[];
  /** Another name of this computer: to a browser, another site. */
  readonly host?: "127.0.0.1" | "localhost";
}

type Told = Record<string, unknown>;

export const pages = { client_id: "pages", client_secret: "a-canary-secret-of-the-pages-client" } as const;
export const desktop = { client_id: "desktop", redirect_uri: "http://127.0.0.1/back" } as const;
export const nightly = { client_id: "nightly", client_secret: "a-canary-secret-of-an-agent" } as const;

const makeKey = async (alg: string): Promise<JWK> => {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg, use: "sig", kid: await calculateJwkThumbprint(jwk) };
};

/** A certified OpenID provider on this computer, which signs in whomever it is told to, can lie, and can be gone. */
export async function identityProvider({
  accounts = {},
  redirects = [],
  host = "127.0.0.1",
}: IdentityProviderSettings = {}) {
  let current: Provider;
  // A pair for RSA takes a third of a second.
  let keys = [await makeKey("ES256")];
  const asked: string[] = [];
  const state = {
    /** Who signs in next; undefined: whoever it is says no. */
    who: "mia" as string | undefined,
    isGone: false,
    /** What its metadata says otherwise. */
    lies: {} as Record<string, unknown>,
    /** What its answer at the token endpoint says otherwise. */
    swaps: undefined as ((answer: Told) => Promise<Told>) | undefined,
    redirects: [...redirects],
  };

  async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session, grantId } = await current.interactionDetails(request, response);
    const finish = (result: Record<string, unknown>) =>
      current.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    if (state.who === undefined) return finish({ error: "access_denied" });
    if (prompt.name === "login") return finish({ login: { accountId: state.who } });
    const grant = new current.Grant({
      accountId: session?.accountId ?? "",
      clientId: String(params.client_id),
    });
    if (grantId === undefined) grant.addOIDCScope("openid email groups");
    for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {}))
      grant.addResourceScope(resource, scopes.join(" "));
    return finish({ consent: { grantId: await grant.save() } });
  }

  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    asked.push(path);
    if (state.isGone) return void request.socket.destroy();
    if (path.startsWith("/interaction/"))
      return void interaction(request, response).catch((error: Error) =>
        response.writeHead(500).end(error.message),
      );
    const lies = path.startsWith("/.well-known/")
      ? async (told: Told) => ({ ...told, ...state.lies })
      : undefined;
    const alter = lies ?? (path === "/token" ? state.swaps : undefined);
    if (alter) altering(response, alter);
    current.callback()(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;

  const make = () => {
    const scopes = "skyprep:read skyprep:write skyprep:approve";
    current = new Provider(issuer, {
      clients: [
        { ...pages, redirect_uris: state.redirects.length > 0 ? state.redirects : ["http://127.0.0.1/none"] },
        {
          client_id: desktop.client_id,
          application_type: "native",
          token_endpoint_auth_method: "none",
          redirect_uris: [desktop.redirect_uri],
        },
        {
          client_id: "pairwise",
          application_type: "native",
          token_endpoint_auth_method: "none",
          redirect_uris: [desktop.redirect_uri],
          subject_type: "pairwise",
        },
        { ...nightly, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] },
      ],
      jwks: { keys },
      cookies: { keys: [randomBytes(16).toString("hex")] },
      enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "ES384"] },
      subjectTypes: ["public", "pairwise"],
      pairwiseIdentifier: (_: unknown, account: string, client: { clientId: string }) =>
        Buffer.from(`${client.clientId} ${account}`).toString("base64url"),
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, ...accounts[id] }),
      }),
      conformIdTokenClaims: false,
      claims: { openid: ["sub"], email: ["email", "email_verified"], groups: ["groups"] },
      extraTokenClaims: (_: unknown, token: { accountId?: string }) =>
        token.accountId === undefined ? {} : accounts[token.accountId],
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_: unknown, resource: string) => ({
            scope: scopes,
            audience: resource,
            accessTokenTTL: 3_600,
            accessTokenFormat: "jwt",
            jwt: { sign: { alg: keys[0]?.alg } },
          }),
        },
      },
      clientDefaults: { id_token_signed_response_alg: keys[0]?.alg },
      ttl: {
        AccessToken: 3_600,
        AuthorizationCode: 60,
        ClientCredentials: 3_600,
        Grant: 3_600,
        IdToken: 3_600,
        Interaction: 600,
        Session: 3_600,
      },
    });
    current.on("server_error", (_, error) => process.stderr.write(`${String((error as Error).stack)}\n`));
  };
  make();

  return {
    issuer,
    state,
    /** The paths it was asked for. */
    asked,
    remake: make,
    /** From here on it signs with another key, and knows the one before no longer. */
    async rotate(alg = "ES256") {
      keys = [await makeKey(alg)];
      make();
    },
    publicKey: (): JWK => {
      const { d: _, ...open } = keys[0] as JWK;
      return open;
    },
    /** What it would never sign, with its own key, or another's. */
    async sign(
      claims: JWTPayload,
      {
        typ = "at+jwt",
        key = keys[0] as JWK,
        without = "",
      }: { typ?: string; key?: JWK; without?: string } = {},
    ): Promise<string> {
      const { alg = "", kid } = key;
      const all = {
        iss: issuer,
        sub: "mia",
        client_id: desktop.client_id,
        scope: "skyprep:read skyprep:write",
        ...claims,
      };
      return new SignJWT(Object.fromEntries(Object.entries(all).filter(([name]) => name !== without)))
        .setProtectedHeader({ alg, ...(typ && { typ }), ...(kid !== undefined && { kid }) })
        .sign(await importJWK(key));
    },
    makeKey,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type RunningProvider = Awaited<ReturnType<typeof identityProvider>>;

/** Its JSON goes out as somebody else would have it. */
function altering(response: ServerResponse, alter: (told: Told) => Promise<Told>) {
  const end = response.end.bind(response);
  response.end = ((body: unknown) => {
    if (!String(response.getHeader("content-type")).startsWith("application/json")) return end(body);
    void alter(JSON.parse(String(body)) as Told).then((told) => {
      response.removeHeader("content-length");
      end(JSON.stringify(told));
    });
    return response;
  }) as typeof response.end;
}

export interface BrowserSettings {
  /** Where an address really is. */
  readonly lead?: (url: URL) => URL;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser without a window: follows where it is sent, keeps what it is given, and stops where told. */
export function browser({ lead = (url) => url, headers: own = {} }: BrowserSettings = {}) {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: URL) => {
    const jar = jars.get(url.host) ?? new Map<string, string>();
    jars.set(url.host, jar);
    return jar;
  };
  async function once(to: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(to);
    const jar = jarOf(url);
    const headers = new Headers({ ...own, ...(init.headers as Record<string, string>) });
    if (jar.size > 0) headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await fetch(lead(url), { redirect: "manual", ...init, headers });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "" || /max-age=0/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
  return {
    jarOf: (url: string) => jarOf(new URL(url)),
    once,
    /** Until an answer that sends nowhere, or to where `stop` says. */
    async open(to: string | URL, stop: (url: URL) => boolean = () => false) {
      let url = new URL(to);
      for (let hops = 0; hops < 12; hops++) {
        if (stop(url)) return { url, answer: undefined };
        const answer = await once(url);
        const location = answer.headers.get("location");
        if (location === null) return { url, answer };
        await answer.arrayBuffer();
        url = new URL(location, url);
      }
      throw new Error(`sent around in circles, last to ${url.pathname}`);
    },
  };
}
