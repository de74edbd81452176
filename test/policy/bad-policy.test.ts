import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { connect } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { chmodShuts } from "../support/system.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { openPoliced } from "./policed.ts";

/** Each with what has to be said of it. */
const wrongs: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  "no JSON": ["{", /not JSON/],
  "nothing at all": ["", /not JSON/],
  blanks: ["  \n", /not JSON/],
  "a comment": ['{ // no\n "groups": [301] }', /not JSON/],
  "two documents": ['{"groups":[301]}{}', /not JSON/],
  "a list": ["[]", /object/],
  null: ["null", /object/],
  "a word": ['"groups"', /object/],
  "an unknown key": [{ group: [301] }, /no key "group"/],
  "an unknown key inside": [{ people: { groups: [301] } }, /no key "groups"|in_groups/],
  "a key __proto__": ['{"__proto__":{"groups":[301]}}', /no key "__proto__"/],
  "a key constructor": ['{"constructor":{}}', /no key "constructor"/],
  "a key twice": ['{"refuse":["remove"],"refuse":["add"]}', /"refuse" stands there twice/],
  "a key twice inside": ['{"limits":{"per_hour":{"calls":5,"calls":5000}}}', /"calls" stands there twice/],
  "a key twice, escaped": ['{"refuse":["remove"],"\\u0072efuse":["add"]}', /"refuse" stands there twice/],
  "an unknown tool": [{ tools: { allow: ["get_usres"] } }, /no "get_usres"; did you mean get_users/],
  "an unknown tool among known": [
    { tools: { deny: ["destroy_user", "destroy_users"] } },
    /no "destroy_users"/,
  ],
  "an unknown effect": [{ effects: ["delete"] }, /effects/],
  "an unknown word to refuse": [{ refuse: ["deletions"] }, /no "deletions"/],
  "what only reads, to be asked about": [{ ask: ["get_users"] }, /get_users only reads/],
  "allowed and denied": [{ tools: { allow: ["get_user"], deny: ["get_user"] } }, /allowed and denied/],
  "asked and refused": [{ ask: ["remove"], refuse: ["remove"] }, /in ask and in refuse/],
  "an effect that is refused": [{ effects: ["read", "add"], refuse: ["add"] }, /refuse forbids it/],
  "no tool left": [{ effects: ["add"], tools: { allow: ["get_user"] } }, /never be called/],
  "more an hour than a day": [
    { limits: { per_hour: { mails: 9 }, per_day: { mails: 5 } } },
    /9 an hour, but 5 a day/,
  ],
  "less than nothing": [{ limits: { per_hour: { mails: -1 } } }, /limits\.per_hour\.mails/],
  "half a call": [{ limits: { per_hour: { calls: 1.5 } } }, /limits\.per_hour\.calls/],
  "a number as a text": [{ limits: { per_hour: { calls: "5" } } }, /limits\.per_hour\.calls/],
  "no groups": [{ people: { in_groups: [] } }, /people\.in_groups/],
  "an empty name": [{ courses: [" "] }, /courses/],
  "no course": [{ courses: [0] }, /courses/],
  deep: [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, /object|not JSON/],
  "deep inside": [`{"groups":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, /groups|not JSON/],
  huge: [`{"about":"${"x".repeat(1_100_000)}"}`, /larger than 1 MB/],
  "much about nothing": [{ about: "x".repeat(501) }, /about/],
};

const calls = [
  ["get_users", {}],
  ["find", { text: "a" }],
  ["get_user", { user_email: "avery@example.com" }],
  ["enroll_user_in_course", { user_id: 101, course_id: 201 }],
  ["list_changes", {}],
  ["plan_enrollment", { people: ["Avery Learner"], courses: ["201"] }],
] as const;

async function refusesAll(academy: Awaited<ReturnType<typeof openPoliced>>, says: RegExp) {
  for (const [name, args] of calls) {
    const { isError, text } = await academy.call(name, args);
    expect({ name, isError, text }).toMatchObject({ isError: true, text: expect.stringMatching(says) });
  }
  const { completion } = await academy.client.complete({
    ref: { type: "ref/resource", uri: "skyprep://users/{user_id}" },
    argument: { name: "user_id", value: "a" },
  });
  expect(completion.values).toEqual([]);
  await expect(academy.client.readResource({ uri: "skyprep://users" })).rejects.toThrow();
}

it.each(Object.entries(wrongs))(
  "reads and writes nothing under a policy that is %s, and says what is wrong",
  async (_, [policy, says]) => {
    const academy = await openPoliced(policy, { people: 120 });

    await refusesAll(academy, says);
    expect((await academy.client.listTools()).tools.length).toBeGreaterThan(10);
    expect(academy.sent).toEqual([]);
    await academy.close();
  },
);

it("reads nothing but the lists it looks names up in where a name means nothing or two things", async () => {
  for (const [policy, says] of [
    [{ groups: ["Sales Taem"] }, /has no group "Sales Taem"/],
    [{ courses: [999999] }, /has no course 999999/],
    [{ paths: ["Nowhere"], courses: ["Fire Safety and Evacuation"] }, /has no learning path "Nowhere"/],
    [{ people: { in_groups: ["Twin"] } }, /2 groups are called "Twin"/],
  ] as const) {
    const academy = await openPoliced(policy, {
      people: 120,
      prepare: ({ groups }) => {
        for (const id of [303, 304]) Object.assign(groups.get(id) ?? {}, { name: "Twin" });
      },
    });
    for (const [name, args] of calls) {
      const { isError, text } = await academy.call(name, args);
      expect({ name, isError, text }).toMatchObject({ isError: true, text: expect.stringMatching(says) });
      expect(text).not.toMatch(/again in a minute/);
    }
    const routes = new Set(academy.sent.map(({ route }) => route));
    for (const list of ["get_courses", "get_user_groups", "get_learning_paths"]) routes.delete(list);
    expect([...routes]).toEqual([]);
    await academy.close();
  }
});

/** What a call is told under the policy in this file, and what was sent for it. */
async function saidUnder(path: string) {
  const sent: string[] = [];
  const server = await connect(
    async ({ route }) => {
      sent.push(route);
      return { status: 200, contentType: "application/json", body: new TextEncoder().encode("[]") };
    },
    { SKYPREP_SANDBOX: "true", SKYPREP_POLICY: path },
    { person: agreeing },
  );
  const { text } = await server.call("get_users", {});
  await server.close();
  return { text, sent: sent.length };
}

it("takes a file with a byte order mark, one by a link, and says of what is no file that it is none", async () => {
  const folder = temporaryFolder("policy");
  const marked = join(folder, "marked.json");
  writeFileSync(marked, '\uFEFF{"tools":{"deny":["get_users"]}}');
  symlinkSync(marked, join(folder, "link.json"));
  mkdirSync(join(folder, "folder.json"));
  symlinkSync(join(folder, "nowhere"), join(folder, "dangling.json"));
  const said = (name: string) => saidUnder(join(folder, name));

  for (const name of ["marked.json", "link.json"])
    expect(await said(name)).toMatchObject({
      text: expect.stringMatching(/left out by the policy/),
      sent: 0,
    });
  expect(await said("folder.json")).toMatchObject({
    text: expect.stringMatching(/it is (a folder|no plain file)/),
    sent: 0,
  });
  for (const name of ["dangling.json", "missing.json"])
    expect(await said(name)).toMatchObject({ text: expect.stringMatching(/there is no such file/), sent: 0 });
});

it.skipIf(!chmodShuts)(
  "says of a file that is shut that it may not be read (skipped on Windows and as root: chmod shuts nothing)",
  async () => {
    const shut = join(temporaryFolder("policy"), "shut.json");
    writeFileSync(shut, "{}");
    chmodSync(shut, 0);

    expect(await saidUnder(shut)).toMatchObject({ text: expect.stringMatching(/may not read it/), sent: 0 });
  },
);
