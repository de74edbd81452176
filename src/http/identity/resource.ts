import type { Scope } from "../../access/principal.ts";
import { addressIn } from "../academy-name.ts";
import { type AccessToken, scopeName, verifyToken } from "./access-token.ts";
import type { createCurrentIdentity } from "./current.ts";

type Address = NonNullable<ReturnType<typeof addressIn>>;

export interface ResourceWorld {
  readonly current: ReturnType<typeof createCurrentIdentity>;
  /** As clients write it, without an end, e.g. `https://training.example.com`. */
  readonly base: () => string;
  readonly now: () => number;
}

/** What a client needs to get a token that counts at an address. */
export interface Challenge {
  readonly requiredScopes: string[];
  readonly resourceMetadataUrl: string;
}

const wellKnown = "/.well-known/oauth-protected-resource";
const pathOf = ({ academy, readOnly }: Address): string => `/mcp/${academy}${readOnly ? "/readonly" : ""}`;

const usual = ({ readOnly }: Address): readonly Scope[] => (readOnly ? ["read"] : ["read", "write"]);

/** Each academy's address as a protected resource of OAuth 2.1 (RFC 9728, RFC 6750). */
export function createResource({ current, base, now }: ResourceWorld) {
  const urlOf = (address: Address): string => `${base()}${pathOf(address)}`;
  /** As a client has to ask for them. */
  const scopesAt = (address: Address, scopes: readonly Scope[]): string[] => {
    const before = current.now()?.identity.scopesByAddress
      ? `${urlOf({ ...address, readOnly: false })}/`
      : "";
    return scopes.map((one) => `${before}${scopeName(one)}`);
  };
  return {
    /** Undefined: there is no identity provider. @throws NotVerified, ProviderGone */
    async verify(token: string, address: Address): Promise<AccessToken | undefined> {
      const found = current.now();
      if (found === undefined) return undefined;
      const { identity, provider } = found;
      const named = identity.audiences.get(address.academy);
      const whole = { ...address, readOnly: false };
      // What is good for all of an academy is good where it only reads, and not the other way round.
      const audience =
        named === undefined ? [...new Set([address, whole].map((one) => urlOf(one)))] : [named];
      return verifyToken(token, { identity, provider, audience, now, tell: current.tell });
    },
    /** Undefined: there is no identity provider, so no token of one to be had. `scopes` left out: what the address is for. */
    challenge(address: Address, scopes?: readonly Scope[]): Challenge | undefined {
      if (current.now() === undefined) return undefined;
      return {
        requiredScopes: scopesAt(address, scopes ?? usual(address)),
        resourceMetadataUrl: `${base()}${wellKnown}${pathOf(address)}`,
      };
    },
    /**
     * The document of an address, for anybody. It follows from the address alone, so that it tells nobody which
     * academies there are. Undefined: the target is no such document.
     */
    document({ method, target }: { readonly method: string; readonly target: string }): Response | undefined {
      const found = current.now();
      const address = target.startsWith(wellKnown) ? addressIn(target.slice(wellKnown.length)) : undefined;
      if (found === undefined || address === undefined) return undefined;
      if (method !== "GET" && method !== "HEAD")
        return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
      return Response.json(
        {
          resource: urlOf(address),
          authorization_servers: [found.identity.issuer],
          // Not what agrees for others: clients ask for all that stands here.
          scopes_supported: scopesAt(address, usual(address)),
          bearer_methods_supported: ["header"],
          resource_name: `SkyPrep: ${address.academy}`,
        },
        { headers: { "cache-control": "max-age=300" } },
      );
    },
    /** Why nobody can be verified now, after one more try. */
    trouble: async (): Promise<string | undefined> => current.now()?.provider.trouble(),
  };
}
export type Resource = ReturnType<typeof createResource>;
