/**
 * What each of the page's sample answers must be understood as, written by hand from the samples: the part
 * of the reply's structure that a reader acts on.
 */
const avery = { id: 101, display_name: "Avery Learner", role: "learner", login_status: "active" };
const jordan = { id: 102, display_name: "Jordan Manager", role: "manager" };
const orientation = { id: 201, name: "New Hire Orientation", course_code: "ONB-101", active: true };
const safety = { id: 202, name: "Workplace Safety Basics", course_code: "SAFE-101" };
const sales = { id: 301, name: "Sales Team" };
const west = { id: 302, full_name: "Sales / West Region", user_group_id: 301 };
const newHire = { id: 402, name: "New Hire Learning Path", force_order: true };
const slot = {
  id: 511,
  name: "Onboarding Workshop",
  commencement_time: "2026-05-10T09:00-04:00",
  end_time: "2026-05-10T11:00-04:00",
  capacity: 25,
  registration_count: 8,
};
const registration = { id: 521, user_id: 101, course_progress_id: 901, status: "pending" };
const progress = {
  id: 901,
  user_id: 101,
  course_name: "New Hire Orientation",
  status: "in-progress",
  percent_viewed: 50,
  computed_deadline_date: "2026-05-15T23:59-04:00",
};
const permissions = { id: 801, user_role_id: 601, dataset_ids: [701] };
const done = { done: true };

