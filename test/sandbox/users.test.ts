import { describe, expect, it } from "vitest";
import { ask, newSandbox } from "./ask.ts";

type Rec = Record<string, unknown>;

describe("people", () => {
  it("are found by number or by login, however it is capitalised", async () => {
    const { send } = newSandbox();

    const byNumber = await ask(send, "get_user", { user_id: 101 });
    const byLogin = await ask(send, "get_user", { user_email: "Avery@Example.com" });

    expect(byLogin.json()).toEqual(byNumber.json());
    expect(byNumber.json()).toMatchObject({ id: 101, name: "Avery Learner", manager: false });
  });

  it("are created with what the form says", async () => {
    const { send } = newSandbox();

    const made = await ask(send, "create_user", {
      email: "james@example.com",
      first_name: "James",
      last_name: "Doakes",
      role: "manager",
      "address ": "10 Dexter Drive",
      card_no: "158-612",
      ca_3: "Night shift",
    });

    expect(made.json()).toMatchObject({
      email: "james@example.com",
      role: "manager",
      manager: true,
      address: "10 Dexter Drive",
      user_identifier: "158-612",
      ca_3: "Night shift",
      login_status: "active",
    });
  });

  it("have unique logins", async () => {
    const { send, world } = newSandbox();

    const created = await ask(send, "create_user", { email: "AVERY@example.com" });
    const renamed = await ask(send, "update_user", { user_id: 102, email: "avery@example.com" });
    const same = await ask(send, "update_user", { user_id: 101, email: "Avery@example.com" });

    expect([created.status, renamed.status, same.status]).toEqual([422, 422, 200]);
    expect(world.people.size).toBe(302);
    expect(world.people.get(102)?.email).toBe("jordan@example.com");
  });

  it("are refused with a role that is none or a short password", async () => {
    const { send, world } = newSandbox();

    const role = await ask(send, "create_user", { email: "a@example.com", role: "king" });
    const password = await ask(send, "create_user", { email: "a@example.com", password: "short" });

    expect([role.status, password.status]).toEqual([422, 422]);
    expect(world.people.size).toBe(302);
  });

  it("change only in what is given, and answer wrapped", async () => {
    const { send } = newSandbox();

    const reply = await ask(send, "update_user", {
      user_email: "avery@example.com",
      title: "Lead",
      access_end_date: "July 30, 2027",
      email_notifications: "false",
    });

    const { message, user } = reply.json<{ message: string; user: Rec }>();
    expect(message).toBe("success");
    expect(user).toMatchObject({
      title: "Lead",
      first_name: "Avery",
      city: "New York",
      email_notifications: false,
      access_end_date: "2027-07-30T23:59:59.000-04:00",
    });
  });

  it("keep everything when one part of a change is refused", async () => {
    const { send, world } = newSandbox();

    const reply = await ask(send, "update_user", {
      user_id: 101,
      first_name: "Other",
      access_end_date: "soon",
    });

    expect(reply.status).toBe(422);
    expect(world.people.get(101)?.first_name).toBe("Avery");
  });

  it("are listed by name, in pages and newest first", async () => {
    const { send } = newSandbox();
    const ids = async (params: Record<string, string | number>) =>
      (await ask(send, "get_users", params)).json<{ id: number }[]>().map(({ id }) => id);

    expect(await ids({})).toHaveLength(302);
    expect(await ids({ email: "avery@example.com" })).toEqual([101]);
    expect(await ids({ first_name: "avery", last_name: "learner" })).toEqual([101]);
    expect(await ids({ limit: 2, page: 2 })).toEqual([103, 104]);
    expect(await ids({ limit: 2, offset: 5 })).toEqual([106, 107]);
    expect(await ids({ limit: 1, page: 303 })).toEqual([]);
    await ask(send, "create_user", { email: "new@example.com" });
    expect(await ids({ limit: 1, order_by_created_at_desc: "true" })).toEqual([403]);
    expect(await ids({ created_within_the_past_day: "true" })).toEqual([403]);
  });

  it("take everything with them when they go, but the books", async () => {
    const { send, world } = newSandbox();

    await ask(send, "destroy_user", { user_email: "jordan@example.com" });

    const left = [
      world.progress,
      world.registrations,
      world.managerships,
      world.powerUsers,
      world.points,
      world.skillPoints,
    ];
    for (const table of left)
      expect([...table.values()].filter(({ user_id }) => user_id === 102)).toEqual([]);
    expect([...world.groups.values()].filter(({ members }) => members.has(102))).toEqual([]);
    expect(world.datasets.get(701)?.users.static_id_list).toEqual([101]);
    expect([...world.timeslots.values()].filter((slot) => slot.primary_instructor_user_id === 102)).toEqual(
      [],
    );
    expect(world.payments.get(1502)?.user_id).toBe(102);
    expect((await ask(send, "get_user", { user_id: 102 })).status).toBe(404);
  });

  it("never get a number that somebody had", async () => {
    const { send } = newSandbox();
    const first = (await ask(send, "create_user", { email: "a@example.com" })).json();

    await ask(send, "destroy_user", { user_email: "a@example.com" });
    const second = (await ask(send, "create_user", { email: "a@example.com" })).json();

    expect([first.id, second.id]).toEqual([403, 404]);
  });

  it("show their courses, direct, through groups and through paths", async () => {
    const { send } = newSandbox();

    const courses = await ask(send, "get_user_courses", { user_email: "avery@example.com" });

    const ids = courses.json<Rec[]>().map(({ id }) => id);
    expect(ids).toEqual([201, 202, 203, 205, 216, 217, 240]);
  });
});
