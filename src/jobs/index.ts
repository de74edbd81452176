import { access_review } from "./access-review/job.ts";
import { account_overview } from "./account-overview/job.ts";
import { apply_plan } from "./apply-plan/job.ts";
import { chase } from "./chase/job.ts";
import { export_report } from "./export-report/job.ts";
import { find } from "./find/job.ts";
import type { Job } from "./job.ts";
import { list_changes } from "./list-changes/job.ts";
import { merge_people } from "./merge-people/job.ts";
import { offboard_people } from "./offboard-people/job.ts";
import { offboard_person } from "./offboard-person/job.ts";
import { onboard_person } from "./onboard-person/job.ts";
import { plan_course_changes } from "./plan-course-changes/job.ts";
import { plan_enrollment } from "./plan-enrollment/job.ts";
import { plan_roster } from "./plan-roster/job.ts";
import { recertify } from "./recertify/job.ts";
import { session_roster } from "./session-roster/job.ts";
import { training_status } from "./training-status/job.ts";
import { undo_change } from "./undo-change/job.ts";

/** The jobs, in the order clients see them; the section `jobs`. */
export const jobs = {
  find,
  account_overview,
  training_status,
  chase,
  plan_enrollment,
  plan_roster,
  recertify,
  plan_course_changes,
  apply_plan,
  onboard_person,
  offboard_person,
  offboard_people,
  merge_people,
  session_roster,
  access_review,
  export_report,
  list_changes,
  undo_change,
} satisfies Readonly<Record<string, Job>>;
