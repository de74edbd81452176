import { access_review } from "./access-review.ts";
import { account_overview } from "./account-overview.ts";
import { apply_plan } from "./apply-plan.ts";
import { export_report } from "./export-report.ts";
import { find } from "./find.ts";
import type { Job } from "./job.ts";
import { list_changes } from "./list-changes.ts";
import { merge_people } from "./merge-people.ts";
import { offboard_person } from "./offboard-person.ts";
import { onboard_person } from "./onboard-person.ts";
import { plan_enrollment } from "./plan-enrollment.ts";
import { plan_roster } from "./plan-roster.ts";
import { session_roster } from "./session-roster.ts";
import { training_status } from "./training-status.ts";
import { undo_change } from "./undo-change.ts";

/** The jobs, in the order clients see them; the section `jobs`. */
export const jobs = {
  find,
  account_overview,
  training_status,
  plan_enrollment,
  plan_roster,
  apply_plan,
  onboard_person,
  offboard_person,
  merge_people,
  session_roster,
  access_review,
  export_report,
  list_changes,
  undo_change,
} satisfies Readonly<Record<string, Job>>;
