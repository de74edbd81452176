import { afterEach, expect, it } from "vitest";
import { type Served, serveSandbox } from "../../../src/sandbox/server/http.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import { keys, newSandbox } from "../ask.ts";

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

async function called(dialect: Dialect, route: string, headers = {}, callsPerMinute = Infinity) {
  const sandbox = newSandbox({ dialect, callsPerMinute, people: 10 });
  served = await serveSandbox({ port: 0, ...sandbox });
  const address = `http://127.0.0.1:${served.port}/admin/api/${route}`;
  const init = { method: "POST", headers: { ...keys, ...headers }, redirect: "manual" } as const;
  return { address, first: await fetch(address, init), again: () => fetch(address, init) };
}

it("sends http on to https, and lets in who came by it", async () => {
  const { address, first } = await called({ "address-is-final": "https" }, "test_connection");
  await served?.close();
  const proxied = await called({ "address-is-final": "https" }, "test_connection", {
    "x-forwarded-proto": "https",
  });

  expect([first.status, first.headers.get("location")]).toEqual([301, address.replace("http:", "https:")]);
  expect(proxied.first.status).toBe(200);
});

it("answers a write with 204 and no body", async () => {
  const { first } = await called({ "writes-answer": "204" }, "create_course?name=Knots");

  expect([first.status, first.headers.get("content-type"), await first.text()]).toEqual([204, null, ""]);
});

it.each([
  ["without-retry-after", 429, "text/plain"],
  ["503", 503, "text/plain"],
  ["page", 200, "text/html"],
  ["words", 200, "application/json"],
] as const)("says a limit as %s", async (variant, status, type) => {
  const { again } = await called({ "limit-is-429": variant }, "test_connection", {}, 1);
  const second = await again();

  expect([second.status, second.headers.get("retry-after")]).toEqual([status, null]);
  expect(second.headers.get("content-type")).toBe(`${type}; charset=utf-8`);
});
