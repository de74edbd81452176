import { expect, it } from "vitest";
import { callIn, type Job, writesOf } from "./people-desk.ts";
import { type Academy, createAcademy } from "./plan-academy.ts";

/** A login goes to person 170, as it does where an address is given to whoever follows. */
function give(academy: Academy, from: number): void {
  const [one, other] = [academy.world.people.get(from), academy.world.people.get(170)];
  if (!one || !other) throw new Error("nobody to give it to");
  other.email = one.email;
  one.email = `was.${from}@example.com`;
}
const snapshot = ({ world }: Academy, id: number) =>
  JSON.stringify([
    { ...world.people.get(id), email: "" },
    [...world.groups.values()].filter(({ members }) => members.has(id)).map((group) => group.id),
    [...(world.enrollments.get(id)?.keys() ?? [])],
    [...world.registrations.values()].filter(({ user_id }) => user_id === id).length,
    [...world.managerships.values()].filter(({ user_id }) => user_id === id).length,
  ]);

it.each<[string, Job, number, number]>([
  ["offboarding", ["offboard_person", { person: "102" }], 102, 1],
  ["merging", ["merge_people", { from: "121", into: "101" }], 121, 1],
  ["a session's roster", ["session_roster", { session: "512", register: ["175", "176"] }], 176, 1],
  ["onboarding", ["onboard_person", { login: "", groups: ["309", "306"], courses: ["240"] }], 150, 1],
])(
  "%s: a login that moves between two steps ends them, by name, and touches nobody else",
  async (_, job, who, done) => {
    const academy = createAcademy();
    const own: Job = job[1].login === "" ? [job[0], { ...job[1], login: academy.login(who) }] : job;
    const login = academy.login(who);
    let before = "";

    const reply = await callIn(academy, own, {
      between: async (_call, { route }, pass) => {
        const answer = await pass();
        if (!route.startsWith("get_") && before === "") {
          give(academy, who);
          before = snapshot(academy, 170);
        }
        return answer;
      },
    });

    expect(before).not.toBe("");
    expect(snapshot(academy, 170)).toBe(before);
    expect(writesOf(reply)).toHaveLength(done);
    expect(reply.isError).toBe(true);
    expect(reply.text).toContain("number and login do not belong together any more");
    expect(reply.text).toContain(`person ${who} (${login})`);
  },
);
