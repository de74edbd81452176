import { join } from "node:path";

/** The platform's own place for what a program keeps between runs. */
export function stateFolder(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "skyprep-mcp");
  if (platform === "darwin") return join(home, "Library", "Application Support", "skyprep-mcp");
  return join(env.XDG_STATE_HOME || join(home, ".local", "state"), "skyprep-mcp");
}
