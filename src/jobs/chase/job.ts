import { z } from "zod";
import { NotAList, type Row, Unread } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { exportOf, linkTo, placeOf } from "../../reply/report.ts";
import { Failure } from "../../skyprep/response.ts";
import { CannotKeep, type Export } from "../../state/ports.ts";
import { andMore, cleanText, count } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { clocksOf, knownClocks } from "../shared/as-of.ts";
import { field, fresh, unlisted } from "../shared/input-fields.ts";
import { keepTableFile } from "../shared/keep-table.ts";
import { managerField, mayManage, whoManages } from "../shared/managers/who-manages.ts";
import { createPeopleIndex, isGone, type Someone } from "../shared/people-index.ts";
import { refuseOnReadFailure, resolve } from "../shared/resolve.ts";
import { readMemberships } from "../shared/selection/people-where.ts";
import { whereAsInFind, whereField } from "../shared/selection/where.ts";
import { type At, isDue, isOverdue } from "../shared/training/gathered.ts";
import { isOf, narrowedScope, recordsOf } from "../shared/training/scope.ts";
import { readingTold } from "../shared/training/summary-text.ts";
import {
  csvColumns,
  csvRows,
  type Letter,
  lettersText,
  letterTo,
  type ManagersShare,
  type Reminder,
  sharesOf,
} from "./letters.ts";
import { type Language, languageNamed, languages, ours } from "./our-templates.ts";
import { letterPieces } from "./pieces.ts";
import { readTemplate } from "./read-template.ts";
import { type LetterTemplate, templateIn } from "./template.ts";

const named = (words: string, example: string) =>
  field(z.string().trim().min(1).max(255), words, example).optional();

const input = z.strictObject({
  days: field(z.int().min(0).max(3650), "Also due in so many days; else only overdue", 14).optional(),
  course: unlisted(named("Only this course", "201")),
  path: unlisted(named("Only courses of this path", "402")),
  group: named("Only its members", "Sales Team"),
  where: unlisted(whereField(whereAsInFind("all"))),
  manager: named("Only their letter; else all", "jordan@example.com"),
  language: field(
    z.string().trim().min(1).max(40),
    "en, de, fr, es, it, pt, nl; else each manager's own",
    "de",
  ).optional(),
  template: named("A text's name in the state folder's templates/; else ours", "friendly"),
  fresh: unlisted(fresh),
});
type ChaseArgs = z.output<typeof input>;

/** Letters to managers about what their people still have to do; sends nothing. */
export const chase = defineJob({
  title: "Write reminders for managers",
  description:
    "A ready letter to each manager about who is overdue or due, and a CSV; nobody without access. Sends nothing: SkyPrep's API has no reminders.",
  searchHint:
    "remind, chase list by manager, reminder emails, nudge, dunning, notify supervisors about late training",
  effect: "read",
  idempotent: true,
  input,
  board: "letters",
  run: (args, world, inner) =>
    refuseOnReadFailure("No letter was written", () => chasing(args, world, inner)),
});

/** Whom it is about where nothing narrows it. */
const everyone = "everyone";
const no = (...lines: readonly string[]): Reply => refuse("No letter was written.", ...lines);
const sendsNone = "SkyPrep's API sends no reminders, and nothing was sent: send them from your own mail.";

