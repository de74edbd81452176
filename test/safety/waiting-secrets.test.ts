import { expect, it } from "vitest";
import { createFakePages } from "../guard/asked/fake-pages.ts";
import { openAcademy } from "../support/academy.ts";

const removal = { user_id: 101, user_group_id: 301 };

it("what lets somebody answer in a person's place is in no line of the log: no code, no page, before or after", async () => {
  for (const name of ["remove_user_from_user_group", "write_operation"]) {
    const lines: string[] = [];
    const academy = await openAcademy({
      formless: true,
      env: {
        SKYPREP_LOG: "debug",
        ...(name === "write_operation" && { SKYPREP_SECTIONS: "essentials" }),
      },
      pages: createFakePages().pages,
      say: (line) => lines.push(line),
    });
    const args =
      name === "write_operation" ? { operation: "remove_user_from_user_group", arguments: removal } : removal;

    const waiting = await academy.call(name, args);
    const { confirm, page } = (waiting.structured?.asked ?? {}) as { confirm: string; page: string };
    const done = await academy.call(name, { ...args, confirm });
    await academy.call(name, { ...args, confirm });
    await academy.close();

    const log = lines.join("\n");
    expect(done.outcome).toBe("done");
    expect(log).toMatch(/Not done yet/);
    expect(log).not.toContain(confirm);
    expect(log).not.toContain(page);
  }
});

it("a waiting reply says once that it is of the pretend academy, and so does one to a tool that is left out", async () => {
  const academy = await openAcademy({ formless: true });
  const waiting = await academy.call("remove_user_from_user_group", removal);
  await academy.close();
  expect(waiting.text.match(/\[sandbox\]/g)).toHaveLength(1);

  for (const env of [
    { SKYPREP_SECTIONS: "essentials" },
    { SKYPREP_READ_ONLY: "true" },
    { SKYPREP_SECTIONS: "users" },
  ]) {
    const academy = await openAcademy({ env });
    const left = await academy.call("destroy_course", { course_id: 201 });
    await academy.close();
    expect(left.text).toMatch(/^\[sandbox\] destroy_course /);
    expect(left.structured).toMatchObject({ sandbox: true, status: "refused" });
  }
});

it.each([
  [
    { user_id: 101, course_id: 201, course_item_id: 99_999, set_status: "passed" },
    /There is no course item 99999/,
  ],
  [
    { course_progress_id: 99_999, course_item_id: 211, set_status: "passed" },
    /There is no course item 211 in training record 99999/,
  ],
])("what is not there is called by its name, never by a route: %j", async (args, words) => {
  const academy = await openAcademy();

  const reply = await academy.call("set_course_item_progress", args);
  await academy.close();

  expect(reply.outcome).toBe("refused");
  expect(reply.text).toMatch(words);
  expect(reply.text).not.toMatch(/no get_/);
});