export const understood: Record<string, Record<string, unknown>> = {
  test_connection: { message: "success", acct_key: "example.skyprepapp.com" },
  get_program: { name: "Example Training Portal", users_count: 302, courses_count: 42, user_groups_count: 9, admin_count: 4, learning_paths_count: 6 },
  get_data: { data: 302 },

  get_users: { total: 2, items: [avery, jordan] },
  get_user: { ...avery, last_login: "2026-05-03T14:20-04:00", user_identifier: "EMP-101", ca_0: "North America" },
  create_user: { id: 103, display_name: "Taylor Example" },
  update_user: { ...avery, title: "Customer Success Associate" },
  destroy_user: done,
  get_login_key: {
    user_id: 101,
    url: "https://example.skyprepapp.com/account/automated_login?login_key=sample_login_key",
  },
  get_user_courses: { total: 2, items: [orientation, safety] },
  mass_enroll: done,
  move_training_data: {
    source_user_id: 101,
    target_user_id: 102,
    moved: { course_enrollments: 2, course_progresses: 2, user_group_enrollments: 1 },
    skipped: 0,
  },

  get_power_users: { total: 1, items: [{ id: 102, power_user_permissions: permissions }] },
  get_user_roles: { total: 1, items: [{ id: 601, name: "Regional Training Manager", powers_count: 5 }] },
  get_datasets: { total: 1, items: [{ id: 701, dataset_summary: { users: 24, courses: 6, user_groups: 2 } }] },
  create_or_update_power_users: { total: 1, items: [{ id: 102, power_user_permissions: permissions }] },
  destroy_power_user: done,

  get_courses: { total: 2, items: [orientation, safety] },
  get_course: {
    ...orientation,
    credits: "1.0",
    tags: ["onboarding", "required"],
    course_items: [
      { id: 211, item_type: "Article" },
      { id: 212, item_type: "Exam", name: "Orientation Quiz" },
    ],
  },
  create_course: { id: 203, course_items: [] },
  update_course: { id: 201, name: "API Updated Course" },
  destroy_course: done,
  enroll_user_in_course: done,
  remove_user_from_course: done,
  enroll_user_in_courses: done,
  get_course_otp: { otps: ["ABCD-1234", "EFGH-5678", "IJKL-9012"] },
  get_user_course_status: { status: "in-progress" },

  add_course_or_learning_path_to_catalog: done,
  remove_course_or_learning_path_from_catalog: done,
  update_catalog_enrollments: done,

  get_user_groups: { total: 2, items: [sales, west] },
  get_user_group: {
    ...sales,
    users: [avery, jordan],
    courses: [orientation, safety],
    // One object on the page, a list in its prose.
    learning_paths: [newHire],
  },
  create_user_group: sales,
  update_user_group: done,
  destroy_user_group: done,
  enroll_user_in_user_group: done,
  remove_user_from_user_group: done,
  get_user_group_enrollments_for_user: { total: 2, items: [sales, west] },
  add_course_to_user_group: done,
  remove_course_from_user_group: done,

  get_learning_paths: { total: 2, items: [newHire, { id: 403, force_order: false }] },
  get_learning_path: { ...newHire, users: [avery, jordan], courses: [orientation, safety] },
  create_learning_path: newHire,
  update_learning_path: done,
  destroy_learning_path: done,
  add_course_to_learning_path: done,
  remove_course_from_learning_path: done,
  add_group_to_learning_path: done,
  remove_group_from_learning_path: done,

  get_instructor_led_trainings: { total: 2, items: [{ id: 501, name: "Onboarding Workshop" }, { id: 502 }] },
  get_instructor_led_training: { id: 501, instructor_led_training_timeslots: [slot] },
  get_instructor_led_training_timeslot: slot,
  get_instructor_led_training_timeslots: { total: 2, items: [slot, { id: 512, location: "Training Room B" }] },
  create_instructor_led_training_timeslot: slot,
  update_instructor_led_training_timeslot: slot,
  delete_instructor_led_training_timeslot: done,
  get_instructor_led_training_timeslot_registrations: { total: 2, items: [registration, { id: 522, status: "attended" }] },
  create_instructor_led_training_timeslot_registrations: registration,
  destroy_instructor_led_training_timeslot_registrations: { total: 1, items: [registration] },
  update_instructor_led_training_timeslot_registration: { id: 521, status: "attended" },

  get_course_progresses: {
    total: 2,
    items: [progress, { id: 902, status: "passed", percent_viewed: 100, completion_date: "2026-05-07T15:30-04:00" }],
  },
  get_course_progress: {
    ...progress,
    days_until_deadline: 14,
    user: { id: 101, display_name: "Avery Learner" },
    course: [{ id: 201, name: "New Hire Orientation" }],
  },
  create_course_progress: progress,
  update_course_progress: done,
  destroy_course_progress: done,
  get_course_item_progress: { course_progress_id: 901, status: "passed", completed_at: "2026-05-04T12:00-04:00" },
  set_course_item_progress: done,

  get_report: { columns: ["user_id", "user_email", "course_id", "course_name", "status"], total: 2 },
  generate_async_report: { process_queue_item_id: 1001 },
  get_saved_advanced_reports: { total: 2, items: [{ id: 1001, name: "All Course Progresses Report" }, { id: 1002 }] },
  get_saved_advanced_report: { columns: ["User ID", "Email", "Course", "Status"], total: 2 },

  get_user_gamification_balance: { user_id: 101, gamification_balance: 125 },
  create_gamification_transaction: { id: 1101, amount: 25, balance: 150, unique_transaction_id: "txn_20260501_001" },

  get_skills: { total: 2, items: [{ id: 1201, display_name: "Communication" }, { id: 1202 }] },
  get_skill: { id: 1201, details: { users_with_balance_count: 12, total_points_awarded: 840 } },
  get_user_skill_balances_and_competencies: {
    user_id: 101,
    skill_balances: { communication: 120, safety: 80 },
    competencies_achieved: ["Customer Readiness"],
  },
  create_skill_transaction: { balances: { communication: 145, safety: 80 } },
  get_competencies: { total: 2, items: [{ id: 1301 }, { id: 1302, display_name: "Safety Certified" }] },
  get_competency: {
    id: 1301,
    skills: [{ id: 1201, points: 100, skill_level_title: "Advanced" }],
    details: { users_achieved_count: 8, achievement_rate: "72%" },
  },

  get_manager_permissions_from_user_group: {
    id: 1601,
    user: { id: 102 },
    user_group: sales,
    can_add_users: true,
    can_remove_users: false,
    can_edit_user_password: false,
  },
  remove_manager_from_user_group: done,
  assign_manager_to_user_group: { id: 1601, can_add_courses_to_user_group: true },
  update_manager_permissions_in_user_group: { id: 1601, can_add_users: false, can_remove_users: true },

  get_materials: { total: 2, items: [{ id: 1401, name: "Welcome Guide.pdf", page_count: 12 }, { id: 1402 }] },
  get_payments: { total: 2, items: [{ id: 1501, amount: "99.00", payment_type: "stripe" }, { id: 1502, amount: "49.00" }] },
};
