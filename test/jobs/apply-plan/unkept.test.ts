import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { yes } from "../../support/person.ts";
import { createAcademy, planIn } from "../shared/plan-academy.ts";

it("calls nothing unknown that was never sent, where it cannot be written down how far a plan is", async () => {
  const academy = createAcademy({ people: 100 });
  const plans = join(academy.state, "jobs", "sandbox", "plans");
  const server = await academy.open(undefined, {
    person: (form) => {
      renameSync(plans, `${plans}-away`);
      writeFileSync(plans, "a file");
      return yes(form);
    },
  });
  const people = Array.from({ length: 30 }, (_, n) => String(150 + n));
  const plan = planIn(await server.call("plan_enrollment", { people, courses: ["240"] }));

  const reply = await server.call("apply_plan", { plan });
  await server.close();

  expect(reply.text).toMatch(/could not be kept in .*: a file stands in its place\./);
  expect(reply.text).toMatch(/0 unknown, 30 not tried/);
  expect(academy.writes()).toEqual([]);
});
