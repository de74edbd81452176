import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { yes } from "../support/person.ts";
import { cases } from "./asked/cases.ts";
import { createFakePages } from "./asked/fake-pages.ts";
import { type Opened, openCounted } from "./asked/world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** Whether the argument names something that is looked at before anybody is asked. */
const looked =
  /^(user_id|user_email|source_user_id|target_user_id|course_id|user_group_id|learning_path_id|course_progress_id|user_role_id|instructor_led_training_timeslot_id)$/;

const unknown = cases.flatMap((one) =>
  Object.keys(one.args)
    .filter((name) => looked.test(name))
    // With a person and a course, an item is found without its course.
    .filter((name) => one.tool.name !== "set_course_item_progress" || name === "user_id")
    .map((name) => ({ ...one, title: `${one.title}, ${name}`, name })),
);

describe("what is not there is said before anybody is asked", () => {
  it.each(unknown)("$title", async ({ tool, kind, args, name }) => {
    const academy = await openCounted();
    opened.push(academy);
    await academy.prepare({ kind });
    const asked = academy.answered(yes);

    const nothing = typeof args[name] === "number" ? 999_999 : "nobody@example.com";
    const reply = await academy.call(tool.name, { ...args, [name]: nothing });

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/There is no .*Nothing was sent|could not be looked up/);
    expect([asked(), academy.sent]).toEqual([0, []]);
  });
});

describe("a state folder that cannot be written", () => {
  it.each(cases)("$title: is refused with the folder's name, whoever would be asked", async (one) => {
    for (const [forms, confirm] of [
      [true, "ask"],
      [false, "ask"],
      [true, "off"],
    ] as const) {
      const academy = await openCounted({
        forms,
        pages: createFakePages().pages,
        env: { SKYPREP_CONFIRM: confirm },
      });
      opened.push(academy);
      // A file stands where the journal's folder should.
      writeFileSync(join(academy.folder, "journal"), "");
      const asked = academy.answered(yes);

      const reply = await academy.call(one.tool.name, one.args);

      expect(reply.isError).toBe(true);
      expect(reply.text).toContain(academy.folder);
      expect([asked(), academy.sent]).toEqual([0, []]);
    }
  });

  it("stops writes that nobody is asked about too, and no reads", async () => {
    const academy = await openCounted();
    opened.push(academy);
    writeFileSync(join(academy.folder, "journal"), "");

    const write = await academy.call("update_course", { course_id: 201, active: false });
    const read = await academy.call("get_course", { course_id: 201 });

    expect(write.text).toMatch(/was not sent: every change is written down first/);
    expect(write.text).toContain(academy.folder);
    expect(read.text).toMatch(/New Hire Orientation/);
    expect(academy.sent).toEqual([]);
  });
});

it("what was asked and answered stands in the journal, and no password does", async () => {
  const academy = await openCounted();
  opened.push(academy);
  academy.answered(yes);

  await academy.call("update_user", { user_id: 102, password: "long enough 47" });

  const folder = join(academy.folder, "journal");
  const lines = readFileSync(join(folder, "journal.jsonl"), "utf8");
  expect([...lines.matchAll(/"said":"(\w+)"/g)].map(([, said]) => said)).toEqual(["asked", "yes"]);
  expect(lines).toMatch(/"agreed":"form"/);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (/\.json/.test(name)) expect(readFileSync(join(folder, name), "utf8")).not.toContain("long enough 47");
  }
});
