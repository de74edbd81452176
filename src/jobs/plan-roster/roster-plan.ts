import { rowList } from "../../tables/people.ts";
import { cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { whoIsIn } from "../shared/enrolled.ts";
import { isQuiet, type Someone } from "../shared/people-index.ts";
import type { Plan, PlannedPerson, PlanTarget, Unit } from "../shared/plan.ts";
import { resolve } from "../shared/resolve.ts";
import { namesIn, type Roster } from "./compare.ts";
import { settable } from "./differing.ts";
import type { ListedPerson } from "./newcomer.ts";

/** Groups that are read to find out who is in them already; each costs a call. */
const mostGroupsRead = 30;

export interface RosterPlan {
  readonly plan: Plan;
  /** About groups that could not be told or read. */
  readonly notes: readonly string[];
  /** Rows of new people whom SkyPrep would not take. */
  readonly refused: readonly number[];
}

/** What is to be done so that SkyPrep is as the list; what SkyPrep would refuse is left out, by row. */
export async function rosterPlan(
  { joiners, changed, here, leavers, left: before }: Roster,
  { ends, day }: { readonly ends: boolean; readonly day: string },
  world: JobWorld,
  signal: AbortSignal,
): Promise<RosterPlan> {
  const left = [...before];
  const people: PlannedPerson[] = [];
  const units: Unit[] = [];
  const places = new Map<string, number>();
  const place = (person: PlannedPerson): number => {
    const known = places.get(person.login);
    if (known !== undefined) return known;
    places.set(person.login, people.length);
    return people.push(person) - 1;
  };

  const news: Member[] = [];
  const refused: number[] = [];
  for (const one of joiners) {
    const args = settable(one.values);
    const wrong = wrongIn("create_user", { email: one.login, ...args }, world);
    const who = cleanText(one.login).slice(0, 80);
    if (wrong !== undefined) {
      left.push({ row: one.row, who, why: wrong });
      refused.push(one.row);
      continue;
    }
    const name = cleanText(`${args.first_name} ${args.last_name}`).slice(0, 80);
    const p = place({ login: one.login, name });
    units.push({ do: "create", p, args });
    news.push({ wanted: one, place: () => p });
  }
  for (const { who, args } of changed) {
    const wrong = wrongIn("update_user", { user_email: who.login, ...args }, world);
    if (wrong === undefined) units.push({ do: "change", p: place(personOf(who)), args });
    else left.push({ who: cleanText(who.login).slice(0, 80), why: wrong });
  }

  const members = here.map(({ who, wanted }) => ({ wanted, place: () => place(personOf(who)), id: who.id }));
  const { targets, joins, notes } = await targetsOf({ news, members }, world, signal);
  for (const { member, t } of joins) units.push({ do: "enroll", p: member.place(), t });

  const ending = ends ? leavers.filter(({ who, day: own }) => !endsBy(who.row, own ?? day)) : [];
  for (const { who, day: own } of ending) {
    const args = own === undefined ? {} : { args: { access_end_date: own } };
    units.push({ do: "leave", p: place(personOf(who)), ...args });
  }
  return {
    plan: {
      kind: "roster",
      account: world.academy,
      at: world.now(),
      people,
      targets,
      units,
      ...(ending.length > 0 && { day }),
      left,
    },
    notes,
    refused,
  };
}

const personOf = (one: Someone): PlannedPerson => ({
  id: one.id,
  login: one.login,
  name: one.name,
  ...(isQuiet(one) && { quiet: true as const }),
});

/** Whether their access ends by then anyway. */
const endsBy = ({ access_end_date: end }: Someone["row"], day: string): boolean =>
  typeof end === "string" && end !== "" && end.slice(0, 10) <= day;

interface Member {
  readonly wanted: ListedPerson;
  /** Among the people of the plan; taken only where something is to be done. */
  readonly place: () => number;
  /** Of those who are here already. */
  readonly id?: number;
}

/**
 * The groups that the list names, and who is not in them yet; and the courses of those who are new. Whoever is here is
 * enrolled in nothing by a list of everybody, which may tell what they took long ago. Nobody is taken out of a group.
 */
async function targetsOf(
  { news, members }: { readonly news: readonly Member[]; readonly members: readonly Member[] },
  world: JobWorld,
  signal: AbortSignal,
) {
  const notes: string[] = [];
  const targets: PlanTarget[] = [];
  const wants = new Map<number, Set<Member>>();
  const named = async (kind: "group" | "course", some: readonly Member[]) => {
    const rows = new Map<string, { readonly name: string; readonly members: Member[] }>();
    for (const member of some) {
      for (const name of namesIn(member.wanted.values[`${kind}s`])) {
        const own = rows.get(name.toLowerCase());
        if (own) own.members.push(member);
        else rows.set(name.toLowerCase(), { name, members: [member] });
      }
    }
    for (const { name, members: own } of rows.values()) {
      const one = await resolve(kind, name, world, signal);
      if ("wrong" in one) {
        const where = rowList(own.map(({ wanted }) => wanted.row));
        notes.push(`${cleanText(one.wrong).slice(0, 300)} (${where})`);
        continue;
      }
      const found = targets.findIndex((target) => target.kind === kind && target.id === one.id);
      const target: PlanTarget = { kind, id: one.id, name: cleanText(one.label).slice(0, 80) };
      const t = found === -1 ? targets.push(target) - 1 : found;
      wants.set(t, new Set([...(wants.get(t) ?? []), ...own]));
    }
  };
  await named("group", [...news, ...members]);
  const read = targets.slice(0, mostGroupsRead);
  const unread = targets.length - read.length;
  await named("course", news);
  const here = members.filter(({ wanted }) => namesIn(wanted.values.courses).length > 0);
  if (here.length > 0)
    notes.push(
      `Courses of ${count(here.length, "person who is", "people who are")} here already are left: plan_enrollment enrolls them.`,
    );
  const most = mostGroupsRead;
  const known = await whoIsIn([], read, { read: world.read, now: world.now, signal, most });
  notes.push(...known.notes);
  if (unread > 0) notes.push(`Who is in ${count(unread, "group", "groups")} already was not read.`);
  const isIn = ({ id }: Member, target: PlanTarget | undefined) =>
    id !== undefined && target !== undefined && known.of(id, target) === "in";
  const joins = [...wants].flatMap(([t, own]) =>
    [...own].filter((member) => !isIn(member, targets[t])).map((member) => ({ member, t })),
  );
  return { targets, joins, notes };
}

/** What the operation itself would refuse, before anybody is asked. */
function wrongIn(tool: string, args: Record<string, unknown>, { records }: JobWorld): string | undefined {
  const parsed = records.get(tool)?.operation.input.safeParse(args);
  if (parsed === undefined || parsed.success) return undefined;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  return `SkyPrep would not take its ${fields.join(", ")} (a date is written 2026-12-31)`;
}
