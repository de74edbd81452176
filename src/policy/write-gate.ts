import { loginKey } from "../academy/identity.ts";
import { Missing, OutsidePolicy, type Read, type Row, Unread } from "../academy/reads.ts";
import type { PolicyTool } from "../catalogue/toolsets.ts";
import { encode } from "../skyprep/request.ts";
import { createGateLooks, isFew, listIn, pathIds } from "./gate-looks.ts";
import { sayOutside } from "./narrowed-api.ts";
import { narrowsReading, type Policy } from "./policy.ts";
import { isWithin, keyOfName, type PolicyScope, type Scopes } from "./scope.ts";
import { type Dimension, namedIn, type Tie, unseenProgress } from "./ties.ts";
import { type Barrable, type LimitedWeight, weigh } from "./weight.ts";

/** Whom steps of one job took out of the policy's groups: what else was agreed to for them is still theirs. */
export interface Still {
  readonly ids: Set<number>;
  readonly logins: Map<string, number>;
}

export interface WriteGate {
  /** Which rule forbids it, in a sentence; read of SkyPrep as it stands. Undefined: it is within the policy. */
  barred(write: Barrable, signal: AbortSignal, still?: Still): Promise<string | undefined>;
  weigh(write: Barrable, signal: AbortSignal): Promise<LimitedWeight>;
  /** What it looked at is looked at anew. */
  renew(): void;
}

export interface GateWorld {
  readonly policy: Policy;
  readonly scopes: Scopes;
  readonly read: Read;
  readonly tools: ReadonlyMap<string, PolicyTool>;
  readonly now: () => number;
}

/** They change what stands behind a group's or a path's members, not only who is named. */
const joins = new Set([
  "enroll_user_in_user_group",
  "remove_user_from_user_group",
  "mass_enroll",
  "get_login_key",
]);
/** Whoever they are about may be in none of the policy's groups afterwards. */
const takesOut = new Set(["remove_user_from_user_group", "move_training_data"]);

function withStill(scope: PolicyScope, still: Still | undefined): PolicyScope {
  if (scope.person === undefined || still === undefined || still.ids.size === 0) return scope;
  const { ids, logins } = scope.person;
  return {
    ...scope,
    person: { ids: new Set([...ids, ...still.ids]), logins: new Map([...logins, ...still.logins]) },
  };
}

function keepStill(
  still: Still,
  { operation, args }: Pick<Barrable, "operation" | "args">,
  scope: PolicyScope,
): void {
  const { ties } = namedIn(operation, encode(args, operation.wire));
  for (const { of, as, is } of ties) {
    if (of !== "person") continue;
    const id = as === "login" ? scope.person?.logins.get(loginKey(is)) : Number(is);
    if (id === undefined) continue;
    still.ids.add(id);
    for (const [login, whose] of scope.person?.logins ?? []) if (whose === id) still.logins.set(login, id);
  }
}

/** They make something new, which nobody is in yet but those who are named. */
const makes = new Set([
  "create_course",
  "create_learning_path",
  "create_user_group",
  "create_instructor_led_training_timeslot",
]);
const ofManagers = /manager/;
/** They take from a person what they have anywhere. */
const ofWholePerson = new Set(["destroy_user", "move_training_data"]);
/** So do the days of somebody's access. */
const isOfWholePerson = (route: string, args: Barrable["args"]): boolean =>
  ofWholePerson.has(route) || args.access_end_date !== undefined || args.access_start_date !== undefined;
const ofSessions = /^(create|update|delete|destroy)_instructor_led_training/;
/** What reaches whoever is on a path, by way of their groups too. */
const ofPathContent = /^(destroy|update)_learning_path$|^(add|remove)_course_(to|from)_learning_path$/;
/** Whoever has it is that person. */
const signsIn = (route: string, args: Barrable["args"]): boolean =>
  route === "get_login_key" || (route === "update_user" && args.password !== undefined);
const namedBy: Readonly<Record<string, Dimension>> = {
  create_course: "course",
  update_course: "course",
  create_user_group: "group",
  update_user_group: "group",
  create_learning_path: "path",
  update_learning_path: "path",
};

/** What is not there is nobody's. */
function none(error: unknown): undefined {
  if (!(error instanceof Missing)) throw error;
  return undefined;
}

