import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createJournal } from "../../src/journal/journal.ts";
import type { Intent } from "../../src/journal/line.ts";
import { createLock } from "../../src/state/files/shared-folder.ts";

export const start = Date.UTC(2026, 10, 23, 10);
export const minute = 60_000;
export const day = 24 * 60 * minute;

/** A place of its own for a test, gone after it. */
export function newPlace(): string {
  const place = mkdtempSync(join(tmpdir(), "journal-"));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  return place;
}

export const lockOf = (folder: string) => createLock(folder, { name: "journal" });

/** A journal in a folder, with a clock that a test turns. */
export function openIn(folder: string, { keepMs = 30 * day } = {}) {
  const clock = { now: start };
  let salts = 0;
  const journal = createJournal({
    folder,
    lock: lockOf(folder),
    now: () => clock.now,
    random: () => `salt-${++salts}`,
    keepMs,
  });
  return { folder, clock, journal };
}

export const opened = (options?: { keepMs?: number }) =>
  openIn(join(newPlace(), "state", "journal"), options);

export const avery = { kind: "person", id: 101, login: "avery@example.com", name: "Avery Learner" } as const;

export const intent = (more: Partial<Intent> = {}): Intent => ({
  tool: "destroy_user",
  account: "sandbox",
  arguments: { user_id: 101 },
  targets: [avery],
  kind: "irreversible",
  agreed: "form",
  ...more,
});

export const fileOf = (folder: string) => join(folder, "journal.jsonl");
export const textIn = (folder: string) => readFileSync(fileOf(folder), "utf8");
export const linesIn = (folder: string): Record<string, unknown>[] =>
  textIn(folder)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
