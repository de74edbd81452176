import { join } from "node:path";
import { essentials } from "../../catalogue/toolsets.ts";

/** What decides where a client keeps its settings. */
export interface Here {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The names in a folder; none where there is no such folder. */
  readonly namesIn: (folder: string) => readonly string[];
}

/** An assistant whose settings are a JSON file. */
export interface Client {
  readonly title: string;
  /** Where its servers stand in that file. */
  readonly under: "mcpServers" | "servers";
  /** Whether an entry names its transport. */
  readonly typed?: true;
  /** Which tools it is offered; left out: all. */
  readonly sections?: string;
  /** Where it keeps its settings; several where it is installed in several ways. */
  readonly places: (here: Here) => readonly ClientPlace[];
  readonly afterwards: string;
}

export interface ClientPlace {
  readonly file: string;
  /** It is installed where any of these exists. */
  readonly signs: readonly string[];
}

/** Cursor takes few tools of all servers together: this section reaches every operation through a few. */
export const smallSurface = essentials;

export const clients = {
  "claude-desktop": {
    title: "Claude Desktop",
    under: "mcpServers",
    places: (here) =>
      claudeDesktopFolders(here).map((folder) => ({
        file: join(folder, "claude_desktop_config.json"),
        signs: [folder],
      })),
    afterwards: "quit Claude Desktop and open it again",
  },
  "claude-code": {
    title: "Claude Code",
    under: "mcpServers",
    typed: true,
    places: ({ home, env }) => {
      const file = join(env.CLAUDE_CONFIG_DIR || home, ".claude.json");
      return [{ file, signs: [file, env.CLAUDE_CONFIG_DIR || join(home, ".claude")] }];
    },
    afterwards: "start a new session of Claude Code",
  },
  vscode: {
    title: "VS Code",
    under: "servers",
    typed: true,
    places: (here) =>
      ["Code", "Code - Insiders"]
        .map((name) => join(settingsFolder(here), name, "User"))
        .map((folder) => ({ file: join(folder, "mcp.json"), signs: [folder] })),
    afterwards: "in VS Code, run “MCP: List Servers” and start skyprep",
  },
  cursor: {
    title: "Cursor",
    under: "mcpServers",
    sections: smallSurface,
    places: ({ home }) => [{ file: join(home, ".cursor", "mcp.json"), signs: [join(home, ".cursor")] }],
    afterwards: "start Cursor anew",
  },
} as const satisfies Record<string, Client>;
export type ClientName = keyof typeof clients;
export const clientNames = Object.keys(clients) as ClientName[];

/** One file that an entry goes into. */
export interface ClientFile {
  readonly name: ClientName;
  readonly client: Client;
  readonly file: string;
}

export interface FoundClientFile extends ClientFile {
  readonly installed: boolean;
}

/** Every place of these clients; the first of each stands for it where none is installed. */
export function placesOf(
  names: readonly ClientName[],
  here: Here,
  exists: (path: string) => boolean,
): FoundClientFile[] {
  return names.flatMap((name) => {
    const client: Client = clients[name];
    const all = client
      .places(here)
      .map(({ file, signs }) => ({ name, client, file, installed: signs.some(exists) }));
    const there = all.filter(({ installed }) => installed);
    return there.length > 0 ? there : all.slice(0, 1);
  });
}

function settingsFolder({ platform, env, home }: Here): string {
  if (platform === "win32") return env.APPDATA || join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return env.XDG_CONFIG_HOME || join(home, ".config");
}

/** From the Windows store it reads from folders of its own, and never sees the usual one. */
function claudeDesktopFolders(here: Here): string[] {
  const usual = join(settingsFolder(here), "Claude");
  if (here.platform !== "win32") return [usual];
  const local = here.env.LOCALAPPDATA || join(here.home, "AppData", "Local");
  const inside = (folder: string, rest: string[]) =>
    here
      .namesIn(folder)
      .filter((name) => /^claude(_|$)/i.test(name))
      .map((name) => join(folder, name, ...rest));
  return [
    ...inside(join(local, "Claude-Data"), []),
    ...inside(join(local, "Packages"), ["LocalCache", "Roaming", "Claude"]),
    usual,
  ];
}
