import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** The browser that is here; none is downloaded. The same engine without windows does the same in half the time. */
export const executablePath = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => existsSync(path));

/** A browser with an empty profile of its own that calls nobody but the pages it is sent to. @param more words after its name */
export function launch(more: readonly string[] = []): Promise<Browser> {
  if (executablePath === undefined) throw new Error("no Chromium here");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}
