import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { runJournal } from "../../src/cli/journal.ts";
import { withTeamJournal } from "../../src/journal/database/team-journal.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect, noon } from "../support/academy.ts";
import { yes } from "../support/person.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { theAcademy } from "./fixtures/academy.ts";

const fixtures = join(import.meta.dirname, "fixtures");

/** Every version whose state folder is kept. */
export const versions = readdirSync(fixtures).filter((name) => /^\d/.test(name));
/** What of it fixtures/README.md tells. */
export const planned = Array.from({ length: 12 }, (_, n) => 115 + n);

/** A copy of the folder that a version left, and the academy as it was then. */
export async function leftBy(version: string) {
  const state = temporaryFolder("upgrade");
  cpSync(join(fixtures, version, "state"), state, { recursive: true });
  const sandbox = theAcademy();
  const headers = { "X-SkyPrep-API-Key": "sandbox-key", "X-SkyPrep-Acct-Key": "example.skyprepapp.com" };
  for (const line of readFileSync(join(fixtures, version, "wire.jsonl"), "utf8")
    .trim()
    .split("\n"))
    await sandbox.send({ ...(JSON.parse(line) as { route: string; body: string }), headers }, no);

  let time = noon + 7 * 60_000;
  const sent: string[] = [];
  const send: Send = (request, signal) => {
    sent.push(request.route);
    return sandbox.send(request, signal);
  };
  const open = (env: Record<string, string> = { SKYPREP_SANDBOX: "true" }, say?: (line: string) => void) =>
    connect(
      send,
      { SKYPREP_STRUCTURED: "true", SKYPREP_STATE_DIR: state, ...env },
      { person: yes, clock: { now: () => time, after: () => () => {} }, ...(say && { say }) },
    );
  return {
    state,
    sandbox,
    world: sandbox.world,
    sent,
    open,
    pass: (ms: number) => {
      time += ms;
    },
    journal: (...argv: string[]) => journalCommand(argv, state),
  };
}
const no = new AbortController().signal;

/** `skyprep-mcp journal …` */
export async function journalCommand(argv: string[], stateFolder: string) {
  const out: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      out.push(chunk.toString());
      done();
    },
  });
  const code = await runJournal(argv, {
    stdout,
    say: (line) => void out.push(line),
    stateFolder,
    withTeam: async () => withTeamJournal,
  });
  return { code, out: out.join("") };
}

/** Every name in a folder, and every byte. */
export const bytesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((one) => {
      const path = join(one.parentPath, one.name);
      return [path, one.isFile() ? readFileSync(path, "base64") : "no file"];
    }),
  );
