import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
} from "oauth4webapi";
import { isSafeAddress } from "./identity.ts";

export interface ProviderWorld {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** One line for whoever looks after the server. */
  readonly say: (line: string) => void;
}

/** What has to be asked of the identity provider cannot be. The message says why and what to do, for whoever calls. */
export class ProviderGone extends Error {}

const silent = "the identity provider does not answer. Try again.";
const unusable =
  "what the identity provider answers does not count here. Whoever runs this server has been told why.";

export interface Provider {
  /** @throws ProviderGone */
  readonly metadata: () => Promise<AuthorizationServer>;
  /** The same of one that answered within the last ten seconds: nobody is sent to one that is gone. @throws ProviderGone */
  readonly metadataNow: () => Promise<AuthorizationServer>;
  /** For `jwtVerify`. @throws ProviderGone, or what jose says of a key that is not there */
  readonly key: JWTVerifyGetKey;
  /** Why no token can be verified now, after one more try; undefined: they can. */
  readonly trouble: () => Promise<string | undefined>;
  /** Requests to the provider besides: bounded in time and size, nothing followed. */
  readonly options: ReturnType<typeof optionsOf>;
}

/** After the first they are read again; until the last they count where they cannot be. */
const freshMs = 10 * 60_000;
const endMs = 60 * 60_000;
/** Keys nobody knows are looked for so often at most, whoever sends them. */
const betweenTriesMs = 10_000;
const patienceMs = 5_000;
const mostBytes = 512 * 1024;

/** One identity provider's metadata and keys. Nothing is asked before they are needed. */
export function createProvider(issuer: string, { fetch, now, say }: ProviderWorld): Provider {
  const options = optionsOf(issuer, fetch);
  let held: { metadata: AuthorizationServer; keys: JWTVerifyGetKey; at: number } | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let trouble = "";
  let isLying = false;
  let reading: Promise<void> | undefined;

  const isWithin = (since: number, ms: number) => now() >= since && now() - since < ms;
  const mayTry = () => !isWithin(triedAt, betweenTriesMs);
  const usable = () => (held !== undefined && isWithin(held.at, endMs) ? held : undefined);
  const gone = () => new ProviderGone(isLying ? unusable : silent);

  /** One at a time; never rejects. */
  function read(): Promise<void> {
    reading ??= readNow().finally(() => {
      reading = undefined;
    });
    return reading;
  }
  async function readNow(): Promise<void> {
    triedAt = now();
    try {
      const metadata = await discovered(issuer, options);
      const keys = createLocalJWKSet(await keysAt(metadata.jwks_uri, options));
      held = { metadata, keys, at: now() };
      if (trouble !== "") say("The identity provider answers again.");
      trouble = "";
    } catch (error) {
      const why = reasonOf(error);
      if (why !== trouble) say(`The identity provider's keys cannot be read: ${why}.`);
      trouble = why;
      isLying = why === otherIssuer || (error instanceof Untrustworthy && !(error instanceof Unanswered));
    }
  }

  async function current(): Promise<NonNullable<typeof held>> {
    const known = usable();
    if (known === undefined) {
      if (reading || mayTry()) await read();
      const found = usable();
      if (found === undefined) throw gone();
      return found;
    }
    // Known keys count while the new ones are on their way.
    if (!isWithin(known.at, freshMs) && mayTry()) void read();
    return known;
  }

  return {
    options,
    metadata: async () => (await current()).metadata,
    async metadataNow() {
      if (reading || mayTry()) await read();
      if (trouble !== "") throw gone();
      return (await current()).metadata;
    },
    async key(header, token) {
      const { keys } = await current();
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (reading || mayTry()) await read();
        if (trouble !== "") throw gone();
        return (await current()).keys(header, token);
      }
    },
    async trouble() {
      await current().catch(() => {});
      return usable() ? undefined : `the identity provider's keys cannot be read: ${trouble}`;
    },
  };
}

const otherIssuer = "it names another issuer than identity.json";

/** What it answers cannot be used. The message says why, in words of ours. */
export class Untrustworthy extends Error {}
/** Which may pass by itself. */
class Unanswered extends Untrustworthy {}

async function discovered(issuer: string, options: Provider["options"]): Promise<AuthorizationServer> {
  const url = new URL(issuer);
  const ask = async (algorithm: "oidc" | "oauth2") =>
    discoveryRequest(url, { ...options, algorithm, signal: AbortSignal.timeout(patienceMs) });
  const first = await ask("oidc");
  const metadata = await processDiscoveryResponse(url, first.status === 404 ? await ask("oauth2") : first);
  // The library compares addresses, tokens are compared to the letter.
  if (metadata.issuer !== issuer) throw new Untrustworthy(otherIssuer);
  return metadata;
}

async function keysAt(
  address: string | undefined,
  { [customFetch]: fetch, isLocal }: Provider["options"],
): Promise<JSONWebKeySet> {
  if (address === undefined) throw new Untrustworthy("its metadata names no jwks_uri");
  if (!isSafeAddress(address, { here: isLocal })) throw new Untrustworthy("its jwks_uri is no https address");
  const answer = await fetch(address, {
    headers: { accept: "application/json, application/jwk-set+json" },
    redirect: "manual",
    signal: AbortSignal.timeout(patienceMs),
  });
  if (answer.status !== 200) throw new Unanswered(`its keys are answered with ${answer.status}`);
  return (await answer.json()) as JSONWebKeySet;
}

function optionsOf(issuer: string, fetch: typeof globalThis.fetch) {
  const isLocal = !issuer.startsWith("https:");
  const bounded = async (url: string, init: object): Promise<Response> => {
    const answer = await fetch(url, init);
    return new Response(await bytesOf(answer), { status: answer.status, headers: answer.headers });
  };
  return { [customFetch]: bounded, [allowInsecureRequests]: isLocal, isLocal };
}

async function bytesOf({ body, status }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null || [204, 205, 304].includes(status)) return null;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > mostBytes) throw new Untrustworthy("it answers with more than 512 KiB");
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** In a few words, none of them the provider's own. */
function reasonOf(error: unknown): string {
  if (error instanceof Untrustworthy) return error.message;
  const { code, name, cause } = error as { code?: unknown; name?: string; cause?: { code?: unknown } };
  if (name === "TimeoutError" || name === "AbortError") return "it does not answer in 5 s";
  if (code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED") return otherIssuer;
  if (typeof cause?.code === "string" && /^[A-Z_]{2,40}$/.test(cause.code))
    return `it cannot be reached (${cause.code})`;
  return "what it answers is no metadata or no keys";
}
