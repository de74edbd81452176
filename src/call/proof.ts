import type { Operation, WriteOperation } from "../../tools/schema/operation.ts";
import type { Test } from "../../tools/schema/proof.ts";
import { Missing, type Row, Unread } from "../guard/look.ts";
import { personIn } from "../guard/persons.ts";
import { cleanText } from "../reply/clean-text.ts";
import { cell } from "../reply/table.ts";
import type { Api } from "../skyprep/api.ts";
import { Failure } from "../skyprep/failure.ts";
import { toolName } from "./catalogue.ts";
import type { Args } from "./check.ts";
import { lookUp } from "./look-up.ts";
import { NobodyFound, spellPerson } from "./person.ts";

export interface Proven {
  readonly verified: "yes" | "no";
  /** What was read, in words. */
  readonly found: string;
}

/** A write that was sent. */
export interface Sent {
  readonly operation: WriteOperation;
  /** Its arguments, with everything that is known of the person. */
  readonly told: Args;
  /** Epoch milliseconds. */
  readonly began: number;
}

export interface ProofWorld {
  readonly api: Api;
  /** Every record, offered or not. */
  readonly records: ReadonlyMap<string, Operation>;
}

/** More than a few are bulk: not looked at one by one. */
const few = 5;
/** A clock that goes wrong by more makes a new record look old. */
const slackMs = 600_000;

/** One read that tells whether a write was done; undefined where none can tell. Rejects with the signal's reason. */
export async function prove(sent: Sent, world: ProofWorld, signal: AbortSignal): Promise<Proven | undefined> {
  const { read, test } = sent.operation.proof;
  if (test === undefined || tooMany(test, sent.told)) return undefined;
  try {
    const parameters = await parametersOf(read, test, sent.told, world, signal);
    const value = await lookUp(world.api)(read, parameters, signal).catch((error: unknown) => {
      if (error instanceof Missing) return error;
      throw error;
    });
    const proven = judge(test, value, sent);
    return proven && { ...proven, found: cleanText(`${toolName(read)} ${proven.found}`) };
  } catch (error) {
    // It could not be read: nothing is known, and nothing is said.
    if (error instanceof Unread || error instanceof Failure || error instanceof NobodyFound) return undefined;
    throw error;
  }
}

const numbersIn = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).map(Number).filter(Number.isInteger);

const tooMany = (test: Test, told: Args): boolean => "has" in test && numbersIn(told[test.has]).length > few;

/** Whom or what the read is about, out of the write's arguments. */
async function parametersOf(read: string, test: Test, told: Args, world: ProofWorld, signal: AbortSignal) {
  if ("finds" in test) return { user_email: String(told[test.finds]) };
  const { person, input } = world.records.get(read) ?? {};
  const named = Object.entries(told).filter(
    ([name, value]) => /_id$/.test(name) && typeof value === "number" && name in (input?.shape ?? {}),
  );
  const { user_email, user_id } = told;
  const who =
    person?.knows === "user_email" && user_email ? { user_email } : user_id ? { user_id } : { user_email };
  const { user_id: _, ...rest } = Object.fromEntries(named) as Record<string, number>;
  const all = person ? { ...rest, ...who } : rest;
  const spelt = await spellPerson(person, all, world.api, signal);
  return Object.fromEntries(Object.entries(spelt).filter(([, one]) => one !== undefined)) as Record<
    string,
    string | number
  >;
}

type Judged = Proven | undefined;

function judge(test: Test, value: unknown, { told, began }: Sent): Judged {
  const missing = value instanceof Missing;
  if ("gone" in test) {
    return missing ? yes("finds nothing there any more") : isRecord(value) ? no("still shows it") : undefined;
  }
  if ("finds" in test)
    return missing ? no("finds nobody with this login") : newcomer(value, String(told[test.finds]), began);
  if (missing) return undefined;
  if ("shows" in test) return shows(test.shows, one(value), told);
  const rows = test.in === undefined ? value : one(value)?.[test.in];
  if (!Array.isArray(rows) || !rows.every(isRecord)) return undefined;
  const there = new Set(
    rows.map((row) => Number(row.user_id ?? row.id)).concat(rows.map(({ id }) => Number(id))),
  );
  const wanted = numbersIn(told["has" in test ? test.has : test.lacks]);
  if (wanted.length === 0) return undefined;
  const absent = wanted.filter((id) => !there.has(id));
  if ("has" in test) {
    return absent.length === 0 ? yes(`shows ${wanted.join(", ")}`) : no(`does not show ${absent.join(", ")}`);
  }
  return absent.length === wanted.length
    ? yes(`does not show ${wanted.join(", ")} any more`)
    : no(
        `still shows ${wanted.filter((id) => there.has(id)).join(", ")}${test.perhaps ? `: perhaps ${test.perhaps}` : ""}`,
      );
}

const yes = (found: string): Proven => ({ verified: "yes", found });
const no = (found: string): Proven => ({ verified: "no", found });
const isRecord = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && "id" in value;
const one = (value: unknown): Row | undefined => {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "object" && first !== null ? (first as Row) : undefined;
};

function newcomer(value: unknown, login: string, began: number): Judged {
  const person = personIn(value, { user_email: login });
  if (person === undefined) return undefined;
  const made = Date.parse(String(person.row.created_at));
  // Whoever was there before is not who was to be made.
  if (made < began - slackMs) return no(`shows person ${person.id} with this login, who was there before`);
  return yes(`shows person ${person.id} with this login`);
}

/** Whatever of it the record shows: each value alike, or not. */
function shows(called: Readonly<Record<string, string>>, record: Row | undefined, told: Args): Judged {
  if (record === undefined) return undefined;
  const { custom_fields, extra: _, ...plain } = told;
  const given = { ...plain, ...(custom_fields as Record<string, unknown> | undefined) };
  const fields = Object.entries(given)
    .map(([argument, value]) => [called[argument] ?? argument, value] as const)
    .filter(
      ([field, value]) =>
        value !== undefined && comparable(record[field]) && !/_id$|^user_email$/.test(field),
    );
  if (fields.length === 0) return undefined;
  const others = fields.filter(([field, value]) => !alike(value, record[field]));
  if (others.length === 0) return yes(`shows ${fields.map(([field]) => field).join(", ")} as given`);
  return no(`shows ${others.map(([field]) => `${field}: ${cell(record[field]).slice(0, 60)}`).join(", ")}`);
}

const comparable = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

/** A day is alike any instant of it. */
function alike(given: unknown, shown: unknown): boolean {
  const [a, b] = [given, shown].map((value) => String(value).trim().toLowerCase()) as [string, string];
  if (a === b || (/^\d{4}-\d\d-\d\d$/.test(a) && b.startsWith(a))) return true;
  return typeof given === "boolean" ? b === (given ? "1" : "0") : a !== "" && Number(a) === Number(b);
}
