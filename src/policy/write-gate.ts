import type { Operation, WriteOperation } from "../../tools/schema/operation.ts";
import { loginKey } from "../academy/identity.ts";
import { Missing, type Read, type Row, rowsIn, Unread } from "../academy/reads.ts";
import type { PolicyTool } from "../catalogue/toolsets.ts";
import { encode } from "../skyprep/request.ts";
import { OutsidePolicy } from "../skyprep/response.ts";
import { fold } from "../text/fold.ts";
import { sayOutside } from "./narrowed-api.ts";
import { narrowsReading, type Policy } from "./policy-file.ts";
import { isWithin, keyOfName, type Scope, type Scopes } from "./scope.ts";
import { type Dimension, namedIn, type Tie, unseenProgress } from "./ties.ts";

/** A write as it would be sent. */
export interface Barrable {
  readonly tool: string;
  readonly route: string;
  readonly operation: WriteOperation;
  readonly args: Readonly<Record<string, unknown>>;
}

/** How much of what an hour and a day are limited in; what cannot be counted is no number. */
export type Weight = Readonly<Record<"enrollments" | "access_ends" | "mails", number>>;

/** Whom steps of one job took out of the policy's groups: what else was agreed to for them is still theirs. */
export interface Still {
  readonly ids: Set<number>;
  readonly logins: Map<string, number>;
}

export interface WriteGate {
  /** Which rule forbids it, in a sentence; read of SkyPrep as it stands. Undefined: it is within the policy. */
  barred(write: Barrable, signal: AbortSignal, still?: Still): Promise<string | undefined>;
  weigh(write: Barrable, signal: AbortSignal): Promise<Weight>;
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

function withStill(scope: Scope, still: Still | undefined): Scope {
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
  scope: Scope,
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
const ofSessions = /^(create|update|delete|destroy)_instructor_led_training/;
/** How old what was read may be for a step of a job: each call begins with reading it anew. */
const isFew = 15_000;
/** What reaches whoever is on a path, by way of their groups too. */
const ofPathContent = /^(destroy|update)_learning_path$|^(add|remove)_course_(to|from)_learning_path$/;
/** More than these are not looked at one by one. */
const mostGroups = 50;
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
  const looks = new Map<string, { readonly at: number; readonly rows: Promise<readonly Row[]> }>();

  /** What many steps ask alike is read once in a while. */
  function look(
    route: string,
    parameters: Record<string, number | string>,
    signal: AbortSignal,
  ): Promise<readonly Row[]> {
    const key = `${route} ${JSON.stringify(parameters)}`;
    const had = looks.get(key);
    if (had !== undefined && now() - had.at < isFew && now() >= had.at) return had.rows;
    const rows = read(route, parameters, signal).then(rowsIn);
    const own = { at: now(), rows };
    looks.set(key, own);
    rows.catch(() => {
      if (looks.get(key) === own) looks.delete(key);
    });
    if (looks.size > 200) looks.delete(looks.keys().next().value ?? "");
    return rows;
  }

  async function one(route: string, parameters: Record<string, number>, signal: AbortSignal): Promise<Row> {
    const [row] = await look(route, parameters, signal);
    if (row === undefined) throw new Unread("no record came");
    return row;
  }
  const listIn = (row: Row, name: string): readonly Row[] => {
    if (row[name] === undefined) throw new Unread(`its ${name.replaceAll("_", " ")} are not shown`);
    return rowsIn(row[name]);
  };
  const group = (id: number, signal: AbortSignal) => one("get_user_group", { user_group_id: id }, signal);
  const path = (id: number, signal: AbortSignal) =>
    one("get_learning_path", { learning_path_id: id }, signal);

  async function groupIds(ties: readonly Tie[], signal: AbortSignal): Promise<readonly number[]> {
    const own = ties.filter(({ of }) => of === "group");
    if (own.every(({ as }) => as === "id")) return own.map(({ is }) => Number(is));
    const all = await look("get_user_groups", {}, signal);
    return own.flatMap(({ as, is }) => {
      if (as === "id") return [Number(is)];
      const meant = all.filter(({ name }) => fold(String(name ?? "")).trim() === fold(is).trim());
      if (meant.length === 0)
        throw new OutsidePolicy(rule(`there is no group ${JSON.stringify(is.slice(0, 60))}`));
      return meant.map(({ id }) => Number(id));
    });
  }
  const pathIds = (ties: readonly Tie[]) =>
    ties.filter(({ of }) => of === "path").map(({ is }) => Number(is));

  const who = (row: Row): Tie => ({ of: "person", as: "id", is: String(row.user_id ?? row.id ?? "") });
  const what =
    (of: Dimension) =>
    (row: Row): Tie => ({ of, as: "id", is: String(row.id ?? "") });
  const allIn = (scope: Scope, rows: readonly Row[], tie: (row: Row) => Tie) =>
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
    weigh: (write, signal) => weigh(write, signal),
    renew: () => looks.clear(),
  };

