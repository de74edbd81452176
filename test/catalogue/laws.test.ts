import { describe, expect, it } from "vitest";
import { check, coerce } from "../../src/call/check/check.ts";
import { pairsAsMaps } from "../../src/call/check/interpret.ts";
import { exampleOf, toolName } from "../../src/catalogue/catalogue.ts";
import { consequencesIn } from "../../src/guard/policy/consequence.ts";
import { instructions } from "../../src/mcp/instructions.ts";
import { sections } from "../../tools/index.ts";
import { consequenceIn, jobTools, reserved, tools } from "../support/catalogue.ts";
import { pageRoutes } from "../support/routes.ts";

const all = [...tools.values()];
const context = { reserved, customFields: new Map<string, string>() };

const removing = [
  "destroy_user",
  "move_training_data",
  "destroy_power_user",
  "destroy_course",
  "remove_user_from_course",
  "remove_course_or_learning_path_from_catalog",
  "destroy_user_group",
  "remove_user_from_user_group",
  "remove_course_from_user_group",
  "destroy_learning_path",
  "remove_course_from_learning_path",
  "remove_group_from_learning_path",
  "delete_instructor_led_training_timeslot",
  "destroy_instructor_led_training_timeslot_registrations",
  "destroy_course_progress",
  "remove_manager_from_user_group",
];
const irreversible = [
  "destroy_user",
  "destroy_course",
  "destroy_user_group",
  "destroy_learning_path",
  "destroy_course_progress",
  "delete_instructor_led_training_timeslot",
  "destroy_instructor_led_training_timeslot_registrations",
  "move_training_data",
];
const notRepeatable = [
  "create_user",
  "create_course",
  "create_user_group",
  "create_learning_path",
  "create_course_progress",
  "create_instructor_led_training_timeslot",
  "create_instructor_led_training_timeslot_registrations",
  "create_gamification_transaction",
  "create_skill_transaction",
  "get_login_key",
  "get_course_otp",
  "move_training_data",
  "generate_async_report",
];

describe("the catalogue", () => {
  it("has the 86 routes of the page, each once, and the 15 sections in the page's order", () => {
    expect(all.map(({ route }) => route).sort()).toEqual(Object.keys(pageRoutes).sort());
    expect(all).toHaveLength(86);
    expect(Object.keys(sections).join(" ")).toBe(
      "account users power-users courses catalog user-groups learning-paths instructor-led-training course-progress reports gamification skills managers materials payments",
    );
  });

  it("sorts effects as the page's facts do", () => {
    const of = (effect: string) =>
      all.filter(({ operation }) => operation.effect === effect).map(({ route }) => route);

    expect(of("remove").sort()).toEqual([...removing].sort());
    expect(of("credential").sort()).toEqual(["get_course_otp", "get_login_key"]);
    expect(of("read")).toHaveLength(39);
    expect(of("add").length + of("change").length).toBe(29);
  });

  it("says of every removal, credential and grant of power what a person would agree to", () => {
    const kinds = (kind: string) =>
      all.filter(({ operation }) => consequenceIn(operation)?.kind === kind).map(({ route }) => route);

    expect(kinds("irreversible").sort()).toEqual([...irreversible].sort());
    expect(kinds("credential").sort()).toEqual(["get_course_otp", "get_login_key"]);
    expect(kinds("power").sort()).toEqual([
      "assign_manager_to_user_group",
      "create_or_update_power_users",
      "create_user",
      "update_manager_permissions_in_user_group",
      "update_user",
    ]);
  });

  it("marks as safe to repeat what the facts call so, and nothing else", () => {
    const unsafe = all.filter(({ hints }) => !hints.idempotentHint).map(({ route }) => route);

    expect(unsafe.sort()).toEqual([...notRepeatable].sort());
  });

  it("never names a parameter that gives administration, or SkyPrep's keys", () => {
    for (const name of ["admin", "api_key", "acct_key", "_method"]) expect(reserved.has(name)).toBe(false);
  });
});

