import { afterEach, describe, expect, it } from "vitest";
import { createNetwork, type NetworkOptions } from "../../../src/skyprep/network.ts";
import { connect, liveAccount } from "../../support/academy.ts";
import { answer, type Behave, listen } from "../../support/loopback.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function against(
  behave: Behave,
  options: Partial<NetworkOptions> = {},
  env: Record<string, string> = {},
) {
  const server = await listen(behave);
  const network = createNetwork({ baseUrl: server.baseUrl, ...options });
  // Nobody is asked and nothing is kept: what is under test here is the door alone.
  const clock = { now: Date.now, after: onTime };
  const settings = { ...liveAccount, SKYPREP_CONFIRM: "off", SKYPREP_KEEP_DAYS: "0", ...env };
  const academy = await connect(network, settings, { clock });
  open.push(server.close, network.close, academy.close);
  return { server, academy };
}
const onTime = (ms: number, then: () => void) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};
/** A promise and what fulfils it. */
function later() {
  let now = () => {};
  const come = new Promise<void>((resolve) => {
    now = resolve;
  });
  return { come, now: () => now() };
}
const course = '{"id":203,"name":"x"}';

describe("the network", () => {
  it("keeps its connections: at most four, however many calls", async () => {
    const { server, academy } = await against(answer(course));

    for (let n = 0; n < 20; n++) await academy.call("get_course", { course_id: 203 });

    expect(server.received).toHaveLength(20);
    expect(server.connections()).toBeLessThanOrEqual(4);
  });

  it.each([
    [
      "https of the same host",
      "https://127.0.0.1/admin/api/get_courses",
      /Set SKYPREP_BASE_URL to https:\/\/127\.0\.0\.1/,
    ],
    ["another host", "https://elsewhere.example.com/admin/api/get_courses", /Check SKYPREP_BASE_URL/],
  ])("follows no redirect to %s, and says what to set", async (_, location, next) => {
    const { server, academy } = await against((response) => response.writeHead(301, { location }).end());

    const reply = await academy.call("get_courses");

    expect(reply.text).toMatch(next);
    expect(reply.text).not.toMatch(/elsewhere/);
    expect(server.received).toHaveLength(1);
  });

  it("says of a connection that was never made that nothing was sent", async () => {
    const { server, academy } = await against(answer(course));
    await server.close();

    for (const [name, args] of [
      ["get_courses", {}],
      ["create_course", { name: "x" }],
    ] as const) {
      const reply = await academy.call(name, args);
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/ECONNREFUSED.*nothing was sent/);
      expect(reply.text).not.toMatch(/unknown/);
    }
  });

  it("sends a write once when the connection is lost, and says that its outcome is unknown", async () => {
    const { server, academy } = await against((response) => void response.socket?.destroy());

    const reply = await academy.call("create_course", { name: "x" });

    expect(server.received).toHaveLength(1);
    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/Whether create_course was done is unknown: do not repeat it/);
  });

  it("says of a read whose connection is lost that it can be tried again", async () => {
    const { academy } = await against((response) => void response.socket?.destroy());

    expect((await academy.call("get_courses")).text).toMatch(/ended before an answer came.*Try again/s);
  });

  it("gives up on a server that never begins to answer", async () => {
    const { academy } = await against(() => {}, { firstByteMs: 100 });

    expect((await academy.call("get_courses")).text).toMatch(/UND_ERR_HEADERS_TIMEOUT/);
  });

  it("gives up on a server that stops in the middle", async () => {
    const half: Behave = (response) => void response.writeHead(200).write('{"id":');
    const { academy } = await against(half, { betweenBytesMs: 100 });

    expect((await academy.call("create_course", { name: "x" })).text).toMatch(/BODY_TIMEOUT.*unknown/s);
  });

  it("gives up on the whole call after SKYPREP_TIMEOUT", async () => {
    const { academy } = await against(() => {}, {}, { SKYPREP_TIMEOUT: "1" });

    expect((await academy.call("get_courses")).text).toMatch(/did not answer within 1 s/);
    expect((await academy.call("create_course", { name: "x" })).text).toMatch(/within 1 s.*unknown/s);
  });

  it("cuts off an answer that is too large, without holding it", async () => {
    const { academy } = await against(answer(`[${"1,".repeat(40_000)}1]`), { largest: 64 * 1024 });

    expect((await academy.call("get_courses")).text).toMatch(/larger than/);
    const write = await academy.call("create_course", { name: "x" });
    expect(write).toMatchObject({ isError: true, structured: { outcome: "unknown" } });
  });

  it("does not take an endless refusal for a write that went through", async () => {
    const { academy } = await against(answer(`no such course ${"x".repeat(300_000)}`, { status: 500 }), {
      largest: 128 * 1024,
    });

    const reply = await academy.call("create_course", { name: "x" });

    expect(reply).toMatchObject({ isError: true, structured: { outcome: "unknown" } });
    expect(reply.text).toMatch(/500: no such course/);
  });

  it("does not follow a redirect, and so keeps the key at home", async () => {
    const elsewhere = await listen();
    open.push(elsewhere.close);
    const { academy } = await against(answer("", { status: 302, headers: { location: elsewhere.baseUrl } }));

    const reply = await academy.call("get_courses");

    expect(reply.text).toMatch(/redirect, not followed/);
    expect(elsewhere.received).toEqual([]);
  });

  it("cancels the request when the call is cancelled", async () => {
    const [cancelled, started] = [later(), later()];
    const { academy } = await against((response) => {
      response.on("close", cancelled.now);
      started.now();
    });
    const abort = new AbortController();
    const call = academy.client.callTool({ name: "get_courses", arguments: {} }, { signal: abort.signal });
    call.catch(() => {});
    await started.come;

    abort.abort();

    await cancelled.come;
    await expect(call).rejects.toThrow();
  });
});

