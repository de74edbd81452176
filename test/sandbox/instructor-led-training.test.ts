import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server/sandbox.ts";
import { ask, newSandbox, noon, type Params } from "./ask.ts";

interface Slot {
  id: number;
  capacity: number | null;
  registration_count: number;
  commencement_time: string;
  end_time: string;
}

const slotKeys =
  "id name description location capacity display_timezone primary_instructor_user_id commencement_time instructor end_time registration_count session_type".split(
    " ",
  );
const registrationKeys =
  "id created_at updated_at instructor_led_training_timeslot_id user_id course_progress_id status".split(" ");

const create = ({ send }: Sandbox, params: Params) =>
  ask(send, "create_instructor_led_training_timeslot", { instructor_led_training_id: 501, ...params });
const register = ({ send }: Sandbox, slot: number, user: number, params: Params = {}) =>
  ask(send, "create_instructor_led_training_timeslot_registrations", {
    instructor_led_training_timeslot_id: slot,
    user_id: user,
    ...params,
  });
const read = async ({ send }: Sandbox, slot: number) =>
  ask(send, "get_instructor_led_training_timeslot", { instructor_led_training_timeslot_id: slot });

describe("trainings and timeslots", () => {
  test("a training holds the list of its timeslots", async () => {
    const { send } = newSandbox();

    const training = await ask(send, "get_instructor_led_training", { instructor_led_training_id: 501 });
    const all = await ask(send, "get_instructor_led_trainings");

    const { instructor_led_training_timeslots: slots } = training.json<{
      instructor_led_training_timeslots: Slot[];
    }>();
    expect(slots.map((slot) => slot.id)).toContain(511);
    expect(Object.keys(slots[0] ?? {})).toEqual(slotKeys);
    expect(all.json<{ id: number }[]>().map(({ id }) => id)).toEqual(expect.arrayContaining([501, 502]));
  });

  test("a window of days includes the whole of its last day", async () => {
    const sandbox = newSandbox();
    const late = await create(sandbox, { commencement_time: "2026-06-02T22:00:00.000-04:00" });
    const within = async (start_date: string, end_date: string) =>
      (await ask(sandbox.send, "get_instructor_led_training_timeslots", { start_date, end_date })).json<
        Slot[]
      >();

    const { id } = late.json<Slot>();
    expect((await within("2026-06-01", "2026-06-02")).map((slot) => slot.id)).toContain(id);
    expect((await within("2026-06-03", "2026-06-04")).map((slot) => slot.id)).not.toContain(id);
  });

  test("the seed has sessions in the last week and in the next", async () => {
    const { send } = newSandbox();

    const slots = (await ask(send, "get_instructor_led_training_timeslots")).json<Slot[]>();

    const days = slots.map((slot) => (Date.parse(slot.commencement_time) - noon) / 86_400_000);
    expect(days.some((away) => away < 0 && away > -14)).toBe(true);
    expect(days.some((away) => away > 0 && away < 14)).toBe(true);
    expect(days).toEqual([...days].sort((a, b) => a - b));
  });

  test("is created as asked, or, strict, at a default time two hours long", async () => {
    const times = {
      commencement_time: "2026-06-02T10:00:00.000-04:00",
      end_time: "2026-06-02T11:00:00.000-04:00",
    };

    const asked = (await create(newSandbox(), { ...times, capacity: 5 })).json<Slot>();
    const strict = (await create(newSandbox({ strict: true }), { ...times, capacity: 5 })).json<Slot>();

    expect(asked).toMatchObject({ ...times, capacity: 5, registration_count: 0 });
    expect(strict).toMatchObject({
      commencement_time: "2026-05-08T09:00:00.000-04:00",
      end_time: "2026-05-08T11:00:00.000-04:00",
      capacity: 5,
    });
  });

  test("updating leaves what is not named, and a session moved keeps its length", async () => {
    const sandbox = newSandbox();
    const before = (await create(sandbox, { capacity: 9, name: "Forklift" })).json<Slot>();

    await ask(sandbox.send, "update_instructor_led_training_timeslot", {
      instructor_led_training_timeslot_id: before.id,
      commencement_time: "2026-07-01T14:00:00.000-04:00",
    });

    expect((await read(sandbox, before.id)).json()).toMatchObject({
      name: "Forklift",
      capacity: 9,
      commencement_time: "2026-07-01T14:00:00.000-04:00",
      end_time: "2026-07-01T16:00:00.000-04:00",
    });
  });

  test("deleting takes the registrations along", async () => {
    const sandbox = newSandbox();
    expect(sandbox.world.registrations.has(521)).toBe(true);

    await ask(sandbox.send, "delete_instructor_led_training_timeslot", {
      instructor_led_training_timeslot_id: 511,
    });

    expect((await read(sandbox, 511)).status).toBe(404);
    expect([...sandbox.world.registrations.values()].filter((row) => row.timeslot_id === 511)).toEqual([]);
  });

  test.each<[Params, number]>([
    [{ instructor_led_training_id: 999999 }, 404],
    [{ capacity: 0 }, 422],
    [{ commencement_time: "tomorrow" }, 422],
    [{ commencement_time: "2026-06-02T10:00", end_time: "2026-06-02T09:00" }, 422],
    [{ primary_instructor_user_id: 999999 }, 404],
  ])("creating with %j is refused with %i", async (params, status) => {
    expect((await create(newSandbox(), params)).status).toBe(status);
  });
});

