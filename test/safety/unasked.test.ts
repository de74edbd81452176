import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { exampleOf, toolName } from "../../src/catalogue/catalogue.ts";
import { createNetwork } from "../../src/skyprep/network.ts";
import { connect, liveAccount } from "../support/academy.ts";
import { tools as catalogue, jobTools, reads } from "../support/catalogue.ts";
import { listen } from "../support/loopback.ts";

describe("on a live account, nothing that a person would have to agree to is sent", async () => {
  const server = await listen();
  const network = createNetwork({ baseUrl: server.baseUrl });
  let academy: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    academy = await connect(network, liveAccount);
  });
  beforeEach(() => {
    server.received.length = 0;
  });
  afterAll(async () => {
    await academy.close();
    await network.close();
    await server.close();
  });

  const refused = [
    "destroy_user",
    "destroy_course",
    "destroy_user_group",
    "destroy_learning_path",
    "destroy_course_progress",
    "delete_instructor_led_training_timeslot",
    "destroy_instructor_led_training_timeslot_registrations",
    "move_training_data",
    "destroy_power_user",
    "remove_user_from_course",
    "remove_course_or_learning_path_from_catalog",
    "remove_user_from_user_group",
    "remove_course_from_user_group",
    "remove_course_from_learning_path",
    "remove_group_from_learning_path",
    "remove_manager_from_user_group",
    "get_login_key",
    "get_course_otp",
    "create_or_update_power_users",
    "assign_manager_to_user_group",
    "update_manager_permissions_in_user_group",
    "update_catalog_enrollments",
    "update_course_progress",
    "set_course_item_progress",
  ];

  /** What was sent besides reads. */
  const written = () =>
    server.received.map(({ url }) => url.replace("/admin/api/", "")).filter((route) => !reads.has(route));

  it.each(refused)("%s", async (route) => {
    const tool = academy.catalogue.tools.get(toolName(route));
    if (!tool) throw new Error(route);

    const reply = await academy.call(tool.name, exampleOf(tool));

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/Nothing was sent|A person has to agree/);
    expect(written()).toEqual([]);
  });

  const unasked: [string, Record<string, unknown>][] = [
    ["create_user", { email: "x", first_name: "X", last_name: "Y", role: "admin" }],
    ["create_user", { email: "x", first_name: "X", last_name: "Y", role: "content_manager" }],
    ["update_user", { user_id: 101, role: "learner" }],
    ["update_user", { user_id: 101, role: "admin" }],
    ["update_user", { user_id: 101, password: "long enough" }],
    ["update_user", { user_id: 101, email: "new@example.com" }],
    ["update_user", { user_id: 101, access_end_date: "2027-01-01" }],
    ["update_user", { user_id: 101, access_start_date: "2099-01-01" }],
    ...["is_admin", "username", "user_type", "passwd", "deactivated", "suspended", "archived", "deleted"].map(
      (key) => ["update_user", { user_id: 101, extra: { [key]: "1" } }] as [string, Record<string, unknown>],
    ),
    ["get_users", { extra: { limit: "1" } }],
  ];
  it.each(unasked)("%s %j", async (name, args) => {
    const reply = await academy.call(name, args);

    expect(reply.isError).toBe(true);
    expect(written()).toEqual([]);
  });

  it("still creates learners, with the role left out or said", async () => {
    for (const role of [undefined, "learner"]) {
      await academy.call("create_user", {
        email: "casey",
        first_name: "X",
        last_name: "Y",
        ...(role && { role }),
      });
    }

    // Whoever does not show yet is looked for again: what is sent besides is no write.
    expect(written()).toEqual(["create_user", "create_user"]);
    expect(server.received.filter(({ url }) => url.endsWith("/get_user")).length).toBeGreaterThanOrEqual(2);
  });

  it("still changes what no one needs to be asked about", async () => {
    await academy.call("update_user", { user_email: "avery@example.com", title: "Detective" });

    // A get_user that answers with nothing is looked up in the list of all, before the change and after it.
    expect(server.received.map(({ url, body }) => `${url} ${body}`)).toEqual([
      "/admin/api/get_user user_email=avery%40example.com",
      "/admin/api/get_users ",
      "/admin/api/update_user title=Detective&user_email=avery%40example.com",
      "/admin/api/get_user user_email=avery%40example.com",
      "/admin/api/get_users ",
    ]);
  });
});

