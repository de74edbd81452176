import type { Api } from "../skyprep/api.ts";
import type { VariantOf } from "../skyprep/assumptions.ts";
import type { RequestContext } from "../skyprep/request.ts";
import {
  errorInside,
  Failure,
  isPage,
  type ParsedResponse,
  Rejected,
  saidBack,
  saysNotFound,
  speaksOfAccess,
  Unreadable,
} from "../skyprep/response.ts";
import type { Sightings } from "../skyprep/sightings.ts";
import type { KeptLists } from "../state/kept-lists.ts";
import { cleanText } from "../text/english.ts";
import { isDeleted } from "./deleted.ts";
import { NotAList, personIn, type Row, wholeList } from "./reads.ts";

/** One thing that a read asks for by its number or login. */
export interface AskedFor {
  /** `user_id 101`: the same for every spelling. */
  readonly key: string;
  /** Whether an answer is the record that was asked for. */
  readonly isIn: (value: unknown) => boolean;
  /** The list that holds all of its kind. */
  readonly list: string;
  /** Whether it is among rows of that list; undefined: they do not tell. */
  readonly isAmong: (rows: readonly unknown[]) => boolean | undefined;
  /** Whether a record speaks of it in some other place: then it may be it all the same. */
  readonly isSpokenOf: (value: unknown) => boolean;
}

/** Read → the list that holds all of them, and the field of a row that they stand in. */
const places: Readonly<Record<string, { readonly list: string; readonly by: string; readonly in?: string }>> =
  {
    get_course: { list: "get_courses", by: "course_id" },
    get_user_group: { list: "get_user_groups", by: "user_group_id" },
    get_learning_path: { list: "get_learning_paths", by: "learning_path_id" },
    get_instructor_led_training: {
      list: "get_instructor_led_trainings",
      by: "instructor_led_training_id",
    },
    get_instructor_led_training_timeslot: {
      list: "get_instructor_led_trainings",
      by: "instructor_led_training_timeslot_id",
      in: "instructor_led_training_timeslots",
    },
    get_skill: { list: "get_skills", by: "skill_id" },
    get_competency: { list: "get_competencies", by: "competency_id" },
  };

/** The list that holds whatever this is the key of. */
export const listOfAll = (key: string): string | undefined => {
  const by = key.split(" ")[0] ?? "";
  if (by === "user_id" || by === "user_email") return "get_users";
  return Object.values(places).find((place) => place.by === by && place.in === undefined)?.list;
};

const recordIn = (value: unknown): Row | undefined => {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "object" && first !== null && !Array.isArray(first) ? (first as Row) : undefined;
};

/** What a read by number or login asks for; undefined: it is none, or no list holds all of its kind. */
export function askedFor(route: string, form: string): AskedFor | undefined {
  const given = new URLSearchParams(form);
  if (route === "get_user") return personAsked(given);
  const place = places[route];
  const id = Number(place && given.get(place.by));
  if (place === undefined || !Number.isSafeInteger(id) || id <= 0) return undefined;
  const { by } = place;
  const isIt = (row: unknown) => Number(recordIn(row)?.id ?? recordIn(row)?.[by]) === id;
  return {
    key: `${by} ${id}`,
    isIn: isIt,
    list: place.list,
    isAmong(rows) {
      const all = place.in === undefined ? rows : rows.flatMap((row) => recordIn(row)?.[place.in ?? ""]);
      const numbers = all.map((row) => Number(recordIn(row)?.id ?? recordIn(row)?.[by]));
      if (numbers.includes(id)) return true;
      return numbers.every((number) => Number.isSafeInteger(number) && number > 0) ? false : undefined;
    },
    isSpokenOf: () => false,
  };
}

function personAsked(given: URLSearchParams): AskedFor | undefined {
  const [id, login] = [given.get("user_id"), given.get("user_email")?.trim() ?? ""];
  if (id === null && login === "") return undefined;
  const who = id === null ? { user_email: login } : { user_id: Number(id) };
  return {
    key: id === null ? `user_email ${login.toLowerCase()}` : `user_id ${Number(id)}`,
    isIn: (value) => personIn(value, who) !== undefined,
    list: "get_users",
    isAmong(rows) {
      const there = rows.filter((row) => !isDeleted(row));
      if (there.some((row) => personIn(row, who) !== undefined)) return true;
      // The account has at least whoever set it up; a login that is blotted out may be anyone's.
      const isPlain = (row: unknown) => {
        const { id: number, user_id } = recordIn(row) ?? {};
        const known = personIn(row, { user_id: Number(user_id ?? number) });
        return known !== undefined && !/[\s*•…]/.test(known.login.trim());
      };
      return rows.length > 0 && rows.every(isPlain) ? false : undefined;
    },
    isSpokenOf: (value) =>
      id === null &&
      Object.values(recordIn(value) ?? {}).some(
        (one) => typeof one === "string" && one.trim().toLowerCase() === login.toLowerCase(),
      ),
  };
}

