import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { type Scope, scopes } from "../../access/principal.ts";
import { personName } from "../grants.ts";
import type { IdentitySettings } from "./identity.ts";
import { type Provider, ProviderGone } from "./provider.ts";

/** What a verified token says. */
export interface AccessToken {
  /** As grants name them; undefined: it was given to a client that acts for nobody. */
  readonly person: string | undefined;
  readonly groups: readonly string[];
  readonly client: string | undefined;
  readonly scopes: readonly Scope[];
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The message is a sentence for whoever sent the token, with nothing of it. */
export class NotVerified extends Error {}

export interface Verifying {
  readonly identity: IdentitySettings;
  readonly provider: Pick<Provider, "key">;
  /** Any of these: what the token has to be issued for. */
  readonly audience: readonly string[];
  readonly now: () => number;
  /** What the operator can mend, by its kind. */
  readonly tell: (line: string) => void;
}

/** Between two clocks, in seconds. */
export const skew = 60;
const mostGroups = 1_000;
const prefix = "skyprep:";
export const scopeName = (scope: Scope): string => `${prefix}${scope}`;

/** Whether it can be a token of an identity provider, and no other; one that nobody signed ends with its last dot. */
export const isSigned = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

/** @throws NotVerified, ProviderGone */
export async function verifyToken(token: string, verifying: Verifying): Promise<AccessToken> {
  const { identity, provider, audience, now, tell } = verifying;
  let payload: JWTPayload;
  try {
    // Before anything is asked of anybody: a stranger's token has no key here.
    if (decodeJwt(token).iss !== identity.issuer)
      throw new NotVerified("That token is of another identity provider than this server's.");
    typed(token, identity, tell);
    ({ payload } = await jwtVerify(token, provider.key, {
      issuer: identity.issuer,
      audience: [...audience],
      algorithms: [...identity.algorithms],
      requiredClaims: ["exp"],
      clockTolerance: skew,
      currentDate: new Date(now()),
    }));
  } catch (error) {
    if (error instanceof errors.JOSEAlgNotAllowed)
      tell(
        "A token is signed in a way that does not count, or not at all: algorithms in identity.json says which do.",
      );
    throw refusalOf(error, audience);
  }
  issuedBefore(payload, { now, tell });
  // Whoever sends it would have to prove that they hold a key, and is not asked to here.
  if (payload.cnf !== undefined)
    throw new NotVerified("That token is bound to a key, which is not asked for here: get a bearer token.");
  const client = clientOf(payload);
  const acts = client !== undefined && (payload.sub === client || payload.idtyp === "app");
  return {
    person: acts ? undefined : personOf(payload, { identity, tell }),
    groups: groupsOf(payload, { identity, tell }),
    client,
    scopes: scopesOf(payload),
    expiresAt: (payload.exp ?? 0) * 1_000,
  };
}

/** @throws NotVerified */
export function issuedBefore({ iat }: JWTPayload, { now, tell }: Pick<Verifying, "now" | "tell">): void {
  if (typeof iat !== "number" || iat * 1_000 <= now() + skew * 1_000) return;
  tell("A token is dated in the future: this server's clock, or the identity provider's, is off.");
  throw new NotVerified("That token is not good yet: clocks differ.");
}

function typed(token: string, { types }: IdentitySettings, tell: Verifying["tell"]): void {
  const { typ } = decodeProtectedHeader(token);
  const said = typ?.toLowerCase().replace(/^application\//, "");
  if (types.some((one) => (one === "absent" ? said === undefined : said === one.toLowerCase()))) return;
  tell("A token has another typ than identity.json allows: it is no access token, or typ has to name it.");
  throw new NotVerified("That is no access token: its type is another.");
}

/** What it is about is said, never what stands in it. */
function refusalOf(error: unknown, audience: readonly string[]): Error {
  if (error instanceof NotVerified || error instanceof ProviderGone) return error;
  if (error instanceof errors.JWTExpired) return new NotVerified("That token is too old: get a new one.");
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud")
      return new NotVerified(`That token was issued for something else than ${audience[0]}.`);
    if (error.claim === "nbf") return new NotVerified("That token is not good yet: clocks differ.");
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return new NotVerified("That token is signed in a way that does not count here.");
  if ([errors.JOSEError, TypeError, DOMException].some((one) => error instanceof one))
    return new NotVerified("That token is none of this server's identity provider.");
  return error as Error;
}

/** @throws NotVerified */
export function personOf(
  payload: JWTPayload,
  { identity, tell }: Pick<Verifying, "identity" | "tell">,
): string {
  const said = payload[identity.person];
  if (identity.person === "email" && payload.email_verified !== true) {
    tell(
      "A token's email is not marked email_verified, so it says nobody's name: let person be another claim.",
    );
    throw new NotVerified("Nobody has verified that this address is yours, so it counts for nothing.");
  }
  if (typeof said !== "string" || !personName.safeParse(said).success) {
    tell(`A token's claim ${identity.person} is missing, or no name that grants.json could hold.`);
    throw new NotVerified("That token does not say who you are in the way this server reads it.");
  }
  return said;
}

/** Where they do not stand in the token itself, there are none. */
export function groupsOf(
  payload: JWTPayload,
  { identity, tell }: Pick<Verifying, "identity" | "tell">,
): readonly string[] {
  if (identity.groups === undefined) return [];
  const said = payload[identity.groups];
  if (said === undefined && (payload._claim_names !== undefined || payload.hasgroups !== undefined))
    tell(
      "Somebody's groups are too many for their token: let the provider send those that this server is assigned.",
    );
  const all = typeof said === "string" ? [said] : Array.isArray(said) ? said : [];
  // To leave some out could leave out the one that narrows.
  return all.length > mostGroups ? [] : all.filter((one): one is string => typeof one === "string");
}

/** RFC 9068's word for it, OpenID's, and those of two providers. */
function clientOf({ client_id, azp, cid, appid }: JWTPayload): string | undefined {
  const said = [client_id, azp, cid, appid].find((one) => one !== undefined);
  return typeof said === "string" && /^[\x21-\x7e]{1,256}$/.test(said) ? said : undefined;
}

function scopesOf({ scope, scp }: JWTPayload): readonly Scope[] {
  const said = scope ?? scp;
  const all = typeof said === "string" ? said.split(" ") : Array.isArray(said) ? said : [];
  return scopes.filter((one) => all.includes(scopeName(one)));
}
