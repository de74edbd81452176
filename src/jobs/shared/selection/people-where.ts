import { createReads, numberIn, type Read, rowsIn, Unread } from "../../../academy/reads.ts";
import type { JobContext } from "../../../call/job-context.ts";
import { ask } from "../../../tables/ask.ts";
import { foldCell } from "../../../tables/condition.ts";
import { cleanText, count } from "../../../text/english.ts";
import { instantIn } from "../../../text/instant.ts";
import type { JobWorld } from "../../job.ts";
import { knownClocks } from "../as-of.ts";
import { openManagers } from "../managers/kept-managers.ts";
import { askManages, groupsManagedBy, managerField } from "../managers/who-manages.ts";
import { readingUntil, StillAsking, withQuestions } from "../many-questions.ts";
import { targetsNamed } from "../name-targets.ts";
import { createPeopleIndex, isGone, type Someone } from "../people-index.ts";
import type { PlanTarget } from "../plan.ts";
import { type NearOptions, resolve } from "../resolve.ts";
import { readerOf } from "../training/reader.ts";
import { type Memberships, membershipsOf, membersIn, stillAsking } from "./memberships.ts";
import { fieldOf } from "./people-fields.ts";
import { type ConditionName, eitherOf, partsOf, type Where, yesOrNo } from "./where.ts";

/** Those of whom all conditions hold. */
export interface PeopleSelected {
  readonly people: readonly Someone[];
  /** Of so many who are here. */
  readonly of: number;
  /** How it was read: “Region Europe, in group 301 Sales Team”. */
  readonly words: string;
  readonly notes: readonly string[];
}

type Inner = Pick<JobContext, "signal" | "reading" | "progress">;

/** What a condition lets through; or sentences of why it cannot be asked. */
type Judged =
  | { readonly words: string; readonly holds: (one: Someone) => boolean; readonly notes?: readonly string[] }
  | { readonly wrong: readonly string[] };

interface Judging {
  readonly world: JobWorld;
  readonly inner: Inner;
  readonly fresh: boolean;
  readonly near: NonNullable<NearOptions["near"]>;
  readonly everybody: readonly Someone[];
}

/**
 * The people that `where` means, never by a part of what has to be read. @throws Unread, StillAsking where a call's time
 * was over before all was read
 */
export async function peopleWhere(
  where: Where,
  world: JobWorld,
  inner: Inner,
  { fresh = false, near = "offered" }: NearOptions & { readonly fresh?: boolean } = {},
): Promise<PeopleSelected | { readonly wrong: readonly string[] }> {
  const parts = partsOf(where, world);
  if ("wrong" in parts) return parts;
  const everybody = createPeopleIndex(await world.list("get_users", inner.signal)).all;
  const words: string[] = [];
  const notes: string[] = [];
  const wrong: string[] = [];
  let people = everybody;
  if (parts.fields.length > 0) {
    const columns = parts.fields.map(({ field }) => field.name);
    const rows = everybody.map(({ row }) => parts.fields.map(({ field }) => fieldOf(row, field)));
    const found = ask(
      { columns, rows, problems: [] },
      { where: Object.fromEntries(parts.fields.map(({ field, is }) => [field.name, is])) },
    );
    if (found.wrong !== undefined) return { wrong: [found.wrong] };
    const answers = new Set(found.answers);
    people = everybody.filter((_, at) => answers.has(rows[at] ?? []));
    notes.push(...found.notes);
    words.push(...parts.fields.map(({ field, is }) => `${field.name} ${cleanText(is).slice(0, 80)}`));
  }
  const judging = { world, inner, fresh, near, everybody };
  for (const [name, is] of parts.conditions) {
    const judged = await judges[name](is, judging);
    if ("wrong" in judged) {
      wrong.push(...judged.wrong);
      continue;
    }
    people = people.filter(judged.holds);
    words.push(judged.words);
    notes.push(...(judged.notes ?? []));
  }
  if (wrong.length > 0) return { wrong };
  return { people, of: everybody.length, words: words.join(", "), notes };
}

/** A sentence where it is nobody, or everybody, whom the conditions leave. */
export function extremes({ people, of, words }: PeopleSelected): string | undefined {
  if (people.length === 0) return `Nobody of ${count(of, "person", "people")} is that (${words}).`;
  return people.length === of ? `That is everybody: all ${of} are that (${words}).` : undefined;
}

/** Those of `people` (undefined: of everybody) of whom `where` holds, by their numbers, and how it was read. */
export async function narrowedBy(
  where: Where,
  people: ReadonlySet<number> | undefined,
  world: JobWorld,
  inner: Inner & NearOptions & { readonly fresh: boolean },
): Promise<
  | { readonly people: ReadonlySet<number>; readonly words: string; readonly notes: readonly string[] }
  | { readonly wrong: readonly string[] }
