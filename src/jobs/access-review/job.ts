import { z } from "zod";
import { NotAList, Unread } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { changed } from "../../call/read/pages.ts";
import { BadCursor, digest, readCursor, writeCursor } from "../../reply/cursor.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { Failure } from "../../skyprep/response.ts";
import { and, count, reading } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { knownClocks } from "../shared/as-of.ts";
import { cursor, field, fresh, unlisted } from "../shared/input-fields.ts";
import { openManagers } from "../shared/managers/kept-managers.ts";
import { askManages } from "../shared/managers/who-manages.ts";
import { readingUntil, withQuestions } from "../shared/many-questions.ts";
import { refuseOnReadFailure, resolve } from "../shared/resolve.ts";
import { type Holder, holdersIn, namesIn, type Power } from "./holders.ts";
import { type Managed, managedBy } from "./managed-groups.ts";
import { alikeIn, type Beside, oddities } from "./oddities.ts";
import { countedBy, reviewPieces } from "./pieces.ts";
import { askedInWords, columns, countsOf, headline, isIdle, rowOf } from "./summary-text.ts";

const kinds = ["admin", "content_manager", "manager", "power_user", "odd"] as const;

const input = z.strictObject({
  kind: field(z.enum(kinds), "Only this kind; else all", "odd").optional(),
  person: field(
    z.string().trim().min(1).max(255),
    "Only this person (name, login or number), with all groups they manage; else all",
    "jordan@example.com",
  ).optional(),
  fresh: unlisted(fresh),
  cursor: cursor("AbC"),
});
type ReviewArgs = z.output<typeof input>;

/** Who may do what here, and what of it looks odd; changes nothing. */
export const access_review = defineJob({
  title: "Review who has power",
  description:
    "Who may do more than learn: admins, content managers, managers with groups, power users with role and datasets; last sign-ins, and what looks odd (dormant, expired …). One person's profile: get_user.",
  searchHint:
    "audit admin rights, who is an administrator, who are the managers, which groups does somebody manage, permissions, privileges, roles, dormant accounts, security audit",
  effect: "read",
  idempotent: true,
  input,
  board: "access",
  run: (args, world, inner) =>
    refuseOnReadFailure("Nothing was reviewed", async () => {
      try {
        const until = readingUntil(world.now(), world);
        return await inner.reading(until, () => review(args, world, { ...inner, until }));
      } catch (error) {
        if (error instanceof BadCursor) return refuse("Nothing was reviewed.", error.message);
        throw error;
      }
    }),
});

const atOnce = 50;
/** Of one review, for the groups of managers; where they are what is asked for, as many as there is time for. */
const mostCalls = 40;

