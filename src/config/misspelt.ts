import { meant, meantToProtect, type Problem } from "./flags.ts";
import { letters, meantAs } from "./meant-as.ts";
import { protects, settingsInOrder, variable } from "./settings.ts";

/**
 * A name that was meant as one of ours sets nothing; a protection it was to switch on would be off in silence. One
 * that is like none of ours may be another program's: it is said, and stops nothing.
 */
export function noteStrangers(
  env: Readonly<Record<string, string | undefined>>,
  problems: Problem[],
  notes: string[],
): void {
  for (const [name, value] of Object.entries(env)) {
    if (!letters(name).startsWith("SKYPREP") || ours.has(name) || ownTests.has(name)) continue;
    const near = meantAs(name);
    const given = near.some(protects) ? meantToProtect(value) : meant(value);
    if (given === undefined) continue;
    const said = name.slice(0, 64);
    const such = near.map(variable).join(" or ");
    if (such !== "") problems.push({ setting: said, fix: `it is not a setting; ${such} is. Rename it.` });
    else if (/^skyprep_/i.test(name)) notes.push(`${said} is no setting of this program, and sets nothing.`);
  }
}

const ours: ReadonlySet<string> = new Set(settingsInOrder.map(([name]) => variable(name)));

/** What this project's own tests hand to themselves; a server that they start may inherit it. */
const ownTests: ReadonlySet<string> = new Set(
  ["HOSTS", "HOSTS_KEEP", "HOST_RUN", "TAP_SCREEN", "TEST_SEED"].map((name) => `SKYPREP_${name}`),
);
