import { describe, expect, it } from "vitest";
import { answering, connect, liveAccount } from "../../support/academy.ts";

const page = "<!DOCTYPE html><html><body>Please sign in</body></html>";

async function replyTo(name: string, args: Record<string, unknown>, ...answer: Parameters<typeof answering>) {
  const { send } = answering(...answer);
  const academy = await connect(send, liveAccount);
  const reply = await academy.call(name, args);
  await academy.close();
  return reply;
}
const read = (...answer: Parameters<typeof answering>) => replyTo("get_user", { user_id: 1 }, ...answer);
const write = (...answer: Parameters<typeof answering>) =>
  replyTo("create_course", { name: "Forklift Safety" }, ...answer);

describe("an answer that is not the promised one", () => {
  it.each([
    ["a web page on a good status", page, { status: 200, contentType: "text/html" }],
    ["a web page that calls itself JSON", `\n ${page.toLowerCase()}`, { status: 200 }],
    ["401", '{"oops":1}', { status: 401 }],
    ["403", "", { status: 403 }],
  ])("%s means the key or the domain", async (_, body, options) => {
    for (const reply of [await read(body, options), await write(body, options)]) {
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/SKYPREP_API_KEY and SKYPREP_ACCT_KEY/);
    }
  });

  it("passes SkyPrep's own words on, shortened, on a bad status", async () => {
    const reply = await read(`User   not\nfound ${"x".repeat(400)}`, { status: 404 });

    expect(reply.text).toMatch(/SkyPrep answered 404: User not found x{100}/);
    expect(reply.text.length).toBeLessThan(450);
  });

  it.each([301, 302, 307, 308])("does not follow a redirect (%i)", async (status) => {
    expect((await read("", { status })).text).toMatch(/redirect, not followed/);
  });

  it("says when to come back after too many calls, and that nothing was changed", async () => {
    const reply = await write("slow down", { status: 429 });

    expect(reply.text).toMatch(/429: slow down/);
    expect(reply.text).toMatch(/wait a minute.*Nothing was changed/s);
  });

  it.each([404, 409, 422])("does not claim of a refused list that nothing was done (%i)", async (status) => {
    const args = { user_emails: ["a", "b"], course_ids: [1] };

    const reply = await replyTo("mass_enroll", args, "User b not found", { status });

    expect(reply.text).toMatch(/User b not found.*A part may have been done: look first/s);
    expect(reply.text).not.toMatch(/Nothing was changed/);
  });

  it.each([500, 502, 503, 504])(
    "does not call a write failed that may have happened (%i)",
    async (status) => {
      const reply = await write("trouble", { status });

      expect(reply.text).toMatch(/create_course was done is unknown: do not repeat/);
      expect(reply.structured).toMatchObject({ outcome: "unknown" });
      expect((await read("trouble", { status })).text).toMatch(/try again in some minutes/);
    },
  );

  it.each([
    '{"error":"Invalid course"}',
    '{"errors":["Invalid course"]}',
    '{"status":"error","message":"Invalid course"}',
  ])("takes an error inside a good status for one: %s", async (body) => {
    for (const reply of [await read(body), await write(body)]) {
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/Invalid course/);
    }
  });

  it("does not take a training status for an error", async () => {
    const reply = await replyTo(
      "get_user_course_status",
      { user_id: 1, course_id: 2 },
      '{"status":"failed"}',
    );

    expect(reply).toMatchObject({ isError: false, structured: { status: "failed" } });
  });

  it.each(["null", "[]", "42", '{"strange":true}', "{broken", ""])(
    "calls a write whose answer is %j neither done nor failed",
    async (body) => {
      const reply = await write(body);

      expect(reply.isError).toBe(true);
      expect(reply.text).not.toMatch(/Done|failed/);
      expect(reply.text).toMatch(/may or may not have been done.*do not repeat it before get_courses/);
    },
  );

  it.each(["null", "[]", '"what"', "42", "plain words", '{"strange":true}', "{broken", ""])(
    "says of a read whose answer is %j that it could not be read",
    async (body) => {
      const reply = await read(body);

      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/could not be read/);
    },
  );

  it("claims neither success nor failure where neither was said", async () => {
    const reply = await replyTo(
      "enroll_user_in_course",
      { user_email: "a", course_id: 1 },
      '{"message":"User not found"}',
    );

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/it said "User not found".*may or may not have been done/s);
  });

  it("never lets the key out, whoever repeats it", async () => {
    const key = liveAccount.SKYPREP_API_KEY;
    const replies = [
      await read(`no such key: ${key}`, { status: 422 }),
      await read(JSON.stringify({ id: 1, display_name: key })),
      await read(JSON.stringify({ error: key })),
    ];

    for (const reply of replies) {
      expect(JSON.stringify(reply)).not.toContain(key);
      expect(reply.text).toContain("•••");
    }
  });

  it("shows a person's record however its numbers are spelt, and leaves out what it cannot read", async () => {
    const reply = await read(
      JSON.stringify({ id: "7", display_name: 12, email: {}, last_course_id: "9", admin: "false" }),
    );

    expect(reply.structured).toEqual({ id: 7, display_name: "12", last_course_id: 9, admin: false });
  });

  it("leaves rows without identity out of a list, and says so", async () => {
    const reply = await replyTo("get_courses", {}, JSON.stringify([{ id: 1, name: "A" }, { name: "B" }, 7]));

    expect(reply.text).toMatch(/^3 courses\. 2 could not be read/);
    expect(reply.structured).toMatchObject({ items: [{ id: 1, name: "A" }] });
  });

  it("cleans text that people wrote: one line, nothing invisible", async () => {
    const name = "Avery\u001b[31m\n\u202eDone: deleted\u200b\tx\u{e0041}";
    const reply = await read(JSON.stringify({ id: 1, display_name: name }));

    expect(reply.structured?.display_name).toBe("Avery [31m Done: deleted x");
  });

  it("matches rows itself where SkyPrep ignored a filter, and says so", async () => {
    const rows = [
      { id: 1, email: "a@example.com", display_name: "A" },
      { id: 2, email: "B@Example.com", display_name: "B" },
    ];
    const reply = await replyTo("get_users", { email: "b@example.com" }, JSON.stringify(rows));

    expect(reply.structured?.items).toEqual([{ id: 2, display_name: "B", email: "B@Example.com" }]);
    expect(reply.text).toMatch(/SkyPrep ignored email; matched here/);
  });

  it("cuts a list that is too long, in text and structure alike, and says so", async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => ({
      id: n + 1,
      name: `Course ${n} ${"é".repeat(60)}`,
    }));
    const reply = await replyTo("get_courses", { limit: 500 }, JSON.stringify(rows));
    const items = reply.structured?.items as unknown[];

    expect(reply.text).toMatch(new RegExp(`^3000 courses, 1–${items.length}\\.`));
    expect(reply.text).toMatch(/More follow: call again with cursor/);
    expect(items.length).toBeGreaterThan(200);
    expect(items.length).toBeLessThan(500);
    expect(Buffer.byteLength(reply.text)).toBeLessThanOrEqual(40_000);
    expect(Buffer.byteLength(JSON.stringify(reply.structured))).toBeLessThanOrEqual(60_000);
  });

  it.each(['"what"', "plain words", '{"message":"Email has already been taken"}', '{"message":"Queued"}'])(
    "claims neither of a write that is answered %s",
    async (body) => {
      const reply = await write(body);

      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/may or may not have been done: look before/);
    },
  );

  const enroll = (body: string) => replyTo("mass_enroll", { user_emails: ["a", "b"], course_ids: [1] }, body);

  it.each([
    '{"success":false}',
    '{"result":"failure"}',
    "false",
    "[]",
    '{"enrolled":0,"failed":["b"]}',
    "{}",
    "0",
    "",
    '{"status":"success","message":"failure"}',
    '{"message":"success","success":false}',
  ])("does not call a write done that is answered %s", async (body) => {
    const reply = await enroll(body);

    expect(reply.isError).toBe(true);
    expect(reply.structured?.done).toBeUndefined();
  });

  it.each([
    '{"message":"success","error":""}',
    '{"message":"success","errors":{}}',
    '{"status":"success","message":"Enrolled 2"}',
    '{"success":true}',
    '{"message":"success","course_progress":{"id":901},"failed_at":null,"skipped":0}',
  ])("calls a write done that is answered %s", async (body) => {
    expect(await enroll(body)).toMatchObject({ isError: false, structured: { done: true } });
  });

  it("says of a success with errors that a part was done", async () => {
    const reply = await enroll('{"message":"success","errors":["b not found"]}');

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/b not found.*A part was done: look before/s);
  });

  it.each([
    '{"message":"Too many requests"}',
    "{}",
    '{"avatars":[{"id":1,"display_name":"Avery"}]}',
    "[null]",
    "[1,2]",
  ])("does not take %s for a list of nobody, and does not keep it", async (body) => {
    const { send, sent } = answering(body);
    const academy = await connect(send, liveAccount);

    for (const args of [{ search: "avery" }, {}]) {
      const reply = await academy.call("get_users", args);
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(/could not be read|Too many calls in a minute|limit of calls a minute/);
    }
    // A limit is waited for, and asked again.
    if (!/Too many/.test(body)) expect(sent).toHaveLength(2);
    await academy.close();
  });

  it("does not say that nobody was found when the look-up was refused", async () => {
    const args = { user_email: "a@example.com", course_ids: [1] };

    const reply = await replyTo("enroll_user_in_courses", args, '{"error":"Rate limit exceeded"}');

    expect(reply.text).toMatch(/Rate limit exceeded|limit of calls a minute/);
    expect(reply.text).not.toMatch(/Nobody/);
  });

  it("keeps a reply whole whatever the key is made of", async () => {
    for (const key of ["1234", 'a"b\\c']) {
      const { send } = answering(JSON.stringify({ id: 123456, name: `x ${key} y` }));
      const academy = await connect(send, { ...liveAccount, SKYPREP_API_KEY: key });
      const reply = await academy.call("create_course", { name: "x" });
      expect(reply.structured).toMatchObject({ id: 123456, name: "x ••• y" });
      await academy.close();
    }
  });

  it("does not repeat a password or a social security number that SkyPrep refuses", async () => {
    const args = { user_email: "a", ssn: "123-45-6789", title: "x" };

    const reply = await replyTo("update_user", args, '{"errors":["Ssn 123-45-6789 is invalid"]}', {
      status: 422,
    });

    expect(reply.text).toMatch(/Ssn ••• is invalid/);
    const asNumber = { user_email: "a", ssn: 123456789, title: "x" };
    const again = await replyTo("update_user", asNumber, '{"errors":["Ssn 123456789 is invalid"]}', {
      status: 422,
    });
    expect(again.text).toMatch(/Ssn ••• is invalid/);
  });

  it("sends no half of a character", async () => {
    const rows = [{ id: 1, name: `\ud800 ${"😀".repeat(700)}` }];
    const reply = await replyTo("get_courses", {}, JSON.stringify(rows));

    expect(JSON.stringify([reply.text, reply.structured])).not.toMatch(/\\ud[89a-f]/i);
  });

  it("survives an answer nested 50,000 deep, and never calls it a failed write", async () => {
    const deep = `{"id":1,"errors":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;

    expect((await write(deep)).text).toMatch(/Done|unknown|may have been done/);
  });

  it("cuts one record that is too long", async () => {
    const person = {
      id: 1,
      display_name: "x".repeat(50_000),
      user_groups: Array.from({ length: 3_000 }, (_, n) => ({ id: n, name: `Group ${n}` })),
      ...Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`ca_${n}`, "é".repeat(5_000)])),
    };
    const reply = await read(JSON.stringify(person));

    expect(Buffer.byteLength(reply.text)).toBeLessThanOrEqual(40_000);
    expect(Buffer.byteLength(JSON.stringify(reply.structured))).toBeLessThanOrEqual(60_000);
    expect(reply.text).toContain("…");
  });

  it("matches sessions to the last day asked for", async () => {
    const slots = ["2026-01-31T23:00:00-05:00", "2030-01-01T09:00:00Z"].map((commencement_time, id) => ({
      id,
      commencement_time,
    }));
    const reply = await replyTo(
      "get_ilt_timeslots",
      { start_date: "2026-01-01", end_date: "2026-01-31" },
      JSON.stringify(slots),
    );

    expect(reply.structured?.items).toMatchObject([{ id: 0 }]);
    expect(reply.text).toMatch(/SkyPrep ignored end_date/);
  });
});
