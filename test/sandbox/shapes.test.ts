import { describe, expect, it } from "vitest";
import { formatted, iso, seconds } from "../../src/sandbox/views/dates.ts";
import { ask, newSandbox } from "./ask.ts";

const custom = Array.from({ length: 11 }, (_, n) => `ca_${n}`);
const words = (text: string) => text.trim().split(/[\s,]+/);

/** skyprep-api, Appendix A. */
const userKeys = [
  ...words(`name_with_username, display_name, last_course_id, language, time_zone, model_type, created_at, updated_at,
    picture_url, username, email, id, first_name, last_name, email_notifications, sms_notifications, manager, admin,
    role, login_status, user_id, name, webcal_secure_link, webcal_link, gravatar_url, view_key, last_login,
    global_content_manager, full_permissions_for_courses_i_created, custom_dashboard_id, access_end_date,
    access_start_date, initials, title, company, address, address_2, country, state, city, zip, cell, phone,
    work_phone, ssn, date_of_birth, user_identifier, gender, notification_email`),
  ...custom,
];
const courseKeys = [
  ...words(`created_at, updated_at, name, description, certificate, active, credits, accessible_after_date,
    accessible_after_date_int, start_date, start_date_int, opening_date, opening_date_int, end_date, end_date_int,
    closing_date, closing_date_int, inaccessible_after_date, inaccessible_after_date_int, force_order,
    validity_length, picture_url, sell, contact_email, course_id, id, category, course_code, type_of_training,
    estimated_course_length_in_minutes, tags, course_items`),
  ...custom,
];
const itemKeys = words(`id, course_item_id, item_type, name, position, start_date, start_date_int, mandatory,
  description, updated_at, updated_at_int, created_at, created_at_int, article_id`);
const groupKeys =
  words(`id, name, full_name, user_group_id, created_at, updated_at, description, user_group_type,
  category, force_order`);

const keysOf = (value: unknown) => Object.keys(value as object).sort();

describe("the page's shapes", () => {
  it("of a user: 60 keys", async () => {
    const { send } = newSandbox();

    const people = (await ask(send, "get_users")).json<unknown[]>();

    expect(userKeys).toHaveLength(60);
    for (const person of people) expect(keysOf(person)).toEqual(userKeys.toSorted());
  });

  it("of a course: 43 keys, and of its items", async () => {
    const { send } = newSandbox();

    const courses = (await ask(send, "get_courses")).json<{ course_items: { item_type: string }[] }[]>();

    expect(courseKeys).toHaveLength(43);
    for (const course of courses) {
      expect(keysOf(course)).toEqual(courseKeys.toSorted());
      for (const item of course.course_items)
        expect(keysOf(item)).toEqual(
          (item.item_type === "Exam" ? [...itemKeys, "exam_id"] : itemKeys).toSorted(),
        );
    }
  });

  it("of a group and of a path: 10 keys", async () => {
    const { send } = newSandbox();

    const groups = (await ask(send, "get_user_groups")).json<unknown[]>();
    const paths = (await ask(send, "get_learning_paths")).json<unknown[]>();

    for (const group of [...groups, ...paths]) expect(keysOf(group)).toEqual(groupKeys.toSorted());
  });

  it("of dates", () => {
    const moment = Date.parse("2026-05-01T03:59:59Z");

    expect([iso(moment), seconds(moment), formatted(moment)]).toEqual([
      "2026-04-30T23:59:59.000-04:00",
      1777607999,
      "30-Apr 2026",
    ]);
    expect([iso(null), seconds(null), formatted(null)]).toEqual([null, 0, ""]);
  });

  it("of keys: each person has their own", async () => {
    const { send } = newSandbox();

    const people = (await ask(send, "get_users")).json<{ view_key: string }[]>();

    expect(new Set(people.map(({ view_key }) => view_key)).size).toBe(302);
  });
});
