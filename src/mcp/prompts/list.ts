import { prepareAudit, reviewAdminPower } from "./oversight.ts";
import { offboardLeaver, onboardHire } from "./people.ts";
import type { Prompt } from "./prompt.ts";
import { chaseOverdueTraining, prepareClassroomSession } from "./training.ts";

export const prompts = {
  onboard_hire: onboardHire,
  offboard_leaver: offboardLeaver,
  chase_overdue_training: chaseOverdueTraining,
  prepare_classroom_session: prepareClassroomSession,
  prepare_audit: prepareAudit,
  review_admin_power: reviewAdminPower,
} satisfies Record<string, Prompt>;