export interface Doubt {
  /** What it would be, were the thing not there. */
  readonly how: VariantOf<"unknown-is-404">;
  /** In words that go after “SkyPrep”. */
  readonly came: string;
}

/** Whether what came is the thing, says plainly that there is none, or may mean anything. */
export function judge(
  asked: Pick<AskedFor, "isIn" | "isSpokenOf">,
  came: { readonly reading: ParsedResponse } | { readonly error: unknown },
): "as it came" | "not there" | Doubt {
  if ("error" in came) return judgeError(came.error);
  const { reading } = came;
  const value = reading.is === "json" ? reading.value : undefined;
  if (reading.is === "xlsx") return "as it came";
  const refused = errorInside(value);
  if (refused === undefined && asked.isIn(value)) return "as it came";
  const words = refused?.text ?? saidBack(reading);
  if (words !== undefined && words !== "") {
    if (speaksOfAccess(words)) return "as it came";
    return saysNotFound(words) ? "not there" : { how: "says-error", came: said(words) };
  }
  if (Array.isArray(value) && value.length === 0) return { how: "empty-list", came: "gave an empty list" };
  const record = recordIn(value);
  if (record === undefined || Object.keys(record).length === 0)
    return { how: "nothing", came: "gave nothing" };
  return asked.isSpokenOf(value)
    ? "as it came"
    : { how: "owner", came: "answered with somebody or something else" };
}

const said = (words: string): string => `said ${JSON.stringify(cleanText(words).slice(0, 160))}`;

function judgeError(error: unknown): "as it came" | "not there" | Doubt {
  if (isPage(error) && !(error instanceof Rejected)) return { how: "page", came: "gave a web page" };
  if (!(error instanceof Rejected) || ![400, 404, 410, 422].includes(error.status)) return "as it came";
  const { said: words, status } = error;
  if (words !== undefined && speaksOfAccess(words)) return "as it came";
  if (words !== undefined && (status === 404 || saysNotFound(words))) return "not there";
  if (status === 404 || status === 410)
    return { how: "page", came: `answered ${status} without a word of it` };
  return {
    how: "unprocessable",
    came: words === undefined ? `answered ${status}` : `answered ${status} and ${said(words)}`,
  };
}

/** Whether what came is something else than what was asked for, and may mean that it is not there. */
export const mayBeAbsence = (asked: AskedFor, came: Parameters<typeof judge>[1]): boolean =>
  judge(asked, came) !== "as it came";

export interface AbsenceWorld {
  readonly sightings: Sightings;
  /** Of its own: what is looked at twice is looked at now, and not as it was a minute ago. */
  readonly kept: KeptLists<readonly unknown[]>;
}

const advice = "Check the numbers and logins you gave; list or find them first.";

/**
 * SkyPrep as its page describes it where something is not there: a 404 that says so, and nothing else. What may
 * mean that or anything else is looked at again in the list of all: what no list holds is not there; what one
 * holds could not be read. A limit, a lost connection or a refusal of the key stays what it is, and so does what no
 * list can settle.
 */
