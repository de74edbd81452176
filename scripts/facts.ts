import packageJson from "../package.json" with { type: "json" };
import { createCatalogue } from "../src/call/catalogue.ts";
import { jobs } from "../src/jobs/index.ts";
import { section as jobsSection, offerJobs } from "../src/jobs/offer.ts";
import { prompts as records } from "../src/mcp/prompts/list.ts";
import type { Prompt } from "../src/mcp/prompts/prompt.ts";
import { sections } from "../tools/index.ts";
import type { Consequence } from "../tools/schema/consequence.ts";
import { asking, confirming, listing } from "../tools/schema/fields.ts";
import type { Effect } from "../tools/schema/operation.ts";

export { packageJson };

/** A tool as documents name it. */
export interface Listed {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly section: string;
  readonly effect: Effect;
  /** `job`: it asks about its steps, once. */
  readonly asked: Consequence | "job" | undefined;
}

const everything = { sections: undefined, readOnly: false, confirm: "ask" } as const;

/** Every tool, in the order clients see them. */
export const tools: readonly Listed[] = [
  ...[...createCatalogue(sections, everything, { listing, asking, confirming }).tools.values()].map(
    ({ name, section, operation }) => ({
      name,
      title: operation.title,
      description: operation.description,
      section,
      effect: operation.effect,
      asked: operation.effect === "read" ? undefined : operation.consequence,
    }),
  ),
  // They are listed here, not run.
  ...[...offerJobs(jobs, everything, undefined as never).values()].map(({ name, job }) => ({
    name,
    title: job.title,
    description: job.description,
    section: jobsSection,
    effect: job.effect,
    asked: job.effect === "read" ? undefined : ("job" as const),
  })),
];

export const prompts: readonly (readonly [string, Prompt])[] = Object.entries(records);

export const sectionNames: readonly string[] = [...Object.keys(sections), jobsSection];
