import { expect, inject, it } from "vitest";
import { z } from "zod";
import type { Job } from "../../../src/jobs/job.ts";
import { type Headline, headline } from "../../../src/jobs/shared/training/summary-text.ts";
import { noon, openAcademy } from "../../support/academy.ts";
import { straight } from "./straight.ts";

it("gives the headline numbers of what is kept, and reads no more than it may", async () => {
  let found: Headline | undefined;
  const probe: Job = {
    title: "Probe",
    description: "What account_overview would be told.",
    effect: "read",
    idempotent: true,
    input: z.strictObject({}),
    run: async (_, world, { signal }) => {
      found = await headline(world, { signal, pages: 0 });
      return { outcome: "done" as const, text: "looked" };
    },
  };
  const academy = await openAcademy({ strict: inject("strict"), jobs: { probe } });

  await academy.call("probe");
  expect(found).toBeUndefined();
  await academy.call("training_status", { show: "overdue" });
  await academy.call("training_status");
  await academy.call("probe");

  const { overdue, due, expiring, expired, statuses, completion_rate } = straight(
    [...academy.sandbox.world.progress.values()],
    noon,
    30,
  );
  expect(found).toMatchObject({
    share: 1,
    statuses,
    overdue: overdue.length,
    due: due.length,
    expiring: expiring.length,
    expired: expired.length,
  });
  expect(found?.completionRate).toBeCloseTo(completion_rate ?? 0, 6);
  await academy.close();
});
