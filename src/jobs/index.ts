import type { Job } from "./job.ts";
import { list_changes } from "./list-changes.ts";
import { undo_change } from "./undo-change.ts";

/** The jobs, in the order clients see them; the section `jobs`. */
export const jobs: Readonly<Record<string, Job>> = { list_changes, undo_change };
