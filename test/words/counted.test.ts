import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { count, reading } from "../../src/text/english.ts";
import { connect, noon, openAcademy } from "../support/academy.ts";
import { seededTables } from "../support/seeded.ts";

const source = fileURLToPath(new URL("../../src", import.meta.url));
/** The pretend academy speaks SkyPrep's words. */
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && !name.startsWith("sandbox"));

/** A value in a sentence, then a word that only fits many; or a word that only fits many, then a value. */
const many =
  "people|persons|steps|calls|records|courses|groups|sessions|enrollments|columns|lines|rows|minutes|hours|days|seconds|seats|changes|deletions|grants|questions|keys|managers|items|others|characters|cells|registrations|memberships|tries|files|are|have|were";
const after = new RegExp(
  `\\$\\{([^{}]+)\\} (?:(?:more|other|older|free|further|active) )?(?:${many})\\b`,
  "g",
);
const before = /\b(?:all|both|other|these|those) \$\{([^{}]+)\}/g;
/** It is a number of things, and not a name or a list of names. */
const isNumber =
  /\.(?:length|size)\b|^(?:n|left|rest|more|total|minutes|hours|days|seconds|missing|people|several|tries|pending|registered|overdue|due|passed|bytes)$|count|sum|Math\./i;
/** What is never one: a limit of ours, or what is said only of several. */
const never = /^(?:most|longest|dormant|cycle|soon|back)[A-Za-z]*$|^count\(|^reading\(|^budgets\./;

/** Said only where there are several, or beside a sentence for one; where the helper cannot be had. */
const ofSeveral = new Set([
  "src/call/check/given-names.ts meaning.found.length",
  "src/call/log.ts tries",
  "src/jobs/shared/resolve.ts all.length",
  "src/jobs/shared/people-meant.ts several",
  // A header has two columns at least, and a row with more cells has three.
  "src/tables/people/with-header.ts cells.length",
  "src/journal/entry.ts missing",
  "src/journal/verify.ts missing",
  "src/mcp/resources.ts text.length",
  // One is said by a sentence of its own; src/tables knows no words of the guard's.
  "src/tables/ask.ts n",
  // One is said as “a minute”.
  "src/skyprep/normalize/read-whole.ts minutes",
  // Of more than six, three are named.
  "src/guard/impact/subjects.ts left",
  // Only where there are more than fit.
  "src/reply/show.ts rows.length",
]);

interface Said {
  where: string;
  expression: string;
}

function sentences(): Said[] {
  return files.flatMap((name) => {
    const lines = readFileSync(join(source, name), "utf8").split("\n");
    return lines.flatMap((line, at) => {
      // A reading for many is written for many.
      const text = line.replace(/(?:many: )?\((?:n|one)\) =>\s*`(?:[^`\\]|\\.)*`/g, "");
      return [...text.matchAll(after), ...text.matchAll(before)].flatMap(([, expression = ""]) =>
        isNumber.test(expression) && !never.test(expression) && !ofSeveral.has(`src/${name} ${expression}`)
          ? [{ where: `src/${name}:${at + 1}`, expression }]
          : [],
      );
    });
  });
}

it("every sentence that counts goes through one helper", () => {
  const bare = sentences().map(({ where, expression }) => `${where} ${expression}`);

  expect(bare).toEqual([]);
});

describe("a sentence that counts", () => {
  it("is read for none, one, two and many", () => {
    const said = (n: number) =>
      reading(n, { none: "nobody is", one: "1 person is", two: "both are", many: (m) => `${m} people are` });

    expect([0, 1, 2, 3, 40].map(said)).toEqual([
      "nobody is",
      "1 person is",
      "both are",
      "3 people are",
      "40 people are",
    ]);
    expect([0, 1, 2].map((n) => count(n, "person", "people"))).toEqual(["0 people", "1 person", "2 people"]);
    expect([0, 1, 2].map((n) => count(n, "more step"))).toEqual([
      "0 more steps",
      "1 more step",
      "2 more steps",
    ]);
  });
});

describe("answers that count", () => {
  const texts = async (calls: readonly (readonly [string, Record<string, unknown>])[]) => {
    const academy = await openAcademy();
    const said: string[] = [];
    for (const [name, args] of calls) said.push((await academy.call(name, args)).text);
    await academy.close();
    return said;
  };

  it("a plan reads well of nobody, one and several who may be mailed, or are in already", async () => {
    const said = await texts([
      ["plan_roster", { csv: "Email,Title\navery@example.com,Chief", leavers: "ignore" }],
      ["plan_enrollment", { people: ["101"], courses: ["210"] }],
      ["plan_enrollment", { people: ["101", "120"], courses: ["210"] }],
      ["plan_enrollment", { people: ["101"], courses: ["201"] }],
      ["plan_enrollment", { people: ["101", "120"], courses: ["201"] }],
      ["plan_enrollment", { people: ["101", "120", "110"], courses: ["201"] }],
    ]);

    expect(said[0]).toMatch(/under a minute; no emails are expected\./);
    expect(said[1]).toMatch(/1 enrollment of 1 person in 1 course\. [\s\S]*; 1 person may be emailed/);
    expect(said[2]).toMatch(/2 enrollments of 2 people in 1 course\. [\s\S]*; up to 2 people may be emailed/);
    expect(said[3]).toMatch(/Nothing to do: they are in already: 101 Avery Learner/);
    expect(said[4]).toMatch(/Nothing to do: both are in already: 101 Avery Learner; 120 Nadia Clarke/);
    expect(said[5]).toMatch(/Nothing to do: all 3 are in already/);
    for (const text of said) expect(text).not.toMatch(/\b0 (people|are)|all 1|\b1 (people|are|enrollments)/);
  });

  it("who is left as they are is counted, and listed only where they would lose something", async () => {
    const rest = "Email,Title\navery@example.com,Chief";
    const [ignored = "", asked = ""] = await texts([
      ["plan_roster", { csv: rest, leavers: "ignore" }],
      ["plan_roster", { csv: rest }],
    ]);

    expect(ignored).toMatch(/Not in the list, left as they are: \d+ people\./);
    expect(ignored).not.toMatch(/Nadia Clarke/);
    expect(asked).toMatch(/Would lose access \(\d+\): \d+ /);
  });

  it("a report of one thing that is given several says so", async () => {
    const [many, none, two] = await texts([
      ["export_report", { report: "single_group_all_users", of: ["301", "303"] }],
      ["export_report", { report: "single_group_all_users" }],
      ["export_report", { report: "single_user_single_group", of: ["101", "301", "303"] }],
    ]);

    expect(many).toMatch(/is about one group, and of has 2: export it once for each/);
    expect(none).toMatch(/needs a group in of\./);
    expect(two).toMatch(/is about one person and one group, and of has 3, in this order/);
  });

  it.each([0, 1, 2, 3])("%i saved reports are counted in words", async (n) => {
    const academy = await openAcademy();
    const { savedReports } = academy.sandbox.world;
    const all = [...savedReports.keys()];
    for (const id of all.slice(n)) savedReports.delete(id);
    const { text } = await academy.call("export_report", { report: "No such report" });
    await academy.close();

    expect(all.length).toBeGreaterThanOrEqual(3);
    expect(text).toMatch(
      [/“No such report”; there is none at all\./, /\(there is one: /, /\(there are 2: /, /\(there are 3: /][
        n
      ] ?? /^$/,
    );
  });
});

describe("answers that name what they are about", () => {
  it("a plan says by name and number whom and what its words were read as", async () => {
    const academy = await openAcademy();
    const { text, structured } = await academy.call("plan_enrollment", {
      people: ["Avery Learner", "nadia.clarke@example.com", "102"],
      courses: ["First Aid Basics", "210"],
    });
    await academy.close();

    expect(text).toMatch(/For 101 Avery Learner; 120 Nadia Clarke; 102 Jordan Manager\./);
    expect(text).toMatch(/course 210 First Aid Basics/);
    expect(structured).toMatchObject({
      who: ["101 Avery Learner", "120 Nadia Clarke", "102 Jordan Manager"],
    });
  });

  it("what was made says what is in it, read from there; a figure, what it counts; a search, where it looked", async () => {
    const academy = await openAcademy();
    const group = await academy.call("create_user_group", {
      name: "Night Shift",
      user_ids: [101, 120],
      course_ids: [201],
    });
    const path = await academy.call("create_learning_path", { name: "Basics", course_ids: [201, 202] });
    const bare = await academy.call("create_user_group", { name: "Empty" });
    const figure = await academy.call("get_data", { data_type: "learner_count" });
    const nothing = await academy.call("get_users", { search: "zzzq" });
    await academy.close();

    expect(group.text).toMatch(
      /In it: 1 course \(201 New Hire Orientation\) and 2 people \(101 Avery Learner; 120 Nadia Clarke\)\.\nverified: yes/,
    );
    expect(group.structured).toMatchObject({ users_count: 2, courses_count: 1, verified: "yes" });
    expect(path.text).toMatch(/In it: 2 courses \(201 .*; 202 .*\) and no people\./);
    expect(bare.text).not.toMatch(/In it/);
    expect(figure.text).toMatch(/Learner count: \d+$/);
    expect(figure.structured).toMatchObject({ data_type: "learner_count", data: expect.any(Number) });
    expect(nothing.text).toMatch(
      /0 of 302 people, search “zzzq”\. Each word was looked for in names, logins and codes/,
    );
  });

  it("what was made without what it should hold says so", async () => {
    const sandbox = createSandbox({
      tables: seededTables,
      now: () => noon,
      people: 302,
      callsPerMinute: Number.POSITIVE_INFINITY,
    });
    const academy = await connect(
      async (request, signal) => {
        const answer = await sandbox.send(request, signal);
        if (request.route !== "get_user_group") return answer;
        const [record] = [JSON.parse(new TextDecoder().decode(answer.body))].flat();
        return { ...answer, body: new TextEncoder().encode(JSON.stringify({ ...record, users: [] })) };
      },
      { SKYPREP_SANDBOX: "true" },
    );
    const group = await academy.call("create_user_group", { name: "Night Shift", user_ids: [101, 120] });
    await academy.close();

    expect(group.isError).toBe(false);
    expect(group.text).toMatch(
      /In it: no courses and no people\.\nverified: no \(get_user_group does not show person 101 and person 120 in it\)/,
    );
  });
});
