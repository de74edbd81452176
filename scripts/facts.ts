import packageJson from "../package.json" with { type: "json" };
import { sectionNames } from "../src/app/prebuilt-tools.ts";
import { createCatalogue } from "../src/catalogue/catalogue.ts";
import { metaTools as reaching } from "../src/catalogue/meta-tools.ts";
import { essentials } from "../src/catalogue/toolsets.ts";
import { jobs } from "../src/jobs/index.ts";
import { section as jobsSection, listedJobs } from "../src/jobs/job-tools.ts";
import { prompts as records } from "../src/mcp/prompts/list.ts";
import type { Prompt } from "../src/mcp/prompts/prompt.ts";
import { sections } from "../tools/index.ts";
import type { Consequence } from "../tools/schema/consequence.ts";
import { confirming, listing } from "../tools/schema/fields.ts";
import type { Effect } from "../tools/schema/operation.ts";

export { packageJson, sectionNames };

/** Where a browser finds it: npm wants it as git would clone it. */
export const repositoryUrl = packageJson.repository.url.replace(/^git\+|\.git$/g, "");

/** A tool as documents name it. */
export interface Listed {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly section: string;
  readonly effect: Effect;
  /** `job`: it asks about its steps, once. `operation`: as the operation that it calls. */
  readonly asked: Consequence | "job" | "operation" | undefined;
  /** Whether it may be asked about for something else, too. */
  readonly also?: boolean;
}

const everything = { sections: undefined, readOnly: false, confirm: "ask" } as const;

/** Every tool, in the order clients see them. */
export const tools: readonly Listed[] = [
  ...[...createCatalogue(sections, everything, { listing, confirming }).tools.values()].map(
    ({ name, section, operation }) => ({
      name,
      title: operation.title,
      description: operation.description,
      section,
      effect: operation.effect,
      asked: operation.effect === "read" ? undefined : operation.consequence,
      also: operation.effect !== "read" && operation.also !== undefined,
    }),
  ),
  // They are listed here, not run.
  ...listedJobs(jobs, everything).map(({ name, job }) => ({
    name,
    title: job.title,
    description: job.description,
    section: jobsSection,
    effect: job.effect,
    asked: job.effect === "read" ? undefined : ("job" as const),
  })),
];

/** What reaches every operation where few tools are wanted. */
export const ways: readonly Listed[] = Object.entries(reaching).map(([name, way]) => ({
  name,
  title: way.title,
  description: way.description,
  section: essentials,
  effect: way.effect,
  asked: way.effect === "read" ? undefined : ("operation" as const),
}));

export const prompts: readonly (readonly [string, Prompt])[] = Object.entries(records);
