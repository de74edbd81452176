import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { errors, jwtVerify } from "jose";
import {
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  type Client,
  ClientSecretBasic,
  ClientSecretPost,
  calculatePKCECodeChallenge,
  clockSkew,
  clockTolerance,
  generateRandomCodeVerifier,
  None,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from "oauth4webapi";
import type { UseOnce } from "../state/postgres/used-once.ts";
import type { SignOuts } from "../state/sign-outs.ts";
import { groupsOf, issuedBefore, NotVerified, personOf, skew } from "./identity/access-token.ts";
import type { createCurrentIdentity } from "./identity/current.ts";
import { type IdentityLogin, type IdentitySettings, isSafeAddress } from "./identity/identity.ts";
import { type Provider, ProviderGone, Untrustworthy } from "./identity/provider.ts";
import { createLoginCookies, type LoginSession } from "./login-cookies.ts";
import { plainPage, signOutPage } from "./login-page.ts";
import type { Login, SignedIn } from "./login-types.ts";

export interface LoginWorld {
  readonly current: ReturnType<typeof createCurrentIdentity>;
  /** As browsers write it, without an end, e.g. `https://training.example.com`. */
  readonly base: () => string;
  /** Shared by all replicas. */
  readonly sealKey: Uint8Array;
  readonly useOnce: UseOnce;
  readonly signOuts: SignOuts;
  /** Of those who know the same of what was used: nobody else takes back whom they sent off. */
  readonly run: string;
  /** The groups that are granted something: no other has to be remembered. */
  readonly groups: () => readonly string[];
  readonly now: () => number;
}

/** A login whose sessions go on while somebody is there. */
export interface KeptLogin extends Login {
  /** What an answer to whoever is signed in sets, so that the time that nothing was done begins anew; undefined: nothing. */
  renewed(headers: IncomingHttpHeaders): string | undefined;
}

const beginMs = 10 * 60_000;
/** A session is not written anew at each request. */
const renewMs = 60_000;
const callback = "/login/callback";
const random = () => randomBytes(32).toString("base64url");

/** OpenID Connect's code flow, with PKCE, for the pages of this server. */
export function createLogin(world: LoginWorld): KeptLogin {
  const { current, base, now } = world;
  const cookies = createLoginCookies({
    sealKey: world.sealKey,
    isSecure: () => base().startsWith("https:"),
  });
  const redirectTo = () => `${base()}${callback}`;

  /** Who is to sign in where, as the file says now. */
  function set(): { identity: IdentitySettings; login: IdentityLogin; provider: Provider } | undefined {
    const found = current.now();
    return found?.identity.login && { ...found, login: found.identity.login };
  }

  /** Not yet whether it was ended before its time. */
  function sessionIn(headers: IncomingHttpHeaders): LoginSession | undefined {
    const session = cookies.session(headers);
    const by = set();
    if (session === undefined || by === undefined) return undefined;
    const { identity, login } = by;
    const isOurs = session.issuer === identity.issuer && session.claim === identity.person;
    return isOurs &&
      isWithin(session.seen, login.idleMs, now()) &&
      isWithin(session.began, login.longestMs, now())
      ? session
      : undefined;
  }

  async function begin(path: string): Promise<Response> {
    if (!isOwnPath(path, base())) throw new TypeError("a sign-in comes back to an own path alone");
    const by = set();
    if (by === undefined) return plainPage(404, "There is nothing here, or nothing of yours.");
    const { identity, login, provider } = by;
    let as: AuthorizationServer;
    try {
      as = await provider.metadataNow();
    } catch (error) {
      if (!(error instanceof ProviderGone)) throw error;
      return plainPage(503, `Nobody can sign in now: ${error.message}`);
    }
    const unfit = unfitFor(as, by);
    if (unfit !== undefined) {
      current.tell(`Nobody can sign in: ${unfit}.`);
      return plainPage(503, "Nobody can sign in now: whoever runs this server has been told why.");
    }
    const verifier = generateRandomCodeVerifier();
    const begun = { state: random(), nonce: random(), verifier, path, issuer: identity.issuer };
    const cookie = cookies.set(
      "begun",
      { ...begun, run: world.run, until: now() + beginMs },
      beginMs / 1_000,
    );
    if (cookie === undefined) throw new TypeError("a path that no cookie could hold");
    const to = new URL(as.authorization_endpoint ?? "");
    for (const [name, value] of Object.entries({
      response_type: "code",
      client_id: login.clientId,
      redirect_uri: redirectTo(),
      scope: login.scope,
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }))
      to.searchParams.set(name, value);
    return redirect(to.href, [cookie]);
  }

  async function comeBack(target: string, headers: IncomingHttpHeaders): Promise<Response> {
    const clear = [cookies.clear("begun")];
    const again = (why: string, status = 400) => plainPage(status, why, clear);
    const begun = cookies.begun(headers);
    const by = set();
    if (by === undefined) return plainPage(404, "There is nothing here, or nothing of yours.");
    const { identity, login, provider } = by;
    const given = new URL(target, base()).searchParams;
    if (
      begun === undefined ||
      begun.until <= now() ||
      begun.issuer !== identity.issuer ||
      begun.run !== world.run ||
      !isSame(given.get("state") ?? "", begun.state)
    )
      return again("This sign-in did not begin in this browser, or too long ago. Open the page again.");
    try {
      if (!(await world.useOnce(createHash("sha256").update(begun.state).digest("base64url"), beginMs)))
        return again("This sign-in was used already. Open the page again.");
    } catch {
      return again("Nobody can sign in now: what was used already cannot be looked up. Try again.", 503);
    }
    let session: LoginSession;
    try {
      const as = await provider.metadata();
      const { isLocal: _, ...options } = provider.options;
      const client: Client = {
        client_id: login.clientId,
        [clockSkew]: Math.round((now() - Date.now()) / 1_000),
        [clockTolerance]: skew,
      };
      const parameters = validateAuthResponse(as, client, given, begun.state);
      const answer = await authorizationCodeGrantRequest(
        as,
        client,
        authOf(as, login),
        parameters,
        redirectTo(),
        begun.verifier,
        { ...options, signal: AbortSignal.timeout(10_000) },
      );
      const { id_token } = await processAuthorizationCodeResponse(as, client, answer, {
        expectedNonce: begun.nonce,
        requireIdToken: true,
      });
      const { payload } = await jwtVerify(id_token ?? "", provider.key, {
        issuer: identity.issuer,
        audience: login.clientId,
        algorithms: [...identity.algorithms],
        requiredClaims: ["exp", "iat", "sub"],
        clockTolerance: skew,
        currentDate: new Date(now()),
      });
      const reading = { identity, tell: current.tell };
      issuedBefore(payload, { now, tell: current.tell });
      const granted = world.groups();
      session = {
        person: personOf(payload, reading),
        groups: groupsOf(payload, reading).filter((one) => granted.includes(one)),
        csrf: random(),
        id: randomBytes(12).toString("base64url"),
        issuer: identity.issuer,
        claim: identity.person,
        began: now(),
        seen: now(),
      };
    } catch (error) {
      if (error instanceof ProviderGone || isUnreachable(error))
        return again(
          "You were not signed in: the identity provider does not answer. Open the page again.",
          503,
        );
      const why = reasonOf(error);
      if (why !== undefined) current.tell(`Somebody could not sign in${why}.`);
      if (error instanceof NotVerified || why !== undefined)
        return again(
          "You were not signed in: the identity provider said no, or nothing that counts here.",
          403,
        );
      throw error;
    }
    const cookie = cookies.set("session", session, login.longestMs / 1_000);
    if (cookie === undefined)
      return again("You were not signed in: too many of your groups are granted something here.", 403);
    return redirect(begun.path, [...clear, cookie]);
  }

  async function signOut(headers: IncomingHttpHeaders): Promise<Response> {
    const session = cookies.session(headers);
    const clear = [cookies.clear("session"), cookies.clear("begun")];
    try {
      if (session) await world.signOuts.end(session.id);
    } catch (error) {
      current.tell(`Somebody signed out, and it could not be kept (${(error as Error).name}).`);
      return plainPage(
        503,
        "You are signed out in this browser. It could not be noted for other places: if somebody may have copied your sign-in, tell whoever runs this server.",
        clear,
      );
    }
    return plainPage(200, "You are signed out here.", clear);
  }

  return {
    async signedIn(headers): Promise<SignedIn | undefined> {
      const session = sessionIn(headers);
      if (session === undefined || (await world.signOuts.isEnded(session.id))) return undefined;
      return { person: session.person, groups: session.groups, csrf: session.csrf };
    },
    begin,
    async answer({ method, target, headers }) {
      const [path = ""] = target.split("?", 1);
      if (set() === undefined) return undefined;
      if (path === callback) return method === "GET" ? comeBack(target, headers) : notAllowed("GET");
      if (path !== "/logout") return undefined;
      if (method === "GET") return signOutPage();
      if (method !== "POST") return notAllowed("GET, POST");
      // A page of somebody else's could send this form, but not from here.
      if (headers.origin !== base()) return plainPage(403, "Only a page of this server can sign you out.");
      return signOut(headers);
    },
    renewed(headers) {
      const session = sessionIn(headers);
      const login = set()?.login;
      if (session === undefined || login === undefined || now() - session.seen < renewMs) return undefined;
      const left = session.began + login.longestMs - now();
      return cookies.set("session", { ...session, seen: now() }, left / 1_000);
    },
  };
}

/** Another replica's clock may be ahead. */
const isWithin = (since: number, ms: number, now: number): boolean =>
  now >= since - skew * 1_000 && now - since < ms;

/** A path of this server and nothing that a browser could take for another's; not the login itself. */
export function isOwnPath(path: string, base: string): boolean {
  if (path.length > 512 || !/^\/[\x21-\x7e]*$/.test(path) || /\\|^\/\//.test(path)) return false;
  if (!URL.canParse(path, base)) return false;
  const { origin, pathname, search } = new URL(path, base);
  return (
    origin === new URL(base).origin &&
    `${pathname}${search}` === path &&
    !/^\/(login|logout)(\/|$)/.test(pathname)
  );
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Why nobody can sign in with a provider that says this of itself. */
function unfitFor(
  as: AuthorizationServer,
  { login, provider }: { login: IdentityLogin; provider: Provider },
): string | undefined {
  const isSafe = (address: string | undefined) => isSafeAddress(address, { here: provider.options.isLocal });
  if (!isSafe(as.authorization_endpoint) || !isSafe(as.token_endpoint))
    return "the identity provider's metadata names no https addresses to sign in at";
  if (!login.assumesPkce && !as.code_challenge_methods_supported?.includes("S256"))
    return "the identity provider does not say that it does PKCE with S256 (login.pkce in identity.json, where it does all the same)";
  return undefined;
}

function authOf(as: AuthorizationServer, { clientSecret }: IdentityLogin) {
  if (clientSecret === undefined) return None();
  const ways = as.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return ways.includes("client_secret_basic") || !ways.includes("client_secret_post")
    ? ClientSecretBasic(clientSecret)
    : ClientSecretPost(clientSecret);
}

/** What the library says of an answer that breaks a rule; all its errors have such a code. */
const isRefusal = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code.startsWith("OAUTH_");
};
/** For whoever runs the server; undefined: it is no answer of the provider's that breaks a rule, or was told before. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof Untrustworthy) return `: the identity provider cannot be used, ${error.message}`;
  if (error instanceof errors.JOSEError)
    return `: their ID token is not signed as identity.json has it, or not by this provider (${error.code})`;
  if (!isRefusal(error)) return undefined;
  const words = wordsOf(error);
  return words.startsWith("OAUTH_JWT_TIMESTAMP")
    ? ": their ID token was too old, or not good yet, when it came: this server's clock, or the identity provider's, is off"
    : ` (${words})`;
}
/** The library's own name for it, and the provider's where a specification has it: anybody may write another. */
function wordsOf(error: unknown): string {
  const { code, error: said } = error as { code?: unknown; error?: unknown };
  const known = typeof said === "string" && specifiedErrors.has(said) ? said : undefined;
  return [code, known].filter((one) => typeof one === "string").join(", ");
}
/** RFC 6749 §4.1.2.1 and §5.2, RFC 8707 §2, OpenID Connect Core §3.1.2.6. */
const specifiedErrors: ReadonlySet<string> = new Set([
  "access_denied",
  "account_selection_required",
  "consent_required",
  "interaction_required",
  "invalid_client",
  "invalid_grant",
  "invalid_request",
  "invalid_request_object",
  "invalid_request_uri",
  "invalid_scope",
  "invalid_target",
  "login_required",
  "registration_not_supported",
  "request_not_supported",
  "request_uri_not_supported",
  "server_error",
  "temporarily_unavailable",
  "unauthorized_client",
  "unsupported_grant_type",
  "unsupported_response_type",
]);
const isUnreachable = (error: unknown): boolean =>
  (error instanceof TypeError && error.cause !== undefined && !isRefusal(error)) ||
  (error instanceof DOMException && error.name === "TimeoutError");

const notAllowed = (allow: string) => new Response(null, { status: 405, headers: { allow } });

function redirect(to: string, cookies: readonly string[]): Response {
  const headers = new Headers({
    location: to,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  });
  for (const one of cookies) headers.append("set-cookie", one);
  return new Response(null, { status: 303, headers });
}
