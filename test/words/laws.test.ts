import { expect, it } from "vitest";
import { createAcademyZone } from "../../src/academy/time-zone.ts";
import { type Checkable, check } from "../../src/call/check/check.ts";
import { interpret } from "../../src/call/check/interpret.ts";
import { openAcademy } from "../support/academy.ts";
import { jobTools, reserved, tools } from "../support/catalogue.ts";

/** Every tool: operations with what lists and codes add, and jobs. */
const all: readonly Checkable[] = [...tools.values(), ...[...jobTools.values()].map(({ tool }) => tool)];
const nobody = {
  directory: { complete: async () => [], find: async () => [], meant: async () => ({ found: [] }) },
  list: async () => [],
  zone: createAcademyZone({ list: async () => [] }),
};
const never = new AbortController().signal;

/** What a tool would be called with; or what is wrong with it. */
async function taken(tool: Checkable, raw: Record<string, unknown>) {
  const meant = await interpret(tool, raw, nobody, () => never);
  if ("wrong" in meant) return meant;
  const checked = check(tool, meant.raw, { reserved, customFields: new Map() });
  return "wrong" in checked ? checked : { ...checked, notes: meant.notes };
}

const namesOf = ({ shape }: Checkable) => [...Object.keys(shape.plain.properties), ...shape.unlisted.keys()];
const exampleOf = ({ shape }: Checkable, name: string) => shape.details.get(name)?.example;
const isOptional = ({ operation }: Checkable, name: string) =>
  operation.input.shape[name]?.safeParse(undefined).success === true;
/** Arguments that a first call needs: all that must be there, and who. */
function leastOf(tool: Checkable): Record<string, unknown> {
  const required = (tool.shape.plain.required ?? []).map((name) => [name, exampleOf(tool, name)] as const);
  const { person } = tool.operation;
  return { ...Object.fromEntries(required), ...(person && !person.optional && { user_id: 101 }) };
}

it("lets no NUL through: every text argument of every tool refuses it by name", async () => {
  const through: string[] = [];
  let tried = 0;

  for (const tool of all) {
    for (const name of namesOf(tool)) {
      const example = exampleOf(tool, name);
      const text = Array.isArray(example) ? example[0] : example;
      // A pasted table may be UTF-16, and is read as that.
      if (typeof text !== "string" || name === "csv") continue;
      for (const dirty of [`${text}\0`, `\0${text}`, `a\0b`]) {
        tried += 1;
        const raw = { ...leastOf(tool), [name]: Array.isArray(example) ? [dirty] : dirty };
        const outcome = await taken(tool, raw);
        const isRefused = "wrong" in outcome && outcome.wrong.some((line) => line.includes(name));
        if (!isRefused) through.push(`${tool.name} ${name}`);
      }
    }
  }

  expect(tried).toBeGreaterThan(400);
  expect(through).toEqual([]);
});

it("takes an empty text or list for one that was left out, or refuses it by name; never calls with anything else", async () => {
  const odd: string[] = [];
  let tried = 0;

  for (const tool of all) {
    const least = leastOf(tool);
    const without = await taken(tool, least);
    for (const name of namesOf(tool)) {
      if (!isOptional(tool, name) || name in least) continue;
      for (const empty of ["", [], [""], "[]", null]) {
        tried += 1;
        const outcome = await taken(tool, { ...least, [name]: empty });
        const same =
          "args" in outcome && "args" in without
            ? JSON.stringify(outcome.args) === JSON.stringify(without.args)
            : "wrong" in outcome && "wrong" in without;
        const isRefused = "wrong" in outcome && outcome.wrong.some((line) => line.includes(name));
        if (!same && !isRefused) odd.push(`${tool.name} ${name}=${JSON.stringify(empty)}`);
      }
    }
  }

  expect(tried).toBeGreaterThan(1_000);
  expect(odd).toEqual([]);
});

