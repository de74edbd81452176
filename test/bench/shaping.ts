import { readFileSync } from "node:fs";
import { listPage } from "../../src/call/read/list.ts";
import { parseResponse } from "../../src/skyprep/response.ts";
import { createKeptLists } from "../../src/state/kept-lists.ts";
import { Person } from "../../tools/schema/records/people.ts";
import { tools } from "../support/catalogue.ts";

/**
 * Child of run.ts: `parse` reads the bytes with JSON.parse alone, `shape` makes a page of 100 of them as a
 * call does. Prints milliseconds and peak memory (MiB).
 */
const [, , mode, file] = process.argv;
const body = readFileSync(file ?? "");
const begun = performance.now();
let seen = 0;
if (mode === "parse") {
  seen = (JSON.parse(new TextDecoder().decode(body)) as unknown[]).length;
} else {
  const tool = tools.get("get_users");
  if (!tool) throw new Error("get_users");
  const world = {
    api: async () => parseResponse({ status: 200, contentType: "", body }),
    kept: createKeptLists<readonly unknown[]>({ now: () => 0 }),
    view: { personal: false, labels: new Map<string, string>() },
    zone: { known: () => undefined },
    account: "bench",
    now: () => 0,
  };
  const reply = await listPage(tool, Person, { limit: 100 }, world, new AbortController().signal);
  seen = Number(reply.structured?.total);
}
const ms = performance.now() - begun;
process.stdout.write(JSON.stringify({ seen, ms, peak: process.resourceUsage().maxRSS / 1024 }));
