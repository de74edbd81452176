import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const written = (folder: string) =>
  readFileSync(join(folder, "journal", "journal.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const forms = (map: Readonly<Record<string, unknown>>) => {
  const pairs = Object.entries(map).map(([field, is]) => ({ field, is }));
  return [map, pairs, JSON.stringify(pairs), pairs.map(({ field, is }) => ({ name: field, value: is }))];
};

it("a list of {field, is} is asked about, written down and undone as the map that it stands for", async () => {
  const seen: unknown[] = [];
  for (const permissions of forms({ can_add_users: true, can_remove_users: false })) {
    const folder = temporaryFolder("state");
    const asked: string[] = [];
    const academy = await openAcademy({
      env: { SKYPREP_STATE_DIR: folder },
      person: (form) => {
        asked.push(form.message);
        return agreeing(form);
      },
    });

    const reply = await academy.call("assign_manager_to_user_group", {
      user_id: 102,
      user_group_id: 301,
      permissions,
    });
    const changes = await academy.call("list_changes");

    const [intent] = written(folder).filter(({ line }) => line === "intent");
    seen.push([reply.text, asked, intent?.arguments, changes.text.split("\n").length]);
    await academy.close();
  }

  for (const one of seen) expect(one).toEqual(seen[0]);
  expect(seen[0]).toEqual([
    expect.stringMatching(/Done/),
    [
      expect.stringMatching(
        /They will be allowed to create people\.[\s\S]*They will not be allowed to remove people\./,
      ),
    ],
    expect.objectContaining({ can_add_users: true, can_remove_users: false }),
    expect.any(Number),
  ]);
});

it("a code that was given for a map is good for the list that says the same, and for nothing else", async () => {
  const call = (extra: unknown, confirm?: string) => ({
    course_id: 201,
    extra,
    ...(confirm !== undefined && { confirm }),
  });
  const academy = await openAcademy({ formless: true });
  const codeFor = async (extra: unknown) => {
    const { structured } = await academy.call("update_course", call(extra));
    return (structured as { asked: { confirm: string } }).asked.confirm;
  };
  const map = { closing_date: "2001-01-01" };

  const other = await academy.call(
    "update_course",
    call([{ field: "closing_date", is: "2001-01-02" }], await codeFor(map)),
  );
  const same = await academy.call(
    "update_course",
    call([{ field: "closing_date", is: "2001-01-01" }], await codeFor(map)),
  );

  expect(other.isError).toBe(true);
  expect(same.text).toMatch(/Done/);
  await academy.close();
});