it("gives nobody a login that no one can type", async () => {
  const ways: [string, Record<string, unknown>, string][] = [
    ["create_user", { first_name: "Casey", last_name: "Newhire" }, "email"],
    ["update_user", { user_id: 101 }, "email"],
    ["get_login_key", { autocreate: true }, "user_email"],
  ];

  for (const [name, args, login] of ways) {
    const tool = tools.get(name);
    if (tool === undefined) throw new Error(name);
    for (const bad of ["casey @example.com", "a\u0007b", "N/A", "#N/A", "TBD", "a@b@c"]) {
      expect(await taken(tool, { ...args, [login]: bad }), `${name} ${bad}`).toMatchObject({
        wrong: [expect.stringContaining(login)],
      });
    }
    for (const copied of [
      "Casey <casey@example.com>",
      "mailto:casey@example.com",
      "casey@example.com,",
      "casey@\u200bexample.com",
    ]) {
      expect(await taken(tool, { ...args, [login]: copied }), `${name} ${copied}`).toMatchObject({
        args: { [login]: "casey@example.com" },
        notes: [expect.stringContaining("was read as casey@example.com")],
      });
    }
  }
});

it("drops no empty field of an update in silence, and says how a text is emptied", async () => {
  const academy = await openAcademy();

  const mixed = await academy.call("update_user", {
    user_id: 101,
    title: "Lead",
    first_name: "",
    company: "",
    access_end_date: "",
  });
  const nothing = await academy.call("update_user", { user_id: 101, first_name: "" });
  const further = await academy.call("update_user", {
    user_id: 101,
    state: "",
    other_fields: [
      { field: "phone", is: "818-555-0000" },
      { field: "zip", is: "" },
      { field: "company", is: " " },
      { field: "constructor", is: "" },
    ],
  });
  const none = await academy.call("update_user", { user_id: 101, other_fields: [] });
  const prose = await academy.call("update_user_group", {
    user_group_id: 301,
    name: "Sales",
    description: "",
  });
  const emptied = await academy.call("update_user_group", { user_group_id: 301, description: " " });
  const person = academy.sandbox.world.people.get(101);
  const group = academy.sandbox.world.groups.get(301);
  await academy.close();

  expect(mixed.isError).toBe(false);
  expect(mixed.text).toMatch(/first_name, company, access_end_date came empty.*not changed/);
  expect(person).toMatchObject({ first_name: "Avery", profile: { title: "Lead" } });
  expect(nothing).toMatchObject({
    isError: true,
    text: expect.stringMatching(/Nothing to change.*cannot be emptied here/),
  });
  expect(further.isError).toBe(false);
  expect(further.text).toMatch(
    /state, .*\(zip\), .*\(company\).* came empty.*not changed.*cannot be emptied here/,
  );
  expect(further.text).not.toMatch(/single blank/);
  expect(person?.profile).toMatchObject({ phone: "818-555-0000", company: "Example Co." });
  expect(none).toMatchObject({ isError: true, text: expect.stringMatching(/Nothing to change/) });
  expect(none.text).not.toMatch(/single blank/);
  expect(prose.text).toMatch(/To empty description, give a single blank/);
  expect(emptied.isError).toBe(false);
  expect(group?.description ?? "").toBe("");
});

it("refuses an empty list where leaving it out would reach everybody", async () => {
  const academy = await openAcademy();

  const wide = await academy.call("add_course_or_learning_path_to_catalog", {
    course_ids: [201],
    user_group_ids: [],
  });
  const nobody = await academy.call("mass_enroll", { user_emails: [], course_ids: [201] });
  const unplanned = await academy.call("plan_enrollment", { people: [], csv: "", courses: ["207"] });
  await academy.close();

  expect(wide).toMatchObject({ isError: true, text: expect.stringMatching(/user_group_ids came empty/) });
  expect(nobody.isError).toBe(true);
  expect(unplanned.isError).toBe(true);
});

it("takes an argument that no tool has for what it is, whatever it is called", async () => {
  const tool = tools.get("get_course");
  if (tool === undefined) throw new Error("get_course");

  const outcome = await taken(tool, JSON.parse('{"course_id":207,"__proto__":{"x":1}}'));

  expect(outcome).toMatchObject({ wrong: [expect.stringContaining("__proto__")] });
});
