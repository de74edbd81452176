/** Keys that SkyPrep's page shows (skyprep-api appendix A): the only ones that are told. */
const words = `
name_with_username display_name last_course_id language time_zone model_type created_at updated_at picture_url username
email id first_name last_name email_notifications sms_notifications manager admin role login_status user_id name
webcal_secure_link webcal_link gravatar_url view_key last_login global_content_manager
full_permissions_for_courses_i_created custom_dashboard_id access_end_date access_start_date initials title company
address address_2 country state city zip cell phone work_phone ssn date_of_birth user_identifier gender
notification_email power_user_permissions user_permission
description certificate active credits accessible_after_date start_date opening_date end_date closing_date
inaccessible_after_date force_order validity_length sell contact_email course_id category course_code type_of_training
estimated_course_length_in_minutes tags course_items
course_item_id item_type position mandatory article_id exam_id
days_until_deadline skip_prerequisites course_name user_email status commencement_date enrollment_date completion_date
last_course_item_id percent_viewed display_percent_viewed expiration_date expired access_date deadline_date
override_dates real_end_date real_start_date certificate_view_link public_certificate_view_link computed_deadline_date
custom_properties next_reenrollment_date formatted_commencement_date formatted_enrollment_date
formatted_completion_date formatted_expiration_date formatted_access_date formatted_deadline_date
formatted_real_end_date formatted_real_start_date formatted_computed_deadline_date formatted_next_reenrollment_date
user course full_name user_group_id user_group_type users courses learning_paths user_groups
instructor_led_training_timeslots metadata session_type location capacity display_timezone primary_instructor_user_id
commencement_time instructor end_time registration_count instructor_led_training_timeslot_id course_progress_id
saved_advanced_report_id xlsx_url csv_url report_params_digest saved_report_type columns rows
payment_type transaction_number ipn_history amount payer_email latest_ipn_data competency_count rubric skill_points
details users_with_balance_count total_points_awarded nexus_collection_ids_to_assign_as_expert image_url skills points
skill_level_id skill_level_title users_achieved_count achievement_rate acct_key users_count courses_count
user_groups_count admin_count learning_paths_count data message error errors error_message success
parent_id download_url file_extension descriptive_extension version_code page_count
permissions powers_count dataset_ids user_role_id users_scope courses_scope groups_scope deleted_at
course_item_type courseable_id completed_at meta total total_count count page per_page pages pagination`;

const known = new Set([
  ...words.split(/\s+/).filter(Boolean),
  ...Array.from({ length: 11 }, (_, n) => `ca_${n}`),
]);

export const isKnownKey = (key: string): boolean => known.has(key) || known.has(key.replace(/_int$/, ""));
