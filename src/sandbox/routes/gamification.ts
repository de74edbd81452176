import { pointsBalance } from "../model/ledgers.ts";
import type { Points } from "../model/office.ts";
import { find } from "../model/people.ts";
import { personNamed } from "../model/person-by-email.ts";
import type { World } from "../model/world.ts";
import type { Input, Route } from "../server/route.ts";
import { iso, seconds } from "../views/dates.ts";

const record = (input: Input, world: World): Points => {
  const person = find(world.people, input.id("user_id"), "User");
  const amount = input.number("amount");
  const now = world.now();
  const id = world.next(world.points);
  const day = iso(now)?.slice(0, 10).replaceAll("-", "");
  const row: Points = {
    id,
    user_id: person.id,
    amount,
    description: input.optional("description") ?? "",
    unique_transaction_id: `txn_${day}_${id}`,
    created_at: now,
  };
  world.points.set(id, row);
  return row;
};

export const gamification = {
  get_user_gamification_balance: {
    page: ["email"],
    answer: (input, world) => {
      const person = personNamed(input, world);
      return {
        json: {
          user_id: person.id,
          email: person.email,
          gamification_balance: pointsBalance(world, person.id),
        },
      };
    },
  },
  create_gamification_transaction: {
    page: ["user_id", "amount", "description"],
    answer: (input, world) => {
      const row = record(input, world);
      return {
        json: {
          model_type: "gamification_transaction",
          id: row.id,
          user_id: row.user_id,
          amount: row.amount,
          description: row.description,
          balance: pointsBalance(world, row.user_id),
          unique_transaction_id: row.unique_transaction_id,
          created_at: iso(row.created_at),
          created_at_int: seconds(row.created_at),
          updated_at: iso(row.created_at),
          updated_at_int: seconds(row.created_at),
        },
      };
    },
  },
} satisfies Record<string, Route>;
