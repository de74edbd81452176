import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { createOpener, type OpenerWorld, type Spawn } from "../../../src/guard/channels/page/opener.ts";
import { createClock } from "./pages.ts";

const url = "http://127.0.0.1:4321/abc-DEF_123";

type Fate = number | "error" | "runs" | "throws";

/** A world in which every command meets its fate. */
function world(more: Partial<OpenerWorld>, fates: Record<string, Fate> = {}) {
  const started: { command: string; args: readonly string[]; options: Parameters<Spawn>[2] }[] = [];
  const clock = createClock();
  const spawn: Spawn = (command, args, options) => {
    started.push({ command, args, options });
    const fate = fates[command] ?? 0;
    if (fate === "throws") throw new Error("EAGAIN");
    const child = Object.assign(new EventEmitter(), { unref: () => {} });
    queueMicrotask(() => {
      if (fate === "error") child.emit("error", new Error("ENOENT"));
      else if (fate === "runs") clock.pass(1500);
      else child.emit("exit", fate);
    });
    return child;
  };
  const open = createOpener({
    platform: "linux",
    env: { DISPLAY: ":0" },
    spawn,
    after: clock.after,
    ...more,
  });
  return { open, started, clock };
}

const commands = (started: { command: string; args: readonly string[] }[]) =>
  started.map(({ command, args }) => [command, ...args]);

describe("opening the person's browser", () => {
  it.each([
    ["darwin", {}, ["open", url]],
    [
      "win32",
      { SystemRoot: "D:\\Win" },
      ["D:\\Win\\System32\\rundll32.exe", "url.dll,FileProtocolHandler", url],
    ],
    ["win32", {}, ["C:\\Windows\\System32\\rundll32.exe", "url.dll,FileProtocolHandler", url]],
    ["linux", { DISPLAY: ":0" }, ["xdg-open", url]],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, ["xdg-open", url]],
    ["linux", { DISPLAY: "localhost:10.0", SSH_CONNECTION: "1" }, ["xdg-open", url]],
    ["linux", { WSL_DISTRO_NAME: "Debian" }, ["wslview", url]],
  ])("on %s with %j runs %j", async (platform, env, command) => {
    const { open, started } = world({ platform, env });

    expect(await open(url)).toBe(true);
    expect(commands(started)).toEqual([command]);
  });

  it.each([
    ["linux", {}],
    ["linux", { DISPLAY: "", SSH_TTY: "/dev/pts/0" }],
    ["linux", { WSL_DISTRO_NAME: "Debian", SSH_CONNECTION: "1" }],
    ["darwin", { SSH_CONNECTION: "1" }],
    ["win32", { SSH_CONNECTION: "1" }],
    ["aix", { DISPLAY: ":0" }],
  ])("on %s with %j starts nothing", async (platform, env) => {
    const { open, started } = world({ platform, env });

    expect(await open(url)).toBe(false);
    expect(started).toEqual([]);
  });

  it("tries the next where one fails", async () => {
    const { open, started } = world(
      { env: { WSL_DISTRO_NAME: "Debian", DISPLAY: ":0" } },
      { wslview: "error" },
    );

    expect(await open(url)).toBe(true);
    expect(commands(started)).toEqual([
      ["wslview", url],
      ["xdg-open", url],
    ]);
  });

  it.each([
    [0, true],
    ["runs", true],
    [3, false],
    ["error", false],
    ["throws", false],
  ] as const)("an opener that ends as %s means %s", async (fate, opened) => {
    const { open } = world({}, { "xdg-open": fate });

    expect(await open(url)).toBe(opened);
  });

  it("hands on none of this server's settings, and lets go of the child", async () => {
    const env = { DISPLAY: ":0", HOME: "/home/a", SKYPREP_API_KEY: "k", skyprep_approval_pin: "2580" };
    const { open, started } = world({ env });

    await open(url);

    expect(started[0]?.options).toEqual({
      detached: true,
      stdio: "ignore",
      windowsHide: true,
      env: { DISPLAY: ":0", HOME: "/home/a" },
    });
  });

  it.each([
    "https://127.0.0.1:4321/abc",
    "http://localhost:4321/abc",
    "http://127.0.0.1.evil.example:80/abc",
    "http://127.0.0.1:4321@evil.example/abc",
    "http://127.0.0.1:4321/abc&calc",
    "http://127.0.0.1:4321/abc\n--help",
    "http://127.0.0.1/abc",
    "file:///etc/passwd",
    "--version",
    "",
  ])("opens no other address: %j", async (other) => {
    const { open, started } = world({});

    expect(await open(other)).toBe(false);
    expect(started).toEqual([]);
  });

  it.each([
    "file:///home/ana/.local/state/skyprep-mcp/exports/sandbox/training-by-group-1a2b3c4d5e.html",
    "file:///C:/Users/Ana%20Lima/AppData/Local/skyprep-mcp/exports/0a1b/plan-elm-71-1a2b3c4d5e.html",
    "file:///Users/ana/Library/Application%20Support/skyprep-mcp/exports/0a1b/session-1a2b3c4d5e.html",
  ])("opens a page that was kept: %s", async (page) => {
    const { open, started } = world({});

    expect(await open(page)).toBe(true);
    expect(commands(started)).toEqual([["xdg-open", page]]);
  });

  it.each([
    "file:///etc/passwd",
    "file:///tmp/a/evil.html?x=$(id)",
    "file:///tmp/a/training-1a2b3c4d.html#x",
    "file:///tmp/a/training-1a2b3c4d.html;id",
    "file:///tmp/a/training-1a2b3c4d.exe",
    "file://host/share/training-1a2b3c4d.html",
    "/tmp/a/training-1a2b3c4d.html",
  ])("opens no other file: %s", async (page) => {
    const { open, started } = world({});

    expect(await open(page)).toBe(false);
    expect(started).toEqual([]);
  });
});
