import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { jobs } from "../../src/jobs/index.ts";
import { listedJobs } from "../../src/jobs/job-tools.ts";
import { sections } from "../../tools/index.ts";
import { confirming, listing } from "../../tools/schema/fields.ts";
import type { Operation } from "../../tools/schema/operation.ts";

/** All tools, nothing filtered. */
export const { tools, reserved, reads } = createCatalogue(
  sections,
  { sections: undefined, readOnly: false, confirm: "ask" },
  { listing, confirming },
);

/** All jobs, nothing filtered. */
export const jobTools = new Map(
  listedJobs(jobs, { sections: undefined, readOnly: false, confirm: "ask" }).map((one) => [one.name, one]),
);

/** What a person is asked about, of operations that have it. */
export const consequenceIn = (operation: Operation | undefined) =>
  operation === undefined || operation.effect === "read" ? undefined : operation.consequence;
