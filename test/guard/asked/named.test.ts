import { expect, it } from "vitest";
import { openCounted } from "./world.ts";

/** The question of one call, where these routes cannot be read. */
async function questionWithout(
  routes: readonly string[],
  name: string,
  args: Readonly<Record<string, unknown>>,
  many = false,
): Promise<string> {
  const academy = await openCounted({ fails: (route) => routes.includes(route) });
  if (many) await academy.prepare({ kind: "many" });
  let message = "";
  academy.answered((form) => {
    message = form.message;
    return { action: "decline" };
  });
  await academy.call(name, args);
  await academy.close();
  return message;
}

it("says of what has only a number that its name could not be read", async () => {
  const args = { user_emails: ["avery@example.com", "jordan@example.com"], course_ids: [203, 204, 205] };
  const named = await questionWithout([], "mass_enroll", args, true);
  const people = await questionWithout(["get_user"], "mass_enroll", args, true);
  const courses = await questionWithout(["get_course"], "mass_enroll", args, true);

  expect(named).toMatch(
    /^\[sandbox\] Enroll “Avery Learner” \(avery@example\.com\) and “Jordan Manager” \(jordan@example\.com\) in the courses “[^”]+” \(203\), “[^”]+” \(204\) and “[^”]+” \(205\)\?\n/,
  );
  expect(people).toMatch(/Enroll avery@example\.com \(the name could not be read\) and jordan@example\.com/);
  expect(courses).toMatch(/in the courses 203, 204 and 205 \(the names could not be read\)\?\n/);
});

it("names whose record and whose registration it is, and by which session", async () => {
  const registration = {
    instructor_led_training_timeslot_registration_ids: [521],
    instructor_led_training_timeslot_id: 511,
  };
  const whose = await questionWithout([], "destroy_ilt_timeslot_registrations", registration);
  const unread = await questionWithout(["get_user"], "destroy_ilt_timeslot_registrations", registration);

  expect(whose).toMatch(
    /^\[sandbox\] Delete registration 521 of “Avery Learner” \(person 101\) for the session “Onboarding Workshop” \(511\) of 1 Dec 2026 at 09:00\?\n/,
  );
  expect(unread).toMatch(
    /Delete registration 521 of person 101 \(the name could not be read\) for the session/,
  );
});

it("tells a time that was given elsewhere's on the academy's clock", async () => {
  const question = await questionWithout([], "update_ilt_timeslot", {
    instructor_led_training_timeslot_id: 511,
    commencement_time: "2027-01-11T14:00:00Z",
  });

  expect(question).toMatch(/of 1 Dec 2026 at 09:00 to 11 Jan 2027 at 09:00\?\n/);
});

it("asks of several things that one call does in one sentence, the strictest first", async () => {
  const question = await questionWithout([], "update_user", {
    user_id: 101,
    role: "admin",
    password: "long enough 47",
    access_end_date: "2027-12-31",
  });

  expect(question.split("\n")[0]).toBe(
    "[sandbox] Set a new password for “Avery Learner” (avery@example.com), and make them an administrator and let them sign in only until 31 Dec 2027?",
  );
  expect(question).toMatch(/an administrator controls everything in the account/);
  expect(question).not.toContain("long enough 47");
});
