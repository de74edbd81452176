import { afterAll, beforeAll, expect, it } from "vitest";
import { consequencesIn } from "../../../src/guard/policy/consequence.ts";
import { cases } from "../asked/cases.ts";
import { type Opened, openCounted } from "../asked/world.ts";

/** What each argument becomes where it is text: a word that stands nowhere else. */
const canary = (name: string, n: number) => `Canary${n} ${name.replace(/_/g, " ")}`;
const secrets = /^(password|ssn)$/;

/** Every argument of an operation, each of its own value: as many at once as may go together. */
function everything({ tool, args }: (typeof cases)[number]) {
  const given: Record<string, unknown> = { ...args };
  const wanted: string[] = [];
  const hidden: string[] = [];
  let n = 0;
  for (const [name, schema] of Object.entries(tool.operation.input.shape)) {
    n += 1;
    if (["confirm", "user_id", "user_email", "user_ids", "user_emails"].includes(name)) continue;
    if (name === "card_no" && "user_identifier" in given) continue;
    if (name === "user_identifier") continue;
    if (secrets.test(name)) {
      given[name] = `hush-${n}-${name}-4711`;
      hidden.push(String(given[name]));
      continue;
    }
    if (name === "extra") {
      given.extra = { ...(given.extra as object), shoe_size: canary("extra", n) };
      wanted.push(canary("extra", n), "shoe_size");
    } else if (name === "custom_fields") {
      given.custom_fields = { "3": canary("field", n) };
      wanted.push(canary("field", n));
    } else if (name in args) continue;
    else if (name === "email") {
      // A login holds no blank.
      given.email = `canary-${n}@example.com`;
      wanted.push(given.email as string);
    } else if (schema.safeParse(canary(name, n)).success) {
      given[name] = canary(name, n);
      wanted.push(canary(name, n));
    } else if (schema.safeParse([canary(name, n)]).success) {
      given[name] = [canary(name, n)];
      wanted.push(canary(name, n));
    } else if (schema.safeParse(true).success) given[name] = true;
    else if (schema.safeParse("https://canary.example/a_b?c=1").success && /url/.test(name)) {
      given[name] = "https://canary.example/a_b?c=1";
      wanted.push("canary.example/a_b", "canary.example");
    } else if (schema.safeParse(2_345 + n).success) {
      if (/_id$/.test(name)) continue;
      given[name] = 2_345 + n;
      wanted.push(String(2_345 + n));
    } else if (schema.safeParse("2031-05-17").success) {
      given[name] = "2031-05-17";
      wanted.push("17 May 2031");
    }
  }
  return { given, wanted, hidden };
}

let academy: Opened;
beforeAll(async () => {
  academy = await openCounted();
  await academy.prepare({ kind: "many" });
});
afterAll(() => academy.close());

it.each(cases)("$title: the question says every argument, and no secret", async (one) => {
  const { given, wanted, hidden } = everything(one);
  let question = "";
  academy.answered((form) => {
    question = form.message;
    return { action: "decline" };
  });

  const reply = await academy.call(one.tool.name, given);

  expect(question, reply.text).not.toBe("");
  for (const value of wanted) expect(question).toContain(value);
  for (const value of hidden) expect(question).not.toContain(value);
  if ("password" in given) expect(question).toMatch(/a new password|^Password: a new one \(not shown\)\.$/m);
  if ("ssn" in given) expect(question).toMatch(/SSN .*with a new one|^SSN: a new one \(not shown\)\.$/m);
  for (const [name, value] of Object.entries(given)) {
    for (const id of /_ids?$/.test(name) ? [value].flat() : []) {
      // A person goes by the login beside their name, where that can be shown.
      const login = /user_ids?$/.test(name) && academy.world.people.get(Number(id))?.email;
      expect(
        [String(id), ...(login ? [login] : [])].some((one) => question.includes(one)),
        `${name} ${id}`,
      ).toBe(true);
    }
  }
  expect(consequencesIn(one.tool.operation).map(({ kind }) => kind)).toContain(one.kind);
  expect(academy.sent).toEqual([]);
});