> {
  const selected = await peopleWhere(where, world, inner, inner);
  if ("wrong" in selected) return selected;
  const ids = selected.people.map(({ id }) => id).filter((id) => people?.has(id) !== false);
  const extreme = extremes(selected);
  return {
    people: new Set(ids),
    words: `${selected.words} (${count(ids.length, "person", "people")})`,
    notes: [...selected.notes, ...(extreme === undefined ? [] : [extreme])],
  };
}

const judges: Readonly<Record<ConditionName, (is: string, judging: Judging) => Promise<Judged>>> = {
  in_group: inGroup,
  no_group: noGroup,
  managed_by: managedBy,
  enrolled_in: (is, judging) => enrolled(is, judging, true),
  not_enrolled_in: (is, judging) => enrolled(is, judging, false),
  dormant_days: dormant,
  status: standing,
};

async function inGroup(is: string, { world, near, inner: { signal } }: Judging): Promise<Judged> {
  const found = await named("group", is, { world, near, signal });
  if ("wrong" in found) return found;
  const ids = new Set<number>();
  for (const { id } of found) for (const one of await membersIn(world.read, id, signal)) ids.add(one);
  return { words: `in ${called(found)}`, holds: ({ id }) => ids.has(id) };
}

async function noGroup(is: string, judging: Judging): Promise<Judged> {
  const wanted = yesOrNo(is);
  if (wanted === undefined) return { wrong: [`no_group is true or false, not “${is.slice(0, 40)}”.`] };
  const { of } = await readMemberships(judging.world, judging.inner, judging);
  return {
    words: wanted ? "in no group" : "in some group",
    holds: ({ id }) => (of(id).length === 0) === wanted,
  };
}

/** Everybody's groups, gone on with over several calls. @throws Unread, StillAsking */
export const readMemberships = (
  world: JobWorld,
  inner: Inner,
  { fresh }: { readonly fresh: boolean },
): Promise<Memberships> =>
  withQuestions(
    { work: ["memberships"], until: readingUntil(world.now(), world), keepsAll: true, fresh },
    world,
    inner,
    (questions) => membershipsOf(world, questions, inner.signal),
  );

async function managedBy(is: string, { world, inner, fresh, near, everybody }: Judging): Promise<Judged> {
  const { signal } = inner;
  const found = await resolve("person", is, world, signal, { near });
  if ("wrong" in found) return { wrong: [found.wrong] };
  const words = `managed by ${found.id} ${cleanText(found.label).slice(0, 80)}`;
  const field = managerField(world);
  if (field !== undefined) {
    const own = everybody.find(({ id }) => id === found.id);
    const names = new Set(
      [String(found.id), found.login, found.label, own?.name, own?.login]
        .filter((one) => one !== undefined)
        .map(foldCell),
    );
    return {
      words,
      holds: ({ row }) => typeof row[field] === "string" && names.has(foldCell(cleanText(row[field]))),
    };
  }
  const memberships = await readMemberships(world, inner, { fresh });
  const kept = await openManagers(world, { fresh });
  const groups = await withQuestions(
    { work: ["who manages"], until: readingUntil(world.now(), world), fresh },
    world,
    inner,
    async (questions) => {
      const asks = askManages(kept, questions, signal);
      const managed = await groupsManagedBy(found.id, memberships.groups.keys(), asks);
      if (managed === undefined) throw stillAsking(questions);
      return managed;
    },
  ).finally(() => kept.keep());
  const since = kept.since();
  return {
    words,
    holds: ({ id }) => id !== found.id && memberships.of(id).some((group) => groups.has(group)),
    ...(since !== undefined && {
      notes: [`Who manages whom: as of ${knownClocks(world).stamp(since)} (fresh: true reads it anew).`],
    }),
  };
}

/** In a course: a record that is neither archived nor not applicable. On a path: among the people SkyPrep shows of it. */
async function enrolled(is: string, judging: Judging, wanted: boolean): Promise<Judged> {
  const { world, near } = judging;
  const { signal } = judging.inner;
  const courses: PlanTarget[] = [];
  const paths: PlanTarget[] = [];
  const wrong: string[] = [];
  for (const text of eitherOf(is)) {
    const exactly = await coursesOrPaths(text, { world, near: "offered", signal });
    const found =
      "wrong" in exactly && near === "taken" ? await coursesOrPaths(text, { world, near, signal }) : exactly;
    if ("wrong" in found) wrong.push(...found.wrong);
    else for (const one of found) (one.kind === "course" ? courses : paths).push(one);
  }
  if (wrong.length > 0) return { wrong };
  const people = new Set(courses.length === 0 ? [] : await takersOf(courses, judging));
  for (const { id } of paths) for (const one of await peopleOn(id, world.read, signal)) people.add(one);
  return {
    words: `${wanted ? "" : "not "}enrolled in ${called([...courses, ...paths])}`,
    holds: ({ id }) => people.has(id) === wanted,
  };
}

