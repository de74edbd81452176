import { cleanText, count, reading } from "../../text/english.ts";
import { instantIn, isUnreadable } from "../../text/instant.ts";
import type { JobWorld } from "../job.ts";
import { knownClocks } from "../shared/as-of.ts";
import { isGone, type Someone, someoneIn } from "../shared/people-index.ts";
import { nothing, type OverviewPart, orUnknown } from "./part.ts";

interface Counted {
  readonly total: number | undefined;
  readonly admins: number | undefined;
  /** So near an end of access is worth saying. */
  readonly soonDays: number;
}

const dayMs = 86_400_000;
/** SkyPrep's plans count who signed in within such a cycle (skyprep-api §3.1). */
const cycleDays = 30;
const dormantDays = 90;
/** A list of so many people is a few megabytes; of more, too much for a look. */
export const mostRead = 2_500;

/** How many there are, who of them can sign in and does; one call, and none where there are very many. */
export async function countPeople(
  { total, admins, soonDays }: Counted,
  world: JobWorld,
  signal: AbortSignal,
): Promise<OverviewPart> {
  const structured = {
    ...(total !== undefined && { people: total }),
    ...(admins !== undefined && { admins }),
  };
  const said = [
    ...(total === undefined ? [] : [count(total, "person", "people")]),
    ...(admins === undefined ? [] : [count(admins, "admin", "admins")]),
  ].join(", ");
  const bare = { ...nothing, lines: said ? [`${said}.`] : [], structured };
  if (total !== undefined && total > mostRead) {
    return {
      ...bare,
      unknown: [
        `who of ${count(total, "person", "people")} is active and signs in: export_report all_users, counted by Login Status, or where Last Login is before a day`,
      ],
    };
  }
  const read = await orUnknown("who is active and signs in (get_users)", async () => {
    const rows = await world.list("get_users", signal);
    return rows.flatMap((row) => someoneIn(row) ?? []);
  });
  if ("unknown" in read) return { ...bare, unknown: read.unknown };
  const seen = countSeen(read, world.now(), soonDays);
  const away = reading(seen.without, {
    none: "",
    one: "1 cannot sign in, ",
    many: (n) => `${n} cannot sign in, `,
  });
  // What SkyPrep lets them do is not known; other jobs do not count them among those without access.
  const inactive = reading(seen.inactive, { none: "", one: "1 inactive, ", many: (n) => `${n} inactive, ` });
  const since = knownClocks(world).day(world.now() - dormantDays * dayMs);
  const among = total !== undefined && read.length !== total ? `; of ${read.length} that SkyPrep lists` : "";
  return {
    lines: [
      `${said || count(read.length, "person", "people")}; ${seen.active} active, ${inactive}${away}${seen.unread > 0 ? "at least " : ""}${seen.signed_in} signed in within ${cycleDays} days${seen.roles.length > 0 ? `: ${seen.roles.map(([role, n]) => `${n} ${role}`).join(", ")}` : ""} (plans count these; licences are not in SkyPrep's API)${among}.`,
    ],
    attention: [
      ...(seen.ending > 0
        ? [`the access of ${count(seen.ending, "person", "people")} ends within ${count(soonDays, "day")}`]
        : []),
      ...(seen.dormant > 0
        ? [
            `${count(seen.dormant, "person", "people")} active, but not signed in for ${dormantDays} days${seen.never > 0 ? ` (${seen.never} never)` : ""}: export_report all_users shows who, where [{"field": "Login Status", "is": "active"}, {"field": "Last Login", "is": "<${since}"}]${seen.never > 0 ? ", or where it is empty" : ""}`,
          ]
        : []),
    ],
    unknown:
      seen.unread > 0
        ? [`when ${count(seen.unread, "person", "people")} last signed in: the date could not be read`]
        : [],
    structured: {
      ...structured,
      ...(total === undefined && { people: read.length }),
      ...(among && { people_listed: read.length }),
      active: seen.active,
      inactive: seen.inactive,
      without_access: seen.without,
      signed_in_30_days: seen.signed_in,
      signed_in_by_role: Object.fromEntries(seen.roles),
      [`access_ends_in_${soonDays}_days`]: seen.ending,
      dormant_90_days: seen.dormant,
    },
  };
}

function countSeen(people: readonly Someone[], now: number, soonDays: number) {
  const here = people.filter((one) => !isGone(one, now));
  const active = here.filter(({ row }) => row.login_status !== "inactive");
  const within = (one: Someone, days: number) => now - instantIn(one.row.last_login) <= days * dayMs;
  // Whoever came lately had no time yet.
  // A sign-in on a day that cannot be read is no long absence.
  const dormant = active.filter(
    (one) =>
      !isUnreadable(one.row.last_login) &&
      !within(one, dormantDays) &&
      !(now - instantIn(one.row.created_at) <= dormantDays * dayMs),
  );
  const lately = people.filter((one) => within(one, cycleDays));
  return {
    roles: byRole(lately),
    active: active.length,
    inactive: here.length - active.length,
    without: people.length - here.length,
    signed_in: lately.length,
    unread: people.filter(({ row }) => isUnreadable(row.last_login)).length,
    ending: active.filter(({ row }) => instantIn(row.access_end_date) - now <= soonDays * dayMs).length,
    dormant: dormant.length,
    never: dormant.filter(({ row }) => Number.isNaN(instantIn(row.last_login))).length,
  };
}

/** Most first, as SkyPrep spells the roles; where it shows none, nothing. */
function byRole(people: readonly Someone[]): [string, number][] {
  const roles = new Map<string, number>();
  for (const { row } of people) {
    const role = typeof row.role === "string" ? cleanText(row.role).replaceAll("_", " ").slice(0, 40) : "";
    if (role !== "") roles.set(role, (roles.get(role) ?? 0) + 1);
  }
  return [...roles].sort(([, a], [, b]) => b - a);
}
