import { sections } from "../../tools/index.ts";
import { confirming, listing } from "../../tools/schema/fields.ts";
import type { Config } from "../config/read-config.ts";
import { jobs } from "../jobs/index.ts";
import { type App, compose } from "./compose.ts";
import type { Runtime } from "./runtime.ts";

/** The whole server but its door, on the records there are. */
export const openApp = (config: Config, world: Runtime): App =>
  compose(config, { sections, jobs, listing, confirming }, world);
