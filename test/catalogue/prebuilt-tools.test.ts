import { expect, it } from "vitest";
import { prebuiltTools, sectionNames } from "../../src/app/prebuilt-tools.ts";
import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { metaOf, offeredTools } from "../../src/catalogue/tool-list.ts";
import type { Offer } from "../../src/catalogue/toolsets.ts";
import { jobs } from "../../src/jobs/index.ts";
import { offeredJobs } from "../../src/jobs/job-tools.ts";
import { appOf } from "../../src/pages/apps.ts";
import { sections } from "../../tools/index.ts";
import { confirming, listing } from "../../tools/schema/fields.ts";

const chosen = [undefined, [], ...sectionNames.map((name) => [name]), ["users", "courses", "jobs"]];
const offers: Offer[] = chosen.flatMap((sections) =>
  [true, false].flatMap((readOnly) =>
    (["ask", "human", "unattended", "off"] as const).map((confirm) => ({ sections, readOnly, confirm })),
  ),
);

it.each(offers)("the ready-made list is what the records give: %j", (offer) => {
  const { tools, ways } = createCatalogue(sections, offer, { listing, confirming });
  const works = offeredJobs(jobs, offer, undefined as never);
  const through = [...prebuiltTools.values()]
    .filter(({ name }) => ways.has(name))
    .map(({ coded: _, ...way }) => way);
  const given = [
    ...[...tools.values()].map(({ operation, ...tool }) => ({ ...tool, ...operation })),
    ...[...works.values()].map(({ job, ...tool }) => ({
      ...tool,
      ...job,
      section: "jobs",
      app: appOf(job.board),
    })),
  ];

  const seen = offeredTools(prebuiltTools, offer).map(({ coded: _, ...tool }) => tool);
  expect(seen.slice(given.length).map(({ name }) => name)).toEqual(through.map(({ name }) => name));
  expect(seen.slice(0, given.length)).toEqual(
    given.map(({ section, name, title, description, effect, shape, hints, ...more }) => ({
      section,
      name,
      title,
      description,
      inputSchema: shape.plain,
      annotations: hints,
      effect,
      ...metaOf(more),
    })),
  );
});
