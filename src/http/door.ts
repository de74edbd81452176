import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import {
  type AuthInfo,
  bearerAuthChallengeResponse,
  OAuthError,
  OAuthErrorCode,
  validateHostHeader,
  validateOriginHeader,
} from "@modelcontextprotocol/server";
import type { Principal, Scope } from "../access/principal.ts";
import type { OfferedTool } from "../catalogue/tool-list.ts";
import type { Academies, Academy } from "./academies.ts";
import { addressIn } from "./academy-name.ts";
import type { SessionOwner } from "./era.ts";
import { type AcademyGrant, type Grants, holds, scopeOfCall } from "./grants.ts";
import type { Offers, Wanted } from "./offers.ts";
import { type Tokens, tokenOf } from "./token.ts";

/** A request before the door, as it was sent. */
export interface Knock {
  readonly method: string;
  /** The target to the letter: nothing decoded, nothing put right. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

/** What the steps found out, each for those behind it. */
interface Found {
  person: string;
  grants: readonly AcademyGrant[] | undefined;
  grant: AcademyGrant;
  academy: Academy;
  readOnly: boolean;
}

/** Whoever came through all steps but the last, which needs the body. */
export interface Admitted {
  readonly principal: Principal;
  readonly wanted: Wanted;
  readonly authInfo: AuthInfo;
}

export interface DoorWorld {
  /** Host names that are ours; of IPv6 in brackets. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly tokens: () => Tokens;
  readonly grants: () => Grants;
  readonly academies: () => Academies;
  readonly tools: readonly OfferedTool[];
  readonly offers: Pick<Offers, "sectionsOf" | "policyOf">;
  readonly replica: string;
  readonly now: () => number;
}

type Step = (knock: Knock, found: Partial<Found>, world: DoorWorld) => Response | undefined;

/** In this order, and nothing is looked at before what stands above it has let it through. */
const steps: readonly Step[] = [host, origin, metadata, bearer, grant];

/** Who may come in, and with what; or what they are told. */
export function createDoor(world: DoorWorld) {
  const byName = new Map(world.tools.map((tool) => [tool.name, tool]));
  return {
    admit(knock: Knock): Admitted | Response {
      const found: Partial<Found> = {};
      for (const step of steps) {
        const refused = step(knock, found, world);
        if (refused) return refused;
      }
      return admitted(knock, found as Found, world);
    },
    /** The last step: what the message itself needs. Undefined: go on. */
    scope: ({ wanted }: Admitted, body: unknown): Response | undefined =>
      scope(wanted.scopes, Array.isArray(body) ? body : [body], byName),
    /** Whoever was admitted, within the trace that the message itself names (MCP's own place for it). */
    callerOf: ({ principal }: Admitted, body: unknown): Principal => {
      const { params } = (body ?? {}) as { params?: { _meta?: { traceparent?: unknown } | null } | null };
      const trace = traceIn(params?._meta?.traceparent);
      return trace === undefined ? principal : { ...principal, trace };
    },
  };
}

function host({ headers }: Knock, _: Partial<Found>, { hosts }: DoorWorld) {
  return validateHostHeader(headers.host, [...hosts]).ok
    ? undefined
    : refuse(403, "This server does not go by that name: the Host header names none of its own.");
}

function origin({ headers }: Knock, _: Partial<Found>, { origins }: DoorWorld) {
  return validateOriginHeader(headers.origin, [...origins]).ok
    ? undefined
    : refuse(403, "Pages of that origin may not call this server.");
}

/** Documents that anybody may read; with static tokens alone there are none. */
function metadata({ target }: Knock) {
  return /^\/mcp(?:\/|$)/.test(target) ? undefined : nothingHere();
}

function bearer({ headers }: Knock, found: Partial<Found>, { tokens, now }: DoorWorld) {
  const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? "") ?? [];
  const known = token === undefined ? undefined : tokenOf(tokens(), token, now());
  if (known === undefined) {
    const why =
      token === undefined
        ? "A token is needed: Authorization: Bearer skp_…"
        : "That token is unknown, revoked or too old.";
    return bearerAuthChallengeResponse(new OAuthError(OAuthErrorCode.InvalidToken, why), {
      requiredScopes: ["read"],
    });
  }
  found.person = known.person;
  found.grants = known.grants;
  return undefined;
}

/** An academy that is not there and one that is not theirs look the same. */
function grant({ target }: Knock, found: Partial<Found>, { academies, grants }: DoorWorld) {
  const address = addressIn(target);
  const academy = address && academies().get(address.academy);
  const all = found.grants ?? grants().get(found.person ?? "") ?? [];
  const own = all.find((one) => one.academy === academy?.name);
  if (address === undefined || academy === undefined || own === undefined) return nothingHere();
  found.academy = academy;
  found.grant = own;
  found.readOnly = address.readOnly;
  return undefined;
}

/** Headers of the client's may leave out; what cannot be understood leaves out everything. */
function admitted(
  { headers }: Knock,
  { academy, grant, person, readOnly }: Found,
  { offers, replica, now }: DoorWorld,
): Admitted | Response {
  const asked = onOff(headers["x-mcp-readonly"]);
  if (asked === undefined) return refuse(400, "X-MCP-Readonly takes true or false.");
  const whole: Wanted = {
    academy,
    policy: grant.policy,
    readOnly: readOnly || asked || !holds(grant.scopes, "write"),
    scopes: grant.scopes,
  };
  const sections = sectionsIn(headers["x-mcp-toolsets"], offers.sectionsOf(whole));
  if (sections instanceof Response) return sections;
  const wanted = { ...whole, ...(sections && { sections }) };
  const policy = offers.policyOf(wanted);
  const principal: Principal = {
    person,
    scopes: grant.scopes,
    ...(policy !== undefined && { policy }),
    replica,
    trace: traceIn(headers.traceparent) ?? randomUUID().replaceAll("-", ""),
  };
  const authInfo: AuthInfo = {
    // The token goes no further than this door.
    token: "",
    clientId: person,
    scopes: [...grant.scopes],
    expiresAt: Math.floor(now() / 1000) + 3_600,
    extra: { wanted },
  };
  return { principal, wanted, authInfo };
}

const unscoped = /^(initialize|ping|server\/discover|notifications\/.*)$/;

interface Message {
  readonly method?: unknown;
  readonly params?: { readonly name?: unknown; readonly arguments?: unknown } | null;
}

/** All that a body needs is named at once, so that nobody has to come back for the rest. */
function scope(
  given: readonly Scope[],
  messages: readonly unknown[],
  tools: ReadonlyMap<string, OfferedTool>,
): Response | undefined {
  const needed = messages.map((message) => neededBy((message ?? {}) as Message, tools));
  if (needed.every((one) => one === undefined || holds(given, one))) return undefined;
  const all = needed.includes("write") ? ["write"] : ["read"];
  return bearerAuthChallengeResponse(
    new OAuthError(
      OAuthErrorCode.InsufficientScope,
      `This needs the scope ${all.join(" ")}, which you were not granted here.`,
    ),
    { requiredScopes: all },
  );
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
