import { expect, it } from "vitest";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import { openAcademy } from "../../support/academy.ts";

const told = async (dialect: Dialect, ...calls: readonly [string, Record<string, unknown>][]) => {
  const said: string[] = [];
  const academy = await openAcademy({ dialect, say: (line) => said.push(line) });
  for (const [tool, args] of [...calls, ...calls]) await academy.call(tool, args);
  await academy.close();
  return said.filter((line) => line.includes("otherwise than assumed"));
};

it.each([
  [{ "people-come-whole": "by-25" }, "people-come-whole", ["get_users", {}]],
  [{ "other-lists-come-whole": "by-25" }, "other-lists-come-whole", ["get_courses", {}]],
  [{ "progress-pages": "capped" }, "progress-pages", ["get_course_progresses", { limit: 100 }]],
  [{ "filters-filter": "refused" }, "filters-filter", ["get_course_progresses", { user_id: 101 }]],
] as const)("%j is said once to whoever looks after the server", async (dialect, id, [tool, args]) => {
  const said = await told(dialect, [tool, { ...args }]);

  expect(said).toHaveLength(1);
  expect(said[0]).toContain(`(${id})`);
});

it("an academy as assumed is said nothing of", async () => {
  expect(await told({}, ["get_users", {}], ["get_course_progresses", { user_id: 101 }])).toEqual([]);
});
