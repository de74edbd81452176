import { plainText } from "../../../reply/records.ts";
import { cleanText } from "../../../text/english.ts";
import { isUnreadable } from "../../../text/instant.ts";
import { someoneIn } from "../people-index.ts";
import { type When, when } from "./instants.ts";

/** A training record, less all that no answer of ours is made of: no links, no keys, nothing personal but a name. */
export interface TrainingRecord {
  readonly id: number;
  /** 0 where SkyPrep does not say. */
  readonly person: number;
  readonly course: number;
  readonly status: string;
  readonly updated?: When;
  readonly deadline?: When;
  readonly enrolled?: When;
  readonly started?: When;
  readonly completed?: When;
  readonly expires?: When;
  readonly expired?: true;
  /** Its deadline or its end is there, and cannot be read: whether it is overdue or expired is not known. */
  readonly unread?: true;
}

export interface PersonName {
  readonly name: string;
  readonly login: string;
}

/** A record as it came, with the names that stand in it. */
export interface ReceivedRecord {
  readonly record: TrainingRecord;
  readonly person?: PersonName;
  readonly course?: string;
}

type Raw = Readonly<Record<string, unknown>>;
const longest = 80;
const idOf = (value: unknown): number => {
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
};
const words = (value: unknown): string =>
  typeof value === "string" ? cleanText(plainText(value)).slice(0, longest) : "";

/** Undefined where it has no number: it could not be told from others. */
export function recordIn(row: unknown, zone?: string): ReceivedRecord | undefined {
  if (typeof row !== "object" || row === null) return undefined;
  const raw = row as Raw;
  const id = idOf(raw.id);
  if (id === 0) return undefined;
  const someone = someoneIn(raw.user);
  const [course] = [raw.course].flat() as (Raw | undefined)[];
  const updated = when(raw.updated_at, { zone });
  const beside = { near: zone === undefined ? offsetBy(raw) : undefined, zone };
  const ends = [raw.computed_deadline_date || raw.real_end_date || raw.deadline_date, raw.expiration_date];
  const [deadline, expires] = ends.map((one) => when(one, beside));
  const dates = {
    updated,
    // The one that decides (skyprep-api §4.1); the others where it is not there.
    deadline,
    enrolled: when(raw.enrollment_date, beside),
    started: when(raw.commencement_date, beside),
    completed: when(raw.completion_date, beside),
    expires,
  };
  const name = words(raw.course_name) || words(course?.name);
  const login = words(raw.user_email) || words(someone?.login);
  return {
    record: {
      id,
      person: idOf(raw.user_id) || (someone?.id ?? 0),
      course: idOf(raw.course_id) || idOf(course?.course_id ?? course?.id),
      status: words(raw.status).toLowerCase().replace(/[_ ]/g, "-").slice(0, 40),
      ...there(dates),
      ...((raw.expired === true || raw.expired === "true") && { expired: true as const }),
      ...(ends.some(isUnreadable) && { unread: true as const }),
    },
    ...(login !== "" && { person: { name: someone?.name ?? login, login } }),
    ...(name !== "" && { course: name }),
  };
}

/** The offset that a record's own dates are written with. */
function offsetBy(raw: Raw): When | undefined {
  const own = [raw.updated_at, raw.created_at].find((one) => typeof one === "string" && hasOffset.test(one));
  return own === undefined ? undefined : when(own);
}
const hasOffset = /(?:Z|[+-]\d\d:?\d\d)$/;

/** Whether the dates of these records show the academy's offset. */
export function showOffset(rows: readonly unknown[]): boolean {
  const [first] = rows as readonly (Raw | null)[];
  return [first?.updated_at, first?.created_at].some(
    (one) => typeof one === "string" && /[+-]\d\d:?\d\d$/.test(one) && one.includes("T"),
  );
}

type Dates = Pick<TrainingRecord, "updated" | "deadline" | "enrolled" | "started" | "completed" | "expires">;

const there = (dates: { readonly [name in keyof Dates]: When | undefined }): Dates =>
  Object.fromEntries(Object.entries(dates).filter(([, at]) => at !== undefined && at !== 0));

/** As it is kept: 0 for what is not there. */
export type CachedRecord = readonly (number | string)[];

const width = 11;

export const keptAs = (record: TrainingRecord): CachedRecord => [
  record.id,
  record.person,
  record.course,
  record.status,
  record.updated ?? 0,
  record.deadline ?? 0,
  record.enrolled ?? 0,
  record.started ?? 0,
  record.completed ?? 0,
  record.expires ?? 0,
  (record.expired ? 1 : 0) + (record.unread ? 2 : 0),
];

/** Undefined where it is not what was kept. */
export function recordKept(kept: unknown): TrainingRecord | undefined {
  if (!Array.isArray(kept) || kept.length !== width) return undefined;
  if (kept.some((one, at) => (at === 3 ? typeof one !== "string" : !Number.isSafeInteger(one))))
    return undefined;
  const [id, person, course, status, ...rest] = kept as [number, number, number, string, ...number[]];
  const [updated, deadline, enrolled, started, completed, expires, expired] = rest;
  return {
    id,
    person,
    course,
    status,
    ...there({ updated, deadline, enrolled, started, completed, expires }),
    ...(Number(expired) % 2 === 1 && { expired: true as const }),
    ...(Number(expired) >= 2 && { unread: true as const }),
  };
}
