import { afterEach, describe, expect, it } from "vitest";
import { noon } from "../../support/academy.ts";
import { type Opened, openCounted } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** What a person reads of one call, in a process that has read nothing before; else what the reply says. */
async function asked(name: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const academy = await openCounted({ people: 200 });
  opened.push(academy);
  let message = "";
  academy.answered((form) => {
    message = form.message;
    return { action: "decline" };
  });
  const reply = await academy.call(name, args);
  expect(academy.sent).toEqual([]);
  return message === "" ? reply.text : message;
}
const day = (n: number) => new Date(noon + n * 86_400_000).toISOString().slice(0, 10);

describe("a question about what is there already, or is not there", () => {
  it.each([
    [
      "enroll_user_in_course",
      { user_id: 101, course_id: 201, course_enrollment_expiration_date: "2027-01-01" },
    ],
    [
      "enroll_user_in_user_group",
      { user_id: 101, user_group_id: 301, user_group_enrollment_expiration_date: "2027-01-01" },
    ],
  ])("%s: does not say that nothing changes where the end does", async (name, args) => {
    const text = await asked(name, args);

    expect(text).toContain("it is there already, and SkyPrep does not show when it ends now.");
    expect(text).not.toContain("has it this way already");
  });

  it.each([
    [
      "remove_user_from_user_group",
      { user_id: 101, user_group_id: 305 },
      "SkyPrep does not currently show them in this group.",
    ],
    [
      "remove_course_from_user_group",
      { course_id: 230, user_group_id: 301 },
      "SkyPrep does not currently show this course in the group.",
    ],
    [
      "remove_group_from_learning_path",
      { user_group_id: 305, learning_path_id: 402 },
      "SkyPrep does not currently show this learning path in the group.",
    ],
    [
      "remove_course_from_learning_path",
      { course_id: 230, learning_path_id: 402 },
      "SkyPrep does not currently show this course in the learning path.",
    ],
  ])("%s: says that it is not there, and of nothing that it is lost", async (name, args, says) => {
    const text = await asked(name, args);

    expect(text).toContain(says);
    expect(text).not.toMatch(/may lose it|came with the group|came through|may not come back/);
  });

  it("says that there is no such skill, and calls one by its title", async () => {
    const take = { user_id: 101, amount: -5 };
    expect(await asked("create_skill_transaction", { ...take, skill_id: 99_999 })).toContain(
      "There is no skill 99999",
    );
    expect(await asked("create_skill_transaction", { ...take, skill_id: 1201 })).toContain(
      "the skill “Communication” (1201)",
    );
  });

  it("offboards somebody without rights or groups in words that promise neither", async () => {
    const academy = await openCounted();
    opened.push(academy);
    for (const group of academy.world.groups.values()) group.members.delete(110);
    let message = "";
    academy.answered((form) => {
      message = form.message;
      return { action: "decline" };
    });
    await academy.call("offboard_person", { person: "110" });

    expect(message).toMatch(
      /^\[sandbox\] Offboard “[^”]+” \([^)]+\): let them sign in only until 23 Nov 2026\?\n/,
    );
    expect(message).toContain(
      "They have no rights and no groups that would go; they cannot sign in after that day.",
    );
  });
});

describe("a question about days and hours", () => {
  it.each([
    [-1, "That day is over, so this takes effect at once."],
    [0, "That day is today."],
    [1, undefined],
  ])("says of a last day %i days from now what it is on the academy's calendar", async (n, says) => {
    const text = await asked("update_user", { user_id: 161, access_end_date: day(n) });

    if (says === undefined) expect(text).not.toMatch(/That day is/);
    else expect(text).toContain(says);
  });

  it("says where an end would come before its beginning, and which end stays", async () => {
    const moved = { instructor_led_training_timeslot_id: 511 };
    expect(await asked("update_ilt_timeslot", { ...moved, commencement_time: "2027-01-11T09:00" })).toContain(
      "It would end before it begins: it still ends on 1 Dec 2026 at 11:00.",
    );
    expect(await asked("update_ilt_timeslot", { ...moved, commencement_time: "2026-12-01T08:00" })).toContain(
      "It still ends on 1 Dec 2026 at 11:00.",
    );
    expect(
      await asked("update_user", {
        user_id: 161,
        access_start_date: "2027-06-01",
        access_end_date: "2027-01-01",
      }),
    ).toContain("Their access would end before it begins, so they could not sign in at all.");
  });

  it("tells the academy's hour in a process that has read nothing yet", async () => {
    const text = await asked("get_login_key", { user_id: 161, key_type: "daily" });

    expect(text).not.toContain("midnight UTC");
    expect(text).toMatch(/until 2[34] Nov 2026 at \d\d:\d\d\./);
  });

  it("says of one registration whose it is in the singular", async () => {
    const text = await asked("destroy_ilt_timeslot_registrations", {
      instructor_led_training_timeslot_registration_ids: [543],
    });

    expect(text).toContain("Whose it is was not read");
  });
});

it("names the first few of many, and counts the others", async () => {
  const user_ids = Array.from({ length: 30 }, (_, n) => 101 + n);
  const text = await asked("mass_enroll", { user_ids, course_ids: [203] });

  expect(text).toMatch(
    /^\[sandbox\] Enroll “[^”]+” \([^)]+\), “[^”]+” \([^)]+\), “[^”]+” \([^)]+\) and 27 more people in the course “Code of Conduct” \(203\)\?\n/,
  );
});
