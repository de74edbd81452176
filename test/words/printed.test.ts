import { expect, it } from "vitest";
import { openAcademy } from "../support/academy.ts";

const person = [
  "101",
  "#101",
  "person 101",
  "101 Avery Learner (avery@example.com)",
  "person 101 Avery Learner (avery@example.com)",
  "Avery Learner (101)",
  "Avery Learner (avery@example.com)",
  "avery@example.com",
  "<avery@example.com>",
  "mailto:avery@example.com",
  "Learner, Avery",
  "Learner Avery",
  "EMP-101",
  "EMP‑101",
  "AVERY LEARNER",
  "Avery\u200b Learner",
];
const course = [
  "207",
  "#207",
  "course 207",
  "207 Phishing and Social Engineering (SEC-102)",
  "course 207 Phishing and Social Engineering",
  "Phishing and Social Engineering",
  "“Phishing and Social Engineering”",
  "SEC-102",
  "SEC–102",
];
const group = [
  "301",
  "#301",
  "group 301",
  "301 Sales Team",
  "group 301 Sales Team (54 people)",
  "Sales Team",
  "sales team,",
  "Sales Team (301)",
];
const path = ["402", "#402", "learning path 402"];
const session = ["511", "#511", "session 511", "511 Onboarding Workshop", "session 511 Onboarding Workshop"];

/** Every tool that takes such a thing, with what it takes it in. */
const takers: readonly (readonly [string, readonly string[], (text: string) => Record<string, unknown>])[] = [
  ["training_status", person, (text) => ({ person: text })],
  ["access_review", person, (text) => ({ person: text })],
  ["plan_enrollment", person, (text) => ({ people: [text], courses: ["207"] })],
  ["plan_enrollment", person, (text) => ({ people: text, courses: ["207"] })],
  ["session_roster", person, (text) => ({ session: "511", register: [text] })],
  ["offboard_person", person, (text) => ({ person: text })],
  ["export_report", person, (text) => ({ report: "single_user", of: [text] })],
  ["training_status", course, (text) => ({ course: text })],
  ["plan_enrollment", course, (text) => ({ people: ["102"], courses: [text] })],
  ["plan_enrollment", course, (text) => ({ people: ["102"], courses: text })],
  ["export_report", course, (text) => ({ report: "single_course", of: [text] })],
  ["training_status", group, (text) => ({ group: text })],
  ["plan_enrollment", group, (text) => ({ group: text, courses: ["207"] })],
  ["plan_enrollment", group, (text) => ({ people: ["102"], groups: [text] })],
  ["export_report", group, (text) => ({ report: "single_group_all_users", of: [text] })],
  ["training_status", path, (text) => ({ path: text })],
  ["plan_enrollment", path, (text) => ({ people: ["102"], paths: [text] })],
  ["session_roster", session, (text) => ({ session: text })],
];

it("takes back what a reply prints of a thing, in every place that takes such a thing", async () => {
  const academy = await openAcademy({ person: async () => ({ action: "decline" }) });
  const refused: string[] = [];

  for (const [at, [tool, texts, args]] of takers.entries()) {
    // All of them where they are read first; elsewhere every third, another each time.
    const some = texts.filter((_, n) => tool === "training_status" || n % 3 === at % 3);
    for (const text of some) {
      const reply = await academy.call(tool, args(text));
      const wrong = /There is no|not found|near it|not called|is not an argument|must be/.exec(reply.text);
      if (wrong) refused.push(`${tool} ${JSON.stringify(args(text))}: ${reply.text.slice(0, 140)}`);
    }
  }
  await academy.close();

  expect(refused).toEqual([]);
});

it("takes back numbers as they are printed where an operation wants a number", async () => {
  const academy = await openAcademy();
  const ids: [string, string, string[]][] = [
    [
      "get_course",
      "course_id",
      ["207", "#207", "course 207", "207 Phishing and Social Engineering (SEC-102)"],
    ],
    [
      "get_user",
      "user_id",
      ["101", "#101", "person 101", "101 Avery Learner (avery@example.com)", "avery@example.com"],
    ],
    [
      "get_user",
      "user_email",
      [
        "Avery Learner <avery@example.com>",
        "101 Avery Learner (avery@example.com)",
        "mailto:avery@example.com",
        "avery@example.com,",
        "\u202aavery@example.com\u202c",
      ],
    ],
    ["get_user_group", "user_group_id", ["301", "group 301 Sales Team"]],
    ["get_learning_path", "learning_path_id", ["#402", "learning path 402"]],
    ["get_ilt_timeslot", "instructor_led_training_timeslot_id", ["session 511", "511 Onboarding Workshop"]],
    ["get_course_progresses", "user_id", ["101 Avery Learner"]],
  ];
  const refused: string[] = [];

  for (const [tool, name, texts] of ids) {
    for (const text of texts) {
      const reply = await academy.call(tool, { [name]: text });
      if (reply.isError) refused.push(`${tool} ${name}=${text}: ${reply.text.slice(0, 160)}`);
    }
  }
  await academy.close();

  expect(refused).toEqual([]);
});

