import { describe, expect, it } from "vitest";
import { exampleOf, toolName } from "../../src/catalogue/catalogue.ts";
import type { Kind } from "../../tools/schema/answer.ts";
import { answering, connect, liveAccount } from "../support/academy.ts";
import { tools } from "../support/catalogue.ts";
import { pageRoutes } from "../support/routes.ts";

/** What contract §4 says never leaves, in any setting. */
const never = [
  "ssn",
  "view_key",
  "webcal_link",
  "webcal_secure_link",
  "gravatar_url",
  "certificate_view_link",
  "public_certificate_view_link",
  "ipn_history",
  "latest_ipn_data",
  "api_key",
  "csv_url",
  "xlsx_url",
  "download_url",
];
/** Wrappers around records, the words of plain answers, and records too small to have a kind of their own. */
const around =
  "user user_group course message status data users courses columns rows status_url skill_balances moved details rubric title skill_points points skill_level_id skill_level_title users_with_balance_count total_points_awarded users_achieved_count achievement_rate power_user_permissions user_permission user_role_id dataset_ids dataset_summary dataset_scopes users_dataset courses_dataset static_id_list all permissions reports user_groups";

/** Every field that some record may show. */
const shown = new Set([
  ...around.split(" "),
  ...[...tools.values()].flatMap(({ operation: { output } }) =>
    "kind" in output ? fieldsOf(output.kind) : [],
  ),
]);
function fieldsOf(kind: Kind): string[] {
  return [...Object.keys(kind.schema.shape), ...Object.values(kind.nested ?? {}).flatMap(fieldsOf)];
}

/** The sample with a marker in every place that may not be shown, nested ones included. */
function planted(value: unknown, counter: { planted: number }): unknown {
  if (Array.isArray(value)) return value.map((one) => planted(one, counter));
  if (typeof value !== "object" || value === null) return value;
  const record: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    const hidden = never.includes(name) || !shown.has(name);
    if (hidden) counter.planted += 1;
    record[name] = hidden ? `LEAK-${name}` : planted(one, counter);
  }
  for (const name of never) record[name] ??= `LEAK-${name}`;
  counter.planted += never.length;
  return record;
}

const samples = Object.values(pageRoutes).filter(
  ({ response }) => typeof response === "object" && response !== null,
);

/** The sample with links that carry keys in every text a person may have written. */
function linked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(linked);
  if (typeof value === "string")
    return /[a-z]{3} [a-z]|^[A-Z][a-z]+$/i.test(value) ? `${value} ${links}` : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, linked(one)]));
}
const links = [
  "see https://a.example.com/c/1?view_key=LEAK1",
  "<a href='https://a.example.com/x?a=1&amp;login_key=LEAK2'>https://a.example.com/x?a=1&amp;login_key=LEAK2</a>",
  "webcal://a.example.com/cal.ics?x=1&calendar_key=LEAK3#top",
  "https://b.example.com/?to=https%3A%2F%2Fa.example.com%2F%3Fview_key%3DLEAK4",
  "VIEW_KEY=LEAK5",
].join(" ");

describe("a link in what people wrote", () => {
  it.each(samples.map(({ route, response }) => [route, response] as const))(
    "loses its key: %s",
    async (route, response) => {
      const tool = tools.get(toolName(route));
      if (!tool) throw new Error(route);
      const body = JSON.stringify(linked(response));

      for (const status of [200, 422, 500]) {
        const academy = await connect(answering(body, { status }).send, { SKYPREP_SANDBOX: "true" });
        const reply = await academy.call(tool.name, exampleOf(tool));
        await academy.close();
        expect(JSON.stringify(reply), reply.text.slice(0, 300)).not.toMatch(/LEAK\d/);
      }
    },
  );

  it("keeps the words around it, and a key that is no link's", async () => {
    const body = JSON.stringify({
      id: 203,
      name: "x",
      description: `Before ${links} after; press key=Enter`,
    });
    const academy = await connect(answering(body).send, { SKYPREP_SANDBOX: "true" });

    const { text } = await academy.call("get_course", { course_id: 203 });

    expect(text).toMatch(/Before see https:\/\/a\.example\.com\/c\/1\?view_key=••• .*after; press key=Enter/);
    await academy.close();
  });

  it("keeps its key where the call is made for it", async () => {
    const url = "https://a.example.com/account/automated_login?login_key=k1";
    const body = JSON.stringify({
      user_id: 101,
      status: "success",
      login_key: "k1",
      email: "a@example.com",
      url,
    });
    const academy = await connect(answering(body).send, { SKYPREP_SANDBOX: "true", SKYPREP_CONFIRM: "off" });

    expect((await academy.call("get_login_key", { user_email: "a@example.com" })).text).toContain(url);
    await academy.close();
  });
});

