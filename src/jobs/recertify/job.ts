import { z } from "zod";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { exportOf, linkTo, placeOf } from "../../reply/report.ts";
import { count } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { knownClocks } from "../shared/as-of.ts";
import { field, fresh, unlisted } from "../shared/input-fields.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import { createPeopleIndex, isQuiet, type Someone } from "../shared/people-index.ts";
import { type Plan, type PlanState, type PlanTarget, plansOf } from "../shared/plan.ts";
import { planPieces } from "../shared/plan-pieces.ts";
import { costInWords, costOf, doItWith, openInWords } from "../shared/plan-text.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { whereAsInFind, whereField } from "../shared/selection/where.ts";
import { dayIn, secondsOf } from "../shared/training/instants.ts";
import { isOf as isIn, narrowedScope, recordsOf } from "../shared/training/scope.ts";
import { readingTold } from "../shared/training/summary-text.ts";
import { type Certificate, certificatesIn, fileColumns, fileRow, inactiveCourses } from "./certificates.ts";

const named = (words: string, example: string) =>
  field(z.string().trim().min(1).max(255), words, example).optional();

const input = z.strictObject({
  by: field(
    z.iso.date(),
    "Also who expires by this day, YYYY-MM-DD; else only expired",
    "2026-12-31",
  ).optional(),
  course: named("Only this course", "202"),
  path: unlisted(named("Only courses of this path", "402")),
  group: unlisted(named("Only its members", "Sales Team")),
  person: unlisted(named("Only this person", "avery@example.com")),
  where: unlisted(whereField(whereAsInFind("all"))),
  reset: field(z.boolean(), "true: also reset those still valid; else only listed", true).optional(),
  fresh: unlisted(fresh),
});
type RecertifyArgs = z.output<typeof input>;

/** Who has to be certified anew, and a plan for it; changes nothing. */
export const recertify = defineJob({
  title: "Plan who is certified anew",
  description:
    "Step 1 to recertify: whose certificate expired or will, who can be enrolled anew, who must be reset first and what that loses. apply_plan does it.",
  searchHint:
    "renew certificates, re-enroll expired, certification lapsed, annual refresher, retake mandatory training, compliance renewal",
  effect: "read",
  idempotent: true,
  input,
  board: "plan",
  run: (args, world, inner) =>
    refuseOnReadFailure("No plan was made", () => recertification(args, world, inner)),
});

async function recertification(asked: RecertifyArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal, progress } = inner;
  const scope = await narrowedScope(asked, world, inner);
  const until = asked.by === undefined ? undefined : dayIn(asked.by);
  const wrong = [
    ...("wrong" in scope ? scope.wrong : []),
    // Where the day begins last, it is the day before.
    ...(until !== undefined && until < Math.floor(world.now() / dayMs) - 1
      ? [`by ${asked.by} is past: without by it is whoever is expired already.`]
      : []),
  ];
  if ("wrong" in scope || wrong.length > 0) return no(...wrong);
  const wanted = { signal, progress, fresh: asked.fresh === true };
  const { read } = await recordsOf(scope, {}, world, wanted);
  // A record that is not read yet may say that somebody is at it already.
  const known = readingTold(read, wanted, knownClocks(world));
  if (read.asOf === undefined) return no(...known.lines);
  const isOf = isIn(scope);
  const records = read.records.filter(isOf);
  const everyone = createPeopleIndex(await world.list("get_users", signal));
  const inactive = await inactiveCourses(world, signal);
  const all = certificatesIn(records, { now: world.now(), until, everyone, inactive, read });
  const of = (is: Certificate["is"]) => all.filter((one) => one.is === is);
  const [expired, soon, underWay, left] = [of("expired"), of("expiring"), of("under way"), of("left out")];
  const what = scope.words.length === 0 ? "everyone" : scope.words.join(", ");
  const upTo = asked.by === undefined ? "" : `, or is by ${asked.by}`;
  const counts = {
    of: what,
    as_of: known.structured.as_of,
    ...(asked.by !== undefined && { by: asked.by }),
    expired: expired.length,
    expiring: soon.length,
    under_way: underWay.length,
    left_out_total: left.length,
  };
  const resets = asked.reset === true ? soon : [];
  const notes = [
    ...scope.notes,
    ...(underWay.length > 0
      ? [
          `Under way already, and not in it: ${count(underWay.length, "record")} (enrolled anew, begun or failed since).`,
        ]
      : []),
    ...whyLeft(left),
    ...known.lines,
  ];
  const still =
    soon.length > 0 && asked.reset !== true
      ? [
          `${count(soon.length, "pass", "passes")} still ${soon.length === 1 ? "counts" : "count"} until then, and ${soon.length === 1 ? "is" : "are"} not in a plan: enrolling would change nothing. reset: true resets them first, which loses completion date, score and certificate, so that they do not count until passed again. Or call again once they have run out.`,
        ]
      : [];
  if (expired.length + resets.length === 0) {
    const first =
      all.length === 0
        ? `Nothing to do, of ${what}: nobody's certificate is expired${upTo}.`
        : `No plan was made: of ${what}, nobody whose certificate is expired${upTo} can be enrolled anew now.`;
    return {
      outcome: "done",
      text: [first, ...still, ...notes].join("\n"),
      structured: { ...counts, to_enroll: 0, to_reset: 0, notes: [...still, ...notes] },
    };
  }

  const file = await keepTableFile(
    `Certificates before ${knownClocks(world).day(world.now())}`,
    fileColumns,
    all.map((one) => fileRow(one, asked.reset === true)),
    world.exports,
  );
  // What a reset loses stands nowhere else in the end.
  if ("note" in file && resets.length > 0)
    return no("The dates that a reset loses could not be kept in a file first.", file.note);
  const plan = planOf({ expired, resets, left }, world);
  const state: PlanState = { marks: ".".repeat(plan.units.length), why: {} };
  const name = await plansOf(world).keep(plan, state);
  const cost = costOf(plan, state, world.records);
  return {
    outcome: "done",
    text: [
      `Plan ${name}: ${openInWords(plan, state).join(", ")}. Nothing was changed. ${doItWith(name)}`,
      `Looked at ${what}: who is expired${upTo}.`,
      ...(expired.length > 0 ? [`Simply enrolled anew, as their pass ran out: ${expired.length}.`] : []),
      ...(resets.length > 0
        ? [
            `Reset first, as their pass still counts: ${resets.length}. That loses completion date, score and certificate: until passed again, they do not count.`,
          ]
        : []),
      ...still,
      ...byCourse(all),
      costInWords(cost),
      "exported" in file
        ? `Everybody with the certificate's dates as they are, kept for 7 days ${placeOf(file.exported)}`
        : file.note,
      ...notes,
    ].join("\n"),
    structured: {
      plan: name,
      next: doItWith(name),
      ...counts,
      to_enroll: expired.length,
      to_reset: resets.length,
      ...cost,
      ...("exported" in file && exportOf(file.exported)),
      notes: [...still, ...notes],
    },
    ...("exported" in file && { link: linkTo(file.exported) }),
    pieces: planPieces({
      ...{ name, plan, state, cost, columns: fileColumns },
      shown: ["name", "login", "course", "completed", "expires", "what"],
      rows: () => [...expired, ...resets].map((one) => fileRow(one, asked.reset === true)),
      resource: "exported" in file ? exportOf(file.exported).export.uri : undefined,
      left: [
        ...plan.left,
        ...(resets.length > 0 ? [] : soon.map(stillCounting)),
        ...underWay.map(begunAgain),
      ],
    }),
  };
}

