import type { TerminalDialog } from "./asking.ts";
import { carryOut, type FileChange, planEntry, Unusable } from "./client-file.ts";
import type { ClientFile } from "./clients.ts";
import { answered, type InitCommand } from "./command.ts";
import { type EntrySettings, entryFor, entryName, masked } from "./entry.ts";

export interface SetUpContext {
  readonly flags: { readonly "dry-run"?: boolean; readonly yes?: boolean };
  readonly command: InitCommand;
  readonly asking: TerminalDialog | undefined;
}

/** Whether the client is set up now. */
export async function setUpOne(
  target: ClientFile,
  wanted: EntrySettings,
  { flags, command, asking }: SetUpContext,
): Promise<boolean> {
  const { client, file } = target;
  const { print } = command;
  const entry = entryFor(client, wanted);
  try {
    const plan = await planEntry(file, client.under, entry);
    if (plan.after === plan.before) {
      print(`${client.title} has this entry already: ${plan.file}`);
      return true;
    }
    for (const { says } of plan.obstacles) print(`${client.title}: ${says}`);
    if (flags["dry-run"]) {
      print(`${client.title}: would write to ${plan.file}, under "${client.under}":`);
      print(JSON.stringify({ [entryName]: masked(entry) }, null, 2));
      return true;
    }
    if (!(await mayGoOn(plan, client.title, { flags, command, asking }))) {
      print(`${client.title}: nothing was changed.${asking ? "" : " To go on all the same, add --yes."}`);
      return false;
    }
    const copy = await carryOut(plan, { secret: wanted.account !== undefined, now: command.now() });
    print(`${client.title}: written to ${plan.file}${copy ? ` (what was there: ${copy})` : ""}`);
    print(`  Now ${client.afterwards}.`);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!(error instanceof Unusable) && code === undefined) throw error;
    print(
      `${client.title}: ${error instanceof Unusable ? error.message : `${file} cannot be written (${code}).`}`,
    );
    print(`${client.title}: nothing was changed.`);
    return false;
  }
}

async function mayGoOn(
  { obstacles }: FileChange,
  title: string,
  { flags, asking }: SetUpContext,
): Promise<boolean> {
  if (obstacles.length === 0 || flags.yes) return true;
  return asking ? answered(await asking.yes(`${title}: go on all the same? A copy is kept.`, false)) : false;
}
