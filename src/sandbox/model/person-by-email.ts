import { type Input, Refusal } from "../server/route.ts";
import { personWithLogin } from "./people.ts";
import type { Person } from "./tables.ts";
import type { World } from "./world.ts";

/** Balances alone call the login `email`, not `user_email` (skyprep-api §4, 9). */
export const personNamed = (input: Input, world: World): Person => {
  const person = personWithLogin(world, input.text("email"));
  if (!person) throw new Refusal(404, "User not found");
  return person;
};
