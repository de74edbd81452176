import type { World } from "../../../src/sandbox/model/world.ts";
import type { Call } from "../../support/academy.ts";

/** A job's call that a person is asked about, after whatever has to be done before. */
export interface JobCase {
  readonly title: string;
  /** Gives the call that asks. */
  readonly before: (call: Call, world: World) => Promise<readonly [string, Record<string, unknown>]>;
}

const planOf = (text: string): string => /Plan ([a-z]+-\d+)/.exec(text)?.[1] ?? `no plan: ${text}`;
/** Undoes the last change. */
const undoing = async (call: Call): Promise<readonly [string, Record<string, unknown>]> => {
  const { text } = await call("list_changes");
  return ["undo_change", { change: Number(/^(\d+)\t/m.exec(text)?.[1]) }];
};
const just =
  (name: string, args: Record<string, unknown>): JobCase["before"] =>
  async () => [name, args];
const planned =
  (name: string, args: Record<string, unknown>): JobCase["before"] =>
  async (call) => ["apply_plan", { plan: planOf((await call(name, args)).text) }];
/** Everybody, as a list of theirs; but these. */
const listOf = (world: World, but: readonly number[] = []): string[] =>
  [...world.people.values()]
    .filter(({ id }) => !but.includes(id))
    .map(({ email, first_name, last_name }) => `${email},${first_name},${last_name},`);
const roster =
  (but: readonly number[], ...more: readonly string[]): JobCase["before"] =>
  async (call, world) => {
    const csv = ["Email,First name,Last name,Title", ...listOf(world, but), ...more].join("\n");
    const { text } = await call("plan_roster", { csv, max_leavers_percent: 100 });
    return ["apply_plan", { plan: planOf(text) }];
  };

/** Every job that asks, as it asks of one, of a few and of many. */
export const jobCases: readonly JobCase[] = [
  { title: "offboard_person · now", before: just("offboard_person", { person: "102" }) },
  { title: "offboard_person · a learner", before: just("offboard_person", { person: "101" }) },
  {
    title: "offboard_person · keeps groups",
    before: just("offboard_person", { person: "102", keep_groups: true }),
  },
  {
    title: "offboard_person · last day ahead",
    before: just("offboard_person", { person: "102", last_day: "2026-12-31" }),
  },
  {
    title: "offboard_person · last day ahead, all now",
    before: just("offboard_person", { person: "102", last_day: "2026-12-31", now: true }),
  },
  { title: "merge_people · offboards", before: just("merge_people", { from: "102", into: "101" }) },
  {
    title: "merge_people · deletes",
    before: just("merge_people", { from: "103", into: "101", delete: true }),
  },
  {
    title: "onboard_person · namesake",
    before: just("onboard_person", {
      login: "a.learner@example.com",
      first_name: "Avery",
      last_name: "Learner",
      courses: ["210"],
    }),
  },
  {
    title: "onboard_person · manager and link",
    before: just("onboard_person", {
      login: "casey@example.com",
      first_name: "Casey",
      last_name: "Newhire",
      groups: ["303"],
      courses: ["210", "215"],
      paths: ["403"],
      manager: "102",
      welcome: "link",
    }),
  },
  {
    title: "onboard_person · here already",
    before: just("onboard_person", { login: "avery@example.com", groups: ["303"], welcome: "link" }),
  },
  {
    title: "apply_plan · a group's members",
    before: planned("plan_enrollment", { group: "Sales Team", courses: ["210", "215"] }),
  },
  {
    title: "apply_plan · two people, after 25",
    before: async (call) => {
      const user_ids = Array.from({ length: 25 }, (_, index) => 130 + index);
      await call("mass_enroll", { user_ids, course_ids: [211] });
      const { text } = await call("plan_enrollment", { people: ["101", "120"], courses: ["210"] });
      return ["apply_plan", { plan: planOf(text) }];
    },
  },
  {
    title: "apply_plan · until a day",
    before: planned("plan_enrollment", {
      people: Array.from({ length: 30 }, (_, n) => String(101 + n)),
      courses: ["210"],
      expires: "2027-12-31",
    }),
  },
  { title: "apply_plan · one leaves", before: roster([120]) },
  {
    title: "apply_plan · four leave, one comes, one changes",
    before: async (call, world) => {
      const changed = [...world.people.values()].find(({ id }) => id === 103);
      return roster(
        [103, 120, 121, 122, 123],
        `${changed?.email},${changed?.first_name},${changed?.last_name},Chief`,
        "casey@example.com,Casey,Newhire,Clerk",
      )(call, world);
    },
  },
  {
    title: "session_roster · marks another result",
    before: async (_, world) => {
      const one = [...world.registrations.values()].find(({ status }) => status === "attended");
      return ["session_roster", { session: String(one?.timeslot_id), absent: [String(one?.user_id)] }];
    },
  },
  {
    title: "session_roster · registers many",
    before: async (_, world) => {
      const slot = world.timeslots.get(511);
      if (slot) slot.capacity = 200;
      return [
        "session_roster",
        { session: "511", register: Array.from({ length: 40 }, (_, n) => String(115 + n)) },
      ];
    },
  },
  {
    title: "undo_change · a status and its dates",
    before: async (call, world) => {
      const passed = [...world.progress.values()].find(({ status }) => status === "passed");
      await call("update_course_progress", { course_progress_id: passed?.id, set_status: "in-progress" });
      return undoing(call);
    },
  },
  {
    title: "undo_change · a login",
    before: async (call) => {
      await call("update_user", { user_id: 101, email: "avery.new@example.com" });
      return undoing(call);
    },
  },
];
