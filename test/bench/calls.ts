import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { noon } from "../support/academy.ts";
import { type Child, legacyHello, startServer } from "./child.ts";
import { mean, median, type Part, spread } from "./figures.ts";
import type { Programs } from "./start.ts";

/** What SkyPrep would answer, ready-made, so that its own time is next to none. */
async function canned(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { send } = createSandbox({ now: () => noon, people: 100, callsPerMinute: Number.POSITIVE_INFINITY });
  const headers = { "X-SkyPrep-API-Key": "sandbox-key", "X-SkyPrep-Acct-Key": "example.skyprepapp.com" };
  const { signal } = new AbortController();
  const [one, all] = [
    await send({ route: "get_user", headers, body: "user_id=101" }, signal),
    await send({ route: "get_users", headers, body: "" }, signal),
  ];
  return new Map([
    ["/get_user", one.body],
    ["/get_users", all.body],
  ]);
}

async function upstream() {
  const bodies = await canned();
  let calls = 0;
  const http = createServer((request, response) => {
    calls += 1;
    request.resume().once("end", () => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(bodies.get(request.url ?? ""));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const sizes = { one: bodies.get("/get_user")?.length ?? 0, all: bodies.get("/get_users")?.length ?? 0 };
  return {
    url: `http://127.0.0.1:${port}`,
    sizes,
    calls: () => calls,
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** So many at once until `n` are done; calls a second. */
async function rate(call: () => Promise<unknown>, n: number, atOnce: number): Promise<number> {
  let left = n;
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (left-- > 0) await call();
      }),
    ),
  );
  return (n / ms) * 1_000;
}

function failing(line: string): string {
  if (/"isError":true|"error":/.test(line)) throw new Error(line.slice(0, 500));
  return line;
}
const person = (server: Child) => async () =>
  failing(await server.ask("tools/call", { name: "get_user", arguments: { user_id: 101 } }));

/** In turns of a few calls each, so that whatever else runs here disturbs all alike. */
export async function perCall({ ours, minimal, unpaced }: Programs, turns = 60): Promise<Part> {
  const folder = mkdtempSync(join(tmpdir(), "skyprep-bench-"));
  const service = await upstream();
  const agent = new Agent();
  const bare = async (route: string) => {
    const { body } = await agent.request({
      origin: service.url,
      path: `/${route}`,
      method: "POST",
      body: "user_id=101",
    });
    return JSON.parse(await body.text()) as unknown;
  };
  const own = startServer(ours, [], {
    SKYPREP_API_KEY: "bench-key-4711",
    SKYPREP_ACCT_KEY: "bench.example.com",
    SKYPREP_BASE_URL: service.url,
    SKYPREP_CALLS_PER_MINUTE: "10000",
    SKYPREP_STATE_DIR: folder,
  });
  const free = startServer(unpaced, [], { BENCH_URL: service.url, BENCH_STATE: folder });
  const least = startServer(minimal, [], {
    BENCH_URL: service.url,
    BENCH_UNDICI: import.meta.resolve("undici"),
  });
  let n = 0;
  // Another filter each time: a list is kept for a minute, and a kept one costs no request.
  const people = (server: Child) => async () =>
    failing(
      await server.ask("tools/call", {
        name: "get_users",
        arguments: { limit: 100, extra: { bench: `${++n}` } },
      }),
    );
  const seen = {
    own: [],
    free: [],
    peopleFree: [],
    freeRate: [],
    least: [],
    bare: [],
    people: [],
    bareAll: [],
    ownRate: [],
    leastRate: [],
  } as Record<string, number[]>;
  const note = async (name: string, times: number, work: () => Promise<unknown>) => {
    for (let i = 0; i < times; i++) seen[name]?.push(await timed(work));
  };
  try {
    for (const server of [own, free, least]) await server.ask("initialize", legacyHello);
    for (let i = 0; i < 150; i++)
      await Promise.all([
        person(own)(),
        person(free)(),
        person(least)(),
        bare("get_user"),
        bare("get_users"),
      ]);
    for (let i = 0; i < 30; i++) {
      await people(own)();
      await people(free)();
    }
    for (let turn = 0; turn < turns; turn++) {
      await note("bare", 10, () => bare("get_user"));
      await note("least", 10, person(least));
      await note("own", 10, person(own));
      await note("free", 10, person(free));
      await note("bareAll", 4, () => bare("get_users"));
      await note("people", 4, people(own));
      await note("peopleFree", 4, people(free));
      if (turn % 4 === 0) {
        seen.leastRate?.push(await rate(person(least), 400, 16));
        seen.ownRate?.push(await rate(person(own), 400, 16));
        seen.freeRate?.push(await rate(person(free), 400, 16));
      }
    }
  } finally {
    await own.stop();
    await free.stop();
    await least.stop();
    await agent.close();
    service.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = (a: string, b: string, of = median) => (of(seen[a] ?? []) / of(seen[b] ?? [])).toFixed(2);
  const of = (name: string, digits = 3) => spread(seen[name] ?? [], digits);
  return {
    title: "Calls",
    about: `Through the whole server before a service on 127.0.0.1 that answers at once (a person ${service.sizes.one} B, 100 people ${service.sizes.all} B): keys, pace with its file, masking, showing; SKYPREP_CALLS_PER_MINUTE=10000. Calls that come fast take turns ahead, so that one in some dozens looks at the pace's file (docs/decisions/009), which the means show and the medians do not. Milliseconds, medians and the middle half.`,
    rows: [
      ["one person, bare undici", of("bare")],
      ["one person, minimal server on the same SDK", of("least")],
      ["one person, skyprep-mcp", of("own")],
      ["one person, skyprep-mcp, pace lifted", of("free")],
      ["one person, over the minimal server", `${ratio("own", "least")} ×`, "≤ 1.25 ×"],
      ["one person, means, over the minimal server", `${ratio("own", "least", mean)} ×`],
      ["one person, over the minimal server, pace lifted", `${ratio("free", "least")} ×`],
      ["100 people, bare undici", of("bareAll")],
      ["100 people in the default fields, skyprep-mcp", of("people")],
      ["100 people in the default fields, skyprep-mcp, pace lifted", of("peopleFree")],
      ["100 people, over bare undici", `${ratio("people", "bareAll")} ×`, "≤ 4 ×"],
      ["100 people, over bare undici, pace lifted", `${ratio("peopleFree", "bareAll")} ×`],
      ["16 at once, minimal server, calls a second", of("leastRate", 0)],
      ["16 at once, skyprep-mcp, calls a second", of("ownRate", 0)],
      ["16 at once, skyprep-mcp, pace lifted, calls a second", of("freeRate", 0)],
      ["16 at once, pace lifted, of the minimal server's rate", ratio("freeRate", "leastRate"), "≥ 0.7"],
    ],
  };
}
