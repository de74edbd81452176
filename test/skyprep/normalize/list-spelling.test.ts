import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSandbox, type SandboxOptions } from "../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Send } from "../../../src/skyprep/send.ts";
import { connect, noon } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";
import { temporaryFolder } from "../../support/temporary.ts";

type Says = (request: Parameters<Send>[0], pass: () => ReturnType<Send>) => Promise<Incoming | undefined>;

async function academyOf(
  how: "no-blanks" | "blanks" | "brackets" | undefined,
  env = {},
  says: Says = async () => undefined,
) {
  const dialect: NonNullable<SandboxOptions["dialect"]> = how === undefined ? {} : { "lists-by-comma": how };
  const sandbox = createSandbox({
    now: () => noon,
    tables: seededTables,
    callsPerMinute: Number.POSITIVE_INFINITY,
    dialect,
  });
  const sent: string[] = [];
  const send: Send = async (request, signal) => {
    sent.push(`${request.route} ${decodeURIComponent(request.body.replaceAll("+", " "))}`);
    const pass = () => sandbox.send(request, signal);
    return (await says(request, pass)) ?? pass();
  };
  const connected = await connect(send, { SKYPREP_SANDBOX: "true", ...env }, { person: agreeing });
  const directOf = (id: number) => [...(sandbox.world.enrollments.get(id) ?? [])];
  return {
    ...connected,
    sandbox,
    directOf,
    sent: (route: string) => sent.filter((one) => one.startsWith(route)),
  };
}
const many = { user_emails: ["avery@example.com", "jordan@example.com"], course_ids: [210, 211] };

describe.each(["no-blanks", "blanks", "brackets"] as const)(
  "where several values are read only with %s",
  (how) => {
    it("everybody is enrolled in everything, and the next call knows how", async () => {
      const academy = await academyOf(how);

      const first = await academy.call("mass_enroll", many);
      const before = academy.sent("mass_enroll").length;
      const next = await academy.call("mass_enroll", { ...many, course_ids: [212, 213] });
      await academy.close();

      expect(first.text, first.text).toMatch(/verified: yes/);
      expect(next.text, next.text).toMatch(/verified: yes/);
      for (const id of [101, 102])
        expect(academy.directOf(id)).toEqual(expect.arrayContaining([210, 211, 212, 213]));
      expect(academy.sent("mass_enroll").length - before).toBe(1);
    });

    it("several courses of one person", async () => {
      const academy = await academyOf(how);

      const reply = await academy.call("enroll_user_in_courses", { user_id: 101, course_ids: [210, 211] });
      await academy.close();

      expect(reply.text, reply.text).toMatch(/verified: yes/);
      expect(academy.directOf(101)).toEqual(expect.arrayContaining([210, 211]));
    });

    it.each([
      [
        "create_user_group",
        { name: "Night shift", course_ids: [202], user_ids: [101, 102] },
        "enroll_user_in_user_group",
        { "no-blanks": 0, blanks: 1, brackets: 2 },
      ],
      [
        "create_learning_path",
        { name: "First month", course_ids: [201, 203, 205] },
        "add_course_to_learning_path",
        { "no-blanks": 0, blanks: 2, brackets: 3 },
      ],
    ])("%s: what the list left out is put in one by one, and the thing is made once", async (...given) => {
      const [route, args, adds, times] = given;
      const academy = await academyOf(how);

      const reply = await academy.call(route, args);
      const changes = await academy.call("list_changes", {});
      await academy.close();

      expect(reply.text, reply.text).toMatch(/verified: yes/);
      expect(academy.sent(route)).toHaveLength(1);
      expect(academy.sent(adds)).toHaveLength(times[how]);
      expect(reply.text.includes("calls of their own") || reply.text.includes("a call of its own")).toBe(
        times[how] > 0,
      );
      // Each is written down as what it was.
      expect(changes.text.split(adds).length - 1).toBe(times[how]);
    });

    it("nobody is put in whom a policy keeps out of it", async () => {
      const file = join(temporaryFolder("policy"), "policy.json");
      writeFileSync(file, JSON.stringify({ tools: { deny: ["enroll_user_in_user_group"] } }));
      const academy = await academyOf(how, { SKYPREP_POLICY: file });

      const reply = await academy.call("create_user_group", { name: "Night shift", user_ids: [101, 102] });
      await academy.close();

      expect(academy.sent("enroll_user_in_user_group")).toEqual([]);
      if (how !== "no-blanks") expect(reply.text).toMatch(/does not show person (101 and person )?102 in it/);
    });

    it("a list with two statuses is not told as empty", async () => {
      const academy = await academyOf(how);

      const reply = await academy.call("get_course_progresses", {
        course_id: 201,
        status: ["passed", "in-progress"],
      });
      await academy.close();

      expect(reply.structured?.items).not.toEqual([]);
      expect(reply.text).toMatch(/passed/);
      expect(reply.text).toMatch(/in-progress/);
    });
  },
);

it("what is refused for another reason is sent no more than once in each spelling, and none is learnt", async () => {
  const academy = await academyOf(undefined);

  const reply = await academy.call("mass_enroll", { ...many, course_ids: [210, 999_999] });
  await academy.close();

  expect(reply.isError).toBe(true);
  expect(academy.sent("mass_enroll")).toHaveLength(3);
  expect(academy.directOf(101)).not.toContain(210);
});

it.each([
  ["create_user_group", { name: "Night shift", course_ids: [201, 202], user_ids: [101, 102] }],
  ["create_learning_path", { name: "First month", course_ids: [201, 203] }],
])("%s is sent once, also where SkyPrep says no after it was made", async (route, args) => {
  const academy = await academyOf(undefined, {}, async (request, pass) => {
    if (request.route !== route) return undefined;
    await pass();
    const body = new TextEncoder().encode('{"error":"Course not found"}');
    return { status: 404, contentType: "application/json", body };
  });

  const reply = await academy.call(route, args);
  await academy.close();

  expect(academy.sent(route)).toHaveLength(1);
  expect(reply.text).not.toMatch(/^\[sandbox\] Done/);
});

it("under a policy, the other spellings are the same write", async () => {
  const academy = await academyOf("brackets", {});

  const reply = await academy.call("mass_enroll", many);
  await academy.close();

  expect(reply.text).toMatch(/verified: yes/);
});

it("a read whose other spelling goes unheard teaches nothing: a group is made in the page's spelling", async () => {
  const academy = await academyOf(undefined, {}, async (request) => {
    if (request.route !== "get_course_progresses") return undefined;
    // None has these statuses, and a parameter that is not known is left out.
    const all = [901, 902].map((id) => ({ id, user_id: 101, course_id: 201, status: "passed" }));
    const rows = new URLSearchParams(request.body).has("status") ? [] : all;
    return {
      status: 200,
      contentType: "application/json",
      body: new TextEncoder().encode(JSON.stringify(rows)),
    };
  });
  await academy.call("get_course_progresses", { status: ["failed", "archived"] });
  await academy.call("create_user_group", { name: "Night shift", user_ids: [101, 102] });
  await academy.close();

  const [form = ""] = academy.sent("create_user_group");
  expect(form).toContain("user_ids=101,102");
  expect(form).not.toContain("[]");
});