async function chasing(asked: ChaseArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { signal, progress } = inner;
  const anew = asked.fresh === true;
  const scope = await narrowedScope(asked, world, inner, { near: "taken" });
  const language = asked.language === undefined ? undefined : languageNamed(asked.language);
  const own = asked.template === undefined ? undefined : await readTemplate(asked.template, world);
  const only =
    asked.manager === undefined
      ? undefined
      : await resolve("person", asked.manager, world, signal, { near: "taken" });
  const wrong = [
    ...("wrong" in scope ? scope.wrong : []),
    ...(asked.language !== undefined && language === undefined
      ? [`language is one of ${languages.join(", ")}.`]
      : []),
    ...(own && "wrong" in own ? own.wrong : []),
    ...(only && "wrong" in only ? [only.wrong] : []),
  ];
  if (wrong.length > 0 || "wrong" in scope || (own && "wrong" in own) || (only && "wrong" in only))
    return no(...wrong);

  const wanted = { signal, progress, fresh: anew };
  const { read } = await recordsOf(scope, { statuses: "open" }, world, wanted);
  const known = readingTold(read, wanted, knownClocks(world));
  const reading = known.lines;
  const asOf = known.structured.as_of;
  // Whoever gets a letter takes it for all there is.
  if (read.asOf === undefined) return no(...reading);
  const at: At = { now: world.now(), days: asked.days ?? 0 };
  const isMeant = isOf(scope);
  const isLate = (one: Reminder["record"]) => isOverdue(one, at);
  const isSoon = (one: Reminder["record"]) => asked.days !== undefined && isDue(one, at);
  const records = read.records.filter((one) => isMeant(one) && (isLate(one) || isSoon(one)));
  const index = createPeopleIndex(await world.list("get_users", signal));
  const reminders: Reminder[] = [];
  let gone = 0;
  for (const record of records) {
    const who = index.byNumber(record.person);
    if (who === undefined || isGone(who, at.now)) gone += 1;
    else reminders.push({ record, who });
  }
  const what = scope.words.length === 0 ? everyone : scope.words.join(", ");
  // Whose people they are is asked of nobody: beside one manager's letter they would look like theirs.
  const leftOut =
    gone > 0 && only === undefined
      ? [`Left out: ${count(gone, "record")} of people who cannot sign in any more.`]
      : [];
  const readAs = only !== undefined && "note" in only && only.note !== undefined ? [only.note] : [];
  if (reminders.length === 0) {
    const due = asked.days === undefined ? "" : ` or due in ${count(asked.days, "day")}`;
    const notes = [...scope.notes, ...readAs, ...leftOut, ...reading];
    return {
      outcome: "done",
      text: [`No letter is needed, of ${what}: nothing is overdue${due}.`, ...notes].join("\n"),
      structured: { of: what, as_of: asOf, items: [], total: 0, notes },
    };
  }

  const people = [...new Map(reminders.map(({ who }) => [who.id, who])).values()];
  const memberships = await readMemberships(world, inner, { fresh: anew });
  const managers = await whoManages({ people, memberships, fresh: anew }, world, inner);
  const shares = sharesOf(reminders, managers, index, at.now);
  const academy = await academyOf(world, signal);
  const clocks = await clocksOf(world, signal);
  const parsed = new Map<Language, LetterTemplate>();
  const about = {
    own,
    language,
    ours: (one: Language) => {
      const known = parsed.get(one) ?? ourTemplate(one);
      parsed.set(one, known);
      return known;
    },
    academy: academy ?? "SkyPrep",
    at,
    today: clocks.day(at.now),
    course: read.course,
  };
  const chosen = shares.shares.filter(({ lead }) => only === undefined || isThey(lead, only));
  if (only !== undefined && chosen.length === 0) {
    const name = cleanText(only.label).slice(0, 80);
    const notes = [...scope.notes, ...readAs, ...managers.notes, ...reading];
    return {
      outcome: "done",
      text: [
        `No letter is needed to ${name}: ${whyNone(index.byNumber(only.id), { what, due: asked.days !== undefined }, world, at.now)}`,
        ...notes,
      ].join("\n"),
      structured: { of: what, as_of: asOf, items: [], total: 0, notes },
    };
  }
  const letters = chosen.map((share) => letterTo(share, about));
  const table = csvRows(
    { shares: chosen, without: only === undefined ? shares.without : [] },
    at,
    read.course,
  );
  const files = await keepFiles(letters, table, world);
  const notes = [
    ...scope.notes,
    ...readAs,
    ...(only === undefined ? withoutTold(shares.without) : []),
    ...leftOut,
    ...(academy === undefined ? ["The academy's address could not be read, and stands in no letter."] : []),
    ...managers.notes,
    ...reading,
  ];
  return told({ what, asOf, letters, table, files, notes, at, days: asked.days });
}

/** Why there is no letter to this manager; whoever manages nobody is no manager whose team is up to date. */
function whyNone(
  lead: Someone | undefined,
  { what, due }: { readonly what: string; readonly due: boolean },
  world: Pick<JobWorld, "view">,
  now: number,
): string {
  if (lead !== undefined && isGone(lead, now)) return "they cannot sign in any more.";
  const asManager = managerField(world) === undefined;
  if (lead !== undefined && asManager && !mayManage(lead.row))
    return "they are no manager in SkyPrep, and manage nobody.";
  return `nobody ${what === everyone ? "" : `of ${what} `}whom they manage is overdue${due ? " or due" : ""}.`;
}

/** Ours are tested: one that does not parse is a defect. */
function ourTemplate(language: Language): LetterTemplate {
  const made = templateIn(ours[language].template);
  if ("wrong" in made) throw new TypeError(`our letter in ${language}: ${made.wrong.join(" ")}`);
  return made;
}

const isThey = (
  lead: ManagersShare["lead"],
  { id, label, login }: { readonly id: number; readonly label: string; readonly login?: string },
): boolean =>
  lead.id === undefined
    ? [label, login].some((one) => one?.toLowerCase() === lead.name.toLowerCase())
    : lead.id === id;

/** A course's own address stands in no answer of SkyPrep's API: everybody signs in at the academy's. */
async function academyOf({ read }: Pick<JobWorld, "read">, signal: AbortSignal): Promise<string | undefined> {
  try {
    const [row] = [await read("get_program", {}, signal)].flat() as (Row | null)[];
    const domain = typeof row?.acct_key === "string" ? row.acct_key.trim().toLowerCase() : "";
    return /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(domain) ? `https://${domain}` : undefined;
  } catch (error) {
    if (error instanceof Failure || error instanceof NotAList || error instanceof Unread) return undefined;
    throw error;
  }
}

