import type { Operation, WriteOperation } from "../../tools/schema/operation.ts";
import type { Api } from "../skyprep/api.ts";
import {
  createRequestContext,
  type Pause,
  type RequestContext,
  rest,
  worthStartingMs,
} from "../skyprep/request.ts";
import { errorInside, type ParsedResponse, Rejected, Unreadable } from "../skyprep/response.ts";
import type { Sightings } from "../skyprep/sightings.ts";
import { askedFor, listOfAll, mayBeAbsence } from "./absence.ts";
import { numberIn, type Row, rowsIn } from "./reads.ts";

export interface OwnWritesWorld {
  readonly records: ReadonlyMap<string, Operation>;
  readonly sightings: Sightings;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: Pause;
  /** Told when a write leaves, and when it is over: what is kept may be another matter now. */
  readonly onWrite: () => void;
}

/** What a write of ours was answered with, and what reads are to show of it. */
interface Left {
  /** When it was over. */
  readonly at: number;
  readonly route: string;
  readonly form: URLSearchParams;
  readonly effect: WriteOperation["effect"];
  /** The read that shows it. */
  readonly read: string;
  /** `user_id 101`, or `user_email …`: what reads by number or login ask for. */
  readonly keys: readonly string[];
  readonly id: number | undefined;
  /** It was not there before. */
  readonly isNew: boolean;
  /** When SkyPrep last changed it, as it said; epoch milliseconds. */
  readonly stamp: number;
  /** What it said the person has now, and where the read shows that. */
  readonly figures: Figures | undefined;
}

interface Figures {
  readonly person: number;
  readonly field: string;
  readonly value: unknown;
}

/** So long after a write a read may be from before it. */
const recentMs = 10_000;
/** Where SkyPrep has shown once that its reads come later, all of them wait for so long. */
const laterMs = 4_000;
const pauses = [1_000, 2_000, 4_000];

/**
 * SkyPrep after our own writes. What it said it made or changed is there: a read that does not show it yet is from
 * before, and is made again after pauses, so that nothing is made twice, and no question or promise rests on what was.
 * The write itself is never repeated.
 */
export function showingOwnWrites(api: Api, world: OwnWritesWorld): Api {
  const { records, sightings, now, pause, onWrite } = world;
  let last = Number.NEGATIVE_INFINITY;
  let lately: readonly Left[] = [];

  async function write(operation: WriteOperation, ...call: Parameters<Api>): Promise<ParsedResponse> {
    const [route, form] = call;
    onWrite();
    try {
      const reading = await api(...call);
      const left = leftBy(operation, { route, form, reading, at: now() });
      lately = lately.filter((one) => now() - one.at < recentMs && !isOutdone(one, left));
      if (left) lately = [...lately, left];
      if (operation.effect === "remove") lately = lately.filter((one) => !isAbout(one, form));
      return reading;
    } finally {
      last = now();
      onWrite();
    }
  }

  /** Whether there is no time left for it. */
  async function waited(ms: number, signal: AbortSignal, context: RequestContext): Promise<boolean> {
    if (now() + ms + worthStartingMs > context.deadline) return false;
    await rest(context, ms, pause, signal);
    return true;
  }

  async function read(...[route, form, signal, context = createRequestContext()]: Parameters<Api>) {
    const since = now() - last;
    if (sightings.of("writes-show-at-once") === "later" && since < laterMs)
      await waited(laterMs - Math.max(0, since), signal, context);
    const look = () =>
      api(route, form, signal, context).then(
        (reading) => ({ reading }),
        (error: unknown) => {
          signal.throwIfAborted();
          return { error };
        },
      );
    let came = await look();
    let late = lateIn(came, route, form);
    const first = late;
    for (const ms of pauses) {
      if (late === undefined || !(await waited(ms, signal, context))) break;
      onWrite();
      came = await look();
      late = lateIn(came, route, form);
      if (late === undefined) sightings.differs("writes-show-at-once", "later");
    }
    if (first !== undefined && late?.isNew && (askedFor(route, form) !== undefined || isOnlyOf(late, form)))
      throw new Unreadable(
        `SkyPrep answered ${late.route} with success ${Math.round((now() - late.at) / 1000)} s ago, and ${route} does not show it yet.`,
        "Call again in a minute.",
        "no",
      );
    if ("error" in came) throw came.error;
    return came.reading;
  }

  /** The write of ours that what came is older than; undefined: it is not, as far as it shows. */
  function lateIn(came: Came, route: string, form: string): Left | undefined {
    const recent = lately.filter(({ at }) => now() - at < recentMs);
    return recent.find((left) => isOlder(came, left, route, form));
  }

  return (...call) => {
    const operation = records.get(call[0]);
    return operation !== undefined && operation.effect !== "read" ? write(operation, ...call) : read(...call);
  };
}

type Came = { readonly reading: ParsedResponse } | { readonly error: unknown };

