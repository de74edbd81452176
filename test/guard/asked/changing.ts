import type { World } from "../../../src/sandbox/model/world.ts";
import type { Subject } from "../../../tools/schema/consequence.ts";
import type { Case } from "./cases.ts";

/** One way in which what a call is about can change while a person is asked. */
export interface Change {
  readonly what: string;
  readonly make: (world: World) => void;
}

const found = <T>(one: T | undefined): T => {
  if (one === undefined) throw new Error("it is not in the academy");
  return one;
};

type Args = Readonly<Record<string, unknown>>;
type Make = { readonly what: string; readonly make: (args: Args, world: World) => void };

function personIn(args: Args, world: World, ...names: string[]) {
  const id = names.map((name) => [args[name]].flat()[0]).find((one) => one !== undefined);
  return found([...world.people.values()].find((row) => row.id === id || row.email === id));
}
const at = <T>(table: Map<number, T>, args: Args, name: string): T =>
  found(table.get(Number([args[name]].flat()[0])));

function person(...names: string[]) {
  const change = (what: string, make: (args: Args, world: World) => void) => ({ what: `the ${what}`, make });
  const of = (args: Args, world: World) => personIn(args, world, ...names);
  return [
    change("role", (args, world) => {
      const row = of(args, world);
      row.role = row.role === "content_manager" ? "admin" : "content_manager";
    }),
    change("login", (args, world) => {
      const row = of(args, world);
      row.email = `${row.email}.au`;
    }),
    change("login status", (args, world) => {
      of(args, world).login_status = "disabled";
    }),
    change("person, who is gone", (args, world) => void world.people.delete(of(args, world).id)),
  ];
}

function rows<T extends { name: string }>(
  given: Args,
  table: (world: World) => Map<number, T>,
  name: string,
): Make[] {
  if (given[name] === undefined) return [];
  return [
    {
      what: "the name",
      make: (args: Args, world: World) => {
        at(table(world), args, name).name += " II";
      },
    },
    {
      what: "the thing, which is gone",
      make: (args: Args, world: World) => void table(world).delete(Number([args[name]].flat()[0])),
    },
  ];
}

const slot = "instructor_led_training_timeslot_id";
const registrations = "instructor_led_training_timeslot_registration_ids";

/** What an answer is bound to, by what the call is about (contract §5). */
const bySubject: Partial<Record<Subject, (args: Args) => readonly Make[]>> = {
  person: () => person("user_id", "user_email"),
  source: () => person("source_user_id"),
  receiver: () => person("target_user_id"),
  people: ({ user_ids }) => (user_ids ? person("user_ids") : []),
  course: (given) => [
    ...rows(given, (world) => world.courses, "course_id"),
    // Switched off by other hands, there is nothing left to lose in switching it off.
    ...(given.active === false
      ? []
      : [
          {
            what: "whether the course is open",
            make: (args: Args, world: World) => {
              const row = at(world.courses, args, "course_id");
              row.active = !row.active;
            },
          },
        ]),
    {
      what: "the course's code",
      make: (args, world) => {
        at(world.courses, args, "course_id").course_code = "NEW-1";
      },
    },
  ],
  courses: (args) => rows(args, (world) => world.courses, "course_ids"),
  group: (args) => rows(args, (world) => world.groups, "user_group_id"),
  groups: (args) => rows(args, (world) => world.groups, "user_group_ids"),
  path: (args) => rows(args, (world) => world.groups, "learning_path_id"),
  progress: () => [
    {
      what: "the status",
      make: (args, world) => {
        const row = at(world.progress, args, "course_progress_id");
        row.status = row.status === "passed" ? "failed" : "passed";
      },
    },
    {
      what: "the record, which is gone",
      make: (args, world) => void world.progress.delete(Number(args.course_progress_id)),
    },
  ],
  item: () => [
    {
      what: "the item's status",
      make: (args, world) => {
        const row = found(
          [...world.progress.values()].find(
            ({ user_id, course_id }) => user_id === args.user_id && course_id === args.course_id,
          ),
        );
        row.items.set(Number(args.course_item_id), { status: "in-progress", completed_at: null });
      },
    },
  ],
  timeslot: (args) =>
    args[slot] === undefined
      ? []
      : [
          ...rows(args, (world) => world.timeslots, slot),
          {
            what: "the time",
            make: (_, world) => {
              at(world.timeslots, args, slot).commencement_time += 86_400_000;
            },
          },
        ],
  registrations: (args) =>
    args[slot] === undefined
      ? []
      : [
          {
            what: "the registration's status",
            make: (_, world) => {
              at(world.registrations, args, registrations).status = "attended";
            },
          },
          {
            what: "the registration, which is gone",
            make: (_, world) =>
              void world.registrations.delete(at(world.registrations, args, registrations).id),
          },
        ],
  role: (args) => rows(args, (world) => world.roles, "user_role_id"),
  datasets: (args) => rows(args, (world) => world.datasets, "dataset_ids"),
};

/** The pair that a call takes apart, or rights it takes away: gone by other hands. */
const pairs: Readonly<Record<string, Make>> = {
  remove_user_from_course: {
    what: "their standing in the course",
    make: (args, world) => {
      const { id } = personIn(args, world, "user_id", "user_email");
      for (const row of world.progress.of(id)) if (row.course_id === args.course_id) row.status = "passed";
    },
  },
  remove_user_from_user_group: {
    what: "the membership",
    make: (args, world) => {
      at(world.groups, args, "user_group_id").members.delete(Number(args.user_id));
    },
  },
  remove_course_from_user_group: {
    what: "whether the group gives the course",
    make: (args, world) => {
      at(world.groups, args, "user_group_id").courses.delete(Number(args.course_id));
    },
  },
  remove_course_from_learning_path: {
    what: "whether the path includes the course",
    make: (args, world) => {
      at(world.groups, args, "learning_path_id").courses.delete(Number(args.course_id));
    },
  },
  remove_group_from_learning_path: {
    what: "whether the group gives the path",
    make: (args, world) => {
      at(world.groups, args, "user_group_id").paths.delete(Number(args.learning_path_id));
    },
  },
  remove_manager_from_user_group: { what: "the managership", make: (_, world) => world.managerships.clear() },
  assign_manager_to_user_group: { what: "the managership", make: (_, world) => world.managerships.clear() },
  update_manager_permissions_in_user_group: {
    what: "the permissions",
    make: (args, world) => {
      for (const row of world.managerships.values())
        if (row.user_id === args.user_id) row.flags = { ...row.flags, can_remove_users: true };
    },
  },
  destroy_power_user: { what: "the rights", make: (_, world) => world.powerUsers.clear() },
  create_or_update_power_users: { what: "the rights", make: (_, world) => world.powerUsers.clear() },
};

export function changesOf({ tool, args, kind }: Case): readonly Change[] {
  const { operation } = tool;
  if (operation.effect === "read") return [];
  const subjects = operation.about
    // The kind many names people by number: they are counted, not looked at.
    .filter((subject) => subject !== "people" || kind === "power")
    .flatMap((subject) => bySubject[subject]?.(args) ?? []);
  const pair = pairs[tool.name];
  return [...subjects, ...(pair ? [pair] : [])].map(({ what, make }) => ({
    what,
    make: (world) => make(args, world),
  }));
}