export function believingAbsence(api: Api, { sightings, kept }: AbsenceWorld): Api {
  /** Undefined: it could not be made out. */
  async function isListed(
    asked: AskedFor,
    { how }: Doubt,
    signal: AbortSignal,
    context: RequestContext | undefined,
  ): Promise<boolean | undefined> {
    try {
      const own: Api = (route, form, loading) => api(route, form, loading, context);
      const rows = await wholeList(asked.list, "", { api: own, kept }, signal);
      // Whatever is asked, the same record comes: that may be no list at all.
      if (how === "owner" && rows.length < 2) return undefined;
      return asked.isAmong(rows);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure || error instanceof NotAList) return undefined;
      throw error;
    }
  }

  /** Whoever was deleted and is listed all the same is nobody, in every list that is made of it. */
  async function people(...call: Parameters<Api>): Promise<ParsedResponse> {
    const reading = await api(...call);
    if (reading.is !== "json" || !Array.isArray(reading.value)) return reading;
    const there = reading.value.filter((row) => !isDeleted(row));
    if (there.length === reading.value.length) return reading;
    sightings.differs("deleted-are-gone", "listed");
    return { ...reading, value: there };
  }

  /** A login that SkyPrep refuses though nobody has it: whose it was. */
  async function newLogin(...[route, form, signal, context]: Parameters<Api>): Promise<ParsedResponse> {
    try {
      return await api(route, form, signal, context);
    } catch (error) {
      const login = new URLSearchParams(form).get("email")?.trim().toLowerCase();
      if (!(error instanceof Rejected) || error.reached !== "refused" || !login) throw error;
      if (sightings.of("deleted-are-gone") !== "listed") throw error;
      const own: Api = (list, all, loading) => api(list, all, loading, context);
      const rows = await wholeList("get_users", "", { api: own, kept }, signal).catch(() => []);
      const theirs = rows
        .filter(isDeleted)
        .find((row) =>
          [recordIn(row)?.email, recordIn(row)?.username].some(
            (one) => String(one).trim().toLowerCase() === login,
          ),
        );
      if (theirs === undefined) throw error;
      throw new Rejected(
        error.status,
        `${error.message} Person ${Number(recordIn(theirs)?.id)} had this login and was deleted; SkyPrep still keeps it for them.`,
        "Take another login, or have them brought back in SkyPrep's own pages.",
        "refused",
        error.said,
      );
    }
  }

  return async (route, form, signal, context) => {
    if (route === "get_users") return people(route, form, signal, context);
    if (route === "create_user" || route === "update_user") return newLogin(route, form, signal, context);
    const asked = askedFor(route, form);
    if (asked === undefined) return api(route, form, signal, context);
    const look = () =>
      api(route, form, signal, context).then(
        (reading) => ({ reading }),
        (error: unknown) => {
          signal.throwIfAborted();
          return { error };
        },
      );
    const asItCame = (came: Awaited<ReturnType<typeof look>>) => {
      if ("error" in came) throw came.error;
      return came.reading;
    };
    const came = await look();
    const judged = judge(asked, came);
    if (judged === "as it came") return asItCame(came);
    if (judged === "not there") {
      if ("error" in came && came.error instanceof Rejected && came.error.status === 404) {
        sightings.holds("unknown-is-404");
        throw came.error;
      }
      const words = "error" in came ? (came.error as Failure).message : `SkyPrep ${saidIn(came.reading)}`;
      throw new Rejected(404, words, advice, "refused", words);
    }
    const there = await isListed(asked, judged, signal, context);
    if (there === false) {
      sightings.differs("unknown-is-404", judged.how);
      const words = `SkyPrep ${judged.came}, and ${asked.list} lists none of that ${asked.key.startsWith("user_email") ? "login" : "number"}.`;
      throw new Rejected(404, words, advice, "refused", words);
    }
    if (there === undefined) {
      // A page may stand for anything: that there is nothing is not known.
      if ("error" in came && came.error instanceof Rejected && came.error.status === 404)
        throw unsettled(
          `SkyPrep ${judged.came}, and ${asked.list} could not be read to see whether it is there.`,
        );
      return asItCame(came);
    }
    // Somebody may have made it in between, or SkyPrep stumbled.
    const again = await look();
    if ("reading" in again && judge(asked, again) === "as it came") return again.reading;
    // It is there, so that the words are about something else: all of them are told.
    if ("error" in again && isRefusalInWords(again.error)) {
      const { status, message, next, said: words } = again.error;
      const listed = `(So it answered though ${asked.list} lists ${inWords(asked)}.)`;
      throw new Rejected(status, `${message} ${listed}`, next, "refused", words);
    }
    throw unsettled(`SkyPrep ${judged.came}, though ${asked.list} lists ${inWords(asked)}.`);
  };
}

const isRefusalInWords = (error: unknown): error is Rejected =>
  error instanceof Rejected &&
  [400, 422].includes(error.status) &&
  error.said !== undefined &&
  !saysNotFound(error.said);

const saidIn = (reading: ParsedResponse): string =>
  said((reading.is === "json" ? errorInside(reading.value)?.text : undefined) ?? saidBack(reading) ?? "");

const inWords = ({ key }: AskedFor): string => cleanText(key).slice(0, 120);

const unsettled = (message: string): Unreadable =>
  new Unreadable(message, "Call again in a minute; if it stays so, check with test_connection.", "no");
