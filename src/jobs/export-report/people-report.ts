import type { Row } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { keepTable } from "../../call/read/report.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import type { Table } from "../../tables/csv.ts";
import { foldHeader } from "../../tables/header.ts";
import { cleanText, count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { type Clocks, clocksOf } from "../shared/as-of.ts";
import { managerField, mayManage, type WhoManages, whoManages } from "../shared/managers/who-manages.ts";
import { createPeopleIndex, isGone, type Someone } from "../shared/people-index.ts";
import type { Memberships } from "../shared/selection/memberships.ts";
import { fieldOf, type PeopleField, peopleFields } from "../shared/selection/people-fields.ts";
import {
  extremes,
  type PeopleSelected,
  peopleWhere,
  readMemberships,
} from "../shared/selection/people-where.ts";
import type { Where } from "../shared/selection/where.ts";
import type { KeptReport } from "./kept-report.ts";
import type { Memory } from "./report-memory.ts";

/** The one report that is ours: SkyPrep's own of people know neither groups nor managers. */
export const isPeopleReport = (report: string): boolean => report.trim().toLowerCase() === "people";

export interface PeopleAsked {
  readonly where?: Where | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly group_by?: readonly string[] | undefined;
  readonly fresh?: boolean | undefined;
}

/** So many questions of who manages whom are asked unasked; more only where the manager is asked for. */
const fewQuestions = 150;

const before = ["role", "login_status", "title", "company", "user_identifier"];
const after = ["last_login", "created_at", "access_start_date", "access_end_date"];

/** Who is here, or of whom `where` holds, with fields, groups and manager; kept as a file. @throws Unread, StillAsking */
export async function peopleReport(
  asked: PeopleAsked,
  world: JobWorld,
  inner: JobContext,
  { key, memory }: { readonly key: string; readonly memory: Memory },
): Promise<KeptReport | Reply> {
  const at = world.now();
  const fresh = asked.fresh === true;
  const selected = await selectedBy(asked.where, world, { ...inner, fresh });
  if ("wrong" in selected) return refuse("The report was not exported.", ...selected.wrong);
  const { people } = selected;
  const memberships = await readMemberships(world, inner, { fresh });
  const managers = await managersFor(asked, { people, memberships, fresh }, world, inner);
  const clocks = await clocksOf(world, inner.signal);
  const table = tableOf(people, { memberships, managers, clocks, fields: fieldsOf(people, world) });
  const title = asked.where === undefined ? "People" : `People: ${selected.words}`;
  const kept = await keepTable(title, table, world);
  const apart = people.flatMap((one, row) => (isGone(one, world.now()) ? [row] : []));
  const { exported, hidden, dropped } = kept;
  if (exported) {
    const about = { title, hidden: [...hidden], dropped: [...dropped], problems: [], apart };
    await memory.keep({ key, export: exported.id, at, ...about });
  }
  const extreme = asked.where && extremes(selected);
  return {
    ...kept,
    apart,
    notes: [
      ...(asked.where === undefined
        ? []
        : [`${people.length} of ${count(selected.of, "person", "people")}: ${selected.words}.`]),
      ...(extreme ? [extreme] : []),
      ...selected.notes,
      ...(managers?.notes ?? [
        "Who manages them is not in it: that is many questions to SkyPrep. Name manager in columns to have it.",
      ]),
      ...(kept.notes ?? []),
    ],
  };
}

async function selectedBy(
  where: Where | undefined,
  world: JobWorld,
  inner: JobContext & { readonly fresh: boolean },
): Promise<PeopleSelected | { readonly wrong: readonly string[] }> {
  if (where !== undefined) return peopleWhere(where, world, inner, { ...inner, near: "taken" });
  const { all } = createPeopleIndex(await world.list("get_users", inner.signal));
  return { people: all, of: all.length, words: "everybody", notes: [] };
}

/** Whether the column is asked for. */
export const asksManager = ({ columns = [], group_by = [] }: PeopleAsked): boolean =>
  [...columns, ...group_by].some((one) => /^managers?$/.test(foldHeader(one)));

async function managersFor(
  asked: PeopleAsked,
  about: { readonly people: readonly Someone[]; readonly memberships: Memberships; readonly fresh: boolean },
  world: JobWorld,
  inner: JobContext,
): Promise<WhoManages | undefined> {
  if (!asksManager(asked) && managerField(world) === undefined) {
    const rows = await world.list("get_users", inner.signal);
    const managers = rows.filter((row) => typeof row === "object" && row !== null && mayManage(row as Row));
    const groups = new Set(about.people.flatMap(({ id }) => about.memberships.of(id)));
    if (managers.length * groups.size > fewQuestions) return undefined;
  }
  return whoManages(about, world, inner);
}

/** Custom fields that somebody has, under the tenant's names. */
function fieldsOf(people: readonly Someone[], world: JobWorld): readonly PeopleField[] {
  return peopleFields(world).filter(
    (field) => /^ca_\d+$/.test(field.key) && people.some(({ row }) => fieldOf(row, field) !== ""),
  );
}

interface Beside {
  readonly memberships: Memberships;
  readonly managers: WhoManages | undefined;
  readonly clocks: Pick<Clocks, "dayIn">;
  readonly fields: readonly PeopleField[];
}

function tableOf(people: readonly Someone[], { memberships, managers, clocks, fields }: Beside): Table {
  const named = (names: readonly string[]): PeopleField[] => names.map((name) => ({ name, key: name }));
  const own = [...named(before), ...fields];
  const dates = named(after);
  const dayOf = (one: Someone, field: PeopleField) => {
    const value = fieldOf(one.row, field);
    return value === ""
      ? field.key === "last_login" && "last_login" in one.row
        ? "never"
        : ""
      : clocks.dayIn(value);
  };
  return {
    columns: [
      "user_id",
      "name",
      "login",
      ...own.map(({ name }) => name),
      "groups",
      ...(managers ? ["manager"] : []),
      ...dates.map(({ name }) => name),
    ],
    rows: people.map((one) => [
      String(one.id),
      one.name,
      cleanText(one.login),
      ...own.map((field) => fieldOf(one.row, field)),
      memberships
        .of(one.id)
        .map((id) => memberships.groups.get(id) ?? String(id))
        .join("; "),
      ...(managers ? [managersIn(managers.of(one))] : []),
      ...dates.map((field) => dayOf(one, field)),
    ]),
    problems: [],
  };
}

const managersIn = (leads: ReturnType<WhoManages["of"]>): string =>
  leads === "untold" ? "not known yet" : leads.map(({ name }) => name).join("; ");
