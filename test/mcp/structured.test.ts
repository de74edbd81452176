import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import { cases } from "../guard/asked/cases.ts";
import { openCounted } from "../guard/asked/world.ts";
import { openAcademy, type Reply } from "../support/academy.ts";
import { jobTools, tools } from "../support/catalogue.ts";
import { failure, question, shapesOf, shapesOfJobs } from "../support/shapes.ts";

const people = 60;

/** The first shape that it has; what is wrong with it where it has none. */
function hold({ structured, text }: Reply, shapes: readonly z.ZodType[]): void {
  const tried = shapes.map((shape) => shape.safeParse(structured));
  const wrong = tried.every(({ success }) => !success);
  expect(
    wrong ? tried.map(({ error }) => error?.message).join("\n") : "",
    `${text}\n${JSON.stringify(structured)}`,
  ).toBe("");
  expect(structured).toMatchObject({ sandbox: true });
}

/** Every line that the text has besides its tables. */
const linesOf = ({ text }: Reply): string[] =>
  text
    .replace(/^\[sandbox\] /, "")
    .split("\n")
    .filter((line) => line !== "" && !line.includes("\t"));

/** A line that is in none of the structure's sentences. */
const untold = (reply: Reply): string[] => {
  const {
    notes = [],
    next = "",
    asked,
  } = (reply.structured ?? {}) as {
    notes?: string[];
    next?: string;
    asked?: { question: string; page?: string; confirm?: string };
  };
  const lists = Object.values(reply.structured ?? {}).filter((value) => Array.isArray(value));
  const said = [...notes, next, ...(asked?.question.split("\n") ?? []), ...lists.flat()].join("\n");
  return linesOf(reply).filter(
    (line) => !said.includes(line.replace(/^- /, "")) && !/^More follow: /.test(line),
  );
};

describe("for a program, structure of every operation that is done has its shape", () => {
  it.each([...tools.values()])("$name", async (tool) => {
    const academy = await openAcademy({ people });

    const reply = await academy.call(tool.name, exampleOf(tool));

    expect(reply.outcome, reply.text).toBe("done");
    hold(reply, shapesOf[tool.operation.output.as]);
    expect(reply.structured?.as_of !== undefined).toBe(/As of \d{4}/.test(reply.text));
    await academy.close();
  });
});

describe("of every job", async () => {
  const academy = await openAcademy({ people });
  afterAll(academy.close);
  const tried = new Set<string>();
  const run = async (name: string, args: Record<string, unknown> = {}) => {
    const reply = await academy.call(name, args);
    tried.add(name);
    expect(reply.outcome, reply.text).toBe("done");
    hold(reply, shapesOfJobs[name] ?? []);
    expect(untold(reply)).toEqual([]);
    expect(reply.structured?.as_of !== undefined, reply.text).toBe(/As of \d{4}/.test(reply.text));
    return reply.structured ?? {};
  };

  it("that is done it has its own, and says all that the text says", async () => {
    await run("find", { text: "avery" });
    await run("find", { text: "zqxw" });
    await run("account_overview");
    await run("training_status");
    await run("training_status", { group: "Sales Team", show: "overdue" });
    expect(await run("training_status", { show: "passed" })).toMatchObject({
      next: expect.stringMatching(/^Call again with cursor /),
      export: { uri: expect.any(String) },
    });
    const many = { people: Array.from({ length: 30 }, (_, n) => String(120 + n)), courses: ["240"] };
    const plan = await run("plan_enrollment", many);
    expect(plan.next).toBe(`Do it within a day: apply_plan with plan ${String(plan.plan)}.`);
    await run("apply_plan", { plan: plan.plan });
    await run("apply_plan", { plan: plan.plan });
    await run("plan_enrollment", many);
    const csv = "Email,First name,Last name\navery@example.com,Ava,Learner\nzoe@example.com,Zoe,Newhire";
    expect(await run("plan_roster", { csv, leavers: "ignore" })).toHaveProperty("next");
    const login = "casey@example.com";
    await run("onboard_person", {
      login,
      first_name: "Casey",
      last_name: "Newhire",
      groups: ["Customer Support"],
    });
    await run("offboard_person", { person: login });
    const offboarding = await run("offboard_people", { people: ["132", "133"] });
    expect(await run("apply_plan", { plan: offboarding.plan })).toMatchObject({ finished: true });
    const table = "Course,New name\n201,Welcome\nNo such course,X";
    expect(await run("plan_course_changes", { csv: table })).toMatchObject({ courses: 1, left_out_total: 1 });
    const leaving = { people: ["120"], leave_courses: ["240"] };
    expect(await run("plan_enrollment", leaving)).toHaveProperty("plan");
    await run("merge_people", { from: "130", into: "131" });
    await run("session_roster", { session: "511" });
    await run("session_roster", { session: "unmarked" });
    expect(await run("recertify", { by: "2026-12-31" })).toHaveProperty("next");
    await run("chase", { manager: "jordan@example.com" });
    await run("access_review");
    await run("access_review", { person: "101" });
    await run("export_report", { report: "all_users" });
    await run("export_report", { report: "all_users", columns: ["Email"], limit: 5 });
    await academy.call("remove_user_from_user_group", {
      user_email: "jordan@example.com",
      user_group_id: 301,
    });
    const { items } = await run("list_changes", { limit: 2 });
    const [last] = items as { change: number }[];
    await run("undo_change", { change: last?.change });
    expect([...tried].sort()).toEqual([...jobTools.keys()].sort());
  });

  it.each(Object.keys(shapesOfJobs).filter((name) => jobTools.has(name)))(
    "%s that is refused it says so, and why",
    async (name) => {
      const reply = await academy.call(name, { nonsense: "x" });

      expect(reply.outcome).toBe("refused");
      hold(reply, [failure]);
      expect(untold(reply)).toEqual([]);
    },
  );
});