  async function outside(
    { route, operation, args }: Omit<Barrable, "tool">,
    scope: Scope,
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
      (scope.path && (await beyondPaths(route, all, scope, signal))) ??
      undefined
    );
  }

  /** A policy may go by names: whoever gives or takes one decides what it means from then on. */
  function nameTaken(route: string, args: Barrable["args"], { names, byName }: Scope): string | undefined {
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
    scope: Scope,
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
    scope: Scope,
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
    scope: Scope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const ends = args.access_end_date !== undefined || args.access_start_date !== undefined;
    if (ofWholePerson.has(route) || ends)
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
    scope: Scope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (ofWholePerson.has(route)) return "it would touch every group a person is in";
    if (route === "destroy_course") return "groups may have that course";
    if (route === "destroy_learning_path") return "groups may be on that learning path, or see it in the catalog";
    if (route === "create_user_group") return "a new group is not among its groups";
    if (/^(update|remove).*catalog/.test(route)) return "other groups may lose what the catalog shows them";
    if (/catalog/.test(route) && !named) return "without groups it would be for everybody";
    return args.learning_path_id !== undefined && ofPathContent.test(route)
      ? groupsLeftOut(Number(args.learning_path_id), scope, signal)
      : undefined;
  }

  /** Groups that are given a path; undefined: too many to look at each, and no read tells. */
  async function groupsOn(id: number, signal: AbortSignal): Promise<readonly Row[] | undefined> {
    const all = await look("get_user_groups", {}, signal);
    if (all.length > mostGroups) return undefined;
    const rows: Row[] = [];
    for (const one of all) rows.push(await group(Number(one.id), signal));
    return rows.filter((row) => listIn(row, "learning_paths").some((path) => Number(path.id) === id));
  }

  async function groupsLeftOut(id: number, scope: Scope, signal: AbortSignal): Promise<string | undefined> {
    const groups = await groupsOn(id, signal);
    if (groups === undefined) return "groups may be on that learning path";
    return allIn(scope, groups, what("group"))
      ? undefined
      : `learning path ${id} is given to groups that it leaves out`;
  }

  async function beyondPaths(
    route: string,
    ties: readonly Tie[],
    scope: Scope,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (ofWholePerson.has(route)) return "it would touch every learning path a person is on";
    if (route === "destroy_course") return "learning paths may have that course";
    if (route === "create_learning_path") return "a new learning path is not among its paths";
    if (ofManagers.test(route) || route === "update_user_group") return undefined;
    for (const id of await groupIds(ties, signal))
      if (!allIn(scope, listIn(await group(id, signal), "learning_paths"), what("path")))
        return `group ${id} has learning paths that it leaves out`;
    return undefined;
  }

  /** Person × target pairs; of what reaches through a group or a path, each member. */
  async function weigh({ route, operation, args }: Barrable, signal: AbortSignal): Promise<Weight> {
    const none = { enrollments: 0, access_ends: 0, mails: 0 };
    const { ties } = namedIn(operation as Operation, encode(args, operation.wire));
    const of = (dimension: Dimension) => ties.filter((tie) => tie.of === dimension).length;
    const people = Math.max(of("person"), 1);
    const members = async (): Promise<number> => {
      let n = 0;
      for (const id of await groupIds(ties, signal)) n += listIn(await group(id, signal), "users").length;
      for (const id of pathIds(ties)) {
        const on = await groupsOn(id, signal);
        if (on === undefined) return Number.POSITIVE_INFINITY;
        for (const row of [await path(id, signal), ...on]) n += listIn(row, "users").length;
      }
      return n;
    };
    const enrolls = (n: number): Weight => ({ ...none, enrollments: n, mails: n });
    const ends = (n: number): Weight => ({ ...none, access_ends: n });
    switch (route) {
      case "enroll_user_in_course":
      case "enroll_user_in_user_group":
      case "create_course_progress":
      case "create_instructor_led_training_timeslot_registrations":
        return enrolls(1);
      case "enroll_user_in_courses":
      case "mass_enroll":
        return enrolls(people * Math.max(1, of("course") + of("group") + of("path")));
      case "get_login_key":
        return enrolls(of("group"));
      case "create_user_group":
        return enrolls(of("person"));
      case "create_learning_path":
        return enrolls(of("person") + (await members()));
      case "add_course_to_user_group":
      case "add_course_to_learning_path":
        return enrolls(await members());
      case "add_group_to_learning_path": {
        let n = 0;
        for (const id of await groupIds(ties, signal)) n += listIn(await group(id, signal), "users").length;
        return enrolls(n);
      }
      case "create_user":
        return {
          ...none,
          mails: args.send_login_information === true || args.email_notifications === true ? 1 : 0,
        };
      case "destroy_user":
      case "remove_user_from_course":
      case "remove_user_from_user_group":
      case "destroy_course_progress":
        return ends(1);
      case "update_user":
        return ends(args.access_end_date !== undefined || args.access_start_date !== undefined ? 1 : 0);
      case "destroy_user_group":
      case "destroy_learning_path":
      case "remove_course_from_user_group":
      case "remove_course_from_learning_path":
      case "remove_group_from_learning_path":
        return ends(await members());
      case "destroy_instructor_led_training_timeslot_registrations":
        return ends([args.instructor_led_training_timeslot_registration_ids].flat().length);
      // How many take it, or are registered, no read tells at once.
      case "destroy_course":
      case "delete_instructor_led_training_timeslot":
        return ends(Number.POSITIVE_INFINITY);
      case "update_course":
        return ends(args.active === false ? Number.POSITIVE_INFINITY : 0);
      case "move_training_data":
        return ends(1);
      default:
        return none;
    }
  }
}
