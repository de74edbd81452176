/** As much of a child process as is needed here; `node:child_process` gives it. */
export interface Child {
  once(event: "error", then: (error: Error) => void): unknown;
  once(event: "exit", then: (code: number | null) => void): unknown;
  unref(): void;
}

export type Spawn = (
  command: string,
  args: readonly string[],
  options: {
    readonly detached: true;
    readonly stdio: "ignore";
    readonly windowsHide: true;
    readonly env: Record<string, string | undefined>;
  },
) => Child;

export interface OpenerWorld {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly spawn: Spawn;
  /** Calls later, unless cancelled. */
  readonly after?: (ms: number, then: () => void) => () => void;
}

/** Openers of some desktops run as long as the browser does: one that has not failed by then has worked. */
const patienceMs = 1_500;
const ours = /^http:\/\/127\.0\.0\.1:\d{1,5}\/[\w-]*$/;
/** A page that was kept (src/state/export-about.ts): nothing that a shell, or an opener, would take for more. */
const kept = /^file:\/\/\/[\w./%:~+@,()-]*\/[a-z0-9-]{8,40}\.html$/;

type Command = readonly [command: string, ...args: string[]];

/** What opens an address here, in the order to try; none where nobody sits before a screen of this computer. */
function commandsOf({ platform, env }: OpenerWorld): readonly Command[] {
  const remote = Boolean(env.SSH_CONNECTION || env.SSH_TTY);
  const screen = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (platform === "darwin") return remote ? [] : [["open"]];
  if (platform === "win32") {
    // By its full path: Windows would look in the current folder first.
    const system = `${env.SystemRoot ?? "C:\\Windows"}\\System32\\rundll32.exe`;
    return remote ? [] : [[system, "url.dll,FileProtocolHandler"]];
  }
  if (platform !== "linux") return [];
  return [
    ...(env.WSL_DISTRO_NAME && !remote ? [["wslview"] as const] : []),
    ...(screen ? [["xdg-open"] as const] : []),
  ];
}

const timer = (ms: number, then: () => void): (() => void) => {
  const running = setTimeout(then, ms);
  return () => clearTimeout(running);
};

/**
 * Opens a page of ours in the person's browser; says whether it did. It never throws, opens no other address, uses
 * no shell, and hands on none of this server's settings.
 */
export function createOpener(world: OpenerWorld): (url: string) => Promise<boolean> {
  const { after = timer } = world;
  const commands = commandsOf(world);
  const env = Object.fromEntries(
    Object.entries(world.env).filter(([name]) => !name.toUpperCase().startsWith("SKYPREP_")),
  );

  const run = ([command, ...args]: Command, url: string) =>
    new Promise<boolean>((resolve) => {
      try {
        const child = world.spawn(command, [...args, url], {
          detached: true,
          stdio: "ignore",
          windowsHide: true,
          env,
        });
        const cancel = after(patienceMs, () => resolve(true));
        const say = (opened: boolean) => {
          cancel();
          resolve(opened);
        };
        child.once("error", () => say(false));
        child.once("exit", (code) => say(code === 0));
        child.unref();
      } catch {
        resolve(false);
      }
    });

  return async (url) => {
    if (!ours.test(url) && !kept.test(url)) return false;
    for (const command of commands) if (await run(command, url)) return true;
    return false;
  };
}
