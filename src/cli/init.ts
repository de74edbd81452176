import { parseArgs } from "node:util";
import { readConfig } from "../config/read-config.ts";
import type { TerminalDialog } from "./init/asking.ts";
import { scopedEntries } from "./init/claude-code.ts";
import { type ClientName, clientNames, placesOf } from "./init/clients.ts";
import { answered, Ended, type InitCommand } from "./init/command.ts";
import { accountFrom } from "./init/credentials.ts";
import { type EntrySettings, entryName } from "./init/entry.ts";
import { isThere, linesFor, type PrintedName, printedNames } from "./init/printed.ts";
import { setUpOne } from "./init/set-up.ts";

const options = {
  client: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  "read-only": { type: "boolean" },
  sandbox: { type: "boolean" },
  yes: { type: "boolean" },
} as const;
type Flags = { client?: string[] } & { [N in "dry-run" | "read-only" | "sandbox" | "yes"]?: boolean };
type AnyName = ClientName | PrintedName;
const allNames: readonly string[] = [...clientNames, ...printedNames];

export const usage = `skyprep-mcp init sets up your assistants for a SkyPrep academy.
  --client NAME   only this one (again for more): ${[...clientNames, ...printedNames].join(", ")}
  --read-only     the assistant can look at everything and change nothing
  --sandbox       the pretend academy, without a key
  --dry-run       says what it would write, and writes nothing
  --yes           goes on where it would ask whether to replace or set aside something
Key and domain are asked for, or taken from SKYPREP_API_KEY and SKYPREP_ACCT_KEY; never from a flag,
because other users of this computer can see those.`;

/** `skyprep-mcp init`: from nothing to an assistant that knows the academy. Gives the exit code. */
export async function runInit(argv: readonly string[], command: InitCommand): Promise<number> {
  let flags: Flags;
  try {
    flags = parseArgs({ args: [...argv], options, strict: true }).values;
  } catch {
    // Not repeated: somebody may have pasted a key here.
    command.say(`skyprep-mcp init: that is not one of its flags.\n${usage}`);
    return 2;
  }
  const strange = (flags.client ?? []).find((name) => !allNames.includes(name));
  if (strange !== undefined) {
    command.say(`skyprep-mcp init: there is no client of that name; there are ${allNames.join(", ")}.`);
    return 2;
  }
  try {
    return await setUp(flags, command);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    command.say(error.message);
    return error.code;
  }
}

async function setUp(flags: Flags, command: InitCommand): Promise<number> {
  const asking = await command.asking?.();
  const account = flags.sandbox ? undefined : await accountFrom(command, asking);
  const readOnly = flags["read-only"] ?? (await wantsReadOnly(command, asking));
  const { targets, pasted } = await chosen(flags, command, asking);
  const { baseUrl } = readConfig([], command.env, []);
  const wanted: EntrySettings = { node: command.node, program: command.program, account, baseUrl, readOnly };
  if (/[\\/]_npx[\\/]/.test(command.program)) {
    command.print(
      "This program runs from npx's cache, which npm may empty: install it, or clone it, and run init from there.",
    );
  }

  let failed = false;
  for (const target of targets) {
    const done = await setUpOne(target, wanted, { flags, command, asking });
    failed ||= !done;
    if (target.name === "claude-code") await sayNarrower(command);
  }
  for (const name of pasted) for (const line of ["", ...linesFor(name, wanted)]) command.print(line);
  if (targets.length > 0 && !failed && !flags["dry-run"]) {
    command.print("\nThen ask it: “Which SkyPrep account is this?”");
  }
  return failed ? 1 : 0;
}

/** Claude Code takes an entry for one folder before the one for everywhere. */
async function sayNarrower(command: InitCommand): Promise<void> {
  for (const { scope, folder, file } of await scopedEntries(command)) {
    command.print(
      `Claude Code: in ${folder} it uses another entry instead (${scope} scope, ${file}): in that folder, claude mcp remove ${entryName} --scope ${scope}`,
    );
  }
}

async function wantsReadOnly({ env }: InitCommand, asking: TerminalDialog | undefined): Promise<boolean> {
  if (env.SKYPREP_READ_ONLY !== undefined || !asking) return readConfig([], env, []).readOnly;
  return answered(
    await asking.yes("Begin read-only? The assistant can look at everything and change nothing.", true),
  );
}

async function chosen(flags: Flags, command: InitCommand, asking: TerminalDialog | undefined) {
  const { exists, home, print } = command;
  const named = flags.client as AnyName[] | undefined;
  const isPrinted = (name: string): name is PrintedName => (printedNames as string[]).includes(name);
  if (named) {
    const names = clientNames.filter((name) => named.includes(name));
    return { targets: placesOf(names, command, exists), pasted: named.filter(isPrinted) };
  }
  const all = placesOf(clientNames, command, exists);
  const there = all.filter(({ installed }) => installed);
  const pasted = printedNames.filter((name) => isThere(name, home, exists));
  if (there.length + pasted.length === 0 && !asking) {
    throw new Ended(`No assistant was found here. Name it with --client: ${allNames.join(", ")}.`, 1);
  }
  if (there.length === 0) print("None of the assistants that can be set up from here was found.");
  if (!asking) return { targets: there, pasted };
  const files = answered(
    await asking.choose(
      "Which assistants? (space to choose, enter to go on)",
      all.map(({ client, file, installed }) => ({
        value: file,
        label: client.title,
        hint: installed ? file : "not found here",
        chosen: installed,
      })),
    ),
  );
  return { targets: all.filter(({ file }) => files.includes(file)), pasted };
}
