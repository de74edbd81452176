import { describe, expect, it } from "vitest";
import { layer } from "./support.ts";

const row = async (route: string, fields: Record<string, unknown>, more: Record<string, unknown>[] = []) => {
  const { value, told, world } = layer([{ id: 1, ...fields }, ...more]);
  const [own] = (await value(route)) as Record<string, unknown>[];
  return { own, told, world };
};

describe("ids", () => {
  it("as texts are numbers, and what only looks like one is not", async () => {
    const { own, told } = await row("get_users", {
      id: "101",
      user_id: "101",
      last_course_id: "201",
      user_identifier: "00123",
      zip: "10001",
      ca_1: "12",
      cell: "5551234",
      last_name: "Null",
      first_name: "True",
    });

    expect(own).toEqual({
      id: 101,
      user_id: 101,
      last_course_id: 201,
      user_identifier: "00123",
      zip: "10001",
      ca_1: "12",
      cell: "5551234",
      last_name: "Null",
      first_name: "True",
    });
    expect(told).toEqual(["ids-are-numbers text"]);
  });

  it("of records inside, and lists of them", async () => {
    const { own } = await row("get_power_users", {
      power_user_permissions: { id: "1", user_role_id: "601", dataset_ids: ["701", 702] },
    });

    expect(own?.power_user_permissions).toEqual({ id: 1, user_role_id: 601, dataset_ids: [701, 702] });
  });

  it("of how many there are stay how many", async () => {
    const { own } = await row("get_datasets", { dataset_summary: { users: 24, courses: 6, user_groups: 2 } });

    expect(own?.dataset_summary).toEqual({ users: 24, courses: 6, user_groups: 2 });
  });
});

describe("flags", () => {
  it.each([
    [1, true, "digits"],
    [0, false, "digits"],
    ["1", true, "digits"],
    ["true", true, "text"],
    ["False", false, "text"],
    ["yes", true, "text"],
  ])("%j", async (came, wanted, how) => {
    const { own, told } = await row("get_users", { admin: came, email_notifications: came });

    expect(own).toMatchObject({ admin: wanted, email_notifications: wanted });
    expect(told).toEqual([`flags-are-booleans ${how}`]);
  });

  it("of a manager's rights, and of a dataset's reach", async () => {
    const { value } = layer({ id: 1, user: { id: "5" }, user_group: { id: "6" }, can_add_users: 1 });
    const { own } = await row("get_datasets", {
      dataset_scopes: { users_dataset: { all: 1, static_id_list: ["1"] } },
    });

    expect(await value("get_manager_permissions_from_user_group")).toEqual({
      id: 1,
      user: { id: 5 },
      user_group: { id: 6 },
      can_add_users: true,
    });
    expect(own?.dataset_scopes).toEqual({ users_dataset: { all: true, static_id_list: [1] } });
  });
});

describe("nothing", () => {
  it("as an empty text is null, where no text is meant", async () => {
    const { own, told } = await row("get_users", {
      last_login: "",
      last_course_id: "",
      admin: "",
      title: "",
    });

    expect(own).toMatchObject({ last_login: null, last_course_id: null, admin: null, title: "" });
    expect(told).toEqual(["nothing-is-null empty"]);
  });

  it("as a key left out is null, where others of the same kind have it", async () => {
    const { own, told } = await row("get_users", {}, [
      { id: 2, last_login: "2026-05-01T09:00:00.000-04:00" },
    ]);

    expect(own).toEqual({ id: 1, last_login: null });
    expect(told).toEqual(["nothing-is-null missing"]);
  });

  it("is not made of a field that no record has", async () => {
    expect((await row("get_users", {}, [{ id: 2 }])).own).toEqual({ id: 1 });
  });
});

