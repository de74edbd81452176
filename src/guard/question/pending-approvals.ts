import { createHash } from "node:crypto";
import type { AgreedBy } from "../../journal/line.ts";
import { type Denied, nothing } from "../policy/decision.ts";
import { type Answer, type Question, textOf } from "./question.ts";

/** How a form was answered faster than a person can read. */
export type AtOnce = "yes" | "no";

/** A question that was put, and what is known of it since. */
export interface Open {
  readonly question: Question;
  readonly call: string;
  /** How what it is about stood when it was put. */
  readonly binding: Binding;
  readonly counts: Readonly<Record<string, number>>;
  readonly args: Readonly<Record<string, unknown>>;
  /** Good for this call, once, where a code may be given. */
  readonly code?: string;
  /** Put by a form of one call: other calls, the same or not, have nothing to do with it. */
  readonly form?: true;
  /** A form with it was answered so, and that counted for nothing. */
  readonly atOnce?: AtOnce;
  /** Where a page shows it; `answered`: when `answer` is there. */
  page?:
    | {
        readonly url: string;
        readonly opened: boolean;
        readonly close: () => void;
        readonly answered: Promise<void>;
      }
    | undefined;
  /** While the page is on its way: calls made at once share it. */
  putting?: Promise<Open["page"]> | undefined;
  answer?: { readonly said: Answer; readonly by: AgreedBy };
  /** The yes is in the journal. */
  agreed?: true;
  /** Whether another process can go on from it; left out: none can, and it dies with this one. */
  kept?: Promise<boolean>;
  /** Put by an earlier process: its digests are keyed, and those of now have to be to be compared. */
  readonly earlier?: (now: Binding) => Binding;
}

/**
 * Questions that a code can answer, for hosts that start a process for each call (docs/decisions/016). No code,
 * answer or page is kept, no text of a question, and nothing that tells whom it is about.
 */
export interface StoredApprovals {
  /** Keeps what is needed later, in the place of what stood there for the same call. False: it could not. */
  keep(open: Open): Promise<boolean>;
  /** The question of this call that this code answers. Undefined: there is none, and what was wrongly used is burnt. */
  answered(call: string, code: string): Promise<Open | "edited" | "shut" | undefined>;
  /** Uses it up, before anything is written down or sent. False: it was, here or elsewhere, or is over. */
  use(open: Open): Promise<boolean>;
  burn(open: Open): Promise<void>;
  /** Another question stands for this call, which dies with its process. */
  drop(call: string): Promise<void>;
}

/**
 * The questions of this process. An answer counts once, for ten minutes, for the call it was given to; what
 * was used wrongly is burnt. They die with the process, but for what is stored of those with a code.
 */
export interface PendingApprovals {
  open(open: Open): void;
  /** The question of this call that is still good, put by a page or a code. */
  of(call: string): Open | undefined;
  byId(id: string): Open | undefined;
  byCode(code: string): Open | undefined;
  /** The question that another process put and this code answers. `edited`, `shut`: why it counts for nothing. */
  ofAnother(call: string, code: string): Promise<Open | "edited" | "shut" | undefined>;
  /** Uses an answer up. False: it was used, burnt or is over, and nothing may be sent on it. */
  take(open: Open): Promise<boolean>;
  burn(open: Open): Promise<void>;
  /** The person said no: from then on no other process goes on from it; this one still tells them so. */
  endElsewhere(open: Open): Promise<void>;
}

export function createPendingApprovals(now: () => number, stored?: StoredApprovals): PendingApprovals {
  const questions = new Map<string, Open>();
  const isGood = ({ question }: Open) => question.expiresAt > now();
  const good = (open: Open | undefined) => (open && isGood(open) ? open : undefined);
  const first = (wanted: (open: Open) => boolean) =>
    [...questions.values()].find((open) => isGood(open) && wanted(open));
  const end = (open: Open) => {
    questions.delete(open.question.id);
    open.page?.close();
  };
  const endElsewhere = async (open: Open) => {
    if (await open.kept) await stored?.burn(open);
  };

  return {
    open(open) {
      for (const one of questions.values()) {
        if (!isGood(one) || (!open.form && !one.form && one.call === open.call)) end(one);
      }
      questions.set(open.question.id, open);
      if (stored === undefined || open.form) return;
      open.kept = open.code === undefined ? stored.drop(open.call).then(() => false) : stored.keep(open);
    },
    // Of one that another process put, nobody here knows the words: it waits for its code alone.
    of: (call) => first((open) => !open.form && !open.earlier && open.call === call),
    byId: (id) => good(questions.get(id)),
    byCode: (code) => first((open) => open.code !== undefined && sameCode(open.code, code)),
    async ofAnother(call, code) {
      const found = await stored?.answered(call, code);
      if (found === undefined || typeof found === "string") return found;
      // Of two calls that bring the same code at once, both have the same question.
      const known = questions.get(found.question.id) ?? found;
      questions.set(known.question.id, known);
      return good(known);
    },
    async take(open) {
      if (questions.get(open.question.id) !== open || !isGood(open)) return false;
      end(open);
      return !(await open.kept) || (await stored?.use(open)) === true;
    },
    async burn(open) {
      if (questions.get(open.question.id) === open) end(open);
      await endElsewhere(open);
    },
    endElsewhere,
  };
}

