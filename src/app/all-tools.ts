import type { Effect, Section } from "../../tools/schema/operation.ts";
import { type Besides, createCatalogue, type Hints, hintsOf } from "../catalogue/catalogue.ts";
import type { Renamed } from "../catalogue/former-names.ts";
import { type MetaTool, metaTools } from "../catalogue/meta-tools.ts";
import { type Shape, shapeOf } from "../catalogue/schema.ts";
import { type ForHosts, metaOf, type OfferedTool } from "../catalogue/tool-list.ts";
import { essentials } from "../catalogue/toolsets.ts";
import type { Job } from "../jobs/job.ts";
import { section as jobsSection, listedJobs } from "../jobs/job-tools.ts";
import { appOf } from "../pages/apps.ts";

/** What the API is, as `tools/` says it, and the jobs built on it. */
export interface Definition extends Besides {
  readonly sections: Readonly<Record<string, Section>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const everything = { sections: undefined, readOnly: false, confirm: "ask" } as const;

/** All tools there are, as clients see them, in the order they see them. */
export function allTools({ sections, jobs, ...besides }: Definition): readonly OfferedTool[] {
  const operations = createCatalogue(sections, everything, besides).tools;
  return [
    ...[...operations.values()].map((tool) => ({
      ...ready(tool.section, tool, tool.operation),
      ...("confirm" in tool.shape.plain.properties && { coded: true as const }),
    })),
    ...listedJobs(jobs, everything).map((listed) =>
      ready(jobsSection, listed, { ...listed.job, app: appOf(listed.job.board) }),
    ),
    ...Object.entries(metaTools as Readonly<Record<string, MetaTool>>).map(([name, way]) => ({
      ...ready(essentials, { name, hints: hintsOf(way), shape: shapeOf(way.input) }, way),
      ...("confirm" in way.input.shape && { coded: true as const }),
    })),
  ];
}

interface Told extends ForHosts, Renamed {
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
}

/** No `outputSchema`: with one, clients of the 2025 era throw away an error that carries a question (contract §4). */
const ready = (
  section: string,
  { name, hints, shape }: { readonly name: string; readonly hints: Hints; readonly shape: Shape },
  { title, description, effect, was, ...forHosts }: Told,
): OfferedTool => ({
  section,
  name,
  title,
  description,
  inputSchema: shape.plain,
  annotations: { ...hints },
  effect,
  ...(was && { was }),
  ...metaOf(forHosts),
});