describe("dates", () => {
  const iso = "2026-05-01T09:00:00.000-04:00";
  it.each([
    ["seconds", 1777640400, "2026-05-01T13:00:00.000Z", "epoch"],
    ["seconds as text", "1777640400", "2026-05-01T13:00:00.000Z", "epoch"],
    ["milliseconds", 1777640400000, "2026-05-01T13:00:00.000Z", "epoch"],
    ["no seconds", 0, null, "epoch"],
    ["a day", "2026-05-01", "2026-05-01", "days"],
    ["Ruby's own", "2026-05-01 09:00:00 -0400", "2026-05-01T09:00:00-04:00", undefined],
    ["Ruby's own, in UTC", "2026-05-01 13:00:00 UTC", "2026-05-01T13:00:00Z", "utc"],
    ["UTC", "2026-05-01T13:00:00.000Z", "2026-05-01T13:00:00.000Z", "utc"],
    ["no zone", "2026-05-01T09:00:00", "2026-05-01T09:00:00", "zoneless"],
    ["in words", "01-May 2026", "2026-05-01", "days"],
    ["only one way round", "05/13/2026", "2026-05-13", "american"],
    ["the same both ways", "05/05/2026", "2026-05-05", "american"],
    ["with points", "01.05.2026", "2026-05-01", "american"],
    ["no such day", "13/13/2026", "13/13/2026", "american"],
    ["no date", "soon", "soon", undefined],
    ["as on the page", iso, iso, undefined],
  ])("%s", async (_, came, wanted, how) => {
    const { own, told } = await row("get_users", { last_login: came });

    expect(own?.last_login).toEqual(wanted);
    expect(told).toEqual(how === undefined ? [] : [`dates-are-iso ${how}`]);
  });

  it("in digits are read by what stands beside them", async () => {
    const { own } = await row("get_courses", { created_at: "05/01/2026", created_at_int: 1777640400 });
    const progress = await row("get_course_progresses", {
      deadline_date: "05/01/2026",
      formatted_deadline_date: "01-May 2026",
      enrollment_date: "04/03/2026",
    });

    expect(own?.created_at).toBe("2026-05-01T13:00:00.000Z");
    expect(progress.own).toMatchObject({ deadline_date: "2026-05-01", enrollment_date: "2026-04-03" });
  });

  it("in digits are read by the other dates of the answer, and by those before it", async () => {
    const { value } = layer(
      [
        { id: 1, created_at: "05/01/2026" },
        { id: 2, created_at: "13/01/2026" },
      ],
      [{ id: 1, created_at: "02/03/2026" }],
    );

    expect(await value("get_users")).toMatchObject([
      { created_at: "2026-01-05" },
      { created_at: "2026-01-13" },
    ]);
    expect(await value("get_users")).toMatchObject([{ created_at: "2026-03-02" }]);
  });

  it("in digits stay where nothing decides, or both ways were seen", async () => {
    const mixed = [
      { id: 1, created_at: "05/01/2026" },
      { id: 2, created_at: "13/01/2026" },
      { id: 3, created_at: "01/14/2026" },
    ];

    expect((await row("get_users", { created_at: "05/01/2026" })).own?.created_at).toBe("05/01/2026");
    expect((await layer(mixed).value("get_users")) as unknown[]).toMatchObject([
      { created_at: "05/01/2026" },
      {},
      {},
    ]);
  });

  it("without a zone get the offset that the seconds beside them give", async () => {
    const { own } = await row("get_courses", {
      created_at: "2026-05-01T09:00:00",
      created_at_int: 1777640400,
    });

    expect(own?.created_at).toBe("2026-05-01T09:00:00-04:00");
  });

  it("of birth are days everywhere", async () => {
    expect((await row("get_users", { date_of_birth: "1990-02-01" })).told).toEqual([]);
  });
});

describe("statuses", () => {
  it.each([
    ["In-progress", "in-progress", "capitalised"],
    ["In Progress", "in-progress", "words"],
    ["not_started", "not-started", "underscores"],
    ["NotStarted", "not-started", "synonyms"],
    ["incomplete", "in-progress", "synonyms"],
    ["Completed", "passed", "synonyms"],
    ["N/A", "not-applicable", "synonyms"],
    ["enrolled", "enrolled", undefined],
  ])("%s", async (came, wanted, how) => {
    const { own, told, world } = await row("get_course_progresses", { status: came });

    expect(own?.status).toBe(wanted);
    expect(told).toEqual(how === undefined ? [] : [`statuses-as-on-the-page ${how}`]);
    if (how !== undefined) expect(world.learnt.status(wanted)).toBe(came);
    expect(world.learnt.status("archived")).toBeUndefined();
  });

  it("of payments and of roles are their own", async () => {
    expect((await row("get_payments", { status: "complete" })).own?.status).toBe("complete");
    expect((await row("get_users", { role: "Content Manager", login_status: "Active" })).own).toMatchObject({
      role: "content_manager",
      login_status: "active",
    });
  });
});

describe("members by number alone", () => {
  it.each([[{ users: [101, "102"] }], [{ user_ids: [101, 102] }], [{ user_ids: "101, 102" }]])(
    "%j",
    async (fields) => {
      const { value, told } = layer({ id: 301, name: "Sales", courses: {}, ...fields });

      expect(await value("get_user_group")).toMatchObject({
        users: [
          { id: 101, user_id: 101 },
          { id: 102, user_id: 102 },
        ],
        courses: [],
      });
      expect(told).toContain("group-shows-its-members ids");
    },
  );

  it("are not made of how many there are", async () => {
    expect(await layer({ id: 301, users: 24 }).value("get_user_group")).toEqual({ id: 301 });
  });
});
