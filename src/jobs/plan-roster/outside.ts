import { LeftOutByPolicy } from "../../academy/reads.ts";
import { cleanText } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { numberOf } from "../shared/number-of-login.ts";
import type { Roster } from "./compare.ts";

/**
 * Whom a policy leaves out seems new here, whether they are there or not: nobody is made of them, and the others of
 * the list are compared all the same. @throws Unread
 */
export async function withoutOutsiders(
  roster: Roster,
  { read, within }: Pick<JobWorld, "read" | "within">,
  signal: AbortSignal,
): Promise<Roster> {
  if ((await within(signal))?.person === undefined) return roster;
  const outside = new Set<Roster["joiners"][number]>();
  for (const one of roster.joiners) {
    const isOutside = await numberOf(one.login, read, signal).then(
      () => false,
      (error: unknown) => {
        if (error instanceof LeftOutByPolicy) return true;
        throw error;
      },
    );
    // Where one may be looked up all may: nobody is left out here.
    if (!isOutside) return roster;
    outside.add(one);
  }
  const left = [...outside].map(({ row, login }) => ({
    row,
    who: cleanText(login).slice(0, 80),
    why: "the policy leaves them out, or they are not there",
  }));
  return {
    ...roster,
    joiners: [],
    unmatched: [...roster.unmatched, ...left.flatMap(({ row }) => row ?? [])],
    left: [...roster.left, ...left],
  };
}
