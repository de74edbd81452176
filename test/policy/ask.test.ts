import { expect, it } from "vitest";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import { tools } from "../support/catalogue.ts";
import type { Form } from "../support/person.ts";
import { openPoliced } from "./policed.ts";

const writes = [...tools.values()].filter(({ operation }) => operation.effect !== "read");
/** Says no to everything: nothing changes, and every call meets the academy as it was. */
async function asking(policy: unknown, env: Record<string, string> = {}) {
  const forms: Form[] = [];
  const academy = await openPoliced(policy, {
    env,
    people: 120,
    person: (form) => {
      forms.push(form);
      return { action: "decline" };
    },
  });
  const call = async (name: string, args: Record<string, unknown>) => {
    const [before, from] = [forms.length, academy.sent.length];
    const reply = await academy.call(name, args);
    const sent = academy.sent.slice(from).filter(({ route }) => tools.get(name)?.route === route).length;
    return { ...reply, asked: forms.length > before, form: forms.at(-1), sent };
  };
  return { ...academy, forms, call };
}

it("asks about every change that a policy wants asked, also with confirm off, in a question that says what and whom", async () => {
  for (const confirm of ["ask", "human", "off"]) {
    const academy = await asking(
      { ask: ["add", "change", "remove", "credential"] },
      { SKYPREP_CONFIRM: confirm },
    );
    const wrong: string[] = [];
    for (const tool of writes) {
      const { asked, form, sent, text } = await academy.call(tool.name, exampleOf(tool));
      // What is not there, or is no change, is told at once.
      if (sent > 0) wrong.push(`${tool.name} was sent unasked`);
      if (!asked && !/There is no|could not|cannot/.test(text)) wrong.push(`${tool.name}: ${text}`);
      if (asked && !/^(\[sandbox\] )?[A-Z][^\n]*\?(\n|$)/.test(form?.message ?? ""))
        wrong.push(`${tool.name} asks ${form?.message}`);
      if (asked && /undefined|NaN|\[object/.test(form?.message ?? "")) wrong.push(form?.message ?? "");
    }
    expect({ confirm, wrong }).toEqual({ confirm, wrong: [] });
    expect(academy.forms.length).toBeGreaterThan(40);
    await academy.close();
    if (confirm === "off")
      expect(academy.forms.map(({ message }) => message.split("\n")[0])).toMatchSnapshot();
  }
}, 120_000);

it("refuses unattended what a policy wants asked, and says what to do", async () => {
  const academy = await asking(
    { ask: ["enroll_user_in_course", "users"] },
    { SKYPREP_CONFIRM: "unattended" },
  );
  for (const [name, args] of [
    ["enroll_user_in_course", { user_id: 103, course_id: 240 }],
    ["update_user", { user_id: 103, title: "A" }],
  ] as const) {
    const { text, sent, isError } = await academy.call(name, args);
    expect({ text, sent, isError }).toMatchObject({
      sent: 0,
      isError: true,
      text: expect.stringMatching(/wants a person's yes.*SKYPREP_CONFIRM.*A person can do it/s),
    });
  }
  expect((await academy.call("add_course_to_user_group", { user_group_id: 302, course_id: 240 })).sent).toBe(
    1,
  );
  await academy.close();
});

it("asks about a plan for its steps, and refuses one for a step that it refuses", async () => {
  const academy = await asking({ ask: ["mass_enroll", "enroll_user_in_course", "enroll_user_in_courses"] });
  const plan = await academy.call("plan_enrollment", { people: ["avery@example.com"], courses: ["241"] });
  const applied = await academy.call("apply_plan", { plan: plan.structured?.plan });
  expect(academy.forms).toHaveLength(1);
  expect(academy.forms[0]?.message).toMatch(/\?/);
  expect(applied.text).toMatch(/Not done/);
  await academy.close();

  for (const refuse of ["add", "mass_enroll", "users"]) {
    const shut = await asking({ refuse: [refuse] });
    const made = await shut.call("plan_enrollment", { people: ["avery@example.com"], courses: ["241"] });
    const done = await shut.call("apply_plan", { plan: made.structured?.plan });
    if (!made.isError)
      expect(done).toMatchObject({ isError: true, text: expect.stringMatching(/policy “desk”/i) });
    expect(shut.sent.filter(({ route }) => /enroll/.test(route) && !route.startsWith("get_"))).toEqual([]);
    await shut.close();
  }
});

it("refuses by tool, job, section, effect and kind, reads and jobs too, before anything is read", async () => {
  const academy = await asking({
    refuse: ["get_users", "find", "reports", "credential", "irreversible", "destroy_course"],
  });
  for (const [name, args] of [
    ["get_users", {}],
    ["find", { text: "a" }],
    ["get_report", { report_type: "all_users" }],
    ["get_login_key", { user_id: 103 }],
    ["destroy_course", { course_id: 210 }],
  ] as const) {
    const { text, isError } = await academy.call(name, args);
    expect({ name, text, isError }).toMatchObject({
      isError: true,
      text: expect.stringMatching(/policy “desk”.*refuses/i),
    });
  }
  expect(academy.sent).toEqual([]);
  const gone = await academy.call("destroy_user", { user_id: 103 });
  expect(gone).toMatchObject({
    isError: true,
    asked: false,
    sent: 0,
    text: expect.stringMatching(/refuses what is irreversible/),
  });
  await academy.close();
});

it("never lets a policy take a question away", async () => {
  const policies: Record<string, unknown>[] = [
    { tools: { allow: ["*"] } },
    { effects: ["add", "change", "remove", "credential", "read"] },
    { people: { in_groups: [303] }, ask: ["many"] },
    { courses: [201, 202, 203, 210, 240], limits: { per_day: { enrollments: 100, access_ends: 100 } } },
    { ask: ["credential"], refuse: ["power"] },
  ];
  const askedAbout = async (all: typeof writes) => {
    const plain = await asking({});
    const asked: typeof writes = [];
    for (const tool of all) if ((await plain.call(tool.name, exampleOf(tool))).asked) asked.push(tool);
    await plain.close();
    return asked;
  };
  // What goes unasked counts towards what is asked about after it: until it is the same ones.
  let deserving = await askedAbout(writes);
  for (let more = 0; deserving.length !== more; ) {
    more = deserving.length;
    deserving = await askedAbout(deserving);
  }
  expect(deserving.length).toBeGreaterThan(20);
  for (const policy of policies) {
    const academy = await asking(policy);
    const wrong: string[] = [];
    for (const tool of deserving) {
      const { asked, sent, isError } = await academy.call(tool.name, exampleOf(tool));
      if (sent > 0 || !(asked || isError)) wrong.push(tool.name);
    }
    expect({ policy, wrong }).toEqual({ policy, wrong: [] });
    await academy.close();
  }
}, 120_000);

it("offers and calls only what tools and effects leave in, by itself and through the tools that reach all", async () => {
  const names = [...tools.keys()];
  const allow = names.filter((_, n) => n % 2 === 0);
  for (const [policy, isIn] of [
    [{ tools: { allow } }, (name: string) => allow.includes(name)],
    [
      { tools: { deny: ["get_*", "users"] } },
      (name: string) => !/^get_/.test(name) && tools.get(name)?.section !== "users",
    ],
    [{ effects: ["read"] }, (name: string) => tools.get(name)?.operation.effect === "read"],
  ] as const) {
    for (const essentials of [false, true]) {
      const academy = await asking(policy, essentials ? { SKYPREP_SECTIONS: "essentials" } : {});
      const wrong: string[] = [];
      const listed = new Set((await academy.client.listTools()).tools.map(({ name }) => name));
      for (const name of names) {
        if (listed.has(name) && !isIn(name)) wrong.push(`${name} is listed`);
        if (!essentials && isIn(name) && !listed.has(name)) wrong.push(`${name} is missing`);
        if (isIn(name)) continue;
        const tool = tools.get(name);
        const args = tool ? exampleOf(tool) : {};
        const meta = tool?.operation.effect === "read" ? "read_operation" : "write_operation";
        const { isError } = essentials
          ? await academy
              .call(meta, { operation: name, arguments: JSON.stringify(args) })
              .catch(() => ({ isError: true }))
          : await academy.call(name, args);
        if (!isError) wrong.push(`${name} is called`);
      }
      expect({ policy, essentials, wrong }).toEqual({ policy, essentials, wrong: [] });
      expect(academy.sent).toEqual([]);
      await academy.close();
    }
  }
});
