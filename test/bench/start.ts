import { spawn } from "node:child_process";
import { once } from "node:events";
import { legacyHello, startServer } from "./child.ts";
import { median, type Part, spread } from "./figures.ts";

export interface Programs {
  readonly ours: string;
  readonly minimal: string;
  /** Ours without the pace. */
  readonly unpaced: string;
}

interface Begun {
  readonly list: number[];
  readonly first: number[];
  readonly memory: number[];
}

async function begin(file: string, args: readonly string[], into: Begun): Promise<void> {
  const began = performance.now();
  const server = startServer(file, args);
  void server.ask("initialize", legacyHello);
  await server.ask("tools/list");
  into.list.push(performance.now() - began);
  into.memory.push(server.peak());
  if (args.length > 0) {
    await server.ask("tools/call", { name: "get_user", arguments: { user_id: 101 } });
    into.first.push(performance.now() - began);
  }
  await server.stop();
}

/** From nothing to the list of tools, one after the other in turns, so that whatever else runs here disturbs all alike. */
export async function startUp(
  { ours, minimal }: Pick<Programs, "ours" | "minimal">,
  rounds = 25,
): Promise<Part> {
  const bare: number[] = [];
  const begun = (): Begun => ({ list: [], first: [], memory: [] });
  const [own, least, few] = [begun(), begun(), begun()];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await once(spawn(process.execPath, ["-e", "0"], { env: { PATH: process.env.PATH } }), "exit");
    bare.push(performance.now() - began);
    await begin(minimal, [], least);
    await begin(ours, ["--sandbox"], own);
    await begin(ours, ["--sandbox", "--sections=essentials"], few);
  }
  const ratio = (of: (one: Begun) => number[]) => (median(of(own)) / median(of(least))).toFixed(2);
  return {
    title: "Start",
    about: `From starting the process to \`tools/list\` answered, all tools; medians of ${rounds} turns and the middle half.`,
    rows: [
      ["`node -e 0`, ms", spread(bare)],
      ["minimal server on the same SDK, ms", spread(least.list)],
      ["skyprep-mcp, ms", spread(own.list)],
      ["skyprep-mcp, essentials, ms", spread(few.list)],
      ["time, over the minimal server", `${ratio(({ list }) => list)} ×`, "≤ 1.3 ×"],
      ["time, over `node -e 0`", `${(median(own.list) / median(bare)).toFixed(2)} ×`],
      ["minimal server, peak MiB", spread(least.memory)],
      ["skyprep-mcp, peak MiB", spread(own.memory)],
      ["skyprep-mcp, essentials, peak MiB", spread(few.memory)],
      ["memory, over the minimal server", `${ratio(({ memory }) => memory)} ×`, "≤ 1.2 ×"],
      ["skyprep-mcp, to the first answer (a person of the sandbox), ms", spread(own.first)],
    ],
  };
}
