import { expect, test } from "vitest";
import { ask, newSandbox } from "./ask.ts";

interface PowerUser {
  id: number;
  power_user_permissions: { id: number; dataset_ids: number[]; user_role_id: number };
}

test("power users are a list of people, each with role and datasets", async () => {
  const found = (await ask(newSandbox().send, "get_power_users")).json<PowerUser[]>();

  const jordan = found.find((person) => person.id === 102);
  expect(Object.keys(jordan ?? {})).toHaveLength(61);
  expect(jordan?.power_user_permissions).toEqual({ id: 801, dataset_ids: [701], user_role_id: 601 });
});

test("roles and datasets are lists with the page's keys", async () => {
  const { send } = newSandbox();

  const [role] = (await ask(send, "get_user_roles")).json<object[]>();
  const [dataset] = (await ask(send, "get_datasets")).json<object[]>();

  expect(Object.keys(role ?? {})).toEqual(["id", "name", "description", "permissions", "powers_count"]);
  expect(Object.keys(dataset ?? {})).toEqual(
    "model_type name id program_id dataset_summary dataset_scopes created_at created_at_int updated_at updated_at_int".split(
      " ",
    ),
  );
  expect(dataset).toMatchObject({ id: 701, dataset_scopes: { users_dataset: { dynamic_rules: null } } });
});

test("many people are made power users at once, and doing so again changes them", async () => {
  const { send, world } = newSandbox();
  const appoint = (params: object) =>
    ask(send, "create_or_update_power_users", { user_ids: [101, 102], user_role_id: 601, ...params });
  const size = world.powerUsers.size;

  const made = await appoint({ dataset_ids: [701] });
  await appoint({ dataset_ids: "701" });

  expect(world.powerUsers.size).toBe(size + 1);
  expect(made.json<{ id: number; user_permission: object }[]>()).toMatchObject([
    { id: 101, user_permission: { role: "power_user", power_user_permissions: { dataset_ids: [701] } } },
    { id: 102, user_permission: { power_user_permissions: { id: 801, user_role_id: 601 } } },
  ]);
});

test("one unknown id and nobody is changed", async () => {
  const { send, world } = newSandbox();
  const size = world.powerUsers.size;

  const refused = await ask(send, "create_or_update_power_users", {
    user_ids: [101, 999999],
    user_role_id: 601,
    dataset_ids: [701],
  });
  const incomplete = await ask(send, "create_or_update_power_users", { user_ids: [101], user_role_id: 601 });

  expect(refused.status).toBe(404);
  expect(incomplete.status).toBe(422);
  expect(world.powerUsers.size).toBe(size);
});

test("destroying takes the permissions and keeps the person", async () => {
  const { send } = newSandbox();

  const gone = await ask(send, "destroy_power_user", { user_id: 102 });
  const again = await ask(send, "destroy_power_user", { user_id: 102 });

  expect(gone.json()).toEqual({ message: "success" });
  expect(again.status).toBe(404);
  const left = (await ask(send, "get_power_users")).json<PowerUser[]>();
  expect(left.map((person) => person.id)).not.toContain(102);
  expect((await ask(send, "get_user", { user_id: 102 })).status).toBe(200);
});
