import type { Academies, Academy } from "./academies.ts";
import { type AcademyGrant, grantIn, holds } from "./grants.ts";
import type { SignedIn } from "./login-types.ts";
import { createOwnGrants, type OwnGrantsWorld } from "./own-grants.ts";

export interface ApproversWorld extends OwnGrantsWorld {
  readonly academies: () => Academies;
}

type Who = Pick<SignedIn, "person" | "groups">;

/** Who may answer what others, or they themselves, were asked: by what is granted at this moment. */
export function createApprovers({ academies, grants, tokens, now }: ApproversWorld) {
  const grantOf = ({ person, groups }: Who, academy: string): AcademyGrant | undefined =>
    grantIn(grants(), { person, groups }, academy);
  const ownGrants = createOwnGrants({ grants, tokens, now });
  const mayWrite = (who: Who, academy: string): boolean =>
    ownGrants(who, academy).some(({ scopes }) => holds(scopes, "write"));

  return {
    /** Academies in which they may have something to answer. */
    academiesOf: (who: Who): Academy[] =>
      [...academies().values()].filter(({ name, approvals }) =>
        approvals.fourEyes ? mayApprove(grantOf(who, name)) : mayWrite(who, name),
      ),
    /** By what, as a text that changes with it; undefined: they may not. */
    standing(name: string, who: Who, asker: string): string | undefined {
      const academy = academies().get(name);
      if (academy === undefined) return undefined;
      if (!academy.approvals.fourEyes)
        return who.person === asker && mayWrite(who, name) ? JSON.stringify(["own", name]) : undefined;
      const grant = grantOf(who, name);
      if (!mayApprove(grant) || isSame(who.person, asker)) return undefined;
      const policy =
        grant?.policy === undefined
          ? undefined
          : academy.configFor({ policy: grant.policy, readOnly: false }).policy?.digest;
      return JSON.stringify(["other", name, [...(grant?.scopes ?? [])].sort(), grant?.policy, policy]);
    },
  };
}
export type Approvers = ReturnType<typeof createApprovers>;

const mayApprove = (grant: AcademyGrant | undefined): boolean => grant?.scopes.includes("approve") === true;

/** However it is written: nobody is another for a capital letter. */
const isSame = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (person: string): string => person.normalize("NFKC").toLowerCase();
