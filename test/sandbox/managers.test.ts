import { expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server/sandbox.ts";
import { ask, newSandbox, type Params } from "./ask.ts";

const keys =
  "id user can_add_users can_receive_notifications can_edit_course_progress can_remove_users can_add_existing_users user_group can_manage_all_group_users_courses can_add_courses_to_user_group can_remove_courses_from_user_group can_edit_user_password";

const on = (group: number, params: Params = {}) => ({ user_id: 102, user_group_id: group, ...params });
const read = ({ send }: Sandbox, group: number) =>
  ask(send, "get_manager_permissions_from_user_group", on(group));

test("a managership shows the person, the group and nine permissions", async () => {
  const reply = (await read(newSandbox(), 301)).json();

  expect(Object.keys(reply)).toEqual(keys.split(" "));
  expect(reply).toMatchObject({ id: 1601, user: { id: 102 }, user_group: { id: 301 } });
});

test("only who has the manager role can be assigned", async () => {
  const { send } = newSandbox();

  const learner = await ask(send, "assign_manager_to_user_group", { user_id: 101, user_group_id: 302 });

  expect(learner.status).toBe(422);
});

test("permissions are set with 0 and 1 or false and true, and the others stay", async () => {
  const sandbox = newSandbox();
  await ask(sandbox.send, "assign_manager_to_user_group", on(302, { can_add_courses_to_user_group: "0" }));

  const changed = await ask(
    sandbox.send,
    "update_manager_permissions_in_user_group",
    on(302, { can_remove_courses_from_user_group: "1", can_edit_user_password: true }),
  );

  expect(changed.json()).toMatchObject({
    can_add_courses_to_user_group: false,
    can_remove_courses_from_user_group: true,
    can_edit_user_password: true,
    can_add_users: true,
  });
  expect((await read(sandbox, 302)).json()).toEqual(changed.json());
});

test("a strict sandbox hears only the two permissions the page names", async () => {
  const { send } = newSandbox({ strict: true });

  const assigned = await ask(
    send,
    "assign_manager_to_user_group",
    on(302, { can_add_courses_to_user_group: "0", can_edit_user_password: "1" }),
  );

  expect(assigned.json()).toMatchObject({
    can_add_courses_to_user_group: false,
    can_edit_user_password: false,
  });
});

test("assigning twice keeps one managership", async () => {
  const { send, world } = newSandbox();
  const size = world.managerships.size;

  await ask(send, "assign_manager_to_user_group", on(301));

  expect(world.managerships.size).toBe(size);
});

test("a removed manager is gone from the group and keeps the role", async () => {
  const sandbox = newSandbox();

  const removed = await ask(sandbox.send, "remove_manager_from_user_group", on(301));

  expect(removed.json()).toEqual({ message: "success" });
  expect((await read(sandbox, 301)).status).toBe(404);
  expect((await ask(sandbox.send, "remove_manager_from_user_group", on(301))).status).toBe(404);
  expect(sandbox.world.people.get(102)?.role).toBe("manager");
});

test("a learning path has no managers", async () => {
  const { send } = newSandbox();

  expect((await ask(send, "assign_manager_to_user_group", on(402))).status).toBe(404);
  expect((await ask(send, "assign_manager_to_user_group", { user_id: 102 })).status).toBe(422);
});