export function createWriteGate({ policy, scopes, read, tools, now }: GateWorld): WriteGate {
  const narrows = narrowsReading(policy);
  const rule = (why: string) => `The policy “${policy.name}” leaves this out: ${why}.`;
  const looks = createGateLooks({ read, now });
  const { look, one, group, path, groupIds, groupsOn } = looks;

  const who = (row: Row): Tie => ({ of: "person", as: "id", is: String(row.user_id ?? row.id ?? "") });
  const what =
    (of: Dimension) =>
    (row: Row): Tie => ({ of, as: "id", is: String(row.id ?? "") });
  const allIn = (scope: PolicyScope, rows: readonly Row[], tie: (row: Row) => Tie) =>
    rows.every((row) => isWithin(scope, tie(row)));

  return {
    async barred(write, signal, still) {
      const { tool, operation, args, route } = write;
      const known = tools.get(tool);
      if (known === undefined || !policy.permits(known)) return rule(`${tool} is not among what it allows`);
      if (policy.refuses(known)) return rule(`it refuses ${tool}`);
      if (!narrows) return undefined;
      try {
        const scope = withStill(await scopes.current(signal, isFew), still);
        const why = await outside({ route, operation, args }, scope, signal);
        if (why === undefined && still && takesOut.has(route)) keepStill(still, { operation, args }, scope);
        return why && rule(why);
      } catch (error) {
        if (error instanceof OutsidePolicy) return error.message;
        if (error instanceof Missing) return rule("what it is about is not there");
        if (!(error instanceof Unread)) throw error;
        return `Whether the policy “${policy.name}” lets it be done could not be read (${error.message}). Call again in a minute.`;
      }
    },
    weigh: (write, signal) => weigh(write, looks, signal),
    renew: looks.renew,
  };

  async function outside(
    { route, operation, args }: Omit<Barrable, "tool">,
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { ties, others, strange } = namedIn(operation, encode(args, operation.wire));
    if (strange.length > 0) return `what ${strange.join(", ")} would do is not documented`;
    const progress = others.course_progress_id ?? [];
    const all = [...ties];
    for (const id of progress) {
      const row = await one("get_course_progress", { course_progress_id: id }, signal).catch(none);
      const own: Tie[] = [
        { of: "person", as: "id", is: String(row?.user_id ?? "") },
        { of: "course", as: "id", is: String(row?.course_id ?? "") },
      ];
      if (!own.every((tie) => isWithin(scope, tie))) return unseenProgress(id);
      all.push(...own);
    }
    const stranger = all.find((tie) => !isWithin(scope, tie));
    if (stranger) return sayOutside(stranger, policy);
    const of = (dimension: Dimension) => all.some((tie) => tie.of === dimension);
    if (/power_user/.test(route) || args.role === "admin" || args.role === "content_manager")
      return "power over others reaches beyond it";
    const renames = nameTaken(route, args, scope);
    if (renames !== undefined) return renames;
    if (signsIn(route, args) && (await hasPower(all, signal)))
      return "whoever signs in as that person can do more than it allows";
    return (
      (scope.person &&
        (await beyondPeople({ route, args, ties: all, named: of("person") }, scope, signal))) ??
      (scope.course && (await beyondCourses({ route, args, ties: all }, scope, signal))) ??
      (scope.group && (await beyondGroups({ route, args, named: of("group") }, scope, signal))) ??
      (scope.path && (await beyondPaths({ route, args, ties: all }, scope, signal))) ??
      undefined
    );
  }

  /** A policy may go by names: whoever gives or takes one decides what it means from then on. */
  function nameTaken(
    route: string,
    args: Barrable["args"],
    { names, byName }: PolicyScope,
  ): string | undefined {
    const of = namedBy[route];
    if (of === undefined || typeof args.name !== "string") return undefined;
    const isOne = names.has(keyOfName(of, args.name));
    const id =
      args[{ course: "course_id", group: "user_group_id", path: "learning_path_id", person: "" }[of]];
    const isMeant = byName.has(`${of} ${id}`);
    return isOne === isMeant ? undefined : "it goes by that name, and would mean something else";
  }

  async function hasPower(ties: readonly Tie[], signal: AbortSignal): Promise<boolean> {
    for (const { of, as, is } of ties) {
      if (of !== "person") continue;
      const rows = await look("get_user", as === "id" ? { user_id: Number(is) } : { user_email: is }, signal);
      const [row] = rows;
      if (row === undefined || row.role !== "learner") return true;
      const holders = await look("get_power_users", {}, signal);
      if (holders.some((one) => Number(one.user_id ?? one.id) === Number(row.id))) return true;
    }
    return false;
  }

  interface Reaching {
    readonly route: string;
    readonly args: Readonly<Record<string, unknown>>;
    readonly ties: readonly Tie[];
  }

  /** Whether it reaches people whom it does not name: members, the registered, whoever takes a course. */
  async function beyondPeople(
    { route, args, ties, named }: Reaching & { readonly named: boolean },
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (ofSessions.test(route) && !route.startsWith("create")) return registered(args, scope, signal);
    if (joins.has(route) || (makes.has(route) && ties.every(({ of }) => of !== "group"))) return undefined;
    // No read tells who manages a group.
    if (route === "destroy_user_group") return "whoever manages that group would lose it, and may be outside";
    if (/^(update|remove).*catalog/.test(route)) return "others may lose what the catalog shows them";
    const [groups, paths] = [await groupIds(ties, signal), pathIds(ties)];
    for (const id of groups)
      if (!allIn(scope, listIn(await group(id, signal), "users"), who))
        return `group ${id} has members whom it leaves out`;
    for (const id of paths) {
      const on = ofPathContent.test(route) ? await groupsOn(id, signal) : [];
      const people = [await path(id, signal), ...(on ?? [])].flatMap((row) => listIn(row, "users"));
      if (on === undefined || !allIn(scope, people, who))
        return `learning path ${id} has people whom it leaves out`;
    }
    if (makes.has(route) || named || groups.length > 0 || paths.length > 0) return undefined;
    if (route === "create_user") return "a new person is in none of its groups";
    return "it would reach people whom it does not name";
  }

  async function registered(
    args: Readonly<Record<string, unknown>>,
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const timeslot = args.instructor_led_training_timeslot_id;
    if (typeof timeslot !== "number")
      return "whose registration it is cannot be told without instructor_led_training_timeslot_id";
    const rows = await look(
      "get_instructor_led_training_timeslot_registrations",
      { instructor_led_training_timeslot_id: timeslot },
      signal,
    );
    const wanted = [
      args.instructor_led_training_timeslot_registration_id,
      args.instructor_led_training_timeslot_registration_ids,
    ]
      .flat()
      .filter((id) => id !== undefined)
      .map(Number);
    const own = wanted.length === 0 ? rows : rows.filter(({ id }) => wanted.includes(Number(id)));
    const isThere = wanted.every((id) => own.some((row) => Number(row.id) === id));
    return isThere &&
      own.every((row) => isWithin(scope, { of: "person", as: "id", is: String(row.user_id ?? "") }))
      ? undefined
      : `session ${timeslot} has people registered whom it leaves out, or no such registration`;
  }

  /** Whether it gives or takes courses that it does not name, by way of a group, a path or a whole person. */
  async function beyondCourses(
    { route, args, ties }: Reaching,
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (isOfWholePerson(route, args))
      return "it would touch everything a person has, and not only its courses";
    if (ofSessions.test(route)) return "which course a session is of is not known";
    if (route === "create_course") return "a new course is not among its courses";
    if (ofManagers.test(route) || route === "update_user_group" || route === "update_learning_path")
      return undefined;
    for (const id of await groupIds(ties, signal)) {
      const row = await group(id, signal);
      if (!allIn(scope, listIn(row, "courses"), what("course")))
        return `group ${id} has courses that it leaves out`;
      for (const { id: inside } of listIn(row, "learning_paths"))
        if (!allIn(scope, listIn(await path(Number(inside), signal), "courses"), what("course")))
          return `group ${id} has a learning path with courses that it leaves out`;
    }
    for (const id of pathIds(ties))
      if (!allIn(scope, listIn(await path(id, signal), "courses"), what("course")))
        return `learning path ${id} has courses that it leaves out`;
    return undefined;
  }

  async function beyondGroups(
    { route, args, named }: Pick<Reaching, "route" | "args"> & { readonly named: boolean },
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (isOfWholePerson(route, args)) return "it would touch every group a person is in";
    if (route === "destroy_course") return "groups may have that course";
    if (route === "destroy_learning_path")
      return "groups may be on that learning path, or see it in the catalog";
    if (route === "create_user_group") return "a new group is not among its groups";
    if (/^(update|remove).*catalog/.test(route)) return "other groups may lose what the catalog shows them";
    if (/catalog/.test(route) && !named) return "without groups it would be for everybody";
    return args.learning_path_id !== undefined && ofPathContent.test(route)
      ? groupsLeftOut(Number(args.learning_path_id), scope, signal)
      : undefined;
  }

  async function groupsLeftOut(
    id: number,
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const groups = await groupsOn(id, signal);
    if (groups === undefined) return "groups may be on that learning path";
    return allIn(scope, groups, what("group"))
      ? undefined
      : `learning path ${id} is given to groups that it leaves out`;
  }

  async function beyondPaths(
    { route, args, ties }: Reaching,
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (isOfWholePerson(route, args)) return "it would touch every learning path a person is on";
    if (route === "destroy_course") return "learning paths may have that course";
    if (route === "create_learning_path") return "a new learning path is not among its paths";
    if (ofManagers.test(route) || route === "update_user_group") return undefined;
    for (const id of await groupIds(ties, signal))
      if (!allIn(scope, listIn(await group(id, signal), "learning_paths"), what("path")))
        return `group ${id} has learning paths that it leaves out`;
    return undefined;
  }
}
