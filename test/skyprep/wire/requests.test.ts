import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolName } from "../../../src/catalogue/catalogue.ts";
import { createNetwork } from "../../../src/skyprep/network.ts";
import { sections } from "../../../tools/index.ts";
import { connect } from "../../support/academy.ts";
import { listen } from "../../support/loopback.ts";
import { expected } from "./expected.ts";

const key = "sandbox-key";
const domain = "example.skyprepapp.com";

/** A form as `name → value`, repeated names as a list. */
function decode(body: string): Record<string, string | string[]> {
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => [
      name,
      name.endsWith("[]") ? form.getAll(name) : (form.get(name) ?? ""),
    ]),
  );
}

describe("what reaches the wire, over real HTTP", async () => {
  const server = await listen();
  const network = createNetwork({ baseUrl: server.baseUrl });
  let academy: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    // Nobody is asked, so that every route can be seen before a server that says nothing but success.
    academy = await connect(network, { SKYPREP_SANDBOX: "true", SKYPREP_CONFIRM: "off" });
  });
  afterAll(async () => {
    await academy.close();
    await network.close();
    await server.close();
  });

  const routes = Object.values(sections).flatMap((section) => Object.keys(section));

  it("has an expectation for every route and none besides", () => {
    expect(Object.keys(expected).sort()).toEqual([...routes].sort());
  });

  it.each(routes)("%s", async (route) => {
    const { args, form } = expected[route] ?? { args: {}, form: {} };
    server.received.length = 0;

    await academy.call(toolName(route), args);

    // Before a write comes what was there: reads, whose answers are not what this server says.
    const sent = server.received.filter(({ url }) => url === `/admin/api/${route}`);
    expect(sent).toHaveLength(1);
    const [request] = sent;
    expect(request?.method).toBe("POST");
    expect(request?.headers["x-skyprep-api-key"]).toBe(key);
    expect(request?.headers["x-skyprep-acct-key"]).toBe(domain);
    expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(decode(request?.body ?? "")).toEqual(form);
    for (const secret of [key, domain]) {
      expect(request?.url).not.toContain(secret);
      expect(decodeURIComponent(request?.body ?? "")).not.toContain(secret);
    }
  });
});
