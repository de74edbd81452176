import { type AcademyGrant, type Grants, grantIn } from "./grants.ts";
import type { SignedIn } from "./login-types.ts";
import type { Tokens } from "./token.ts";

export interface OwnGrantsWorld {
  readonly grants: () => Grants;
  readonly tokens: () => Tokens;
  readonly now: () => number;
}

export type OwnGrants = ReturnType<typeof createOwnGrants>;

/**
 * By which grants somebody who signed in can have called in an academy, as they are at this moment: what they were
 * granted, and what stands in a token of theirs alone.
 */
export function createOwnGrants({ grants, tokens, now }: OwnGrantsWorld) {
  return ({ person, groups }: Pick<SignedIn, "person" | "groups">, academy: string): AcademyGrant[] => {
    const inTokens = [...tokens().values()]
      .filter(
        (one) =>
          one.person === person && (one.expires_at === undefined || Date.parse(one.expires_at) > now()),
      )
      .flatMap((one) => one.grants ?? []);
    return [grantIn(grants(), { person, groups }, academy), ...inTokens].filter(
      (one) => one?.academy === academy,
    ) as AcademyGrant[];
  };
}
