import assert from "node:assert/strict";
import type { Journey } from "./journey.ts";

/** Jobs about who may do what. */
export const rights: readonly Journey[] = [
  {
    job: 29,
    asks: "Nadia Clarke manages Contractors from now on; she may not remove people.",
    async play({ world, call, asked }) {
      await call("update_user", { user_email: "nadia.clarke@example.com", role: "manager" });
      await call("assign_manager_to_user_group", {
        user_email: "nadia.clarke@example.com",
        user_group_id: 309,
        permissions: { can_remove_users: false, can_receive_notifications: true },
      });

      assert.equal(world.people.get(120)?.role, "manager");
      const [own] = [...world.managerships.values()].filter(({ user_id }) => user_id === 120);
      assert.equal(own?.user_group_id, 309);
      assert.equal(own?.flags.can_remove_users, false);
      assert.equal(asked.length, 2, "each gives power: somebody was asked");
    },
  },
  {
    job: 30,
    asks: "Who has power here, and what looks odd? Give Marcus the sales region.",
    async play({ world, call, items, asked }) {
      const odd = await items("access_review", { kind: "odd" });
      await call("create_or_update_power_users", { user_ids: [225], user_role_id: 601, dataset_ids: [701] });

      assert.ok(
        odd.some(({ id }) => id === 104),
        "an admin who has not signed in for months",
      );
      const own = [...world.powerUsers.values()].find(({ user_id }) => user_id === 225);
      assert.deepEqual(own?.dataset_ids, [701]);
      assert.equal(asked.length, 1);
    },
  },
];