const leftOf = ({ record, who, course }: Certificate, why: string): Plan["left"][number] => ({
  who: `${record.person} ${who?.name ?? ""}`.trim(),
  why: `course ${record.course} ${course}: ${why}`,
});
const stillCounting = (one: Certificate) => leftOf(one, "the pass still counts");
const begunAgain = (one: Certificate) => leftOf(one, "under way already");

const dayMs = 86_400_000;
const mostNamed = 8;
const no = (...lines: readonly string[]): Reply => refuse("No plan was made; nothing was changed.", ...lines);

interface ToPlan {
  readonly expired: readonly Certificate[];
  readonly resets: readonly Certificate[];
  readonly left: readonly Certificate[];
}

function planOf({ expired, resets, left }: ToPlan, world: JobWorld): Plan {
  const people = new Map<number, { readonly at: number; readonly who: Someone }>();
  const targets = new Map<number, { readonly at: number; readonly target: PlanTarget }>();
  const units: Plan["units"] = [];
  const place = ({ who, record: { course }, course: called }: Certificate) => {
    if (who && !people.has(who.id)) people.set(who.id, { at: people.size, who });
    if (!targets.has(course))
      targets.set(course, { at: targets.size, target: { kind: "course", id: course, name: called } });
    return { p: people.get(who?.id ?? 0)?.at ?? 0, t: targets.get(course)?.at ?? 0 };
  };
  for (const one of expired) units.push({ do: "enroll", ...place(one), was: "lapsed" });
  for (const one of resets) {
    const { id, completed } = one.record;
    units.push({
      do: "reset",
      ...place(one),
      args: { course_progress_id: id },
      completed: completed === undefined ? 0 : secondsOf(completed),
    });
  }
  return {
    kind: "recertification",
    account: world.academy,
    at: world.now(),
    people: [...people.values()].map(({ who }) => ({
      id: who.id,
      login: who.login,
      name: who.name,
      ...(isQuiet(who) && { quiet: true as const }),
    })),
    targets: [...targets.values()].map(({ target }) => target),
    units,
    left: left.map((one) => leftOf(one, one.why ?? "")),
  };
}

/** Where most is to be done, first. */
function byCourse(all: readonly Certificate[]): string[] {
  const courses = new Map<number, { name: string; expired: number; expiring: number }>();
  for (const { is, record, course } of all) {
    if (is !== "expired" && is !== "expiring") continue;
    const own = courses.get(record.course) ?? { name: course, expired: 0, expiring: 0 };
    own[is] += 1;
    courses.set(record.course, own);
  }
  const most = [...courses].sort(([, a], [, b]) => b.expired + b.expiring - (a.expired + a.expiring));
  const shown = most
    .slice(0, mostNamed)
    .map(
      ([id, { name, expired, expiring }]) =>
        `${id} ${name}: ${[...(expired > 0 ? [`${expired} expired`] : []), ...(expiring > 0 ? [`${expiring} running out`] : [])].join(", ")}`,
    );
  const more = most.length > shown.length ? [`and ${count(most.length - shown.length, "more course")}`] : [];
  return [...shown, ...more];
}

/** Why some are left out, counted by reason. */
function whyLeft(left: readonly Certificate[]): string[] {
  const reasons = new Map<string, number>();
  for (const { why = "" } of left) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  return [...reasons].map(([why, n]) => `Left out, ${count(n, "record")}: ${why}.`);
}
