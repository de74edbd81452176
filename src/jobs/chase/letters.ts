import { cleanText } from "../../text/english.ts";
import type { Lead, WhoManages } from "../shared/managers/who-manages.ts";
import { isGone, type PeopleIndex, type Someone } from "../shared/people-index.ts";
import { type At, daysTo, type Gathered, isOverdue } from "../shared/training/gathered.ts";
import { dayOf, dayText, secondsOf } from "../shared/training/instants.ts";
import type { TrainingRecord } from "../shared/training/record.ts";
import { counted, type Language, languageNamed, ours } from "./our-templates.ts";
import { filled, type LetterTemplate, type RowValues } from "./template.ts";

/** A person and a course that somebody is to be reminded of. */
export interface Reminder {
  readonly record: TrainingRecord;
  readonly who: Someone;
}

/** What one manager has to be told. */
export interface ManagersShare {
  readonly lead: Lead;
  /** Of a manager who is in SkyPrep's list of people. */
  readonly who?: Someone;
  readonly reminders: readonly Reminder[];
}

export interface Shares {
  /** Most to be told first. */
  readonly shares: readonly ManagersShare[];
  /** Whose reminders stand in no letter, and why. */
  readonly without: readonly {
    readonly reminder: Reminder;
    readonly why: "none" | "not known" | "no access";
  }[];
}

/** Each reminder with everybody who manages its person; whoever cannot sign in any more is sent none. */
export function sharesOf(
  reminders: readonly Reminder[],
  { of }: Pick<WhoManages, "of">,
  everyone: PeopleIndex,
  now: number,
): Shares {
  const shares = new Map<string, { lead: Lead; who?: Someone; reminders: Reminder[] }>();
  const without: { reminder: Reminder; why: "none" | "not known" | "no access" }[] = [];
  for (const reminder of reminders) {
    const leads = of(reminder.who);
    if (leads === "untold" || leads.length === 0) {
      without.push({ reminder, why: leads === "untold" ? "not known" : "none" });
      continue;
    }
    let told = 0;
    for (const lead of leads) {
      const who = lead.id === undefined ? undefined : everyone.byNumber(lead.id);
      if (who !== undefined && isGone(who, now)) continue;
      told += 1;
      const key = lead.id === undefined ? lead.name : String(lead.id);
      const own = shares.get(key) ?? { lead, ...(who && { who }), reminders: [] };
      own.reminders.push(reminder);
      shares.set(key, own);
    }
    if (told === 0) without.push({ reminder, why: "no access" });
  }
  return {
    shares: [...shares.values()].sort(
      (a, b) => b.reminders.length - a.reminders.length || a.lead.name.localeCompare(b.lead.name, "en"),
    ),
    without,
  };
}

export interface Letter {
  readonly share: ManagersShare;
  readonly language: Language;
  readonly subject: string;
  readonly text: string;
}

export interface LetterAsked {
  /** A text of the operator's own; left out: ours. */
  readonly own: LetterTemplate | undefined;
  /** Left out: each manager's own, as SkyPrep has it. */
  readonly language: Language | undefined;
  readonly ours: (language: Language) => LetterTemplate;
  /** `https://academy.example.com`, or what else is said of where to sign in. */
  readonly academy: string;
  readonly at: At;
  readonly today: string;
  readonly course: Gathered["course"];
}

export function letterTo(share: ManagersShare, asked: LetterAsked): Letter {
  const { own, language: wanted, academy, at, today, course } = asked;
  const language = wanted ?? languageNamed(share.who?.row.language) ?? "en";
  const words = counted[language];
  const rows = inOrder(share.reminders).map(({ record, who }): RowValues => {
    const days = record.deadline === undefined ? 0 : daysTo(record.deadline, at.now);
    const { late, left } = ours[language];
    return {
      name: who.name,
      login: cleanText(who.login),
      course: course(record.course) ?? String(record.course),
      course_id: String(record.course),
      deadline: record.deadline === undefined ? "" : inWords(dayText(dayOf(record.deadline)), language),
      days: String(Math.abs(days)),
      when: isOverdue(record, at) ? late(Math.max(0, -days)) : left(Math.max(0, days)),
      academy,
    };
  });
  const people = new Set(share.reminders.map(({ who }) => who.id)).size;
  const count = (n: number, [one, many]: readonly [string, string]) => `${n} ${n === 1 ? one : many}`;
  const values = {
    manager: share.lead.name,
    people: count(people, words.people),
    count: count(rows.length, words.trainings),
    academy,
    today: inWords(today, language),
  };
  return { share, language, ...filled(own ?? asked.ours(language), values, rows) };
}

/** Person by person; of each what is longest overdue first. */
const inOrder = (reminders: readonly Reminder[]): Reminder[] =>
  [...reminders].sort(
    (a, b) =>
      a.who.name.localeCompare(b.who.name, "en") ||
      a.who.id - b.who.id ||
      secondsOf(a.record.deadline ?? 0) - secondsOf(b.record.deadline ?? 0),
  );

const inWords = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(ours[language].locale, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));

export const csvColumns = [
  "manager",
  "manager_login",
  "person",
  "name",
  "login",
  "course_id",
  "course",
  "status",
  "deadline",
  "days_overdue",
  "days_left",
];

/** A row for each manager, person and course; without a manager, why there is none. */
export function csvRows({ shares, without }: Shares, at: At, course: Gathered["course"]): string[][] {
  const cells = ({ record, who }: Reminder): string[] => {
    const days = record.deadline === undefined ? 0 : daysTo(record.deadline, at.now);
    const late = isOverdue(record, at);
    return [
      String(who.id),
      who.name,
      who.login,
      String(record.course),
      course(record.course) ?? "",
      record.status,
      record.deadline === undefined ? "" : dayText(dayOf(record.deadline)),
      late ? String(Math.max(0, -days)) : "",
      late ? "" : String(Math.max(0, days)),
    ];
  };
  const reasons = {
    none: "(no manager)",
    "not known": "(manager not known yet)",
    "no access": "(manager without access)",
  };
  return [
    ...shares.flatMap(({ lead, who, reminders }) =>
      inOrder(reminders).map((one) => [lead.name, who?.login ?? "", ...cells(one)]),
    ),
    ...without.map(({ reminder, why }) => [reasons[why], "", ...cells(reminder)]),
  ];
}

/** All letters as one text, each with whom it is to. */
export const lettersText = (letters: readonly Letter[]): string =>
  letters
    .map(({ share: { lead, who }, subject, text }) =>
      [
        `To: ${lead.name}${who ? ` <${cleanText(who.login)}>` : ""}`,
        `Subject: ${subject}`,
        "",
        text,
        "",
      ].join("\n"),
    )
    .join(`${"-".repeat(72)}\n`);