it("refuses a number and a name that are two things, and a number of another kind", async () => {
  const academy = await openAcademy();
  const calls: [string, Record<string, unknown>][] = [
    ["get_course", { course_id: "207 First Aid Basics" }],
    ["get_course", { course_id: "group 301" }],
    ["destroy_user", { user_id: "101 Jordan Field" }],
    ["get_user", { user_email: "102 Avery Learner (avery@example.com)" }],
    ["training_status", { course: "207 First Aid Basics" }],
    ["training_status", { person: "102 Avery Learner" }],
    ["session_roster", { session: "511 Manager Workshop" }],
    ["offboard_person", { person: "102 Avery Learner" }],
  ];

  for (const [tool, args] of calls) {
    const reply = await academy.call(tool, args);
    expect(reply.isError, `${tool} ${JSON.stringify(args)}: ${reply.text}`).toBe(true);
    expect(reply.text).toMatch(/ is (?!not an argument)/);
  }
  const refused = await academy.call("plan_enrollment", { people: ["102 Avery Learner"], courses: ["207"] });
  await academy.close();

  expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/not “Avery Learner”/) });
});

it("looks for the exact text first, and says so where only a cleaned one finds somebody", async () => {
  const academy = await openAcademy();
  await academy.call("create_course", { name: "“Quoted” – Basics" });
  await academy.call("create_course", { name: "Plain, with a comma" });

  const exact = await academy.call("plan_enrollment", { people: ["101"], courses: "“Quoted” – Basics" });
  const comma = await academy.call("plan_enrollment", { people: ["101"], courses: "Plain, with a comma" });
  const both = await academy.call("plan_enrollment", {
    people: ["101"],
    courses: "Phishing and Social Engineering, 210",
  });
  const cleaned = await academy.call("training_status", { course: "SEC‑102;" });
  await academy.close();

  expect([exact, comma, both].map(({ isError }) => isError)).toEqual([false, false, false]);
  expect(exact.text).not.toMatch(/was read as/);
  expect(both.text).toMatch(/course 207[\s\S]*course 210/);
  expect(cleaned.text).toMatch(/“SEC‑102;” was read as course 207/);
});

it("finds people in either order of their names, and asks where several are called so", async () => {
  const academy = await openAcademy();
  await academy.call("create_user", { email: "taro@example.com", first_name: "太郎", last_name: "山田" });
  await academy.call("create_user", { email: "wei@example.com", first_name: "Wei", last_name: "Li" });
  await academy.call("create_user", {
    email: "siobhan@example.com",
    first_name: "Siobhan",
    last_name: "O'Brien",
  });
  const meant: [string, RegExp][] = [
    ["山田 太郎", /taro@|1 person/],
    ["山田太郎", /1 person/],
    ["Li Wei", /1 person/],
    ["Siobhan O’Brien", /1 person/],
    ["O’Brien, Siobhan", /1 person/],
  ];

  for (const [text, expected] of meant) {
    const reply = await academy.call("plan_enrollment", { people: [text], courses: ["207"] });
    expect(reply.text, text).toMatch(expected);
    expect(reply.isError, text).toBe(false);
  }
  await academy.close();
});

it("finds a plan however its name was typed", async () => {
  const academy = await openAcademy();
  const planned = await academy.call("plan_enrollment", { people: ["101"], courses: ["207"] });
  const name = /Plan ([a-z]+-\d+)/.exec(planned.text)?.[1] ?? "";

  for (const text of [
    name.toUpperCase(),
    name.replace("-", "‑"),
    name.replace("-", " "),
    `plan ${name}`,
    `“${name}”.`,
  ]) {
    const reply = await academy.call("apply_plan", { plan: text });
    expect(reply.text, text).not.toMatch(/There is no such plan/);
  }
  await academy.close();
});
