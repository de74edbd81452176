import { type Args, listAt } from "../academy/reads.ts";
import type { Impact } from "./impact/assess-impact.ts";
import { targetsIn } from "./impact/subjects.ts";
import type { Write } from "./policy/decision.ts";

/** Whether a call is another one for fewer: the same names and values, but for items, or all of them, left out of lists. */
export function isPart(operation: Write["operation"], whole: Args, part: Args): boolean {
  // Only where a list says whom or what is reached does leaving some out mean fewer; elsewhere it may mean all.
  if (reachOf(operation) === undefined) return false;
  if (Object.keys(part).some((name) => !(name in whole))) return false;
  return Object.keys(whole).every((name) => {
    const [all, some] = [whole[name], part[name]];
    if (Array.isArray(all) && some === undefined) return true;
    if (!Array.isArray(all)) return JSON.stringify(all) === JSON.stringify(some);
    const known = new Set<unknown>(all);
    return Array.isArray(some) && some.length > 0 && some.every((one) => known.has(one));
  });
}

const reachOf = (operation: Write["operation"]) =>
  "consequence" in operation ? operation.consequence?.reach : undefined;

/** What was seen of the whole, as it stands for the part: fewer people, fewer pairs. */
export function partOf(seen: Impact, { operation, args }: Write): Impact {
  const reach = reachOf(operation);
  if (reach === undefined) return seen;
  const people = listAt(args, ...(reach.people ?? [])).length;
  const targets = listAt(args, ...reach.targets).length;
  const fewer = (now: number, before: number) => (now > 0 ? Math.min(now, before) : before);
  return {
    ...seen,
    targets: targetsIn(operation.about, args),
    weight: {
      ...seen.weight,
      people: fewer(people, seen.weight.people),
      pairs: fewer(people * targets, seen.weight.pairs),
    },
  };
}
