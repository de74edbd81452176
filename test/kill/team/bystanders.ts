import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../../../src/journal/line.ts";
import { textOf } from "../../http/team.ts";
import { connectFirst, connectThrough, type Replicas } from "../../team/replicas.ts";
import { grouped } from "./checks.ts";

/** A minute has only so many calls. */
const most = 5;
const betweenMs = 150;

type Told = "done" | "not sent" | "lost";

/** Others who write meanwhile, nobody being asked: clients of both eras, each call made once. */
export async function createBystanders(running: Replicas, academies: readonly string[]) {
  const told = new Map<string, Told>();
  const strange: string[] = [];
  const clients = await Promise.all(
    academies.map(async (academy) => [
      await connectThrough(running, "ben", { academy, era: "2025" }),
      await connectThrough(running, "cleo", { academy }),
      await connectFirst(running, "dora", { academy }),
    ]),
  );

  async function write(client: (typeof clients)[number][number], name: string): Promise<void> {
    const call = { name: "create_user_group", arguments: { name } };
    const reply = await client.callTool(call).catch(() => undefined);
    const text = textOf(reply ?? {});
    const isLost = reply === undefined || /not known|unknown|may have/i.test(text);
    const is = isLost ? "lost" : reply.isError !== true ? "done" : "not sent";
    told.set(name, is);
    if (is === "not sent" && !/not sent|nothing was sent/i.test(text)) strange.push(`${name}: ${text}`);
  }

  return {
    /** Each writes one thing after the other until this is called again. */
    begin(run: number): () => Promise<void> {
      let isOver = false;
      const writing = (clients[run % clients.length] ?? []).map(async (client, n) => {
        for (let nth = 0; nth < most && !isOver; nth++) {
          await write(client, `run ${run} ${n} ${nth}`);
          await sleep(betweenMs);
        }
      });
      return async () => {
        isOver = true;
        await Promise.all(writing);
      };
    },
    count: (what: Told) => [...told.values()].filter((one) => one === what).length,
    /** What is wrong with what they were told. */
    faults(changes: readonly Change[]): string[] {
      const sent = grouped(
        running.arrived.filter(({ route }) => route === "create_user_group"),
        ({ body }) => new URLSearchParams(body).get("name") ?? "",
      );
      const kept = grouped(
        changes.filter(({ intent }) => intent.tool === "create_user_group"),
        ({ intent }) => String(intent.arguments.name),
      );
      const wrong = [...new Set([...sent.keys(), ...kept.keys(), ...told.keys()])].flatMap((name) => {
        const [times, lines, said] = [sent.get(name)?.length ?? 0, kept.get(name) ?? [], told.get(name)];
        const is = lines[0]?.outcome?.is;
        return [
          ...(times > 1 ? [`sent ${times} times`] : []),
          ...(lines.length !== 1 && times > 0 ? [`sent, and ${lines.length} times in the journal`] : []),
          ...(said === "done" && times !== 1 ? ["done, and was not sent"] : []),
          ...(said === "not sent" && times > 0 ? ["not sent, and was"] : []),
          ...(said === "done" && is !== "done" ? [`done, and ${is} in the journal`] : []),
          ...(is === "done" && times !== 1 ? ["done in the journal alone"] : []),
        ].map((why) => `${name}: ${why}`);
      });
      return [...strange, ...wrong];
    },
    close: () => Promise.all(clients.flat().map((client) => client.close())),
  };
}
