import type { Config } from "../../config/read-config.ts";
import { digest } from "../../reply/cursor.ts";
import { type Assumption, assumptions } from "../../skyprep/assumptions.ts";
import { readCapabilities } from "../../state/capabilities.ts";
import { filesIn } from "../../state/files/files-state.ts";
import { type MetOtherwise, readMet } from "../../state/met-otherwise.ts";
import { count } from "../../text/english.ts";
import { type CheckResult, ok } from "./finding.ts";

const all: Readonly<Record<string, Assumption>> = assumptions;
const total = Object.keys(all).length;

/** What the product runs on, what a probe saw of it, and what daily use met otherwise. None of it is wrong. */
export async function assumed(
  folder: string,
  { acctKey, apiKey }: Pick<Config, "acctKey" | "apiKey">,
): Promise<CheckResult[]> {
  const account = digest(acctKey.toLowerCase());
  const state = filesIn(folder);
  const probed = await readCapabilities(state, { account, secret: apiKey });
  const met = await readMet(state, account);
  return [
    ok(
      `it runs on ${count(total, "assumption")} about how SkyPrep answers (docs/skyprep-api.md §6), and holds where most are otherwise`,
    ),
    ...sayProbed(probed),
    ...sayMet(met),
  ];
}

function sayProbed(probed: Awaited<ReturnType<typeof readCapabilities>>): CheckResult[] {
  if (probed === undefined)
    return [ok("none of them was looked at in this account: skyprep-mcp probe does, by reads alone")];
  if ("ignored" in probed)
    return [ok(`what a probe saw is not used: ${probed.ignored}; skyprep-mcp probe looks anew`)];
  const { seen, when } = probed.found;
  const known = Object.entries(seen).filter(([id]) => id in all);
  const others = known.filter(([, how]) => how !== "holds");
  return [
    ok(
      `a probe looked on ${when}: ${known.length - others.length} as assumed, ${others.length} otherwise, ${total - known.length} not seen`,
    ),
    ...others.map(([id, how]) => ok(`  ${id} is otherwise${sayHow(id, how)}`)),
  ];
}

const sayMet = (met: MetOtherwise): CheckResult[] =>
  Object.entries(met)
    .filter(([id]) => id in all)
    .map(([id, { how, since }]) => ok(`in daily use since ${since}, ${id} is otherwise${sayHow(id, how)}`));

/** In words of the table alone. */
const sayHow = (id: string, how: string): string => {
  const words = all[id]?.otherwise[how];
  return words === undefined ? "" : `: ${words}`;
};
