/**
 * What each route's request must look like, written by hand from the page and skyprep-api §1–3, not derived
 * from the records. `form` is the decoded body, in order.
 */
export const expected: Record<
  string,
  { args: Record<string, unknown>; form: Record<string, string | string[]> }
> = {
  test_connection: { args: {}, form: {} },
  get_program: { args: {}, form: {} },
  get_data: { args: { data_type: "learner_count" }, form: { data_type: "learner_count" } },

  get_users: {
    args: { email: "a+b@example.com", include_groups: true, extra: { sort: "name" } },
    form: { email: "a+b@example.com", include_groups: "true", sort: "name" },
  },
  get_user: { args: { user_id: 101 }, form: { user_id: "101" } },
  create_user: {
    args: {
      email: "casey",
      first_name: "Casey",
      last_name: "O'Neil & Søn",
      role: "manager",
      card_no: "Badge No. 158-612",
      address: "10 Dexter Drive Miami FL",
      custom_fields: { 0: "Alias: Bay Harbour", ca_10: "x" },
      password: "correct horse",
      email_notifications: false,
      send_login_information: true,
    },
    form: {
      email: "casey",
      first_name: "Casey",
      last_name: "O'Neil & Søn",
      role: "manager",
      address: "10 Dexter Drive Miami FL",
      card_no: "Badge No. 158-612",
      ca_0: "Alias: Bay Harbour",
      ca_10: "x",
      password: "correct horse",
      email_notifications: "false",
      send_login_information: "true",
    },
  },
  update_user: {
    args: {
      user_email: "avery@example.com",
      title: "Detective",
      access_end_date: "2027-07-30",
      sms_notifications: true,
    },
    form: {
      title: "Detective",
      sms_notifications: "true",
      access_end_date: "2027-07-30",
      user_email: "avery@example.com",
    },
  },
  destroy_user: { args: { user_email: "avery@example.com" }, form: { user_email: "avery@example.com" } },
  get_login_key: {
    args: {
      user_email: "a@example.com",
      autocreate: true,
      key_type: "daily",
      user_groups: ["Forensics, Lab", "Miami PD Staff"],
    },
    form: {
      key_type: "daily",
      autocreate: "true",
      user_groups: "Forensics, Lab;Miami PD Staff",
      user_email: "a@example.com",
    },
  },
  get_user_courses: { args: { user_email: "avery@example.com" }, form: { user_email: "avery@example.com" } },
  mass_enroll: {
    args: {
      user_emails: ["a@example.com", "b@example.com"],
      course_ids: [84, 96, 101, 323],
      user_group_ids: [505, 680],
      course_bundle_ids: [222],
    },
    form: {
      user_emails: "a@example.com,b@example.com",
      course_ids: "84,96,101,323",
      user_group_ids: "505,680",
      course_bundle_ids: "222",
    },
  },
  move_training_data: {
    args: {
      source_user_id: 1199770,
      target_user_id: 1199771,
      inclusion_list: ["course_enrollments", "exam_attempts"],
    },
    form: {
      source_user_id: "1199770",
      target_user_id: "1199771",
      "inclusion_list[]": ["course_enrollments", "exam_attempts"],
    },
  },

  get_power_users: { args: {}, form: {} },
  get_user_roles: { args: {}, form: {} },
  get_datasets: { args: {}, form: {} },
  create_or_update_power_users: {
    args: { user_ids: [513, 3123], user_role_id: 781, dataset_ids: [7481] },
    form: { "user_ids[]": ["513", "3123"], user_role_id: "781", "dataset_ids[]": ["7481"] },
  },
  destroy_power_user: { args: { user_id: 545 }, form: { user_id: "545" } },

  get_courses: { args: {}, form: {} },
  get_course: { args: { course_id: 101 }, form: { course_id: "101" } },
  create_course: {
    args: { name: "Practice to Perfect", active: true, extra: { category: "Sales" } },
    form: { name: "Practice to Perfect", active: "true", category: "Sales" },
  },
  update_course: { args: { course_id: 6294, active: false }, form: { course_id: "6294", active: "false" } },
  destroy_course: { args: { course_id: 8812 }, form: { course_id: "8812" } },
  enroll_user_in_course: {
    args: { user_email: "a@example.com", course_id: 144123, course_enrollment_expiration_date: "2027-12-31" },
    form: {
      course_id: "144123",
      course_enrollment_expiration_date: "2027-12-31",
      user_email: "a@example.com",
    },
  },
  remove_user_from_course: {
    args: { user_email: "a@example.com", course_id: 18872 },
    form: { course_id: "18872", user_email: "a@example.com" },
  },
  enroll_user_in_courses: {
    args: { user_id: 77121, course_ids: [13, 889, 15] },
    form: { user_id: "77121", course_ids: "13,889,15" },
  },
  get_course_otp: { args: { course_id: 171, count: 2 }, form: { course_id: "171", count: "2" } },
  get_user_course_status: {
    args: { user_email: "a@example.com", course_id: 8781 },
    form: { user_email: "a@example.com", course_id: "8781" },
  },

  add_course_or_learning_path_to_catalog: {
    args: { course_ids: [90210, 55555], learning_path_ids: [33162], user_group_ids: [77070, 84060] },
    form: { course_ids: "90210,55555", learning_path_ids: "33162", user_group_ids: "77070,84060" },
  },
  remove_course_or_learning_path_from_catalog: {
    args: { course_id: 55555, learning_path_id: 66890 },
    form: { course_id: "55555", learning_path_id: "66890" },
  },
  update_catalog_enrollments: {
    args: { course_ids: [90210, 55555], learning_path_ids: [33162], user_group_ids: [77070] },
    form: { course_id: "90210,55555", learning_path_id: "33162", user_group_ids: "77070" },
  },

  get_user_groups: { args: {}, form: {} },
  get_user_group: { args: { user_group_id: 6401 }, form: { user_group_id: "6401" } },
  create_user_group: {
    args: { name: "Sales Team", course_ids: [693, 431], user_ids: [352, 454] },
    form: { name: "Sales Team", course_ids: "693,431", user_ids: "352,454" },
  },
  update_user_group: {
    args: { user_group_id: 301, name: "Sales", description: " " },
    form: { user_group_id: "301", name: "Sales", description: "" },
  },
  destroy_user_group: { args: { user_group_id: 6612 }, form: { user_group_id: "6612" } },
  enroll_user_in_user_group: {
    args: { user_id: 101, user_group_id: 303, user_group_enrollment_expiration_date: "2027-12-31" },
    form: { user_id: "101", user_group_id: "303", user_group_enrollment_expiration_date: "2027-12-31" },
  },
  remove_user_from_user_group: {
    args: { user_id: 212, user_group_id: 7633 },
    form: { user_group_id: "7633", user_id: "212" },
  },
  get_user_group_enrollments_for_user: {
    args: { user_email: "a@example.com" },
    form: { user_email: "a@example.com" },
  },
  add_course_to_user_group: {
    args: { user_group_id: 1821, course_id: 123123 },
    form: { user_group_id: "1821", course_id: "123123" },
  },
  remove_course_from_user_group: {
    args: { course_id: 5, user_group_id: 6 },
    form: { course_id: "5", user_group_id: "6" },
  },

  get_learning_paths: { args: {}, form: {} },
  get_learning_path: { args: { learning_path_id: 6401 }, form: { learning_path_id: "6401" } },
  create_learning_path: {
    args: {
      name: "Management 101",
      description: "Lead",
      course_ids: [693],
      user_ids: [352],
      user_group_ids: [111, 222],
    },
    form: {
      name: "Management 101",
      description: "Lead",
      course_ids: "693",
      user_ids: "352",
      user_group_ids: "111,222",
    },
  },
  update_learning_path: {
    args: { learning_path_id: 1234, name: "New", description: "Newer" },
    form: { learning_path_id: "1234", name: "New", description: "Newer" },
  },
  destroy_learning_path: { args: { learning_path_id: 6612 }, form: { learning_path_id: "6612" } },
  add_course_to_learning_path: {
    args: { learning_path_id: 1821, course_id: 7 },
    form: { learning_path_id: "1821", course_id: "7" },
  },
  remove_course_from_learning_path: {
    args: { learning_path_id: 1821, course_id: 7 },
    form: { course_id: "7", learning_path_id: "1821" },
  },
  add_group_to_learning_path: {
    args: { learning_path_id: 1821, user_group_id: 8 },
    form: { learning_path_id: "1821", user_group_id: "8" },
  },
  remove_group_from_learning_path: {
    args: { learning_path_id: 1821, user_group_id: 8 },
    form: { user_group_id: "8", learning_path_id: "1821" },
  },

  get_instructor_led_trainings: { args: {}, form: {} },
  get_instructor_led_training: {
    args: { instructor_led_training_id: 543 },
    form: { instructor_led_training_id: "543" },
  },
  get_instructor_led_training_timeslot: {
    args: { instructor_led_training_timeslot_id: 555 },
    form: { instructor_led_training_timeslot_id: "555" },
  },
  get_instructor_led_training_timeslots: {
    args: { start_date: "2020-01-01", end_date: "2020-02-01" },
    form: { start_date: "2020-01-01", end_date: "2020-02-01" },
  },
  create_instructor_led_training_timeslot: {
    args: {
      instructor_led_training_id: 555,
      commencement_time: "2027-01-11T09:00:00-05:00",
      display_timezone: "Eastern Time (US & Canada)",
      capacity: 25,
    },
    form: {
      instructor_led_training_id: "555",
      commencement_time: "2027-01-11T09:00:00-05:00",
      display_timezone: "Eastern Time (US & Canada)",
      capacity: "25",
    },
  },
  update_instructor_led_training_timeslot: {
    args: { instructor_led_training_timeslot_id: 111, description: "Some description", capacity: 555 },
    form: { instructor_led_training_timeslot_id: "111", description: "Some description", capacity: "555" },
  },
  delete_instructor_led_training_timeslot: {
    args: { instructor_led_training_timeslot_id: 6612 },
    form: { instructor_led_training_timeslot_id: "6612" },
  },
  get_instructor_led_training_timeslot_registrations: {
    args: { instructor_led_training_timeslot_id: 555 },
    form: { instructor_led_training_timeslot_id: "555" },
  },
  create_instructor_led_training_timeslot_registrations: {
    args: {
      instructor_led_training_timeslot_id: 555,
      user_id: 111,
      course_progress_id: 444,
      course_id: 333,
      status: "attended",
    },
    form: {
      instructor_led_training_timeslot_id: "555",
      user_id: "111",
      course_id: "333",
      course_progress_id: "444",
      status: "attended",
    },
  },
  destroy_instructor_led_training_timeslot_registrations: {
    args: { instructor_led_training_timeslot_registration_ids: [6612, 4124, 6578] },
    form: { instructor_led_training_timeslot_registration_ids: "6612,4124,6578" },
  },
  update_instructor_led_training_timeslot_registration: {
    args: { instructor_led_training_timeslot_registration_id: 6612, status: "attended" },
    form: { instructor_led_training_timeslot_registration_id: "6612", status: "attended" },
  },

  get_course_progresses: {
    args: {
      course_id: 8812,
      status: ["passed", "failed"],
      updated_at_greater_than: "2026-05-01T00:00:00Z",
      updated_at_less_than: "2026-05-02T00:00:00Z",
    },
    form: {
      course_id: "8812",
      status: "passed,failed",
      updated_at_greater_than: "2026-05-01T00:00:00Z",
      updated_at_less_than: "2026-05-02T00:00:00Z",
      per_page: "100",
      // No page: the first, from wherever the academy counts.
    },
  },
  get_course_progress: { args: { course_progress_id: 96854 }, form: { course_progress_id: "96854" } },
  create_course_progress: {
    args: { user_id: 101, course_id: 205 },
    form: { user_id: "101", course_id: "205" },
  },
  update_course_progress: {
    args: { course_progress_id: 96854, set_status: "failed" },
    form: { course_progress_id: "96854", set_status: "failed" },
  },
  destroy_course_progress: { args: { course_progress_id: 96854 }, form: { course_progress_id: "96854" } },
  get_course_item_progress: {
    args: { course_id: 1234, user_id: 5223, course_item_id: 5231 },
    form: { course_id: "1234", course_item_id: "5231", user_id: "5223" },
  },
  set_course_item_progress: {
    args: { course_progress_id: 901, exam_id: 312, set_status: "failed" },
    form: { exam_id: "312", course_progress_id: "901", set_status: "failed" },
  },

  get_report: {
    args: { report_type: "single_user_single_course", user_id: 41, course_id: 88 },
    form: { report_type: "single_user_single_course", course_id: "88", user_id: "41" },
  },
  generate_async_report: {
    args: { report_type: "all_users", format: "csv" },
    form: { report_type: "all_users", format: "csv" },
  },
  get_async_report: { args: { process_queue_item_id: 1001 }, form: { process_queue_item_id: "1001" } },
  get_saved_advanced_reports: {
    args: { start_date: "2026-01-01T00:00:00Z", end_date: "2026-12-31T23:59:59.999Z" },
    form: { start_date: "2026-01-01T00:00:00Z", end_date: "2026-12-31T23:59:59.999Z" },
  },
  get_saved_advanced_report: {
    args: { saved_advanced_report_id: 14166, format: "csv" },
    form: { saved_advanced_report_id: "14166", format: "csv" },
  },

  get_user_gamification_balance: { args: { user_email: "dex" }, form: { email: "dex" } },
  create_gamification_transaction: {
    args: { user_id: 12345, amount: -200, description: "Deduct points for spending on another platform" },
    form: { amount: "-200", description: "Deduct points for spending on another platform", user_id: "12345" },
  },

  get_skills: { args: {}, form: {} },
  get_skill: { args: { skill_id: 1555 }, form: { skill_id: "1555" } },
  get_user_skill_balances_and_competencies: { args: { user_email: "dex" }, form: { email: "dex" } },
  create_skill_transaction: {
    args: { skill_id: 1555, user_id: 12345, amount: 200 },
    form: { skill_id: "1555", user_id: "12345", amount: "200" },
  },
  get_competencies: { args: {}, form: {} },
  get_competency: { args: { competency_id: 32 }, form: { competency_id: "32" } },

  get_manager_permissions_from_user_group: {
    args: { user_id: 90210, user_group_id: 888 },
    form: { user_id: "90210", user_group_id: "888" },
  },
  remove_manager_from_user_group: {
    args: { user_id: 90210, user_group_id: 888 },
    form: { user_id: "90210", user_group_id: "888" },
  },
  assign_manager_to_user_group: {
    args: { user_id: 90210, user_group_id: 888, can_add_users: true, can_edit_user_password: false },
    form: { user_id: "90210", user_group_id: "888", can_add_users: "1", can_edit_user_password: "0" },
  },
  update_manager_permissions_in_user_group: {
    args: { user_id: 90210, user_group_id: 888, can_remove_users: true },
    form: { user_id: "90210", user_group_id: "888", can_remove_users: "1" },
  },

  get_materials: { args: {}, form: {} },
  get_payments: {
    args: { status: "complete", created_after_days_ago: 3, payment_type: "paypal" },
    form: { status: "complete", created_after_days_ago: "3", payment_type: "paypal" },
  },
};
