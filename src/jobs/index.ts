import { access_review } from "./access-review.ts";
import { apply_plan } from "./apply-plan.ts";
import { find } from "./find.ts";
import type { Job } from "./job.ts";
import { list_changes } from "./list-changes.ts";
import { plan_enrollment } from "./plan-enrollment.ts";
import { plan_roster } from "./plan-roster.ts";
import { undo_change } from "./undo-change.ts";

/** The jobs, in the order clients see them; the section `jobs`. */
export const jobs: Readonly<Record<string, Job>> = {
  find,
  access_review,
  plan_enrollment,
  plan_roster,
  apply_plan,
  list_changes,
  undo_change,
};
