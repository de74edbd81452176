import type { AgreedBy } from "../../journal/line.ts";
import { type Denied, nothing } from "../policy/decision.ts";
import type { Binding } from "./call-digest.ts";
import { type Answer, type Question, textOf } from "./question.ts";

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
}

/**
 * The questions of this process. An answer counts once, for ten minutes, for the call it was given to; what
 * was used wrongly is burnt. They die with the process: nothing anybody agreed to outlives it.
 */
export interface PendingApprovals {
  open(open: Open): void;
  /** The question of this call that is still good, put by a page or a code. */
  of(call: string): Open | undefined;
  byId(id: string): Open | undefined;
  byCode(code: string): Open | undefined;
  /** Uses an answer up. False: it was used, burnt or is over, and nothing may be sent on it. */
  take(open: Open): boolean;
  burn(open: Open): void;
}

export function createPendingApprovals(now: () => number): PendingApprovals {
  const questions = new Map<string, Open>();
  const isGood = ({ question }: Open) => question.expiresAt > now();
  const good = (open: Open | undefined) => (open && isGood(open) ? open : undefined);
  const first = (wanted: (open: Open) => boolean) =>
    [...questions.values()].find((open) => isGood(open) && wanted(open));
  const end = (open: Open) => {
    questions.delete(open.question.id);
    open.page?.close();
  };

  return {
    open(open) {
      for (const one of questions.values()) {
        if (!isGood(one) || (!open.form && !one.form && one.call === open.call)) end(one);
      }
      questions.set(open.question.id, open);
    },
    of: (call) => first((open) => !open.form && open.call === call),
    byId: (id) => good(questions.get(id)),
    byCode: (code) => first((open) => open.code !== undefined && sameCode(open.code, code)),
    take(open) {
      if (questions.get(open.question.id) !== open || !isGood(open)) return false;
      end(open);
      return true;
    },
    burn(open) {
      if (questions.get(open.question.id) === open) end(open);
    },
  };
}

const plain = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, "");
const sameCode = (a: string, b: string) => plain(a) === plain(b);

/** Letters and digits that are not taken for each other. */
const alphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

/** `K7QF-2MXD`: short enough for a person to read out, too many to guess one. `bytes` are random. */
export function codeFrom(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, 8)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** The reply that carries a question: how it can be answered, and that the same call, repeated, goes on. */
export function pendingReply({ question, code, page }: Open): Denied {
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
          "Give the person that address; when they have answered, repeat this same call.",
        ]
      : []),
    ...(code
      ? [
          `confirm: "${code}"`,
          `Put the question to the person; only on their yes repeat the call with confirm: "${code}".`,
        ]
      : []),
  ];
  if (ways.length === 0) return nobody(question.tool, textOf(question));
  return {
    go: false,
    // Line by line: a reply cuts lines that are too long, and a question must come whole.
    lines: [
      `A person has to agree before ${question.tool} is sent.`,
      ...textOf(question).split("\n"),
      ...ways,
    ],
    asked: {
      kind: question.kind,
      question: textOf(question),
      ...(shown && { page: page.url }),
      ...(code && { confirm: code }),
      expires_at: new Date(question.expiresAt).toISOString(),
    },
  };
}

/** Shut, and which rung would work. */
const nobody = (tool: string, question: string): Denied => ({
  go: false,
  lines: [
    `${tool} needs a person's yes, and nobody can be asked: this client shows no form, and no page can be opened here. ${nothing}`,
    ...question.split("\n"),
    "Use a client that can ask (elicitation), run this server on the person's own computer, or do it in SkyPrep's web admin.",
  ],
});
