import { describe, expect, inject, it } from "vitest";
import { exampleOf } from "../../../src/catalogue/catalogue.ts";
import { openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";

const strict = inject("strict");
/** Enough for every example. */
const few = 60;
const personal = [...tools.values()].filter(({ operation }) => operation.person !== undefined);

/** A tool's example with the person in the spelling wanted. */
function spelt(tool: (typeof personal)[number], by: "user_id" | "user_email") {
  const { user_id: _, user_email: __, course_progress_id: record, ...rest } = exampleOf(tool);
  const person = { [by]: tool.shape.details.get(by)?.example };
  return tool.name === "get_course_progress" ? { course_id: 201, ...person } : { ...rest, ...person };
}

describe("a person may be given by number or by login", () => {
  it.each(personal.map((tool) => [tool.name, tool] as const))("%s", async (name, tool) => {
    const answers: (string | undefined)[] = [];
    for (const by of ["user_id", "user_email"] as const) {
      const academy = await openAcademy({ strict, people: few });
      const reply = await academy.call(name, spelt(tool, by));
      await academy.close();
      // The page names no way to find a progress by person: only a lenient SkyPrep can answer that.
      if (!(strict && name === "get_course_progress")) expect(reply.isError, reply.text).toBe(false);
      answers.push(
        JSON.stringify(reply.structured, (key, value) =>
          // Notes name the file, which is another each time.
          /key|url|cursor|export|notes|_at$/.test(key) ? undefined : value,
        ),
      );
    }
    expect(answers[0]).toBe(answers[1]);
  });
});

describe("each optional argument is taken", () => {
  const optional = [...tools.values()].flatMap((tool) =>
    Object.keys(tool.shape.plain.properties)
      .filter((field) => !(field in exampleOf(tool)) && !["user_id", "user_email", "cursor"].includes(field))
      .map((field) => [tool.name, field] as const),
  );
  /** Given instead of another, never beside it. */
  const instead: Record<string, string> = { user_ids: "user_emails", user_identifier: "card_no" };

  it("is not a short list", () => expect(optional.length).toBeGreaterThan(100));

  it.each(optional)("%s %s", async (name, field) => {
    const tool = tools.get(name);
    if (!tool) throw new Error(name);
    const academy = await openAcademy({ strict, people: few });
    const { [instead[field] ?? ""]: _, ...example } = exampleOf(tool);
    // By person and course, or by its own number: not both.
    const args = name === "get_course_progress" ? { user_id: 101 } : example;

    const reply = await academy.call(name, { ...args, [field]: tool.shape.details.get(field)?.example });

    expect(reply.text).not.toMatch(/was not called/);
    await academy.close();
  });
});
