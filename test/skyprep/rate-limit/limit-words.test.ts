import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import {
  mayHold,
  ofLimits,
  speaksOfLimit,
  tellingLimits,
  wordsIn,
} from "../../../src/skyprep/rate-limit/limit-words.ts";
import { ofMaintenance, speaksOfMaintenance } from "../../../src/skyprep/rate-limit/maintenance.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, liveAccount, noon } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

const page = (title: string) =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>Please slow down.</p></body></html>`;

/** An academy that turns the first calls of a route away, in its own words. */
async function academyOf(
  said: { status: number; body: string },
  { route, times }: { route: string; times: number },
) {
  let now = noon;
  const sandbox = createSandbox({
    now: () => now,
    tables: seededTables,
    callsPerMinute: Number.POSITIVE_INFINITY,
    apiKey: liveAccount.SKYPREP_API_KEY,
    domain: liveAccount.SKYPREP_ACCT_KEY,
  });
  let left = times;
  const sent: string[] = [];
  const send: Send = async (request, signal) => {
    sent.push(request.route);
    if (request.route !== route || left-- <= 0) return sandbox.send(request, signal);
    return { status: said.status, contentType: "", body: new TextEncoder().encode(said.body) };
  };
  const connected = await connect(
    send,
    { ...liveAccount },
    {
      person: agreeing,
      clock: { now: () => now, after: () => () => {} },
      pause: async (ms) => {
        now += ms;
      },
    },
  );
  return { ...connected, sandbox, sent: () => sent.filter((one) => one === route), passed: () => now - noon };
}

const limits = {
  "429 without Retry-After": { status: 429, body: "" },
  "503 with words": { status: 503, body: "Rate limit exceeded, try again later." },
  "a page on 200": { status: 200, body: page("Rate limit exceeded") },
  "a page on 429": { status: 429, body: page("Too many requests") },
  "a page on 503": { status: 503, body: page("Too many requests") },
  "words on 200": { status: 200, body: '{"message":"Rate limit exceeded"}' },
  "an error on 200": { status: 200, body: '{"error":"API request limit reached. Retry in 12 seconds."}' },
  "a sentence on 200": { status: 200, body: "Too many requests" },
};

describe.each(Object.entries(limits))("the limit as %s", (_, said) => {
  it("is waited for, by a write too, which is done once; a reader hears of nothing", async () => {
    const academy = await academyOf(said, { route: "enroll_user_in_course", times: 1 });

    const reply = await academy.call("enroll_user_in_course", { user_id: 101, course_id: 210 });
    await academy.close();

    expect(reply.text).toMatch(/Done[\s\S]*verified: yes/);
    expect(academy.sent()).toHaveLength(2);
    expect(academy.passed()).toBeGreaterThan(2_000);
  });

  it("that stays is said to be the limit: no sign-in, no absence, and nothing was changed", async () => {
    const academy = await academyOf(said, { route: "get_user", times: 99 });

    const shown = await academy.call("get_user", { user_email: "nobody@example.com" });
    const hire = await academy.call("onboard_person", {
      login: "casey@example.com",
      first_name: "Casey",
      last_name: "Newhire",
    });
    await academy.close();

    expect(shown.isError).toBe(true);
    expect(shown.text).toMatch(/Too many calls in a minute|limit of calls a minute/);
    expect(`${shown.text}${hire.text}`).not.toMatch(/SKYPREP_API_KEY|lists none|not found/);
    expect(hire.isError).toBe(true);
  });
});

describe("what is no limit", () => {
  it.each([
    ["a bare 503", { status: 503, body: "Service Unavailable" }],
    ["a page of another kind", { status: 200, body: page("Sign in") }],
  ])("%s sends no write again", async (_, said) => {
    const academy = await academyOf(said, { route: "enroll_user_in_course", times: 1 });

    const reply = await academy.call("enroll_user_in_course", { user_id: 101, course_id: 210 });
    await academy.close();

    expect(reply.outcome).toBe("unknown");
    expect(academy.sent()).toHaveLength(1);
  });

  it.each([
    '{"id":203,"name":"Too many requests"}',
    '[{"id":203,"name":"Rate limit exceeded","message":"Rate limit exceeded"}]',
  ])("a record that is called so is a record: %s", async (body) => {
    const academy = await academyOf({ status: 200, body }, { route: "get_course", times: 1 });

    const reply = await academy.call("get_course", { course_id: 203 });
    await academy.close();

    expect(reply.text).toMatch(/Too many requests|Rate limit exceeded/);
    expect(reply.isError).toBe(false);
    expect(academy.sent()).toHaveLength(1);
  });
});

it.each([
  '{"message":"success","errors":["Mail: rate limit exceeded"]}',
  '{"success":true,"message":"Points added; webhook rate limit reached"}',
])("what was done is no limit, whatever was over one beside it: %s", async (body) => {
  const came = { status: 200, contentType: "application/json", body: new TextEncoder().encode(body) };
  const send = tellingLimits(async () => came, { differs: () => {}, holds: () => {} });
  const request = { route: "create_gamification_transaction", headers: {}, body: "" };

  expect(await send(request, AbortSignal.timeout(1_000))).toBe(came);
});

describe("a first look at an answer", () => {
  const said = [
    "Rate limit",
    "rate-",
    "limit",
    "too many",
    "too",
    "many",
    "requests",
    "calls",
    "quota exceeded",
    "usage quotas",
    "exceeded",
    "reached",
    "hit",
    "api",
    "throttled",
    "throttl",
    "ing",
    "requests per minute",
    "request per",
    "second",
    "Scheduled maintenance",
    "maint",
    "enance",
    "mode",
    "temporarily out of service",
    "be right back shortly",
    "be back soon",
    "site maintenance",
    "temporarily",
    "unavailable",
    "We will be",
    "right",
    "back",
    "shortly",
    "saved",
    " ",
    " ",
    "Avery",
    "; ",
  ];
  const marks = [
    "<b>",
    "</b>",
    "<br>",
    "<script>",
    "</script>",
    "&nbsp;",
    "\\u006c",
    "\\u0020",
    "\\n",
    "<html>",
  ];
  const text = fc.array(fc.constantFrom(...said), { maxLength: 6 }).map((parts) => parts.join(""));
  const inJson = fc
    .tuple(fc.constantFrom("message", "errors", "title", "id", "other"), text, text, fc.boolean())
    .map(([name, one, other, isList]) =>
      JSON.stringify({ [name]: isList ? [one, other] : one, status: other }),
    );
  const respelled = inJson.map((json) =>
    json.replace(/[lqmb]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  );
  const marked = fc
    .array(fc.constantFrom(...said, ...marks), { maxLength: 9 })
    .map((parts) => parts.join(""));
  const page = marked.map((body) => `<html><body>${body}`);

  it.each([
    ["a limit", speaksOfLimit, ofLimits],
    ["maintenance", speaksOfMaintenance, ofMaintenance],
  ])("leaves out none that speaks of %s, however it is spelt", (_, speaking, words) => {
    let spoke = 0;
    fc.assert(
      fc.property(fc.oneof(text, inJson, respelled, marked, page), fc.boolean(), (body, isGood) => {
        const speaks = speaking.test(wordsIn(body, isGood) ?? "");
        if (speaks) spoke += 1;
        return !speaks || mayHold(body, words);
      }),
      { numRuns: 6_000 },
    );
    expect(spoke).toBeGreaterThan(100);
    expect(mayHold('{"id":101,"email":"avery@example.com","role":"learner"}', words)).toBe(false);
  });
});