describe("read only", async () => {
  const server = await listen();
  const network = createNetwork({ baseUrl: server.baseUrl });
  afterAll(async () => {
    await network.close();
    await server.close();
  });

  it("offers only what reads, and calls nothing else a tool", async () => {
    const academy = await connect(network, { ...liveAccount, SKYPREP_READ_ONLY: "true" });

    const { tools } = await academy.client.listTools();

    // Starting a report changes nothing of the academy, but is no plain read.
    const starting = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true);
    expect(starting.map(({ name }) => name)).toEqual(["generate_async_report"]);
    const reading = [
      ...[...catalogue.values()].map(({ name, operation }) => [name, operation.effect]),
      ...[...jobTools.values()].map(({ name, job }) => [name, job.effect]),
    ].flatMap(([name, effect]) => (effect === "read" ? [name] : []));
    expect(tools.map(({ name }) => name)).toEqual(reading);
    expect(reading.length).toBeGreaterThan(40);
    for (const { name, effect } of prebuiltTools) {
      if (effect === "read") continue;
      const { text, isError } = await academy.call(name, {});
      expect({ name, text, isError }).toMatchObject({
        isError: true,
        text: expect.stringMatching(/only reads \(SKYPREP_READ_ONLY\); nothing was sent/),
      });
      expect(text).toContain(name);
    }
    expect(server.received).toEqual([]);
    await academy.close();
  });

  it("is checked again just before the wire", async () => {
    const { readOnly } = await import("../../src/guard/policy/read-only.ts");
    const guarded = readOnly(network, new Set(["get_user"]));
    const signal = new AbortController().signal;

    await expect(guarded({ route: "destroy_user", headers: {}, body: "" }, signal)).rejects.toThrow(
      /not sent/,
    );
    expect(server.received).toEqual([]);
    expect((await guarded({ route: "get_user", headers: {}, body: "" }, signal)).status).toBe(200);
  });
});

describe("a server that is not set up", async () => {
  const server = await listen();
  const network = createNetwork({ baseUrl: server.baseUrl });
  afterAll(async () => {
    await network.close();
    await server.close();
  });

  it.each([
    [{}, /SKYPREP_API_KEY: .*--sandbox/],
    [{ ...liveAccount, SKYPREP_TIMEOUT: "soon" }, /SKYPREP_TIMEOUT/],
    [{ ...liveAccount, SKYPREP_BASE_URL: "http://api.example.com" }, /SKYPREP_BASE_URL: .*https/],
    [{ ...liveAccount, SKYPREP_API_KEY: "${user_config.api_key}" }, /SKYPREP_API_KEY/],
  ])("starts, and every call says what to set (%j)", async (env, message) => {
    const academy = await connect(network, env);

    expect((await academy.client.listTools()).tools.length).toBeGreaterThan(80);
    for (const [name, args] of [
      ["get_courses", {}],
      ["get_user", { user_id: 1 }],
      ["destroy_course", { course_id: 1 }],
    ] as const) {
      const reply = await academy.call(name, args);
      expect(reply.isError).toBe(true);
      expect(reply.text).toMatch(message);
      expect(reply.text).not.toContain("test-key-4711-secret");
    }
    // Nor does anything that is no call send the key anywhere.
    await expect(academy.client.readResource({ uri: "skyprep://users/avery" })).rejects.toThrow();
    const ref = { type: "ref/resource", uri: "skyprep://users/{user_id}" } as const;
    await academy.client.complete({ ref, argument: { name: "user_id", value: "a" } });
    expect(server.received).toEqual([]);
    await academy.close();
  });
});
