import { describe, expect, it } from "vitest";
import { lateAcademy, sayingNothing } from "../../support/late-academy.ts";

const session = {
  instructor_led_training_id: 501,
  name: "Onboarding Workshop",
  commencement_time: "2026-12-15T09:00:00Z",
  end_time: "2026-12-15T12:00:00Z",
  capacity: 10,
};
const points = { user_id: 101, amount: 50, description: "Helped out" };
const skill = { user_id: 101, skill_id: 1201, amount: 30 };
const power = { user_ids: [225], user_role_id: 601, dataset_ids: [701] };

describe("what is answered with nothing, and shows only beside what was there before", () => {
  it.each([
    ["create_ilt_timeslot", session],
    ["create_ilt_timeslot_registrations", { instructor_led_training_timeslot_id: 511, user_id: 225 }],
  ])("%s: exactly one is new: its number is told, and undone by it", async (name, args) => {
    const academy = await lateAcademy({ after: 0, answer: sayingNothing(204) });

    const reply = await academy.call(name, args);
    const undone = await academy.call("undo_change", { change: 1 });
    await academy.close();

    expect(reply.outcome, reply.text).toBe("done");
    expect(reply.structured).toMatchObject({ done: true, id: expect.any(Number), verified: "yes" });
    expect(undone.text).toMatch(/was undone/);
    expect(academy.writes().filter((route) => /^create/.test(route))).toHaveLength(1);
  });

  it("a second session like the first is the new one of the two", async () => {
    const academy = await lateAcademy({ after: 0, answer: sayingNothing(204) });

    const first = await academy.call("create_ilt_timeslot", session);
    const second = await academy.call("create_ilt_timeslot", session);
    await academy.close();

    expect(second.outcome, second.text).toBe("done");
    expect(second.structured?.id).not.toBe(first.structured?.id);
  });

  it.each([
    ["create_gamification_transaction", points, /50 more than before/],
    ["create_gamification_transaction", { ...points, amount: -25 }, /25 less than before/],
    ["create_skill_transaction", skill, /30 more than before/],
  ])("%s %j: the balance tells", async (name, args, found) => {
    const academy = await lateAcademy({ after: 0, answer: sayingNothing(204) });

    const reply = await academy.call(name, args);
    await academy.close();

    expect(reply.outcome, reply.text).toBe("done");
    expect(reply.text).toMatch(found);
    expect(academy.writes()).toEqual([name]);
  });

  it("roles and datasets are those that were given, and were not before", async () => {
    const academy = await lateAcademy({ after: 0, answer: sayingNothing(204) });

    const reply = await academy.call("create_or_update_power_users", power);
    const again = await academy.call("create_or_update_power_users", power);
    await academy.close();

    expect(reply.text).toMatch(/^\[sandbox\] Done: Make people power users/);
    expect(reply.structured).toMatchObject({ done: true, verified: "yes" });
    expect(again.text).toMatch(/It is so now/);
    expect(academy.writes()).toHaveLength(2);
  });

  it("a registration's status and its end show in the session's list", async () => {
    const academy = await lateAcademy({ after: 0, answer: sayingNothing(204) });
    const of = { instructor_led_training_timeslot_id: 514 };

    const set = await academy.call("update_ilt_timeslot_registration", {
      ...of,
      instructor_led_training_timeslot_registration_id: 544,
      status: "attended",
    });
    const gone = await academy.call("destroy_ilt_timeslot_registrations", {
      ...of,
      instructor_led_training_timeslot_registration_ids: [544],
    });
    const blind = await academy.call("destroy_ilt_timeslot_registrations", {
      instructor_led_training_timeslot_registration_ids: [543],
    });
    await academy.close();

    expect(set.outcome, set.text).toBe("done");
    expect(gone.outcome, gone.text).toBe("done");
    // Without its session there is no list to look at.
    expect(blind.outcome, blind.text).toBe("unknown");
  });

  it.each([
    ["create_ilt_timeslot", session],
    ["create_ilt_timeslot_registrations", { instructor_led_training_timeslot_id: 511, user_id: 225 }],
    ["create_gamification_transaction", points],
    ["create_skill_transaction", skill],
    ["create_or_update_power_users", power],
    ["add_course_or_learning_path_to_catalog", { course_ids: [239] }],
  ])("%s: what does not show is not known, and not sent again", async (name, args) => {
    const academy = await lateAcademy({ after: 3_600_000, answer: sayingNothing(204) });

    const reply = await academy.call(name, args);
    await academy.close();

    expect(reply.outcome, reply.text).toBe("unknown");
    expect(reply.text).not.toMatch(/\bDone\b|verified: yes/);
    expect(academy.writes()).toHaveLength(1);
  });
});

describe("training that was moved, answered with nothing", () => {
  const move = {
    source_user_id: 121,
    target_user_id: 101,
    inclusion_list: ["course_enrollments", "course_progresses", "exam_attempts"],
  };

  it("is told by the records of both, before and after", async () => {
    const academy = await lateAcademy({ after: 0, answer: sayingNothing(204) });

    const reply = await academy.call("move_training_data", move);
    const left = academy.world().progress.of(121).length;
    await academy.close();

    expect(reply.outcome, reply.text).toBe("done");
    expect(reply.text).toMatch(
      left === 0
        ? /shows \d+ records with the other/
        : new RegExp(`records with the other, and ${left} where`),
    );
    expect(academy.writes()).toEqual(["move_training_data"]);
  });

  it("is not said to be done where nothing has moved", async () => {
    const academy = await lateAcademy({ after: 3_600_000, answer: sayingNothing(204) });

    const reply = await academy.call("move_training_data", move);
    await academy.close();

    expect(reply.outcome).toBe("unknown");
    expect(reply.text).toMatch(/still shows \d+ records where they were/);
    expect(academy.sent("move_training_data")).toHaveLength(1);
  });

  it.each([
    ["nothing of theirs shows it", { ...move, inclusion_list: ["exam_attempts"] }],
    ["they have no record", { ...move, source_user_id: 0 }],
  ])("could not be seen where %s", async (_, args) => {
    const academy = await lateAcademy({ after: 0, answer: sayingNothing(204) });
    const made = await academy.call("create_user", {
      email: "casey@example.com",
      first_name: "Casey",
      last_name: "Newhire",
    });

    const reply = await academy.call("move_training_data", {
      ...args,
      source_user_id: args.source_user_id || made.structured?.id,
    });
    await academy.close();

    expect(reply.outcome, reply.text).toBe("unknown");
    expect(reply.text).toMatch(/could not be seen/);
    expect(academy.sent("move_training_data")).toHaveLength(1);
  });
});