interface LetterFiles {
  readonly letters: Export | undefined;
  readonly table: Export | undefined;
  /** Why there is none. */
  readonly note: string | undefined;
}

async function keepFiles(
  letters: readonly Letter[],
  rows: readonly (readonly string[])[],
  { exports }: Pick<JobWorld, "exports">,
): Promise<LetterFiles> {
  const table = await keepTableFile("Chase list by manager", csvColumns, rows, exports);
  if ("note" in table) return { letters: undefined, table: undefined, note: table.note };
  try {
    const bytes = new TextEncoder().encode(lettersText(letters));
    const kept = await exports.keep({ name: "Letters to managers", bytes, extension: "txt" });
    return { letters: kept, table: table.exported, note: undefined };
  } catch (error) {
    if (error instanceof CannotKeep)
      return { letters: undefined, table: table.exported, note: error.message };
    throw error;
  }
}

type Without = ReturnType<typeof sharesOf>["without"];
const mostWithout = 8;

function withoutTold(without: Without): string[] {
  const words = {
    none: "without a manager, in no letter",
    "not known": "whose manager is not known yet, in no letter",
    "no access": "whose manager cannot sign in any more, in no letter",
  };
  return (["none", "not known", "no access"] as const).flatMap((why) => {
    const people = new Map(
      without.flatMap((one) => (one.why === why ? [[one.reminder.who.id, one.reminder.who.name]] : [])),
    );
    if (people.size === 0) return [];
    const shown = [...people].slice(0, mostWithout).map(([id, name]) => `${id} ${name}`);
    return [
      `${count(people.size, "person", "people")} ${words[why]}: ${andMore(shown, people.size - shown.length)}.`,
    ];
  });
}

const columns = ["manager", "login", "people", "overdue", "due", "language"];
const mostShown = 25;
/** Of the letter that a reply shows. */
const longestLetter = 1_600;

function told({
  what,
  asOf,
  letters,
  table,
  files,
  notes,
  at,
  days,
}: {
  readonly what: string;
  readonly asOf: unknown;
  /** Rows of the CSV. */
  readonly table: readonly (readonly string[])[];
  readonly letters: readonly Letter[];
  readonly files: LetterFiles;
  readonly notes: readonly string[];
  readonly at: At;
  readonly days: number | undefined;
}): Reply {
  const rows = letters.map(({ share: { lead, who, reminders }, language }) => {
    const overdue = reminders.filter(({ record }) => isOverdue(record, at)).length;
    return {
      manager: lead.name,
      ...(who && { login: cleanText(who.login) }),
      people: new Set(reminders.map((one) => one.who.id)).size,
      overdue,
      ...(days !== undefined && { due: reminders.length - overdue }),
      language,
    };
  });
  const shown = fit(rows.slice(0, mostShown), (row) => line(row, columns), 2);
  const present = columnsOf(shown, columns);
  const [first] = letters;
  const people = new Set(letters.flatMap(({ share }) => share.reminders.map(({ who }) => who.id))).size;
  const letter =
    first === undefined
      ? []
      : [
          letters.length === 1 ? "The letter:" : `The first of them, to ${first.share.lead.name}:`,
          `Subject: ${first.subject}`,
          ...(first.text.length > longestLetter
            ? [
                `${first.text.slice(0, longestLetter).replace(/\n[^\n]*$/, "")}`,
                "[cut here; the file has all of it]",
              ]
            : [first.text]),
        ];
  return {
    outcome: "done",
    text: [
      `${count(letters.length, "letter")} to managers, about ${count(people, "person", "people")} of ${what}. ${sendsNone}`,
      ...(files.letters ? [`All letters, ready to copy, ${placeOf(files.letters)}`] : []),
      ...(files.table ? [`The same as CSV, ${placeOf(files.table)}`] : []),
      ...(files.note === undefined ? [] : [files.note]),
      ...(shown.length > 0 ? [present.join("\t"), ...shown.map((row) => line(row, present))] : []),
      ...(shown.length < rows.length ? [`And ${rows.length - shown.length} more: see the files.`] : []),
      ...notes,
      ...letter,
    ].join("\n"),
    structured: {
      of: what,
      as_of: asOf,
      items: shown,
      total: rows.length,
      people,
      sent: false,
      ...(first && { letter: { to: first.share.lead.name, subject: first.subject, text: first.text } }),
      ...(files.letters && exportOf(files.letters)),
      ...(files.table && { table: exportOf(files.table).export }),
      notes,
    },
    ...(files.letters && { link: linkTo(files.letters) }),
    pieces: letterPieces({
      of: what === everyone ? undefined : what,
      ...{ people, letters, overdue: rows.map(({ overdue }) => overdue) },
      ...{ columns: csvColumns, rows: table },
      resource: files.table && exportOf(files.table).export.uri,
    }),
  };
}
