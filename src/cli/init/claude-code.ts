import { dirname, join } from "node:path";
import { isRecord, settingsIn } from "./client-file.ts";
import { clients, type Here } from "./clients.ts";
import { type ClientEntry, entryName } from "./entry.ts";

/** An entry that Claude Code keeps for one folder; there it wins over the one for everywhere. */
export interface Scoped {
  /** `local`: this person's, in their own settings; `project`: everybody's, in the folder's `.mcp.json`. */
  readonly scope: "local" | "project";
  readonly folder: string;
  readonly file: string;
  readonly entry: Partial<ClientEntry>;
}

/** Entries of ours for single folders: those for where we are first, as Claude Code would pick them. */
export async function scopedEntries(here: Here & { readonly cwd: string }): Promise<Scoped[]> {
  const folders = upwards(here.cwd);
  const local = (await localEntries(here)).sort((a, b) => rank(folders, a) - rank(folders, b));
  const isHere = ({ folder }: Scoped) => folders.includes(folder);
  const project = (await Promise.all(folders.map(projectEntry))).flat();
  return [...local.filter(isHere), ...project, ...local.filter((one) => !isHere(one))];
}

const rank = (folders: readonly string[], { folder }: Scoped) =>
  folders.includes(folder) ? folders.indexOf(folder) : folders.length;

async function localEntries(here: Here): Promise<Scoped[]> {
  const [place] = clients["claude-code"].places(here);
  if (place === undefined) return [];
  const { file } = place;
  const { projects } = recordOf(await settingsIn(file));
  return Object.entries(recordOf(projects)).flatMap(([folder, settings]) => {
    const entry = recordOf(recordOf(settings).mcpServers)[entryName];
    return isRecord(entry) ? [{ scope: "local" as const, folder, file, entry }] : [];
  });
}

async function projectEntry(folder: string): Promise<Scoped[]> {
  const file = join(folder, ".mcp.json");
  const entry = recordOf(recordOf(await settingsIn(file)).mcpServers)[entryName];
  return isRecord(entry) ? [{ scope: "project", folder, file, entry }] : [];
}

/** `${NAME}` and `${NAME:-otherwise}`, which Claude Code fills in from its own environment. */
export const filledIn = (value: string, env: Here["env"]): string =>
  value.replace(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (whole, name: string, otherwise?: string) => env[name] ?? otherwise ?? whole,
  );

function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