describe("registrations", () => {
  test("a full timeslot refuses the next person until somebody leaves", async () => {
    const sandbox = newSandbox();
    const { id } = (await create(sandbox, { capacity: 1 })).json<Slot>();

    const first = await register(sandbox, id, 101);
    const full = await register(sandbox, id, 102);
    await ask(sandbox.send, "destroy_instructor_led_training_timeslot_registrations", {
      instructor_led_training_timeslot_registration_ids: String(first.json().id),
    });
    const free = await register(sandbox, id, 102);

    expect([first.status, full.status, free.status]).toEqual([200, 422, 200]);
    expect(Object.keys(first.json())).toEqual(registrationKeys);
    expect((await read(sandbox, id)).json()).toMatchObject({ registration_count: 1 });
  });

  test("capacity cannot fall below who is registered", async () => {
    const sandbox = newSandbox();
    const { id } = (await create(sandbox, { capacity: 5 })).json<Slot>();
    await register(sandbox, id, 101);
    await register(sandbox, id, 102);

    const refused = await ask(sandbox.send, "update_instructor_led_training_timeslot", {
      instructor_led_training_timeslot_id: id,
      capacity: 1,
    });

    expect(refused.status).toBe(422);
    expect((await read(sandbox, id)).json()).toMatchObject({ capacity: 5 });
  });

  test("nobody is registered twice", async () => {
    const sandbox = newSandbox();
    const { id } = (await create(sandbox, {})).json<Slot>();

    await register(sandbox, id, 101);

    expect((await register(sandbox, id, 101)).status).toBe(422);
  });

  test("a course finds the person's progress in it, and another person's progress is refused", async () => {
    const sandbox = newSandbox();
    const { id } = (await create(sandbox, {})).json<Slot>();

    const stranger = await register(sandbox, id, 102, { course_progress_id: 901 });
    const own = await register(sandbox, id, 101, { course_id: 201, status: "attended" });

    expect(stranger.status).toBe(422);
    expect(own.json()).toMatchObject({ course_progress_id: 901, status: "attended" });
  });

  test("attendance is set, and the roster shows it", async () => {
    const { send } = newSandbox();

    await ask(send, "update_instructor_led_training_timeslot_registration", {
      instructor_led_training_timeslot_registration_id: 521,
      status: "attended",
    });

    const roster = await ask(send, "get_instructor_led_training_timeslot_registrations", {
      instructor_led_training_timeslot_id: 511,
    });
    expect(roster.json<object[]>()).toContainEqual(expect.objectContaining({ id: 521, status: "attended" }));
  });

  test("a comma list is destroyed whole or not at all, and what went is listed", async () => {
    const { send, world } = newSandbox();
    const destroy = (ids: string) =>
      ask(send, "destroy_instructor_led_training_timeslot_registrations", {
        instructor_led_training_timeslot_registration_ids: ids,
      });

    const refused = await destroy("521, 999999");
    expect(refused.status).toBe(404);
    expect(world.registrations.has(521)).toBe(true);

    const gone = await destroy("521, 522");
    expect(gone.json<{ id: number }[]>().map((row) => row.id)).toEqual([521, 522]);
    expect(world.registrations.has(521) || world.registrations.has(522)).toBe(false);
  });
});