it("of a tool that settings leave out it says that, too", async () => {
  const academy = await openAcademy({ people, env: { SKYPREP_READ_ONLY: "true" } });

  hold(await academy.call("destroy_course", { course_id: 202 }), [failure]);

  await academy.close();
});

describe("of every question that waits", () => {
  it.each(cases)("$title: its kind, that nothing was sent, and who has to do what", async (one) => {
    const academy = await openCounted({ forms: false, pages: { put: async () => page } });
    await academy.prepare(one);

    const reply = await academy.call(one.tool.name, one.args);

    hold(reply, [question]);
    expect([reply.outcome, reply.isError]).toEqual(["waiting", false]);
    expect(reply.text).toMatch(
      /^\[sandbox\] Not done yet: a person has to agree before \w+ is sent\. Nothing was sent\.\n/,
    );
    expect(untold(reply)).toEqual([linesOf(reply)[0]]);
    // Whoever reads a code has read before it who alone may release it.
    const [before, code] = reply.text.split(/^confirm: "/m);
    if (code !== undefined) expect(before).toMatch(/Only the person may release it\./);
    expect(academy.sent).toEqual([]);
    await academy.close();
  });

  const page = {
    url: "http://127.0.0.1:9/x",
    opened: false,
    answer: new Promise<never>(() => {}),
    close: () => {},
  };
});

describe("by default", () => {
  it("a reply is one text and nothing else, and names a file with its address", async () => {
    const academy = await openAcademy({ people, env: { SKYPREP_STRUCTURED: "false" } });
    const calls: [string, Record<string, unknown>][] = [
      ["get_user", { user_id: 101 }],
      ["get_users", { limit: 2 }],
      ["export_report", { report: "all_users" }],
      ["training_status", { show: "passed" }],
      ["get_user", { user_id: 99_999 }],
      ["get_user", { nonsense: 1 }],
      ["destroy_course", { course_id: 202 }],
      [
        "plan_enrollment",
        { people: Array.from({ length: 30 }, (_, n) => String(120 + n)), courses: ["240"] },
      ],
    ];
    for (const [name, args] of calls) {
      const result = await academy.client.callTool({ name, arguments: args });

      expect(
        Object.keys(result).filter((key) => !["content", "isError", "_meta", "resultType"].includes(key)),
      ).toEqual([]);
      expect(result.content).toEqual([{ type: "text", text: expect.stringMatching(/^\[sandbox\] /) }]);
      const text = result.content.map((part) => ("text" in part ? part.text : "")).join("");
      if (/on this computer/.test(text))
        expect(text).toMatch(
          /on this computer: \/\S+\.csv(?: \([^)]+\))?; as a resource: skyprep:\/\/exports\/\S+/,
        );
    }
    const { tools: listed } = await academy.client.listTools();
    for (const tool of listed) expect(tool).not.toHaveProperty("outputSchema");
    await academy.close();
  });
});

it("the documents tell of every job's shape and of every name that all may carry", () => {
  const page = readFileSync(new URL("../../docs/structured-replies.md", import.meta.url), "utf8");
  for (const name of [...Object.keys(shapesOfJobs), ...Object.keys(question.shape), "tries"])
    expect(page).toContain(`\`${name}\``);
});
