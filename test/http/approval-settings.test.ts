import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { readAcademies } from "../../src/http/academies.ts";
import { createWebhook, type WebhookWorld } from "../../src/http/webhook.ts";
import { createClock, settled } from "../support/clock.ts";
import { wordsIn } from "../support/words-in.ts";
import { addressIn, asking } from "./approvals.ts";
import { academiesWorld } from "./team.ts";

const acme = { name: "acme", sandbox: true };
const secret = "s3cret-canary-of-16";
const read = (academy: object, signsIn = true) =>
  readAcademies(
    [{ file: "academies.json", text: JSON.stringify({ academies: [{ ...acme, ...academy }] }) }],
    {
      ...academiesWorld,
      env: { HOOK: secret, SHORT: "short" },
      signsIn: () => signsIn,
    },
  );
const hook = { url: "https://chat.example/hook", secret: { env: "HOOK" } };

describe("how an academy's questions are asked", () => {
  it("is by whoever asks, for ten minutes, where nothing is said", () => {
    const found = read({}, false);

    expect("value" in found && found.value.get("acme")?.approvals).toEqual({
      isSet: false,
      fourEyes: false,
      goodMs: 600_000,
      webhook: undefined,
    });
  });

  it("is as the file says", () => {
    const found = read({ approval: "four-eyes", approval_hours: 24, webhook: hook });

    expect("value" in found && found.value.get("acme")?.approvals).toEqual({
      isSet: true,
      fourEyes: true,
      goodMs: 86_400_000,
      webhook: { url: hook.url, secret },
    });
  });

  it.each<[string, object, RegExp, boolean?]>([
    [
      "four eyes and nobody who can sign in",
      { approval: "four-eyes" },
      /approval: nobody can sign in/,
      false,
    ],
    ["hours and nobody who can sign in", { approval_hours: 2 }, /approval_hours: nobody can sign in/, false],
    ["a webhook and nobody who can sign in", { webhook: hook }, /webhook: nobody can sign in/, false],
    [
      "four eyes where nobody is asked",
      { approval: "four-eyes", confirm: "off" },
      /four-eyes wants somebody asked/,
    ],
    ["more than a day", { approval_hours: 25 }, /a day at most/],
    ["less than ten minutes", { approval_hours: 0.1 }, /ten minutes at least/],
    ["another word for it", { approval: "six-eyes" }, /academies\.0\.approval/],
    ["a webhook in the open", { webhook: { ...hook, url: "http://chat.example/x" } }, /begins with https/],
    [
      "a webhook with a password",
      { webhook: { ...hook, url: "https://a:s3cret-canary@x.example" } },
      /without name or password/,
    ],
    ["a secret in the file", { webhook: { ...hook, secret } }, /does not belong here/],
    [
      "a secret that is not set",
      { webhook: { ...hook, secret: { env: "NOPE" } } },
      /webhook\.secret\.env: the variable NOPE/,
    ],
    [
      "a secret that can be guessed",
      { webhook: { ...hook, secret: { env: "SHORT" } } },
      /too short to sign with/,
    ],
  ])("is refused with %s, in a sentence without the secret", (_, academy, why, signsIn) => {
    const found = read(academy, signsIn);
    const wrong = "wrong" in found ? found.wrong.join("\n") : "";

    expect(wrong).toMatch(why);
    expect(wrong).not.toContain("s3cret-canary");
  });
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one();
});

/** Somebody's chat, which answers as it is told. */
async function chat(answers: (n: number) => number | "never") {
  const got: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    const status = answers(got.length);
    if (status !== "never") response.writeHead(status, { location: "http://127.0.0.1:1/" }).end("said");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=k` };
}
/** Requests come over a connection as it is: they are waited for, and missed where they do not come. */
const until = (isSo: () => boolean) => expect.poll(isSo, { interval: 5, timeout: 10_000 }).toBe(true);

describe("a webhook", () => {
  const hooked = (url: string) => {
    const clock = createClock();
    const said: string[] = [];
    const world: WebhookWorld = {
      fetch,
      now: clock.now,
      after: clock.after,
      say: (line) => void said.push(line),
    };
    const one = createWebhook({ academy: "acme", url, secret }, world);
    closing.push(one.end);
    return { ...one, clock, said };
  };
  const notice = { question: "q1", kind: "removing", waiting: 2 };

  it("is told what waits, signed, and nothing else", async () => {
    const { got, url } = await chat(() => 204);
    const { tell, clock } = hooked(url);

    tell(notice);
    await until(() => got.length > 0);
    const [first] = got;
    const [, at, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(first?.headers["x-skyprep-signature"])) ?? [];

    expect(JSON.parse(first?.body ?? "")).toEqual({ event: "approval.waiting", ...notice });
    expect(Number(at)).toBe(Math.floor(clock.now() / 1000));
    expect(signature).toBe(createHmac("sha256", secret).update(`${at}.${first?.body}`).digest("hex"));
  });

  it("is told again, later and later, where it stumbles, and no more than five times", async () => {
    const { got, url } = await chat(() => 503);
    const { tell, clock, said } = hooked(url);

    tell(notice);
    for (const ms of [1_000, 10_000, 60_000, 300_000]) {
      await until(() => clock.due() <= ms);
      await settled();
      await clock.run(ms);
    }
    await until(() => said.length > 0);

    expect(got).toHaveLength(5);
    expect(said).toEqual(["acme: its webhook does not take what it is told."]);
  });

  it.each([301, 400, 404])(
    "is not asked again where it answers %i, and is followed nowhere",
    async (status) => {
      const { got, url } = await chat(() => status);
      const { tell, said } = hooked(url);

      tell(notice);
      await until(() => said.length > 0);

      expect(got).toHaveLength(1);
      expect(said.join()).not.toContain("key=k");
    },
  );

  it("that never answers holds nobody up: calls go on, and what is on its way is bounded", async () => {
    const { got, url } = await chat(() => "never");
    const one = await asking({
      academies: [{ name: "acme", sandbox: true, webhook: { url, secret: { env: "HOOK" } } }],
      env: { HOOK: secret },
    });
    closing.push(one.end);

    const asked = [];
    for (const id of [110, 111, 112]) asked.push(await one.call("destroy_user", { user_id: id }));
    await until(() => got.length === 3);
    const bodies = got.map(({ body }) => body).join("\n");
    const { tell } = hooked(url);
    for (let n = 0; n < 100; n++) tell(notice);
    await until(() => got.length >= 3 + 32);
    await settled();

    expect(asked.map(addressIn).every((path) => path !== "")).toBe(true);
    expect(got).toHaveLength(3 + 32);
    expect(bodies).toMatch(/"waiting":3/);
    expect(bodies).not.toMatch(/Delete|acme|127\.0/);
    expect(wordsIn(bodies, ["mia", "110"])).toEqual([]);
  });
});