describe("nothing but the named fields leaves", () => {
  it.each(samples.map(({ route, response }) => [route, response] as const))("%s", async (route, response) => {
    const tool = tools.get(toolName(route));
    if (!tool) throw new Error(route);
    const { output } = tool.operation;
    // Names to numbers, whatever the names: what is no number is not shown.
    const sample =
      output.as === "balances" ? { ...(response as object), view_key: "LEAK-view_key" } : response;
    const counter = { planted: output.as === "balances" ? 1 : 0 };
    const body = JSON.stringify(output.as === "balances" ? sample : planted(sample, counter));

    for (const [text, status] of [
      [body, 200],
      [body, 422],
      [body, 500],
      [body.slice(0, -7), 200],
      [body.slice(0, -7), 500],
    ] as const) {
      const academy = await connect(answering(text, { status }).send, {
        SKYPREP_SANDBOX: "true",
        SKYPREP_REVEAL: "personal",
      });
      const reply = await academy.call(tool.name, exampleOf(tool));
      await academy.close();
      expect(counter.planted).toBeGreaterThan(0);
      expect(JSON.stringify(reply), `${status} ${reply.text.slice(0, 200)}`).not.toMatch(/LEAK-/);
    }
  });

  it.each([
    ['{"error":{"email":["is taken"],"ssn":["LEAK-1"],"view_key":"LEAK-2"}}', /email: is taken/],
    ['{"errors":[{"field":"name","message":"can\'t be blank"}]}', /name/],
    ['{"message":"No such course"}', /No such course/],
  ])("passes the words of %s on, and nothing else", async (body, words) => {
    const academy = await connect(answering(body, { status: 422 }).send, liveAccount);
    const reply = await academy.call("get_course", { course_id: 1 });
    await academy.close();

    expect(reply.text).toMatch(words);
    expect(reply.text).not.toMatch(/LEAK/);
  });

  it("hides personal fields unless they are asked for in the settings", async () => {
    const [user] = (pageRoutes.get_users as { response: Record<string, unknown>[] }).response;
    const personal = [
      "cell",
      "phone",
      "address",
      "city",
      "zip",
      "date_of_birth",
      "gender",
      "notification_email",
    ];
    const body = JSON.stringify([
      { ...user, ...Object.fromEntries(personal.map((name) => [name, `PERSONAL-${name}`])) },
    ]);
    const { send } = answering(body);
    const plain = await connect(send, liveAccount);

    for (const name of ["get_users", "get_power_users"]) {
      expect(JSON.stringify(await plain.call(name))).not.toMatch(/PERSONAL-/);
    }
    const group = await connect(
      answering(JSON.stringify({ id: 1, users: JSON.parse(body) })).send,
      liveAccount,
    );
    expect(JSON.stringify(await group.call("get_user_group", { user_group_id: 1 }))).not.toMatch(/PERSONAL-/);
    await plain.close();
    await group.close();
  });
});

describe("the key as the name of a field", () => {
  const key = liveAccount.SKYPREP_API_KEY;
  const bodies: [body: string, answer: { status?: number; contentType?: string }][] = [
    [JSON.stringify({ [key]: 1 }), {}],
    [JSON.stringify([{ id: 1, name: "A", [key]: { [key]: key } }]), {}],
    [JSON.stringify({ error: { [key]: ["is bad"] } }), { status: 422 }],
    [JSON.stringify({ errors: [{ [key]: "is bad" }] }), {}],
    [`id,${key}\n1,2\n`, { contentType: "text/csv" }],
  ];

  it.each(bodies)("is in no reply and no log line of any tool (%s, %j)", async (body, answer) => {
    const lines: string[] = [];
    const academy = await connect(
      answering(body, answer).send,
      {
        ...liveAccount,
        SKYPREP_STRUCTURED: "true",
        SKYPREP_LOG: "debug",
        SKYPREP_CALLS_PER_MINUTE: "100000",
      },
      { say: (line) => lines.push(line) },
    );
    const said: [string, unknown][] = [];
    for (const tool of tools.values()) said.push([tool.name, await academy.call(tool.name, exampleOf(tool))]);
    await academy.close();

    expect(said.filter(([, reply]) => JSON.stringify(reply).includes(key))).toEqual([]);
    expect(lines.filter((line) => line.includes(key))).toEqual([]);
    expect(lines.length).toBeGreaterThanOrEqual(said.length);
  });
});
