import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import {
  type AuthInfo,
  bearerAuthChallengeResponse,
  OAuthError,
  OAuthErrorCode,
  validateOriginHeader,
} from "@modelcontextprotocol/server";
import { type Principal, type Scope, scopes as scopesThere } from "../access/principal.ts";
import type { OfferedTool } from "../catalogue/tool-list.ts";
import type { Academies, Academy } from "./academies.ts";
import { addressIn } from "./academy-name.ts";
import type { SessionOwner } from "./era.ts";
import { type AcademyGrant, bothHold, type Grants, grantIn, holds, scopeOfCall } from "./grants.ts";
import { isOurHost } from "./host.ts";
import { type AccessToken, isSigned, NotVerified } from "./identity/access-token.ts";
import { ProviderGone } from "./identity/provider.ts";
import type { Challenge, Resource } from "./identity/resource.ts";
import type { Login } from "./login-types.ts";
import type { Offers, Wanted } from "./offers.ts";
import { type KeptToken, type Tokens, tokenOf } from "./token.ts";

/** A request before the door, as it was sent. */
export interface Knock {
  readonly method: string;
  /** The target to the letter: nothing decoded, nothing put right. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

/** What the steps found out, each for those behind it. */
interface Found {
  /** One of ours, or of the identity provider. */
  token: { readonly kept: KeptToken } | { readonly signed: AccessToken };
  grant: AcademyGrant;
  academy: Academy;
  readOnly: boolean;
}

/** Whoever came through all steps but the last, which needs the body. */
export interface Admitted {
  readonly principal: Principal;
  readonly wanted: Wanted;
  readonly authInfo: AuthInfo;
  /** What they are told who may not do so much here. */
  readonly refusal: (needed: Scope) => Response;
}

export interface DoorWorld {
  /** Host names that are ours; of IPv6 in brackets. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly tokens: () => Tokens;
  readonly grants: () => Grants;
  readonly resource: Pick<Resource, "verify" | "challenge" | "document">;
  readonly login: Pick<Login, "answer">;
  readonly academies: () => Academies;
  readonly tools: readonly OfferedTool[];
  readonly offers: Pick<Offers, "sectionsOf" | "policyOf">;
  readonly replica: string;
  readonly now: () => number;
}

type Refused = Response | undefined;
type Step = (knock: Knock, found: Partial<Found>, world: DoorWorld) => Refused | Promise<Refused>;

/** In this order, and nothing is looked at before what stands above it has let it through. */
const steps: readonly Step[] = [host, origin, metadata, bearer, grant];

/** Who may come in, and with what; or what they are told. */
export function createDoor(world: DoorWorld) {
  const byName = new Map(world.tools.map((tool) => [tool.name, tool]));
  return {
    async admit(knock: Knock): Promise<Admitted | Response> {
      const found: Partial<Found> = {};
      for (const step of steps) {
        const refused = await step(knock, found, world);
        if (refused) return refused;
      }
      return admitted(knock, found as Found, world);
    },
    /** The last step: what the message itself needs. Undefined: go on. */
    scope: (admitted: Admitted, body: unknown): Response | undefined =>
      scope(admitted, Array.isArray(body) ? body : [body], byName),
    /** Whoever was admitted, within the trace that the message itself names (MCP's own place for it). */
    callerOf: ({ principal }: Admitted, body: unknown): Principal => {
      const { params } = (body ?? {}) as { params?: { _meta?: { traceparent?: unknown } | null } | null };
      const trace = traceIn(params?._meta?.traceparent);
      return trace === undefined ? principal : { ...principal, trace };
    },
  };
}

function host({ headers }: Knock, _: Partial<Found>, { hosts }: DoorWorld) {
  return isOurHost(headers.host, hosts)
    ? undefined
    : refuse(403, "This server does not go by that name: the Host header names none of its own.");
}

function origin({ headers }: Knock, _: Partial<Found>, { origins }: DoorWorld) {
  return validateOriginHeader(headers.origin, [...origins]).ok
    ? undefined
    : refuse(403, "Pages of that origin may not call this server.");
}

/** What anybody may read, and the way to sign in; with static tokens alone there is neither. */
async function metadata(knock: Knock, _: Partial<Found>, { resource, login }: DoorWorld): Promise<Refused> {
  if (/^\/mcp(?:\/|$)/.test(knock.target)) return undefined;
  return resource.document(knock) ?? (await login.answer(knock)) ?? nothingHere();
}

async function bearer({ headers, target }: Knock, found: Partial<Found>, world: DoorWorld): Promise<Refused> {
  const { tokens, resource, now } = world;
  const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? "") ?? [];
  const kept = token === undefined ? undefined : tokenOf(tokens(), token, now());
  if (kept !== undefined) {
    found.token = { kept };
    return undefined;
  }
  const address = addressIn(target);
  let why = "That token is unknown, revoked or too old.";
  if (address !== undefined && token !== undefined && isSigned(token))
    try {
      const signed = await resource.verify(token, address);
      if (signed !== undefined) {
        found.token = { signed };
        return undefined;
      }
    } catch (error) {
      if (error instanceof ProviderGone)
        return refuse(503, `Who you are cannot be verified now: ${error.message}`, { "retry-after": "10" });
      if (!(error instanceof NotVerified)) throw error;
      why = error.message;
    }
  const challenge = address && resource.challenge(address);
  if (token === undefined) return unnamed(challenge);
  return bearerAuthChallengeResponse(
    new OAuthError(OAuthErrorCode.InvalidToken, why),
    challenge ?? { requiredScopes: ["read"] },
  );
}

/** Where no token came none can be wrong: RFC 6750 §3.1 has no error then, which some clients take for a bad token. */
function unnamed(challenge: Challenge | undefined): Response {
  const scope = `Bearer scope="${(challenge?.requiredScopes ?? ["read"]).join(" ")}"`;
  return refuse(
    401,
    challenge ? "Sign in, or send a token." : "A token is needed: Authorization: Bearer skp_…",
    {
      "www-authenticate": challenge
        ? `${scope}, resource_metadata="${challenge.resourceMetadataUrl}"`
        : scope,
    },
  );
}

/** An academy that is not there and one that is not theirs look the same. */
function grant(
  { target }: Knock,
  found: Partial<Found>,
  { academies, grants, resource }: DoorWorld,
): Refused {
  const address = addressIn(target);
  const academy = address && academies().get(address.academy);
  if (address === undefined || academy === undefined || found.token === undefined) return nothingHere();
  const own = granted(found.token, grants(), academy.name);
  if (own === undefined) return nothingHere();
  found.academy = academy;
  found.grant = own;
  found.readOnly = address.readOnly;
  if ("kept" in found.token) return undefined;
  if (bothHold(own.scopes, found.token.signed.scopes).length > 0) return undefined;
  const usable = scopesThere.filter((one) => one !== "approve" && holds(own.scopes, one));
  const why = "That token has no scope that is granted to you here";
  return usable.length === 0
    ? refuse(403, `${why}.`)
    : lacking(resource.challenge(address, usable), `${why}: ask for those named.`);
}

function granted(token: Found["token"], grants: Grants, academy: string): AcademyGrant | undefined {
  if ("signed" in token) return grantIn(grants, token.signed, academy);
  const { person, grants: own } = token.kept;
  return own ? own.find((one) => one.academy === academy) : grantIn(grants, { person, groups: [] }, academy);
}

/** Both looked up anew. That a token's time ends while its call runs takes nothing away: it was good when it came. */
function stillWrites({ academy, grant, token }: Found, { academies, grants, tokens }: DoorWorld): boolean {
  const standing = "kept" in token ? tokens().get(token.kept.hash) : token.signed;
  if (standing === undefined || !academies().has(academy.name)) return false;
  const now = granted("hash" in standing ? { kept: standing } : { signed: standing }, grants(), academy.name);
  return now !== undefined && now.policy === grant.policy && holds(scopesOf(now, token), "write");
}

const scopesOf = ({ scopes }: AcademyGrant, token: Found["token"]): readonly Scope[] =>
  "signed" in token ? bothHold(scopes, token.signed.scopes) : scopes;

/** Nobody can be called what a client that acts for nobody is called: no name has a colon. */
const personOf = (token: Found["token"]): string =>
  "kept" in token ? token.kept.person : (token.signed.person ?? `client:${token.signed.client}`);

/** Headers of the client's may leave out; what cannot be understood leaves out everything. */
function admitted({ headers }: Knock, found: Found, world: DoorWorld): Admitted | Response {
  const { academy, grant, token, readOnly } = found;
  const { offers, replica, resource, now } = world;
  const asked = onOff(headers["x-mcp-readonly"]);
  if (asked === undefined) return refuse(400, "X-MCP-Readonly takes true or false.");
  const signed = "signed" in token ? token.signed : undefined;
  const scopes = scopesOf(grant, token);
  const whole: Wanted = {
    academy,
    policy: grant.policy,
    readOnly: readOnly || asked || !holds(scopes, "write"),
    scopes,
  };
  const sections = sectionsIn(headers["x-mcp-toolsets"], offers.sectionsOf(whole));
  if (sections instanceof Response) return sections;
  const wanted = { ...whole, ...(sections && { sections }) };
  const policy = offers.policyOf(wanted);
  const person = personOf(token);
  const principal: Principal = {
    person,
    scopes,
    ...(policy !== undefined && { policy }),
    ...(signed?.client !== undefined && { client: signed.client }),
    mayStillWrite: () => stillWrites(found, world),
    replica,
    trace: traceIn(headers.traceparent) ?? randomUUID().replaceAll("-", ""),
  };
  const authInfo: AuthInfo = {
    // The token goes no further than this door.
    token: "",
    clientId: person,
    scopes: [...scopes],
    expiresAt: Math.floor((signed?.expiresAt ?? now() + 3_600_000) / 1_000),
    extra: { wanted },
  };
  const refusal = (needed: Scope): Response => {
    const why = `This needs the scope ${needed}, which you were not granted here.`;
    if (signed === undefined) return lacking({ requiredScopes: [needed] }, why);
    // Who would get nowhere with more of a token is not sent to fetch one.
    if (!holds(grant.scopes, needed)) return refuse(403, why);
    // With what the token had, which the next one is to have as well.
    const all = scopesThere.filter((one) => one === needed || holds(signed.scopes, one));
    return lacking(
      resource.challenge({ academy: academy.name, readOnly }, all),
      `This needs the scope ${needed}, which the token does not have.`,
    );
  };
  return { principal, wanted, authInfo, refusal };
}

const lacking = (challenge: Partial<Challenge> | undefined, why: string): Response =>
  bearerAuthChallengeResponse(new OAuthError(OAuthErrorCode.InsufficientScope, why), challenge ?? {});

const unscoped = /^(initialize|ping|server\/discover|notifications\/.*)$/;

interface Message {
  readonly method?: unknown;
  readonly params?: { readonly name?: unknown; readonly arguments?: unknown } | null;
}

/** All that a body needs is named at once, so that nobody has to come back for the rest. */
function scope(
  { wanted, refusal }: Admitted,
  messages: readonly unknown[],
  tools: ReadonlyMap<string, OfferedTool>,
): Response | undefined {
  const needed = messages.map((message) => neededBy((message ?? {}) as Message, tools));
  if (needed.every((one) => one === undefined || holds(wanted.scopes, one))) return undefined;
  return refusal(needed.includes("write") ? "write" : "read");
}

/** Undefined: nothing. */
function neededBy({ method, params }: Message, tools: ReadonlyMap<string, OfferedTool>): Scope | undefined {
  if (typeof method !== "string" || unscoped.test(method)) return undefined;
  if (method !== "tools/call" || typeof params?.name !== "string") return "read";
  const args = params.arguments;
  return scopeOfCall(
    tools,
    params.name,
    typeof args === "object" && args !== null ? (args as Record<string, unknown>) : {},
  );
}

function onOff(value: string | string[] | undefined): boolean | undefined {
  if (value === undefined) return false;
  const said = String(value).trim().toLowerCase();
  if (["true", "1", "yes", "on"].includes(said)) return true;
  return ["false", "0", "no", "off"].includes(said) ? false : undefined;
}

function sectionsIn(value: string | string[] | undefined, offered: readonly string[]) {
  if (value === undefined) return undefined;
  const asked = String(value)
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (asked.length === 1 && asked[0] === "all") return undefined;
  const strange = asked.filter((name) => !offered.includes(name));
  if (strange.length > 0 || asked.length === 0)
    return refuse(
      400,
      `X-MCP-Toolsets names a section that is not offered here; there are ${offered.join(", ")}.`,
    );
  return offered.filter((name) => asked.includes(name));
}

const traceIn = (value: unknown): string | undefined =>
  /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(String(value ?? ""))?.[1];

/** Whose session it is, of what `admit` gave. */
export function ownerOf({ clientId, extra }: AuthInfo): SessionOwner {
  const wanted = extra?.wanted as Wanted | undefined;
  return { person: clientId, academy: wanted?.academy.name ?? "" };
}

/** A refusal before the protocol: a sentence, in the form that clients of it read. */
export const refuse = (status: number, message: string, headers: Record<string, string> = {}): Response =>
  Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status, headers });

const nothingHere = () => refuse(404, "There is nothing here, or nothing of yours.");