async function review(
  { kind, person, cursor, fresh }: ReviewArgs,
  world: JobWorld,
  inner: JobContext & { readonly until: number },
): Promise<Reply> {
  const { signal, progress, until } = inner;
  const one = person === undefined ? undefined : await resolve("person", person, world, signal);
  if (one && "wrong" in one) return refuse("Nothing was reviewed.", one.wrong);
  const people = await world.list("get_users", signal);
  const beside = await besideOf(people, world, signal);
  const all = holdersIn(people, beside.powerUsers ?? []);
  const flags = new Map(all.map((holder) => [holder.id, oddities(holder, beside)]));
  const isOdd = ({ id }: Holder) => (flags.get(id) ?? []).length > 0;
  const those = all.filter(
    (holder) =>
      (one === undefined || holder.id === one.id) &&
      (kind === undefined || (kind === "odd" ? isOdd(holder) : holder.is.includes(kinded[kind]))),
  );
  if (one && those.length === 0) return powerless(one, kind, beside.unread);

  const call = [world.account, "access_review", kind ?? "", person ?? ""].join("\n");
  const at = cursor === undefined ? undefined : readCursor(cursor, call);
  const before = at?.offset ?? 0;
  // Managers are told in the order of what they manage, once all of that is known; until then as they stand.
  const isAsTheyStand = kind !== "manager" || at?.mark === markOf(those);
  const managers = all.filter(({ is }) => is.includes("manager"));
  const groups = managers.length === 0 ? new Map() : namesIn(await world.list("get_user_groups", signal));
  // Of whom or what a policy leaves out nothing is seen: whoever manages only that manages something.
  const within = await world.within(signal);
  const partly = within?.group !== undefined || within?.person !== undefined;
  const thorough = kind === "manager" || one !== undefined;
  const upTo = isAsTheyStand ? those.slice(before, before + atOnce) : those;
  // Managers of nothing are odd, and found out by asking only.
  const asked =
    kind === "odd" && before === 0 && !partly ? managers : upTo.filter((holder) => managers.includes(holder));
  const kept = await openManagers(world, { fresh: fresh === true && cursor === undefined });
  const { found, since } = await withQuestions(
    {
      work: ["access_review", kind ?? "", person ?? ""],
      until,
      fresh: fresh === true && cursor === undefined,
    },
    world,
    inner,
    async (questions) => ({
      found: await managedBy(
        asked,
        { questions, manages: askManages(kept, questions, signal), kept, groups, partly, signal },
        {
          most: thorough ? Number.POSITIVE_INFINITY : mostCalls,
          about: kind === "odd" && !partly ? "all" : "all or their own groups",
          progress,
        },
      ),
      since: questions.sinceWhen(),
    }),
  ).finally(() => kept.keep());
  const keptSince = kept.since();
  const isWhole = upTo.every(({ id }) => found.of.has(id) && found.of.get(id)?.askedOf === undefined);
  const isSorted = !isAsTheyStand && isWhole;
  const chosen = isSorted ? managingFirst(those, found.of) : those;
  const mark = markOf(chosen);
  if (at && at.mark !== mark) throw new BadCursor(changed);
  const managing = chosen.filter(({ id }) => (found.of.get(id)?.groups.length ?? 0) > 0).length;
  const page = isSorted
    ? chosen.slice(before, before + pageOf({ all: chosen.length, managing, before }))
    : upTo.slice(0, kind === "manager" ? Math.min(atOnce, Math.max(1, found.of.size)) : atOnce);
  const idle = asked.filter(({ id }) => isIdle(found.of.get(id)));
  const more = kind === "odd" ? idle.filter((holder) => !isOdd(holder)) : [];
  const told = (holder: Holder) => rowOf(holder, flags.get(holder.id) ?? [], found.of, beside);
  const rows = [...page, ...more].map(told);
  const items = fit(rows, (row) => line(row, columns));
  // Whoever was not asked about to the end is gone on with.
  const isCut = [...found.of.values()].some(({ askedOf }) => askedOf !== undefined);
  const used = before + (isCut && !isSorted ? 0 : Math.min(items.length, page.length));
  const next = used < chosen.length ? writeCursor(call, { offset: used, mark }) : undefined;
  const present = columnsOf(items, columns);
  const odd = new Set([...all.filter(isOdd), ...idle].map(({ id }) => id)).size;
  const notes = [
    ...(beside.unread.length > 0 ? [`Could not be read, so not in here: ${and(beside.unread)}.`] : []),
    ...(isSorted && idle.length === chosen.length - managing && page.length < chosen.length
      ? [
          `${count(managing, "manager manages", "managers manage")} a group; the others, at the end, manage none.`,
        ]
      : []),
    ...askedInWords(
      found,
      one || (kind === "odd" && partly) ? 0 : managers.length - found.of.size,
      partly && (one ? found.of.size : managers.length) > 0,
    ),
    ...(keptSince === undefined
      ? since === undefined
        ? []
        : [`Which groups are managed: ${since}`]
      : [
          `Which groups are managed: as of ${knownClocks(world).stamp(keptSince)}, kept for a day (fresh: true reads it anew).`,
        ]),
    ...(items.length < rows.length ? ["The rest would not fit: take a kind."] : []),
  ];
  return {
    outcome: "done",
    text: [
      `${headline(all)}; ${reading(odd, { none: "nobody looks", one: "1 looks", many: (n) => `${n} look` })} odd.${page.length < chosen.length ? ` Here ${before + 1}–${isCut ? before + page.length : used} of ${chosen.length}.` : ""}`,
      ...notes,
      ...(items.length > 0 ? [present.join("\t"), ...items.map((row) => line(row, present))] : []),
      ...(next ? [`More follow: call again with cursor ${next}`] : []),
    ].join("\n"),
    structured: {
      counts: countsOf(all),
      odd,
      items,
      total: chosen.length + more.length,
      notes,
      ...(next && { next_cursor: next }),
    },
    pieces: reviewPieces({
      counts: countedBy(all),
      odd,
      asked: { kind, person },
      one: one?.label,
      rows: () => [...chosen, ...more].map(told),
      total: chosen.length + more.length,
      shown: items,
      cursor: next,
    }),
  };
}

const markOf = (some: readonly Holder[]): string => digest(some.map(({ id }) => id).join("\n"));

const managingFirst = (all: readonly Holder[], of: ReadonlyMap<number, Managed>): readonly Holder[] => {
  const isManaging = ({ id }: Holder) => (of.get(id)?.groups.length ?? 0) > 0;
  return [...all.filter(isManaging), ...all.filter((one) => !isManaging(one))];
};

/** Of many, those of nothing are for whoever goes on. */
const few = 20;
const pageOf = (some: {
  readonly all: number;
  readonly managing: number;
  readonly before: number;
}): number =>
  some.all > few && some.before < some.managing ? Math.min(atOnce, some.managing - some.before) : atOnce;

const kinded: Readonly<Record<Exclude<ReviewArgs["kind"], "odd" | undefined>, Power>> = {
  admin: "admin",
  content_manager: "content manager",
  manager: "manager",
  power_user: "power user",
};

function powerless(
  one: { id: number; label: string },
  kind: ReviewArgs["kind"],
  unread: readonly string[],
): Reply {
  const what =
    kind === undefined
      ? "no more power than a learner"
      : kind === "odd"
        ? "nothing odd"
        : `not that power (${kind})`;
  const left = unread.length > 0 ? ` Could not be read: ${and(unread)}.` : "";
  return {
    outcome: "done",
    text: `Person ${one.id} has ${what}.${left}`,
    structured: { items: [], total: 0, notes: left === "" ? [] : [left.trim()] },
  };
}

interface Besides extends Beside {
  readonly powerUsers: readonly unknown[] | undefined;
  readonly unread: readonly string[];
}

/** What people's own records do not say; what cannot be read is left out and said. */
async function besideOf(people: readonly unknown[], world: JobWorld, signal: AbortSignal): Promise<Besides> {
  const unread: string[] = [];
  const list = async (route: string, words: string) => {
    try {
      return await world.list(route, signal);
    } catch (error) {
      if (!(error instanceof Failure || error instanceof NotAList || error instanceof Unread)) throw error;
      unread.push(words);
      return undefined;
    }
  };
  const powerUsers = await list("get_power_users", "power users");
  const [roles, datasets] = powerUsers?.length
    ? await Promise.all([list("get_user_roles", "power-user roles"), list("get_datasets", "datasets")])
    : [];
  return {
    now: world.now(),
    clocks: knownClocks(world),
    powerUsers,
    roles: roles && namesIn(roles),
    datasets: datasets && namesIn(datasets),
    alike: alikeIn(people),
    unread,
  };
}
