import { parseArgs } from "node:util";
import type { PolicyTool } from "../catalogue/toolsets.ts";
import { explain } from "../policy/explain.ts";
import type { Look, LookOptions } from "./account.ts";
import { assumed } from "./doctor/assumed.ts";
import { type CheckResult, line, ok, wrong } from "./doctor/finding.ts";
import { opened, reached, ways } from "./doctor/network.ts";
import { type Clients, clientsHere, type Entered, settingsFound, sourceOf } from "./doctor/settings.ts";
import { folderFound, journalFound, paceFound } from "./doctor/state.ts";
import { clientNames } from "./init/clients.ts";

export interface DoctorCommand extends Clients {
  readonly print: (line: string) => void;
  readonly say: (line: string) => void;
  /** Where the state stands unless the settings say otherwise. */
  readonly stateFolder: string;
  readonly sections: readonly string[];
  /** All tools there are, as a policy tells them apart. */
  readonly tools: readonly PolicyTool[];
  /** Revisions of the protocol that assistants may speak, the oldest first. */
  readonly protocols: readonly string[];
  readonly lookAt: (options: LookOptions) => Look;
  readonly nodeVersion: string;
  readonly now: () => number;
}

export const usage = `skyprep-mcp doctor looks at everything that has to be right, and changes nothing.
  --client NAME   with the settings of this client's entry: ${clientNames.join(", ")}`;

const oldest = [20, 19] as const;

/** `skyprep-mcp doctor`: each line is ok, or says what to do. Gives the exit code: 1 where something is wrong. */
export async function runDoctor(argv: readonly string[], command: DoctorCommand): Promise<number> {
  const { say, print, now, env } = command;
  let named: string | undefined;
  try {
    named = parseArgs({ args: [...argv], options: { client: { type: "string" } }, strict: true }).values
      .client;
  } catch {
    say(`skyprep-mcp doctor: that is not one of its flags.\n${usage}`);
    return 2;
  }
  const clients = await clientsHere(command);
  const entered = clients.filter((one): one is Entered => "source" in one);
  if (named !== undefined && !entered.some(({ name }) => name === named)) {
    say(`skyprep-mcp doctor: no entry was found for that client.\n${usage}`);
    return 2;
  }

  let healthy = true;
  const tell = (findings: readonly CheckResult[]) => {
    for (const finding of findings) {
      print(line(finding));
      healthy &&= finding.ok;
    }
  };
  tell([node(command.nodeVersion), spoken(command.protocols)]);
  const { config, findings } = settingsFound(sourceOf(env, entered, named), command, env);
  tell(findings);
  if (config.policy)
    tell(explain(config.policy).map((line) => ok(`policy “${config.policy?.name}”: ${line}`)));
  const folder = config.stateDir ?? command.stateFolder;
  tell(await folderFound(folder, command.platform));
  tell([await journalFound(folder)]);
  if (config.sandbox.on) tell([ok("the pretend academy: SkyPrep is not called")]);
  else {
    tell([await paceFound(folder, config.callsPerMinute, now())]);
    if (config.problems.length === 0) tell(await assumed(folder, config));
    tell(ways(config, env));
    const there = await reached(config, now);
    tell(there);
    if (there[0]?.ok && config.problems.length === 0) {
      const { baseUrl, proxy, callsPerMinute } = config;
      tell([await opened(command.lookAt({ baseUrl, proxy, callsPerMinute, stateFolder: folder }), config)]);
    }
  }
  tell(
    clients.map((one) =>
      "source" in one
        ? entry(one, command.exists)
        : ok(`${one.title} has no entry: skyprep-mcp init --client ${one.name}`),
    ),
  );
  print(healthy ? "Everything is in order." : "Mend what is marked ✗, then run this again.");
  return healthy ? 0 : 1;
}

function node(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return enough
    ? ok(`Node ${version}`)
    : wrong(`Node ${version} is too old: install ${oldest.join(".")} or newer`);
}

/** Nothing can be wrong with it, but an assistant's own log may name a revision. */
const spoken = (protocols: readonly string[]): CheckResult =>
  ok(
    `assistants may speak MCP ${protocols.slice(0, -1).join(", ")} or ${protocols.at(-1)}: each picks its own, there is nothing to set`,
  );

/** Whether what an entry starts is there. */
function entry(
  { name, title, file, command, program }: Entered,
  exists: (path: string) => boolean,
): CheckResult {
  const gone = [command, program].find((path) => path !== undefined && /[\\/]/.test(path) && !exists(path));
  return gone === undefined
    ? ok(`${title} has an entry: ${file}`)
    : wrong(`${title}'s entry starts ${gone}, which is not there: skyprep-mcp init --client ${name} --yes`);
}