describe("a person is spelt as the route knows them", () => {
  const user = '{"id":101,"user_id":101,"email":"avery","display_name":"Avery"}';
  const users: Behave = (response, request) =>
    answer(request.url.endsWith("/get_user") ? user : '{"message":"success"}')(response, request);

  it.each([
    [
      "enroll_user_in_course",
      { user_id: 101, course_id: 5 },
      "get_user user_id=101",
      "course_id=5&user_email=avery",
    ],
    [
      "enroll_user_in_courses",
      { user_email: "Avery", course_ids: [5] },
      "get_user user_email=Avery",
      "course_ids=5&user_id=101",
    ],
    ["update_user", { user_id: 101, title: "x" }, "get_user user_id=101", "title=x&user_email=avery"],
    ["get_user_gamification_balance", { user_id: 101 }, "get_user user_id=101", "email=avery"],
  ])("%s looks the other spelling up", async (name, args, lookUp, form) => {
    const { server, academy } = await against(users);

    await academy.call(name, args);

    // What is no address may be a code, or what our replies print: the list of people tells.
    const seen = server.received
      .map(({ url, body }) => `${url.split("/").at(-1)} ${body}`)
      .filter((one) => one !== "get_users ");
    expect(seen.slice(0, 2)).toEqual([lookUp, `${name} ${form}`]);
  });

  it.each([
    ["somebody else came back", '{"id":102,"email":"jordan"}'],
    ["a whole list came back", '[{"id":102,"email":"jordan"},{"id":101,"email":"avery"}]'],
    ["nobody came back", "null"],
    ["no login came back", '{"id":101}'],
  ])("sends nothing further when %s", async (_, body) => {
    const { server, academy } = await against(answer(body));

    const reply = await academy.call("update_user", { user_id: 101, title: "x" });

    // The list of all is looked at, too: it answers alike, and settles nothing.
    expect(server.received.map(({ url }) => url).filter((url) => /update_user/.test(url))).toEqual([]);
    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/no such record came|though get_users lists user_id 101/);
    expect(reply.text).not.toMatch(/Nobody|There is no|unknown/);
  });

  it("says what SkyPrep said instead of a record, from its first letter", async () => {
    const { academy } = await against(answer('{"message":"Busy at the moment"}'));

    const reply = await academy.call("update_user", { user_id: 101, title: "x" });

    expect(reply.text).toContain('no such record came: SkyPrep said "Busy at the moment".');
  });

  it("sends nothing further when the look-up fails", async () => {
    const { server, academy } = await against(answer("not found", { status: 404 }));

    const reply = await academy.call("enroll_user_in_course", { user_id: 9, course_id: 1 });

    expect(server.received).toHaveLength(1);
    expect(reply.isError).toBe(true);
    expect(reply.text).not.toMatch(/unknown/);
  });

  it("refuses an item that would be torn apart on the wire", async () => {
    const { server, academy } = await against(users);

    const reply = await academy.call("mass_enroll", { user_emails: ["a,b@example.com"], course_ids: [1] });

    expect(reply.text).toMatch(/user_emails: "a,b@example.com" contains ","/);
    // Whether it is somebody as our replies print them is looked up; nothing is written.
    expect(server.received.filter(({ url }) => url.endsWith("mass_enroll"))).toEqual([]);
  });
});
