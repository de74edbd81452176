import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openAcademy } from "../support/academy.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

it("the README shows a question as it is asked", async () => {
  const asked: string[] = [];
  const academy = await openAcademy({
    person: ({ message }) => {
      asked.push(message);
      return { action: "decline" };
    },
  });

  await academy.call("destroy_user", { user_id: 101 });
  await academy.close();

  const shown = /```text\n(Delete [\s\S]*?)\n```/.exec(readme)?.[1];
  expect(asked).toEqual([`[sandbox] ${shown}`]);
});
