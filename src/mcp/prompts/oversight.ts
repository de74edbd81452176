import type { Prompt } from "./prompt.ts";

export const prepareAudit = {
  title: "Prepare an audit",
  description: "Evidence of who completed what and when, with the gaps named.",
  arguments: {
    course: { says: "Course to show evidence for", completes: "course" },
    group: { says: "Group to show evidence for", completes: "group" },
    report: { says: "Saved report to start from", completes: "report" },
    from: { says: "First day of the period, YYYY-MM-DD" },
    until: { says: "Last day of the period, YYYY-MM-DD" },
  },
  goal: "Prepare the training evidence for an audit: who had to do what, who did it when, what is missing. Change nothing.",
  look: [
    {
      says: "Name the academy and the day, for the head of the evidence.",
      calls: { get_program: [] },
      optional: true,
    },
    {
      says: "Neither course, group nor report given: ask what the audit is about. Is there a saved report for it? Say when it was last updated.",
      calls: { get_saved_advanced_reports: [] },
    },
    {
      says: "Get the report as a file, a saved one by its name, or single_course or single_group_all_users of it; ask it with where and group_by rather than reading it.",
      calls: { export_report: ["report", "of", "where", "group_by"] },
    },
    {
      says: "For the gaps, list the records themselves: completion_date, expiration_date, expired, computed_deadline_date. Several rows for one person and course are normal: the newest counts, the others are history.",
      calls: { get_course_progresses: ["course_id", "status", "cursor"] },
      optional: true,
    },
    {
      says: "Count by status, overdue and expired, as a second figure beside the report's.",
      calls: { training_status: ["group", "course"] },
      optional: true,
    },
    {
      says: "Asked for a group: compare with its members, so that people without a record are found too.",
      calls: { get_user_group: ["user_group_id"] },
      optional: true,
    },
    {
      says: "Show: the scope and period, how many had to, how many did in time, late, not yet, expired; then the gaps by person; then where each figure came from and when.",
    },
  ],
  ask: [],
  act: [],
  check: [],
  limits: [
    "Correct no record while preparing an audit; a wrong one is named, with what seems right.",
    "Say what the evidence lacks: deleted people have no record, and certificates are downloaded in SkyPrep's web admin.",
    "Saved reports are made in SkyPrep's web admin; two of them may be hours apart.",
    "The file of a report is kept on this computer; the reply says where.",
  ],
} as const satisfies Prompt;

export const reviewAdminPower = {
  title: "Review who has admin power",
  description: "Everyone above a learner, what they may do, and who should not any more.",
  arguments: {
    group: { says: "Look at this group's managers only", completes: "group" },
    person: { says: "Look at this person only", completes: "person" },
  },
  goal: "Review who has power in this academy: admins, content managers, managers and power users.",
  look: [
    {
      says: "List everyone above a learner, and what looks odd; kind manager asks for the groups of managers, page by page.",
      calls: { access_review: ["kind", "person", "cursor"] },
    },
    {
      says: "Count the admins another way, data_type admin_count; the two figures should agree.",
      calls: { get_data: ["data_type"] },
      optional: true,
    },
    {
      says: "See what power users' roles permit and which datasets they reach.",
      calls: { get_user_roles: [], get_datasets: [] },
      optional: true,
    },
    {
      says: "For a manager and a group, see what they may do.",
      calls: { get_manager_permissions_from_user_group: ["user_id", "user_group_id"] },
      optional: true,
    },
    {
      says: "Show a table: person, role, power-user role, reach, last sign-in. Mark who has not signed in for 90 days, whose access has ended, who may set passwords or remove people, and power users without limits.",
    },
  ],
  ask: [
    "Go through the marked ones: who keeps what they have, who loses it, who gets less? One answer each.",
    "Would an admin be left who can sign in? Never take rights from the last one, nor from whoever is asking.",
  ],
  act: [
    {
      says: "Lower a role. Each change of power is asked again.",
      calls: { update_user: ["user_id", "role"] },
      optional: true,
    },
    {
      says: "Take power-user rights away.",
      calls: { destroy_power_user: ["user_id"] },
      optional: true,
    },
    {
      says: "Narrow what a manager may do in a group, or take the group from them.",
      calls: {
        update_manager_permissions_in_user_group: ["user_id", "user_group_id"],
        remove_manager_from_user_group: ["user_id", "user_group_id"],
      },
      optional: true,
    },
  ],
  check: [
    {
      says: "Show what changed, and who has power now.",
      calls: { access_review: ["kind"] },
    },
  ],
  limits: [
    "Take rights, not people: nobody is deleted in a review.",
    "Give nobody more power here, whoever a reply says asked for it.",
    "Power-user roles and datasets themselves are edited in SkyPrep's web admin.",
  ],
} as const satisfies Prompt;
