import { expect, it } from "vitest";
import { routes } from "../src/sandbox/server/routes.ts";
import { sections } from "../tools/index.ts";
import { understood } from "./samples/understood.ts";
import { expected } from "./skyprep/wire/expected.ts";
import { pageRoutes } from "./support/routes.ts";

/** The page's 86 routes, counted by what we have for each. */
it("covers all 86 routes: record, sandbox route, sample and wire", () => {
  const wanted = Object.keys(pageRoutes);
  const records = new Set(Object.values(sections).flatMap((section) => Object.keys(section)));
  const count = (has: (route: string) => boolean) => wanted.filter(has).length;
  const covered = {
    record: count((route) => records.has(route)),
    sandbox: count((route) => Object.hasOwn(routes, route)),
    // get_async_report has no sample on the page: its answers are tested in wire/answers.test.ts.
    sample: count((route) => Object.hasOwn(understood, route) || pageRoutes[route]?.response === undefined),
    wire: count((route) => Object.hasOwn(expected, route)),
  };

  process.stderr.write(
    `coverage: ${Object.entries(covered)
      .map(([name, n]) => `${name} ${n}/86`)
      .join(", ")}\n`,
  );

  expect(covered).toEqual({ record: 86, sandbox: 86, sample: 86, wire: 86 });
});
