import { noon } from "../../support/academy.ts";
import type { Job } from "../shared/people-desk.ts";
import { type Academy, createAcademy } from "../shared/plan-academy.ts";

export const registered = ({ world }: Academy, slot: number) =>
  [...world.registrations.values()]
    .filter(({ timeslot_id }) => timeslot_id === slot)
    .map(({ user_id, status }) => `${user_id} ${status}`)
    .sort();
/** While session 512 is held. */
export const inClass = (people?: number): Academy => {
  const academy = createAcademy({ people });
  academy.pass(Date.UTC(2026, 11, 3, 17, 10) - noon);
  return academy;
};
export const session = (args: Record<string, unknown>): Job => ["session_roster", args];

export const mixed = session({
  session: "512",
  register: ["101", "jordan@example.com", "119"],
  attended: ["119", "101"],
  absent: ["120"],
});
