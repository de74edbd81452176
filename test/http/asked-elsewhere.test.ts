import { randomUUID } from "node:crypto";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AppState, filesState } from "../../src/app/state.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { stateIn } from "../support/database-state.ts";
import { agreeing, type Person } from "../support/person.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { connectAs, type RunningTeam, team, textOf } from "./team.ts";

const keepers = ["files", ...(hasPostgres ? (["postgres"] as const) : [])] as const;
const remove = { name: "destroy_user", arguments: { user_id: 110 } };

/** Before all replicas: each call of a tool goes to the one after that which took the last. */
async function front(ports: readonly number[]) {
  const taken: number[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const isCall = incoming.headers["mcp-method"] === "tools/call";
    const to = ports[taken.length % ports.length];
    if (isCall) taken.push(taken.length % ports.length);
    const { url, method, headers } = incoming;
    const passed = request(
      { host: "127.0.0.1", port: to, path: url, method, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    taken,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

describe.each(keepers)("an address with three replicas behind it, which keep in %s", (keeper) => {
  let fresh: FreshDatabase;
  let stateOf: (academy: string) => AppState;
  let replicas: RunningTeam[];
  let before: Awaited<ReturnType<typeof front>>;
  let clients: { close: () => Promise<void> }[];

  beforeEach(async () => {
    if (keeper === "postgres") fresh ??= await freshDatabase();
    const folder = temporaryFolder("replicas");
    const { send } = createSandbox({ callsPerMinute: Infinity });
    const academy = randomUUID();
    const after = () => () => {};
    stateOf = (name) => {
      if (keeper === "files")
        return filesState(`${folder}/${name}`, { now: Date.now, random: randomUUID, after });
      return stateIn(fresh.open(), { academy: `${academy}-${name}`, egress: academy });
    };
    const scopes = ["write", "approve"] as const;
    const people = { mia: [{ academy: "acme", scopes }], rob: [{ academy: "acme", scopes }] };
    const first = await team({ stateOf, send: () => send, people });
    const { tokens } = first.world;
    const others = [1, 2].map(() => team({ stateOf, send: () => send, people, over: { tokens } }));
    replicas = [first, ...(await Promise.all(others))];
    before = await front(replicas.map(({ port }) => port));
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) await client.close();
    await before.close();
    await Promise.all(replicas.map(({ end }) => end()));
  });

  const connected = async (who: string, era: "2025" | "2026", person?: Person) => {
    const { tokenFor } = replicas[0] as RunningTeam;
    const client = await connectAs({ base: before.base, tokenFor }, who, {
      era,
      ...(person && { person }),
    });
    clients.push(client);
    return client;
  };
  /** What of questions is kept. */
  const waiting = async () => {
    const names = await stateOf("acme").stamped("approvals", "sandbox").names();
    return names.filter((name) => name.endsWith(".json"));
  };
  const sent = (route: string) =>
    replicas.flatMap((one) => one.sent).filter((call) => call.route === route).length;

  it("a client of 2026 is asked by one, answers at the next, and is told that it is done", async () => {
    const forms: string[] = [];
    const mia = await connected("mia", "2026", (form) => {
      forms.push(form.message);
      return agreeing(form);
    });

    const done = textOf(await mia.callTool(remove));
    const marks = await waiting();
    const gone = textOf(await mia.callTool({ name: "get_user", arguments: { user_id: 110 } }));

    expect(forms).toHaveLength(1);
    expect(forms[0]).toMatch(/Delete /);
    expect(done).toMatch(/[Dd]eleted|Done/);
    expect(gone).toMatch(/404: User not found/);
    expect(marks).toEqual([expect.stringMatching(/\.used\.json$/)]);
    expect(before.taken.slice(0, 2)).toEqual([0, 1]);
    expect(replicas.map((one) => one.sent.filter(({ route }) => route === "destroy_user").length)).toEqual([
      0, 1, 0,
    ]);
  });

  it("a job is asked about once, whichever of them it began at, and each step is sent once", async () => {
    const forms: string[] = [];
    const mia = await connected("mia", "2026", (form) => {
      forms.push(form.message);
      return agreeing(form);
    });

    const done = textOf(
      await mia.callTool({ name: "offboard_person", arguments: { person: "110", last_day: "2026-12-01" } }),
    );
    const again = textOf(
      await mia.callTool({ name: "offboard_person", arguments: { person: "110", last_day: "2026-12-01" } }),
    );

    expect(forms, `${done}\n${again}`).toHaveLength(1);
    expect(before.taken.slice(0, 3)).toEqual([0, 1, 2]);
    expect(sent("update_user")).toBe(1);
    expect(replicas[1]?.sent.some(({ route }) => route === "update_user")).toBe(true);
  });

  it("a client of 2025 is told what to do instead, at each of them; nothing is sent and nothing is left", async () => {
    let forms = 0;
    const mia = await connected("mia", "2025", (form) => {
      forms += 1;
      return agreeing(form);
    });

    const texts: string[] = [];
    for (const _ of replicas) texts.push(textOf(await mia.callTool(remove)));

    for (const text of texts) {
      expect(text).toMatch(/needs a person's yes, and nobody can be asked over this connection/);
      expect(text).toMatch(/Nothing was sent/);
      expect(text).not.toMatch(/confirm: "|http:\/\//);
    }
    expect(forms).toBe(0);
    expect(sent("destroy_user")).toBe(0);
    expect(await waiting()).toEqual([]);
  });
});
