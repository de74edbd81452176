import { expect, it } from "vitest";
import { languages, ours } from "../../../src/jobs/chase/our-templates.ts";
import { filled, templateIn } from "../../../src/jobs/chase/template.ts";

const good = "Subject: Late, {manager}\n\nHello {manager}\n{#each}\n- {name}: {course} {days}\n{/each}\nBye";
const values = { manager: "Jordan", count: "2", people: "1", academy: "https://a.example.com", today: "now" };
const row = {
  name: "Avery {course}",
  login: "avery@example.com",
  course: "Safety",
  course_id: "202",
  deadline: "1 May",
  days: "3",
  when: "3 days",
  academy: "https://a.example.com",
};
const read = (text: string) => {
  const made = templateIn(text);
  if ("wrong" in made) throw new Error(made.wrong.join("\n"));
  return made;
};
const wrongIn = (text: string) => {
  const made = templateIn(text);
  return "wrong" in made ? made.wrong.join("\n") : "";
};

it("repeats its part for each row, and reads nothing that is filled in for a gap", () => {
  const { subject, text } = filled(read(good), values, [row, { ...row, name: "Nadia" }]);

  expect(subject).toBe("Late, Jordan");
  expect(text).toBe("Hello Jordan\n- Avery {course}: Safety 3\n- Nadia: Safety 3\nBye");
});

it.each(languages)("ours in %s parses, names everybody, and says how late in its own words", (language) => {
  const made = read(ours[language].template);
  const { text, subject } = filled(made, values, [{ ...row, name: "Avery" }]);

  expect(subject.length).toBeGreaterThan(10);
  expect(text).toMatch(/Jordan[\s\S]*Avery[\s\S]*Safety[\s\S]*https:\/\/a\.example\.com/);
  const said = [0, 1, 2].flatMap((n) => [ours[language].late(n), ours[language].left(n)]);
  expect(new Set(said).size).toBe(6);
  expect(said[1 + 1]).toMatch(/1/);
  expect(said[2 + 2]).toMatch(/2/);
});

it("reads what Windows wrote: a mark at the beginning, and its line ends", () => {
  expect(read(`\uFEFF${good.replaceAll("\n", "\r\n")}`)).toEqual(read(good));
});

it.each([
  ["", /empty/],
  ["Hello {manager}\n{#each}\n{name}\n{/each}", /line 1: begin with Subject:/],
  ["Subject: x\nHello", /one part stands between a line \{#each\} and a line \{\/each\}/],
  ["Subject: x\n{#each}\n{name}", /one part stands between/],
  ["Subject: x\n{/each}\n{name}\n{#each}", /one part stands between/],
  ["Subject: x\n{#each}\n{name}\n{/each}\n{#each}\n{name}\n{/each}", /one part stands between/],
  ["Subject: x\n{#each} {name} {/each}", /line 2: \{#each\} stands on a line of its own/],
  ["Subject: x\n{#each}\n{nmae}\n{/each}", /line 3: \{nmae\} is not known; \{name\}\?/],
  ["Subject: {name}\n{#each}\n{name}\n{/each}", /line 1: \{name\} is of one row/],
  ["Subject: x\n{#each}\n{manager}\n{/each}", /line 3: \{manager\} is of the whole letter/],
  ["Subject: x\n{#each}\n{name\n{/each}", /line 3: a \{ or \} stands alone/],
  [`Subject: x\n${"y".repeat(20_001)}`, /longer than 20000/],
])("says what is wrong with it, and where: %j", (text, why) => {
  expect(wrongIn(text)).toMatch(why);
});
