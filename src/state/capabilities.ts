import { createHmac } from "node:crypto";
import { z } from "zod";
import { createWriteCheck, makePrivateFolder, smallFile, version } from "./files/safe-files.ts";
import type { SharedState } from "./ports.ts";
import { placeIn } from "./state-places.ts";

const word = z.string().max(80);
const short = z.record(word.regex(/^[\w -]+$/), word);

/** What a probe saw of one account: ids of assumptions and words of this program's, nothing that an answer said. */
const Capabilities = z.object({
  /** A digest of the account. */
  account: z.string().max(40),
  /** The day: 2026-11-23. */
  when: z.iso.date(),
  /** The version of the program that looked. */
  by: word,
  /** Assumption → `holds`, `otherwise`, or how it is otherwise. What was not seen is left out. */
  seen: short,
  /** `route parameter` → `filters`, `ignored` or `refused`. */
  filters: short,
  /** The academy's zone as SkyPrep calls it, one that this program knows; whoever reads it looks. */
  zone: word.optional(),
  /** Calls a minute that SkyPrep's answers say are let through. */
  perMinute: z.int().min(1).max(100).optional(),
  /** How lists come, as the layer that reads them keeps it; it looks through it by itself. */
  learnt: z.unknown().optional(),
});
export type Capabilities = z.output<typeof Capabilities>;

const Sealed = Capabilities.extend({ version: z.literal(version), mac: z.string().max(100) });

/** Whose file it is, and what seals it: a file that was edited, or written under another key, is not believed. */
export interface CapabilitiesOf {
  readonly account: string;
  readonly secret: string;
}

export type FoundCapabilities =
  | { readonly found: Capabilities }
  /** There is a file that is not believed; says why. */
  | { readonly ignored: string };

const sealOf = (one: Capabilities, secret: string): string =>
  createHmac("sha256", `skyprep-mcp capabilities ${secret}`)
    .update(
      JSON.stringify([
        one.account,
        one.when,
        one.by,
        sorted(one.seen),
        sorted(one.filters),
        one.learnt ?? null,
        // Left out, as in files of before there were any.
        ...(one.zone === undefined && one.perMinute === undefined
          ? []
          : [one.zone ?? null, one.perMinute ?? null]),
      ]),
    )
    .digest("hex");
const sorted = (map: Readonly<Record<string, string>>) =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

/** Undefined: no probe has looked. Never rejects: without it, all goes as carefully as before. */
export async function readCapabilities(
  state: Pick<SharedState, "text">,
  { account, secret }: CapabilitiesOf,
): Promise<FoundCapabilities | undefined> {
  let text: string | undefined;
  try {
    text = await state.text("capabilities", `${account}.json`).read();
  } catch (error) {
    const isNewer = (error as NodeJS.ErrnoException).code === "ENEWER";
    return { ignored: isNewer ? "a newer skyprep-mcp wrote it" : "it cannot be read" };
  }
  if (text === undefined) return undefined;
  const read = Sealed.safeParse(parsed(text)).data;
  if (read === undefined) return { ignored: "it is not whole" };
  const { mac, version: _, ...found } = read;
  if (found.account !== account) return { ignored: "it is of another account" };
  if (mac !== sealOf(found, secret)) return { ignored: "it was edited, or the key is another since" };
  return { found };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, in place of an earlier one. Rejects with what the file system says. */
export async function writeCapabilities(
  stateFolder: string,
  capabilities: Capabilities,
  secret: string,
): Promise<void> {
  const folder = placeIn(stateFolder, "capabilities");
  createWriteCheck(folder, 1)();
  makePrivateFolder(folder);
  const mac = sealOf(capabilities, secret);
  await smallFile(placeIn(stateFolder, "capabilities", `${capabilities.account}.json`)).write(
    `${JSON.stringify({ version, ...capabilities, mac }, null, 1)}\n`,
  );
}