/** A code as it counts, however it was typed. */
export const plainCode = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, "");
const sameCode = (a: string, b: string) => plainCode(a) === plainCode(b);

/** Letters and digits that are not taken for each other. */
const alphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

/** `K7QF-2MXD`: short enough for a person to read out, too many to guess one. `bytes` are random. */
export function codeFrom(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, 8)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Of kinds for which no code is given, and where nothing may be kept. */
const endsWithProcess =
  "This question ends with this server's process: a client that starts one for each call cannot have it answered.";

const perhapsTheProgram = "answered at once, perhaps by the program and not by a person";
const notCounted = "with SKYPREP_CONFIRM=human that does not count";
const unattended =
  "Where nobody is there to answer, SKYPREP_CONFIRM=unattended lets the enrolling of many people go on unasked, and refuses everything else.";

/** Why a code of another process counts for nothing. */
export const tooManyWrong =
  "15 wrong confirm codes were tried within an hour: until it is over, none counts that another process of this server gave.";
export const editedElsewhere =
  "The question that this code was given for was edited, copied, or is of another account or version: it counts for nothing, and the person is asked anew.";

/** The reply that carries a question: who has to do what, and that the same call, repeated, goes on. */
export function pendingReply(open: Open, outlives = false): Denied {
  const { question, code, page, atOnce } = open;
  const shown = page !== undefined && !page.opened;
  const ways = [
    ...(page?.opened
      ? [
          "A page with this question is open in the person's browser. When they have answered, repeat this same call.",
        ]
      : []),
    ...(shown
      ? [
          `approve: ${page.url}`,
          "Give the person that address: the page asks them. When they have answered, repeat this same call.",
        ]
      : []),
    ...(code
      ? [
          "Only the person may release it. Put the question to them, and only on their own yes repeat this same call with the code:",
          `confirm: "${code}"`,
        ]
      : []),
  ];
  if (ways.length === 0) return nobody(open);
  const why =
    atOnce === undefined
      ? `a person has to agree before ${question.tool} is sent`
      : `the question was ${perhapsTheProgram}${atOnce === "yes" ? `; ${notCounted}` : ""}`;
  const next = [...(outlives ? [] : [endsWithProcess]), ...ways, ...(atOnce === "no" ? [unattended] : [])];
  return {
    go: false,
    // Line by line: a reply cuts lines that are too long, and a question must come whole.
    lines: [`Not done yet: ${why}. ${nothing}`, ...textOf(question).split("\n"), ...next],
    asked: {
      kind: question.kind,
      question: textOf(question),
      ...(shown && { page: page.url }),
      ...(code && { confirm: code }),
      expires_at: new Date(question.expiresAt).toISOString(),
    },
    next: next.join(" "),
  };
}

/** Shut, and which rung would work. */
function nobody({ question: { tool, ...question }, atOnce }: Open): Denied {
  const why =
    atOnce === undefined
      ? "nobody can be asked: this client shows no form, and no page can be opened here"
      : `the question was ${perhapsTheProgram}${atOnce === "yes" ? ` (${notCounted})` : ""}, and no page can be opened here`;
  return {
    go: false,
    needs: "person",
    lines: [
      `${tool} needs a person's yes, and ${why}. ${nothing}`,
      ...textOf({ tool, ...question }).split("\n"),
      `Use a client ${atOnce === undefined ? "that can ask (elicitation)" : "in which a person sees the form"}, run this server on the person's own computer, where it asks on a page, or do it in SkyPrep's web admin.`,
      ...(atOnce === "no" ? [unattended] : []),
    ],
  };
}

const digest = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("base64url");

/** The same arguments in another order are the same call. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value === undefined ? null : value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

/** This very call: the account, the operation and its exact arguments, `extra` too. */
export const callDigest = (account: string, route: string, args: Readonly<Record<string, unknown>>): string =>
  digest([account, route, args]);

/** It could not be read: neither the same as before nor changed. */
export const unread = Symbol("unread");

/** What a call is about as that stands, part by part: an answer is good for these only (contract §5). */
export type Digests = Readonly<Record<string, unknown>>;

/** Each part by its digest: nothing of whom or what it is about is kept. */
export type Binding = ReadonlyMap<string, string | typeof unread>;

export const digestsOf = (bound: Digests): Binding =>
  new Map(Object.entries(bound).map(([part, value]) => [part, value === unread ? unread : digest([value])]));

/**
 * Whether things stand as they did. `unread`: nothing is known to have changed, but something that stood in the
 * question could not be read again. What could not be read then, and can be now, is a change: nobody was told.
 * A part that never stands for anything (a count) may come and go.
 */
export function compare(before: Binding, now: Binding): "same" | "changed" | "unread" {
  let is: "same" | "unread" = "same";
  for (const part of new Set([...before.keys(), ...now.keys()])) {
    const [was, stands] = [before.get(part), now.get(part)];
    const counted = (was ?? unread) === unread && (stands ?? unread) === unread;
    if (was === stands || counted) continue;
    if (stands !== unread) return "changed";
    is = "unread";
  }
  return is;
}

/**
 * A count that has grown by more than 10% and 10 is a new question; one that could not be read before is, too.
 * One that cannot be read again is no change.
 */
export function hasGrown(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(now).some(([name, n]) => {
    const was = before[name];
    return was === undefined ? n > 10 : n - was > 10 && n > was * 1.1;
  });
}
