import { sections } from "../../tools/index.ts";
import { confirming, listing } from "../../tools/schema/fields.ts";
import { essentials } from "../catalogue/toolsets.ts";
import { jobs } from "../jobs/index.ts";
import { section as jobsSection } from "../jobs/job-tools.ts";
import { allTools } from "./all-tools.ts";

/**
 * What can be said before any record is needed: the list of tools and the sections' names. build.mjs runs this
 * and puts what it gave in its place, so that an installed server converts no schema to answer `tools/list`.
 */
export const sectionNames: readonly string[] = [...Object.keys(sections), jobsSection, essentials];
export const prebuiltTools = allTools({ sections, jobs, listing, confirming });