/** A course, or else a learning path; a name that both have means neither. */
async function coursesOrPaths(
  text: string,
  naming: NamingOne,
): Promise<readonly PlanTarget[] | { readonly wrong: readonly string[] }> {
  const found = await named("course", text, naming);
  if (/^\d+$/.test(text) && !("wrong" in found)) return found;
  const other = await named("path", text, naming);
  if ("wrong" in found) return "wrong" in other ? found : other;
  if ("wrong" in other) return found;
  return {
    wrong: [
      `“${cleanText(text).slice(0, 80)}” is both ${called(found)} and ${called(other)}: say which by its number.`,
    ],
  };
}

async function takersOf(some: Named, { world, inner, fresh }: Judging): Promise<ReadonlySet<number>> {
  const { signal, progress } = inner;
  const needs = some.map(({ id }) => ({ course: id }));
  const gathered = await readerOf(world).gather(needs, { signal, progress, fresh });
  if (gathered.asOf === undefined) {
    const wait = gathered.againInMs === undefined ? 60 : Math.ceil(gathered.againInMs / 1_000);
    throw new StillAsking(
      `Who is enrolled in ${called(some)} is not all read yet: ask again in ${count(wait, "second")}.`,
    );
  }
  const courses = new Set(some.map(({ id }) => id));
  const out = new Set(["archived", "not-applicable"]);
  return new Set(
    gathered.records
      .filter(({ course, status }) => courses.has(course) && !out.has(status))
      .map(({ person }) => person),
  );
}

/** @throws Unread where its people are not shown */
async function peopleOn(id: number, read: Read, signal: AbortSignal): Promise<ReadonlySet<number>> {
  const { users } = await createReads(read, signal).one("get_learning_path", { learning_path_id: id });
  if (users === undefined) throw new Unread(`SkyPrep does not show who is on learning path ${id}`);
  return new Set(rowsIn(users).map((one) => numberIn(one, "user_id")));
}

const dayMs = 86_400_000;

async function dormant(is: string, { world }: Judging): Promise<Judged> {
  const days = Number(/^(?:>=?|≥|at least|over|more than)?\s*(\d{1,5})(?:\s*days?)?$/i.exec(is)?.[1]);
  if (!(days > 0))
    return { wrong: [`dormant_days is a number of days, 1 or more, not “${is.slice(0, 40)}”.`] };
  const before = world.now() - days * dayMs;
  let untold = 0;
  const holds = ({ row }: Someone) => {
    // Whoever never signed in is dormant since they came.
    const last = instantIn(row.last_login || row.created_at);
    if (!("last_login" in row) || Number.isNaN(last)) {
      untold += 1;
      return false;
    }
    return last <= before;
  };
  return {
    words: `no sign-in for ${count(days, "day")} or more`,
    holds,
    get notes() {
      return untold === 0
        ? []
        : [`When ${count(untold, "person", "people")} signed in last is not shown: not among these.`];
    },
  };
}

const statuses = ["active", "inactive", "disabled"];
const withAccess = new Set(["access", "with access", "can sign in"]);
const without = new Set(["no access", "without access", "gone", "left", "cannot sign in", "ended"]);

async function standing(is: string, { world }: Judging): Promise<Judged> {
  const asked = eitherOf(is).map((one) => foldCell(one).replaceAll(/[_-]/g, " "));
  const unknown = asked.filter((one) => !statuses.includes(one) && !withAccess.has(one) && !without.has(one));
  if (unknown.length > 0 || asked.length === 0)
    return { wrong: [`status is ${statuses.join(", ")}, access or no access, not “${is.slice(0, 40)}”.`] };
  const now = world.now();
  const holds = (one: Someone) =>
    asked.some((status) =>
      without.has(status)
        ? isGone(one, now)
        : withAccess.has(status)
          ? !isGone(one, now)
          : foldCell(String(one.row.login_status ?? "")) === status,
    );
  return { words: `status ${asked.join(" or ")}`, holds };
}

type Named = readonly PlanTarget[];
type NamingOne = Pick<Judging, "world" | "near"> & { readonly signal: AbortSignal };

/** One of a kind, or any of several. */
async function named(
  kind: "course" | "group" | "path",
  is: string,
  { world, near, signal }: NamingOne,
): Promise<Named | { readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const read: Read = world.read;
  const naming = { world, reads: createReads(read, signal), signal, wrong, near };
  const found = await targetsNamed(kind, eitherOf(is), naming);
  return wrong.length > 0 ? { wrong } : found;
}

const called = (some: Named): string =>
  some.map(({ kind, id, name }) => `${kind} ${id} ${name}`).join(" or ");
