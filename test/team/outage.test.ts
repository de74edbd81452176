import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownChain, readChain, verifyRows } from "../../src/journal/database/chains.ts";
import { changesOf } from "../../src/journal/entry.ts";
import { openDatabase } from "../../src/state/postgres/database.ts";
import { textOf } from "../http/team.ts";
import { isLong } from "../support/long.ts";
import { movingAddress } from "../support/moving-address.ts";
import { hasNginx } from "../support/nginx.ts";
import { asAdmin, hasPostgres, prepare, urlOf } from "../support/postgres.ts";
import {
  type Cluster,
  copyOf,
  halt,
  promote,
  remove,
  resume,
  startCluster,
} from "../support/postgres-cluster.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { connectThrough, type Replicas, startReplicas } from "./replicas.ts";

const database = "skyprep_template";
const acme = { academy: "acme", chain: ownChain };

/** What a client was told of a write. */
type Told = "done" | "not sent" | "unknown";

describe.skipIf(!isLong || !hasPostgres || !hasNginx)("three replicas whose database goes", () => {
  let primary: Cluster;
  let standby: Cluster | undefined;
  let address: Awaited<ReturnType<typeof movingAddress>>;
  let running: Replicas;
  let client: Awaited<ReturnType<typeof connectThrough>>;
  /** By the group's name, which tells one write from all others. */
  const told = new Map<string, Told>();

  beforeAll(async () => {
    primary = await startCluster(temporaryFolder("cluster"), {
      endsWith: process.pid,
      prepare,
      settings: ["wal_level = replica", "max_wal_senders = 4"],
    });
    address = await movingAddress(primary.port);
    running = await startReplicas({
      databaseUrl: urlOf({ ...primary, port: address.port }, database),
      people: { ana: [{ academy: "acme", scopes: ["write"] }] },
    });
    client = await connectThrough(running, "ana");
  }, 90_000);
  afterAll(async () => {
    await client?.close();
    await running?.close();
    address?.close();
    for (const one of [primary, standby]) if (one) remove(one.folder);
  });

  const allReady = async () =>
    Promise.all(running.replicas.map(async ({ ready }) => (await fetch(ready)).status));
  const becomes = (status: number) =>
    expect.poll(allReady, { timeout: 30_000, interval: 20 }).toEqual([status, status, status]);

  async function write(name: string): Promise<Told> {
    const reply = await client
      .callTool({ name: "create_user_group", arguments: { name } })
      .catch((error: Error) => ({ isError: true, content: [{ type: "text", text: error.message }] }));
    const text = textOf(reply);
    const is = reply.isError !== true ? "done" : /not sent|nothing was sent/i.test(text) ? "not sent" : text;
    told.set(name, is as Told);
    return is as Told;
  }
  /** One write after the other until the work is over. */
  async function writingWhile(mark: string, work: () => Promise<unknown>): Promise<void> {
    let isOver = false;
    const writing = [1, 2, 3].map(async (writer) => {
      for (let n = 0; !isOver; n++) await write(`${mark} ${writer} ${n}`);
    });
    await work().finally(() => {
      isOver = true;
    });
    await Promise.all(writing);
  }
  const groupsSent = () =>
    running.arrived
      .filter(({ route }) => route === "create_user_group")
      .map(({ body }) => new URLSearchParams(body).get("name") ?? "");

  it("refuse plainly while it is gone, say that they are not ready, and go on by themselves", async () => {
    expect(await write("before")).toBe("done");
    halt(primary, "immediate");

    const sent = running.arrived.length;
    await becomes(503);
    for (let turn = 0; turn < 3; turn++) {
      const read = await client.callTool({ name: "get_user", arguments: { user_id: 101 } });
      expect(await write(`gone ${turn}`)).toBe("not sent");
      expect([read.isError, textOf(read)]).toEqual([true, expect.stringMatching(/database/)]);
    }
    expect(running.arrived.length).toBe(sent);

    resume(primary);
    await becomes(200);
    expect(await write("back")).toBe("done");
    const again = await client.callTool({ name: "get_user", arguments: { user_id: 101 } });
    expect(textOf(again)).toContain("Avery");
  });

  it("lose nothing of what runs while it goes and comes", async () => {
    for (const round of [1, 2])
      await writingWhile(`cut ${round}`, async () => {
        const enough = () => groupsSent().filter((name) => name.startsWith(`cut ${round}`)).length;
        await expect.poll(enough, { timeout: 30_000, interval: 5 }).toBeGreaterThan(5 * round);
        halt(primary, "immediate");
        await becomes(503);
        resume(primary);
        await becomes(200);
      });
    expect(await write("after the cuts")).toBe("done");
  });

  it("go on at a standby that took its place", async () => {
    standby = await copyOf(primary, temporaryFolder("standby"), { endsWith: process.pid });
    await asAdmin(primary, "postgres", "alter system set synchronous_standby_names = '*'");
    await asAdmin(primary, "postgres", "select pg_reload_conf()");
    const waits = () => asAdmin(primary, "postgres", "show synchronous_standby_names");
    await expect.poll(waits).toEqual([{ synchronous_standby_names: "*" }]);
    const next = standby;
    await writingWhile("moved", async () => {
      const sent = () => groupsSent().filter((name) => name.startsWith("moved")).length;
      await expect.poll(sent, { timeout: 30_000, interval: 5 }).toBeGreaterThan(5);
      halt(primary, "immediate");
      address.moveTo(next.port);
      await becomes(503);
      promote(next);
      await becomes(200);
    });

    expect(await write("at the new one")).toBe("done");
  });

  it("have told everybody the truth, and the journal has it all", async () => {
    const asked = openDatabase({ url: urlOf(standby ?? primary, database) });
    const { breaks } = await verifyRows(asked, acme);
    const changes = changesOf(await readChain(asked, acme));
    await asked.close();
    const outcomes = new Map(changes.map(({ intent, outcome }) => [intent.arguments.name, outcome?.is]));
    const sent = groupsSent();
    const wrong = [...new Set([...sent, ...told.keys()])].flatMap((name) => {
      const times = sent.filter((one) => one === name).length;
      const [said, kept] = [told.get(name), outcomes.get(name)];
      return [
        ...(times > 1 ? [`${name} was sent ${times} times`] : []),
        ...(times === 1 && !outcomes.has(name) ? [`${name} was sent, and is in no journal`] : []),
        ...(said === "done" && times !== 1 ? [`${name} is done, and was not sent`] : []),
        ...(said === "not sent" && times > 0 ? [`${name} is not sent, and was`] : []),
        ...(said === "done" && kept === "failed" ? [`${name} is done, and failed in the journal`] : []),
        ...(kept === "done" && times !== 1 ? [`${name} is done in the journal alone`] : []),
        ...(said === undefined ||
        ["done", "not sent"].includes(said) ||
        /not known|unknown|may have/i.test(said)
          ? []
          : [`${name}: ${said}`]),
      ];
    });

    expect(wrong).toEqual([]);
    expect(breaks).toEqual([]);
    expect([...told.values()].filter((said) => said === "done").length).toBeGreaterThan(15);
    expect([...told.values()]).toContain("not sent");
  });
});