it("lists of numbers and logins are said too, where they are too long for a sentence", async () => {
  const user_emails = Array.from({ length: 30 }, (_, n) => `new_hire.${n}@example.com`);
  const course_ids = [201, 202, 203, 204, 205, 206, 207, 208];
  let question = "";
  academy.answered((form) => {
    question = form.message;
    return { action: "decline" };
  });

  await academy.call("mass_enroll", { user_emails, course_ids });
  const people = question;
  await academy.call("get_login_key", {
    user_email: "nobody.yet@example.com",
    autocreate: true,
    user_groups: Array.from({ length: 21 }, (_, n) => `Group ${n}`),
  });

  for (const one of [...user_emails.slice(0, 20), ...course_ids]) expect(people).toContain(String(one));
  expect(people).toContain("10 more");
  expect(question).toContain("Group: 1 more, not listed.");
});

it("an exam is called by its own number where it was given by that", async () => {
  const { world } = academy;
  const taken = [...world.progress.values()].flatMap((row) =>
    (world.courses.get(row.course_id)?.items ?? []).flatMap((item) =>
      typeof item.exam_id === "number" && row.items.get(item.id)?.status === "passed"
        ? [{ user_id: row.user_id, course_id: row.course_id, exam_id: item.exam_id }]
        : [],
    ),
  );
  let question = "";
  academy.answered((form) => {
    question = form.message;
    return { action: "decline" };
  });

  const [one] = taken;
  await academy.call("set_course_item_progress", { ...one, set_status: "failed" });

  expect(question).toMatch(
    new RegExp(
      `the result of “[^”]+” \\(person ${one?.user_id}\\) in exam ${one?.exam_id} of .* from passed to failed\\?`,
    ),
  );
});

it("a new administrator's password and a link's page and groups are said", async () => {
  const questions: string[] = [];
  academy.answered((form) => {
    questions.push(form.message);
    return { action: "decline" };
  });

  await academy.call("create_user", {
    email: "boss@example.com",
    first_name: "New",
    last_name: "Boss",
    role: "admin",
    password: "chosen-by-caller-4711",
  });
  await academy.call("get_login_key", {
    user_email: "nobody.yet@example.com",
    autocreate: true,
    user_groups: ["Sales Team", "Night_Shift"],
    redirect_full_url: "https://example.skyprepapp.com@evil.example/steal",
  });

  expect(questions[0]).toMatch(
    /Create “New Boss” \(boss@example\.com\) as an administrator\?[\s\S]*Password: a new one \(not shown\)\./,
  );
  expect(questions[0]).not.toContain("chosen-by-caller-4711");
  for (const said of ["on evil.example", "nobody.yet@example.com", "Sales Team", "Night_Shift", "/steal"])
    expect(questions[1]).toContain(said);
});

it.each([
  [20, ""],
  [21, ", and 1 more"],
])("what a role of %i permissions permits is said, and how much of it is left out", async (n, rest) => {
  const names = [..."abcdefghijklmnopqrstu"].map((letter) => `part_${letter}`);
  const role = academy.world.roles.get(601);
  const { permissions } = role ?? {};
  Object.assign(role ?? {}, {
    permissions: Object.fromEntries(names.slice(0, n).map((name) => [name, "allowed"])),
  });
  let question = "";
  academy.answered((form) => {
    question = form.message;
    return { action: "decline" };
  });

  await academy.call("create_or_update_power_users", {
    user_ids: [103],
    user_role_id: 601,
    dataset_ids: [701],
  });
  Object.assign(role ?? {}, { permissions });

  const said = names.slice(0, 20).map((name) => `${name.replace("_", " ")} allowed`);
  expect(question.split("\n")).toContain(`The role permits: ${said.join(", ")}${rest}.`);
});

it("what a manager will be allowed, forbidden and mailed is said, and so is what somebody new is mailed", async () => {
  const questions: string[] = [];
  academy.answered((form) => {
    questions.push(form.message);
    return { action: "decline" };
  });

  await academy.call("assign_manager_to_user_group", {
    user_id: 102,
    user_group_id: 301,
    can_edit_user_password: true,
    can_receive_notifications: true,
    can_remove_users: false,
  });
  await academy.call("create_user", {
    email: "boss@example.com",
    first_name: "New",
    last_name: "Boss",
    role: "manager",
    send_login_information: true,
  });

  expect(questions[0]).toMatch(/They will be allowed to be notified and set passwords\./);
  expect(questions[0]).toMatch(/They will not be allowed to remove people\./);
  expect(questions[1]).toMatch(/They will be emailed how to sign in\./);
});