describe.each(all)("$name", (tool) => {
  const { name, operation, hints, shape } = tool;

  it("is called destructive wherever a person may be asked about a loss", () => {
    const kinds = consequencesIn(operation).map(({ kind }) => kind);
    const loses = kinds.some((kind) => kind === "removing" || kind === "irreversible");

    expect(hints.destructiveHint).toBe(loses || ["change", "remove"].includes(operation.effect));
  });

  it("is plain, short and complete as clients see it", () => {
    expect(name).toBe(toolName(tool.route));
    expect(name).toMatch(/^[a-z_]{1,46}$/);
    expect(operation.title.length).toBeLessThanOrEqual(60);
    expect(operation.description.length).toBeGreaterThan(20);
    expect(operation.description.length).toBeLessThanOrEqual(300);
    expect(Object.keys(hints).sort()).toEqual([
      "destructiveHint",
      "idempotentHint",
      "openWorldHint",
      "readOnlyHint",
    ]);
    expect(JSON.stringify(shape.plain)).not.toMatch(
      /anyOf|oneOf|allOf|\$ref|\$schema|exclusive|9007199254740991|pattern/,
    );
    for (const [field, property] of Object.entries(shape.plain.properties)) {
      expect(["integer", "string", "boolean", "array", "object"], field).toContain(property.type);
      if (property.type === "array") expect(property.items?.type, field).toBeTypeOf("string");
      expect(property.type, field).not.toBe("object");
    }
  });

  it("describes every field and has an example of it that is accepted", () => {
    for (const [field, property] of Object.entries(shape.plain.properties)) {
      expect(property.description, field).toMatch(/\S{2}/);
      const example = shape.details.get(field)?.example;
      expect(example, field).toBeDefined();
      // What clients give as a list is a map behind.
      const { args, wrong } = pairsAsMaps({ [field]: example }, shape);
      const schema = operation.input.shape[field];
      const given = schema ? args : (args[field] as Record<string, unknown>);
      for (const [name, value] of Object.entries(given)) {
        const own = shape.unlisted.get(name)?.property ?? property;
        const accepted = operation.input.shape[name]?.safeParse(coerce(value, own)).success;
        expect(accepted, `${name}: ${JSON.stringify(value)}`).toBe(true);
      }
      expect(wrong).toEqual([]);
    }
  });

  it("accepts its own example", () => {
    const { args, wrong } = pairsAsMaps(exampleOf(tool), shape);
    expect(wrong).toEqual([]);
    expect(check(tool, args, context)).toEqual({ args: expect.anything() });
  });

  it("points its rules only at arguments it has", () => {
    const fields = new Set(Object.keys(operation.input.shape));
    const named = [
      ...Object.keys(operation.wire ?? {}),
      ...Object.keys(operation.filters ?? {}),
      ...(operation.example ?? []),
      ...(operation.needs ?? []).flatMap((need) => Object.values(need).flat()),
      ...(consequenceIn(operation)?.when ?? []).flatMap(({ argument }) => argument ?? []),
      ...(operation.person ? ["user_id", "user_email"] : []),
    ];

    expect(named.filter((field) => !fields.has(field))).toEqual([]);
  });
});

describe.each([...jobTools.values()])("the job $name", ({ name, job, shape, tool }) => {
  it("is plain, short and complete as clients see it, and accepts its own example", () => {
    expect(name).toMatch(/^[a-z_]{1,46}$/);
    expect(job.description.length).toBeLessThanOrEqual(300);
    expect(JSON.stringify(shape.plain)).not.toMatch(
      /anyOf|oneOf|allOf|\$ref|\$schema|pattern|9007199254740991/,
    );
    const example = Object.fromEntries([...shape.details].map(([field, detail]) => [field, detail.example]));
    const { args } = pairsAsMaps(example, shape);
    expect(check(tool, args, context)).toEqual({ args });
    for (const [field, property] of Object.entries(shape.plain.properties)) {
      expect(property.description, field).toMatch(/\S{2}/);
    }
  });
});

describe("the instructions", () => {
  const modes = ["ask", "human", "unattended", "off"] as const;
  const settings = [true, false].flatMap((sandbox) =>
    [true, false].flatMap((readOnly) =>
      modes.flatMap((confirm) =>
        [true, false].map((essentials) => ({ sandbox, readOnly, confirm, essentials })),
      ),
    ),
  );

  it.each(settings)("stay under 2,000 characters and say how this server is set: %j", (said) => {
    const text = instructions(said);

    expect(text.length).toBeLessThan(2_000);
    expect(text.includes("SANDBOX")).toBe(said.sandbox);
    expect(text.includes("SKYPREP_CONFIRM IS OFF")).toBe(said.confirm === "off" && !said.readOnly);
  });

  it.each([
    ["reminders", "training_status", /training_status/, /No reminders can be sent: write to those/],
    ["deadlines", "update_course_progress", /web admin/, /deadlines cannot be set/],
    ["catalog", "update_catalog_enrollments", /web admin/, /cannot be read: give all/],
    ["every night", "plan_roster", /plan_roster/, /No nightly sync: give each new list/],
  ])("say that %s cannot be had and what to do instead, and so does %s", (what, name, instead, said) => {
    const nearest = tools.get(name)?.operation.description ?? jobTools.get(name)?.job.description;

    for (const set of settings) {
      const line = instructions(set)
        .split("\n")
        .find((one) => one.includes("cannot") && one.includes(what));
      expect(line).toMatch(instead);
    }
    expect(nearest).toMatch(said);
  });

  it("name only tools and arguments that exist", () => {
    const text = instructions({ sandbox: false, readOnly: false, confirm: "ask" });
    const known = new Set([
      ...tools.keys(),
      ...jobTools.keys(),
      ...all.flatMap(({ shape }) => Object.keys(shape.plain.properties)),
    ]);
    const snake = text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];

    expect(snake.length).toBeGreaterThan(5);
    expect(snake.filter((word) => !known.has(word) && word !== "computed_deadline_date")).toEqual([]);
  });
});
