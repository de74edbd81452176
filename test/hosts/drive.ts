import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { submit } from "../guard/approval/pages.ts";
import { type Exchanged, exchanged, linesIn } from "./exchanged.ts";
import type { Host } from "./hosts.ts";
import type { Installed } from "./installed.ts";
import { launch } from "./launch.ts";
import { serveModel } from "./scripted-model.ts";
import { createTask, type Seen } from "./task.ts";

const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
const tap = fileURLToPath(new URL("tap.mjs", import.meta.url));
const prompt = "Do what the training department asks, with the tools of skyprep.";

export interface Driven {
  readonly seen: readonly Seen[];
  /** The tools the model was offered, by the host's names. */
  readonly offered: readonly string[];
  /** Tools of ours that the model was told the names of, defined or not. */
  readonly named: readonly string[];
  readonly exchanged: Exchanged;
  /** All the host wrote beside its answer. */
  readonly said: string;
  /** How it ended, where that was not well. */
  readonly failed?: string;
  readonly seconds: number;
}

/** One host at its whole task, with a pretend academy, a state folder, a home and a model of its own. */
export async function drive(
  host: Host,
  installed: Installed,
  { seconds }: { seconds: number },
): Promise<Driven> {
  const begun = performance.now();
  const base = mkdtempSync(join(tmpdir(), `skyprep-host-${host.id}-`));
  const folder = (name: string) => {
    mkdirSync(join(base, name));
    return join(base, name);
  };
  const [log, home, state, temporary] = [folder("log"), folder("home"), folder("state"), folder("tmp")];
  const task = createTask(async (address, phrase) => {
    try {
      const { status } = await submit(address, {
        answer: "approve",
        ...(phrase !== undefined && { phrase }),
      });
      return status < 400;
    } catch {
      return false;
    }
  });
  const model = await serveModel(task);
  const server = {
    command: process.execPath,
    args: [tap, log, program, "--sandbox", `--state-dir=${state}`],
  };
  try {
    const given = { ...installed, home, server, model: model.url, prompt };
    const { command, args, env } = await host.command(given);
    const { said, failed } = await launch({
      command,
      args,
      home,
      temporary,
      env: { SKYPREP_HOST_RUN: JSON.stringify({ server, model: model.url, prompt }), ...env },
      seconds,
    });
    const seenOnTheWire = exchanged(linesIn(log));
    return {
      seen: task.seen,
      offered: model.offered(),
      named: seenOnTheWire.tools.filter(model.names),
      exchanged: seenOnTheWire,
      said: said.replaceAll(base, ""),
      ...(failed !== undefined && { failed }),
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    model.close();
    if (process.env.SKYPREP_HOSTS_KEEP) process.stderr.write(`${host.id}: ${base}\n`);
    else rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  }
}
