import { describe, expect, it } from "vitest";
import { ask, newSandbox } from "./ask.ts";

describe("the account", () => {
  it("counts what is there", async () => {
    const { send } = newSandbox();

    expect((await ask(send, "get_program")).json()).toEqual({
      created_at: "2020-01-01T09:00:00.000-05:00",
      updated_at: "2020-01-01T09:00:00.000-05:00",
      name: "Example Training Portal",
      acct_key: "example.skyprepapp.com",
      users_count: 302,
      courses_count: 42,
      user_groups_count: 9,
      admin_count: 4,
      learning_paths_count: 6,
    });
  });

  it("counts by kind, before and after a change", async () => {
    const { send } = newSandbox();
    const data = async (data_type: string) => (await ask(send, "get_data", { data_type })).json().data;

    const before = await Promise.all(
      ["user_count", "admin_count", "learner_count", "course_count", "user_group_count"].map(data),
    );
    await ask(send, "create_user", { email: "a@example.com" });
    await ask(send, "destroy_course", { course_id: 242 });

    expect(before).toEqual([302, 4, 282, 42, 9]);
    expect([await data("user_count"), await data("learner_count"), await data("course_count")]).toEqual([
      303, 283, 41,
    ]);
  });
});
