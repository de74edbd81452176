import { syncPerson } from "../../../src/sandbox/model/enrollment.ts";
import type { World } from "../../../src/sandbox/model/world.ts";
import type { Caller, Told } from "./callers.ts";

/** Something that somebody wants done, and asks for until it is, or until it is said that nobody knows. */
export interface Task {
  readonly name: string;
  /** Makes the call whose steps a person is asked about. */
  readonly ask: (caller: Caller) => Promise<Told>;
  readonly isDone: () => boolean;
}

export const taskNames = ["delete", "offboard", "enroll at once", "enroll in parts"] as const;
export type TaskName = (typeof taskNames)[number];
/** So many writes each comes to. */
export const writesOf: Readonly<Record<TaskName, number>> = {
  delete: 1,
  offboard: 4,
  "enroll at once": 1,
  "enroll in parts": 3,
};

/** In which hardly anybody is. */
const courses = [212, 209, 220];
/** Who lacks what: as many calls as there are different ones. More pairs than are done without asking anybody. */
const lacking: Readonly<
  Partial<Record<TaskName, readonly { readonly people: number; readonly of: readonly number[] }[]>>
> = {
  "enroll at once": [{ people: 9, of: courses }],
  "enroll in parts": [
    { people: 5, of: [212, 209] },
    { people: 5, of: [209, 220] },
    { people: 5, of: [212, 220] },
  ],
};

/** People of an academy, each for one task alone. */
export function createPeople(world: World) {
  const learners = [...world.people.values()].filter(
    ({ role, login_status }) => role === "learner" && login_status === "active",
  );
  return {
    idOf: new Map([...world.people.values()].map(({ id, email }) => [email.toLowerCase(), id])),
    world,
    take(count: number, isFit = (_: number) => true): number[] {
      const taken = learners.filter(({ id }) => isFit(id)).slice(0, count);
      if (taken.length < count) throw new Error("the academy has no more people");
      for (const one of taken) learners.splice(learners.indexOf(one), 1);
      return taken.map(({ id }) => id);
    },
  };
}
export type People = ReturnType<typeof createPeople>;

/** Gives a task of its own to a run; what has to be there for it is there, or planned, when this resolves. */
export async function taskFor(name: TaskName, people: People, caller: Caller): Promise<Task> {
  const { world } = people;
  const groups = [...world.groups.values()].filter(({ type }) => type === "user");
  if (name === "delete") {
    const [user = 0] = people.take(1);
    return {
      name,
      ask: ({ call }) => call("destroy_user", { user_id: user }),
      isDone: () => !world.people.has(user),
    };
  }
  if (name === "offboard") {
    const [user = 0] = people.take(1);
    for (const group of groups.slice(0, 3)) group.members.add(user);
    return {
      name,
      ask: ({ call }) => call("offboard_person", { person: String(user), last_day: "2020-01-01" }),
      isDone: () =>
        world.people.get(user)?.access_end_date != null && !groups.some(({ members }) => members.has(user)),
    };
  }
  const isIn = (user: number, course: number) =>
    world.progress.of(user).some((row) => row.course_id === course);
  const users = (lacking[name] ?? []).flatMap(({ people: count, of }) =>
    people
      .take(count, (user) => !courses.some((course) => isIn(user, course)))
      .map((user) => {
        const has = world.enrollments.get(user) ?? new Set();
        for (const course of courses) if (!of.includes(course)) has.add(course);
        world.enrollments.set(user, has);
        syncPerson(world, user);
        return user;
      }),
  );
  const planned = await caller.call("plan_enrollment", {
    people: users.map(String),
    courses: courses.map(String),
  });
  const [plan] = /\b[a-z]{3,12}-\d{2,5}\b/.exec(planned.is === "reply" ? planned.text : "") ?? [];
  if (plan === undefined) throw new Error(`no plan: ${JSON.stringify(planned)}`);
  return {
    name,
    ask: ({ call }) => call("apply_plan", { plan }),
    isDone: () => users.every((user) => courses.every((course) => isIn(user, course))),
  };
}
