import { Readable } from "node:stream";
import { request as send } from "undici";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { readAcademies } from "../../src/http/academies.ts";
import { noGrants } from "../../src/http/grants.ts";
import { serveTeam } from "../../src/http/team.ts";
import { makeToken } from "../../src/http/token.ts";
import { academiesWorld } from "../http/team.ts";
import { call, listed } from "./fixtures.ts";
import { serveReworded } from "./reworded.ts";

/** A team's server as it is: door, eras, sealed sessions. The suite has no token: one is put in for it. */
export async function serveTeamConformance(): ReturnType<typeof serveReworded> {
  const now = Date.now;
  const grants = [{ academy: "acme", scopes: ["write"] as const }];
  const { token, kept } = makeToken({ person: "suite", now: now(), grants });
  const text = JSON.stringify({ academies: [{ name: "acme", sandbox: true }] });
  const read = readAcademies([{ file: "academies.json", text }], academiesWorld);
  if ("wrong" in read) throw new Error(read.wrong.join("\n"));
  const served = await serveTeam({
    listen: { host: "127.0.0.1", port: 0 },
    hosts: ["127.0.0.1", "localhost"],
    origins: ["127.0.0.1", "localhost"],
    academies: () => read.value,
    tokens: () => new Map([[kept.hash, kept]]),
    grants: () => noGrants,
    sealKey: new Uint8Array(32).fill(7),
    // What resources are read with has to be there, too.
    tools: [...listed, ...prebuiltTools],
    sections: ["conformance", ...new Set(prebuiltTools.map(({ section }) => section))],
    version: "0.0.0-conformance",
    open: () => ({
      call: (name, args, ...rest) =>
        call(name, args, ...rest) ?? call("read_operation", { operation: name, arguments: args }, ...rest),
      directory: { complete: async () => [], find: async () => [], meant: async () => ({ found: [] }) },
      exports: { list: async () => [], read: async () => undefined },
      desk: async () => undefined,
      end: async () => {},
    }),
    explain: () => [],
    now,
    say: () => {},
  });
  const front = await serveReworded(async (request) => {
    // As it came, the names it was sent to and from too.
    const headers = { ...Object.fromEntries(request.headers), authorization: `Bearer ${token}` };
    const answer = await send(`http://127.0.0.1:${served.port}/mcp/acme`, {
      method: request.method as "POST",
      headers,
      signal: request.signal,
      ...(request.method === "POST" && { body: await request.text() }),
    });
    const all = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
    const hasBody = answer.statusCode !== 204 && answer.statusCode !== 304;
    return new Response(hasBody ? (Readable.toWeb(answer.body) as unknown as ReadableStream) : null, {
      status: answer.statusCode,
      headers: all.filter(([name]) => !hop.has(name)).map(([name, value]) => [name, value]),
    });
  });
  return {
    url: front.url,
    close: () => {
      front.close();
      void served.end();
    },
  };
}

const hop = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);
