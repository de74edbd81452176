import { Missing, type Row, readFrom, Unread } from "../../academy/reads.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import { asOne } from "../../reply/records.ts";
import { alsoSaying, type Reply, type Verification, withSeen } from "../../reply/reply.ts";
import { Failure } from "../../skyprep/response.ts";
import { and, andMore, cleanText, count } from "../../text/english.ts";
import { beginCallDeadline, silent } from "../call-deadline.ts";
import { type LookWorld, lookMs, onePause, type ProofWorld, type Sent } from "./proof.ts";

/** What is in what was made, in a line; and whether all is that was asked for. */
interface Contents {
  readonly line: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly seen: Verification;
  /** Of lists of several values, what is not in it: they may have been read as one value, or not at all. */
  readonly unlisted: readonly Addition[];
}

/** A call that puts one in by itself. */
export interface Addition {
  /** `person 111` */
  readonly called: string;
  readonly route: string;
  readonly args: Readonly<Record<string, number>>;
}

const mostNamed = 10;
const nouns: Readonly<Record<string, readonly [string, string]>> = {
  users: ["person", "people"],
  courses: ["course", "courses"],
};

/** One read of what was made with others in it; undefined where nothing was put in, or it cannot be read. */
async function contentsOf(
  { operation, told }: Sent,
  answered: unknown,
  world: Pick<ProofWorld, "api">,
  signal: AbortSignal,
): Promise<Contents | undefined> {
  const { holds } = operation.proof;
  const { output } = operation;
  if (holds === undefined || output.as !== "one") return undefined;
  const lists = Object.entries(holds.lists).filter(([argument]) => numbersIn(told[argument]).length > 0);
  const made = Number((asOne(answered, output.inside) as Row | null)?.id);
  if (lists.length === 0 || !Number.isSafeInteger(made)) return undefined;
  try {
    const record = asOne(await readFrom(world.api)(holds.read, { [holds.as]: made }, signal)) as Row | null;
    const held = Object.values(holds.lists).flatMap((field) => {
      const rows = record?.[field];
      return Array.isArray(rows) ? [{ field, rows: rows as Row[] }] : [];
    });
    if (Number(record?.id) !== made || held.length === 0) return undefined;
    const lacking = lists.flatMap(([argument, field]) => {
      const there = new Set(held.find((one) => one.field === field)?.rows.map(({ id }) => Number(id)));
      const asked = numbersIn(told[argument]);
      const add = asked.length > 1 ? holds.adds[argument] : undefined;
      return asked
        .filter((id) => !there.has(id))
        .map((id) => {
          const called = `${nouns[field]?.[0] ?? field} ${id}`;
          const args = { [holds.as]: made, ...(add && { [add.argument]: id }) };
          return { called, add: add && { called, route: add.by, args } };
        });
    });
    const named = lacking.slice(0, mostNamed).map(({ called }) => called);
    const found = `${toolName(holds.read)} does not show ${andMore(named, lacking.length - mostNamed)} in it`;
    return {
      line: `In it: ${and(held.map(inWords))}.`,
      counts: Object.fromEntries(held.map(({ field, rows }) => [`${field}_count`, rows.length])),
      seen: lacking.length > 0 ? { verified: "no", found } : { verified: "yes", found: "all of it is in it" },
      unlisted: lacking.flatMap(({ add }) => add ?? []),
    };
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread || error instanceof Failure) return undefined;
    throw error;
  }
}

const numbersIn = (value: unknown): number[] => [value ?? []].flat().map(Number).filter(Number.isSafeInteger);

function inWords({ field, rows }: { readonly field: string; readonly rows: readonly Row[] }): string {
  const [one = field, many = field] = nouns[field] ?? [];
  if (rows.length === 0) return `no ${many}`;
  const names = rows.slice(0, mostNamed).map(({ id, display_name, name, first_name, last_name }) => {
    const called = display_name ?? name ?? [first_name, last_name].filter(Boolean).join(" ");
    return `${Number(id)} ${cleanText(String(called)).slice(0, 60)}`.trim();
  });
  const more = rows.length > names.length ? `; and ${rows.length - names.length} more` : "";
  return `${count(rows.length, one, many)} (${names.join("; ")}${more})`;
}

/** What was made, and how more is put into it. */
export interface MadeRecord {
  readonly reply: Reply;
  readonly sent: Sent;
  /** With the record of it, as SkyPrep answers. */
  readonly answered: unknown;
  /** When the call's own time is over; epoch milliseconds. */
  readonly until: number;
  /** Puts one in by itself that the call was to put in: what may be done twice; false: it was not sent, or refused. */
  readonly add: (addition: Addition) => Promise<boolean>;
}

/** So many are put in one by one; of more it is said that they are not in it. */
const mostAdded = 20;

/** What was made is answered without what is in it: one look shows that, and what a list left out is put in. */
export async function withContents(
  { reply, sent, answered, until, add }: MadeRecord,
  world: LookWorld,
  cancelled: AbortSignal,
): Promise<Reply> {
  if (sent.operation.proof.holds === undefined) return reply;
  const first = await inside(sent, answered, world, cancelled);
  if (first === undefined) return reply;
  const missing = first.unlisted.length;
  if (missing === 0 || missing > mostAdded) return withInside(reply, first);
  // It may only not show yet.
  const [ms = 0] = onePause;
  if (world.now() + ms > until) return withInside(reply, first);
  await world.pause(ms, cancelled);
  const second = (await inside(sent, answered, world, cancelled)) ?? first;
  const added: string[] = [];
  for (const addition of second.unlisted) {
    if (world.now() >= until) break;
    if (await add(addition)) added.push(addition.called);
  }
  if (added.length === 0) return withInside(reply, second);
  const last = (await inside(sent, answered, world, cancelled)) ?? second;
  const line = `SkyPrep did not take from the list, so put in by ${added.length === 1 ? "a call of its own" : "calls of their own"}: ${added.join(", ")}.`;
  return withInside(alsoSaying(reply, line), last);
}

const withInside = (reply: Reply, { line, counts, seen }: Contents): Reply => {
  const told = alsoSaying(reply, line);
  return withSeen({ ...told, structured: { ...told.structured, ...counts } }, seen);
};

async function inside(
  sent: Sent,
  answered: unknown,
  world: LookWorld,
  cancelled: AbortSignal,
): Promise<Contents | undefined> {
  const time = beginCallDeadline(world, { timeoutMs: lookMs, cancelled, progress: silent });
  try {
    return await contentsOf(sent, answered, { api: time.api }, time.signal);
  } catch (error) {
    // The change itself stands, whether it could be looked at or not.
    if (!time.signal.aborted) throw error;
    return undefined;
  } finally {
    time.end();
  }
}