function leftBy(
  operation: WriteOperation,
  { route, form, reading, at }: { route: string; form: string; reading: ParsedResponse; at: number },
): Left | undefined {
  const value = reading.is === "json" ? reading.value : undefined;
  const { effect, output, undo, newLogin, proof } = operation;
  if (errorInside(value) !== undefined || effect === "remove") return undefined;
  const given = new URLSearchParams(form);
  const [row] = rowsIn(output.as === "one" && output.inside ? ((value ?? {}) as Row)[output.inside] : value);
  const made = "made" in undo ? undo.made : undefined;
  const id = row === undefined ? undefined : numberIn(row);
  const by = made ?? [...given.keys()].find((name) => name in keyed && given.get(name) !== "");
  const login = newLogin && given.get(newLogin.argument)?.trim().toLowerCase();
  const own = [given.get("user_id"), given.get("user_email")];
  return {
    at,
    route,
    form: given,
    effect,
    read: proof.read,
    id: Number.isSafeInteger(id) ? id : undefined,
    isNew: effect === "add" || effect === "credential",
    keys: [
      ...(login ? [`user_email ${login}`] : []),
      ...(id !== undefined && made !== undefined ? [`${made} ${id}`] : []),
      ...(effect === "change" && by !== undefined ? [`${by} ${given.get(by)?.trim().toLowerCase()}`] : []),
      // Whoever is changed by login is read by number, too.
      ...(effect === "change" && own.some((one) => one) && row && "email" in row ? [`user_id ${id}`] : []),
    ],
    stamp: Date.parse(String(row?.updated_at)),
    figures: figuresIn(operation, given, row),
  };
}

function figuresIn({ proof }: WriteOperation, given: URLSearchParams, row: Row | undefined) {
  const person = Number(given.get("user_id"));
  if (proof.totals === undefined || row === undefined || !Number.isSafeInteger(person) || person <= 0)
    return undefined;
  const { of, field } = proof.totals;
  return { person, field, value: of === undefined ? row : row[of] };
}

/** What it said somebody has is no more, since the later one says it anew. */
const isOutdone = ({ read, figures }: Left, later: Left | undefined): boolean =>
  figures !== undefined && later?.read === read && later.figures?.person === figures.person;

/** Whether a read shows another figure of the same name; what it does not show at all may be of no account. */
function differs({ person, field, value }: Figures, row: Row | undefined): boolean {
  if (row === undefined || numberIn(row, "user_id") !== person) return false;
  const shown = row[field];
  if (typeof value === "number") return typeof shown === "number" && shown !== value;
  const [said, seen] = [value, shown].map((one) => rowsIn(one)[0] ?? {});
  return Object.entries(said ?? {}).some(
    ([name, one]) => typeof one === "number" && typeof seen?.[name] === "number" && seen[name] !== one,
  );
}

/** Arguments that say which one a change is about. */
const keyed: Readonly<Record<string, true>> = {
  user_id: true,
  user_email: true,
  course_id: true,
  user_group_id: true,
  learning_path_id: true,
  instructor_led_training_timeslot_id: true,
};

/** Whether a call names it. */
function isAbout({ keys }: Left, form: string): boolean {
  const given = [...new URLSearchParams(form)].map(
    ([name, value]) => `${name} ${value.trim().toLowerCase()}`,
  );
  return keys.some((key) => given.includes(key));
}

/** A read of that one thing, and of nothing besides. */
const isOnlyOf = (left: Left, form: string): boolean =>
  new URLSearchParams(form).size === 1 && isAbout(left, form);

function isOlder(came: Came, left: Left, route: string, form: string): boolean {
  const asked = askedFor(route, form);
  const value = "reading" in came && came.reading.is === "json" ? came.reading.value : undefined;
  if (asked !== undefined) {
    if (!left.keys.includes(asked.key)) return false;
    if (asked.isIn(value)) return rowsIn(value).some((row) => isStale(row, left));
    return left.isNew && mayBeAbsence(asked, came);
  }
  if (left.figures !== undefined)
    return route === left.read && !Array.isArray(value) && differs(left.figures, rowsIn(value)[0]);
  // A limit or a lost connection shows nothing of it, sooner or later.
  if ("error" in came && !(came.error instanceof Rejected && [404, 410, 422].includes(came.error.status)))
    return false;
  // It asks for nothing but what was made, and there is none.
  const isNone = "error" in came || errorInside(value) !== undefined;
  if (isNone && left.isNew && isOnlyOf(left, form)) return true;
  const isWhole = form === "" && left.keys.some((key) => listOfAll(key) === route);
  if (!isWhole && !(route === left.read && isOfSame(form, left))) return false;
  if (!Array.isArray(value)) return left.isNew && !rowsIn(value).some((row) => Object.keys(row).length > 1);
  if (left.id === undefined) return false;
  const own = rowsIn(value).find((row) => numberIn(row) === left.id);
  return own === undefined ? left.isNew : isStale(own, left);
}

const isStale = (row: Row, { id, stamp }: Left): boolean =>
  (id === undefined || numberIn(row) === id) && Date.parse(String(row.updated_at)) < stamp;

/** A read with no more arguments than the write had, and the same ones. */
function isOfSame(form: string, left: Left): boolean {
  const given = [...new URLSearchParams(form)];
  return given.length > 0 && given.every(([name, value]) => left.form.get(name) === value);
}
