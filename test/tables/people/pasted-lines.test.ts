import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";

/** Lines that name several people, or one in a way of their own: each is found or named. */
let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeAll(async () => {
  academy = await openAcademy({ people: 40, env: { SKYPREP_STRUCTURED: "true" } });
});
afterAll(() => academy.close());

const meant = async (args: { people?: string[]; csv?: string }) => {
  const { structured, text } = await academy.call("plan_enrollment", { ...args, courses: ["207"] });
  return { people: structured?.people, text };
};

describe("everybody on a line is found", () => {
  for (const [line, count] of [
    ["avery@example.com/jordan@example.com", 2],
    ["avery@example.com / jordan@example.com", 2],
    ["avery@example.com&jordan@example.com", 2],
    ["avery@example.com+jordan@example.com", 2],
    ["1. Avery Learner\n2. Jordan Manager\n3) Freya Hughes", 3],
    ["101 Avery Learner; 102 Jordan Manager", 2],
    ["101 Avery Learner, 102 Jordan Manager", 2],
    ["101 Avery Learner (avery@example.com), 102 Jordan Manager (jordan@example.com)", 2],
  ] as const) {
    it(line.replaceAll("\n", " ⏎ "), async () => {
      const listed = await meant({ csv: line });
      expect(listed.people, listed.text).toBe(count);
      const given = await meant({ people: [line] });
      expect(given.people, given.text).toBe(count);
    });
  }

  it("and a name beside the wrong number on such a line is nobody", async () => {
    const { people, text } = await meant({ people: ["101 Avery Learner; 102 Freya Hughes"] });
    expect(people, text).toBe(1);
    expect(text).toMatch(/Not in the plan \(1\)/);
  });
});

it("a list of names is not said to be not understood", async () => {
  const { people, text } = await meant({ csv: "Name\nLearner Avery\nMANAGER Jordan" });
  expect(people).toBe(2);
  expect(text).not.toMatch(/not understood/);
});

it("Moodle's suspended and deleted do not contradict each other", async () => {
  const rows = [...academy.sandbox.world.people.values()].map(
    ({ email, first_name, last_name }) =>
      `${email.split("@")[0]},${first_name},${last_name},${email},${email.startsWith("linh.carter") ? 1 : 0},0`,
  );
  const { structured, text } = await academy.call("plan_roster", {
    csv: ["username,firstname,lastname,email,suspended,deleted", ...rows].join("\n"),
  });
  expect(structured?.lose_access, text).toEqual(["121 Linh Carter"]);
});

describe("a name that is a word for nothing elsewhere", () => {
  for (const [first, last] of [
    ["Na", "Wang"],
    ["Nan", "Goldin"],
    ["Nil", "Ruiz"],
    ["Jennifer", "Null"],
    ["Ka", "Lee"],
  ]) {
    it(`${first} ${last} is a person`, async () => {
      const all = [...academy.sandbox.world.people.values()].map(
        ({ email, first_name, last_name }) => `${email},${first_name},${last_name}`,
      );
      const { structured, text } = await academy.call("plan_roster", {
        csv: ["Email,First Name,Last Name", ...all, `new.one@example.com,${first},${last}`].join("\n"),
      });
      expect(structured?.joining, text).toEqual(["new.one@example.com"]);
    });
  }
  for (const [first, last] of [
    ["NULL", "Wang"],
    ["N/A", "Wang"],
    ["null", "null"],
    ["Null", "Null"],
    ["TBD", "Wang"],
  ]) {
    it(`${first} ${last} is none`, async () => {
      const all = [...academy.sandbox.world.people.values()].map(
        ({ email, first_name, last_name }) => `${email},${first_name},${last_name}`,
      );
      const { structured } = await academy.call("plan_roster", {
        csv: ["Email,First Name,Last Name", ...all, `new.one@example.com,${first},${last}`].join("\n"),
      });
      expect(structured?.joining ?? []).toEqual([]);
    });
  }
});

it("a header in another language is nobody, and the list is whole", async () => {
  for (const header of ["Адрес электронной почты,Имя", "メールアドレス,名", "电子邮箱,名字"]) {
    const all = [...academy.sandbox.world.people.values()].map(
      ({ email, first_name }) => `${email},${first_name}`,
    );
    const { text } = await academy.call("plan_roster", { csv: [header, ...all].join("\n") });
    expect(text).toMatch(/Nothing to do: the list and SkyPrep agree/);
  }
});
