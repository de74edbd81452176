import { Missing, Unread } from "../../academy/reads.ts";
import type { Asker, KeptPage } from "../channels/approval-channels.ts";
import { type Denied, declined, nothing, personNeeded, refusal } from "../policy/decision.ts";
import type { Open } from "./pending-approvals.ts";
import { InputRequired, textOf } from "./question.ts";

/** Of kinds for which no code is given, and where nothing may be kept. */
const endsWithProcess =
  "This question ends with this server's process: a client that starts one for each call cannot have it answered.";

const perhapsTheProgram = "answered at once, perhaps by the program and not by a person";
const notCounted = "with SKYPREP_CONFIRM=human that does not count";
const unattended =
  "Where nobody is there to answer, SKYPREP_CONFIRM=unattended lets the enrolling of many people go on unasked, and refuses everything else.";

/** Why a code of another process counts for nothing. */
export const tooManyWrong: readonly string[] = [
  "15 wrong confirm codes were tried within an hour, or how many were cannot be read: until it is over, none counts that another process of this server gave.",
  `${nothing} Call again without confirm.`,
];
export const wrongCode: readonly string[] = [
  "That confirm code is wrong, used, too old, was given for another call, or a person has said no since.",
  `${nothing} Call again without confirm: a person is asked anew.`,
];
export const saidNo = (tool: string): Denied =>
  declined(`The person said no to ${tool}.`, "Do not call it again unless they ask for it.");
export const closedUnanswered: Denied = {
  ...declined("The question was closed without an answer.", "Ask the person what they want."),
  needs: "person",
};
export const cameTooLate: Denied = personNeeded(
  `The answer came too late: a question is good for ten minutes. ${nothing}`,
  "Call again to ask anew.",
);
export const typedWrong: Denied = personNeeded(
  `What was typed is not what was asked for. ${nothing}`,
  "Call again if the person wants to try once more.",
);
export const editedElsewhere =
  "The question that this code was given for was edited, copied, or is of another account or version: it counts for nothing, and the person is asked anew.";

/** Nobody reads a question faster: an address that is declined sooner may have been by the program. */
const atOnceMs = 1_500;

/** Whether whoever was asked said no already to opening the page. */
export const isUnopened = ({ question }: Open, opening: Asker["opening"], now: number): boolean =>
  opening?.question === question.id && opening.said === "decline" && now - opening.at >= atOnceMs;

/** The page asks. The client is given its address where it can be, once. @throws InputRequired */
export function askOnPage(open: Open, { link, opening }: Asker, now: number): Denied {
  const { question, call, onPage } = open;
  if (onPage === undefined) throw new Error("a question without its page");
  const isGiven = opening?.question === question.id;
  if (link !== undefined && !onPage.others && !isGiven)
    throw new InputRequired(question, call, now, onPage.address);
  return pageReply(open, onPage);
}

/** A page of the team's server asks: where it is, who has to answer, and how long it waits. */
function pageReply({ question, atOnce }: Open, { address, until, others }: KeptPage): Denied {
  const good = `It is good until ${new Date(until).toISOString().slice(0, 16).replace("T", " ")} UTC.`;
  const who = others
    ? "Somebody else has to agree who may do so here: they open that address, or find it under their approvals, and sign in."
    : "Give the person that address: they sign in, and the page asks them.";
  const next = [
    `approve: ${address}`,
    `${who} ${good} When it is answered, repeat this same call.`,
    ...(atOnce === "no" ? [unattended] : []),
  ];
  const why =
    atOnce === undefined
      ? `a person has to agree before ${question.tool} is sent`
      : `the question was ${perhapsTheProgram}${atOnce === "yes" ? `; ${notCounted}` : ""}`;
  return {
    go: false,
    lines: [`Not done yet: ${why}. ${nothing}`, ...textLines(question), ...next],
    asked: {
      kind: question.kind,
      question: textOf(question),
      page: address,
      expires_at: new Date(until).toISOString(),
    },
    next: next.join(" "),
  };
}

/** A page of the team's server was answered, and not with a yes. */
export function endedOnPage(tool: string, { ended, reason }: KeptPage): Denied {
  if (ended === "wrong") return typedWrong;
  const denied = saidNo(tool);
  return reason === undefined
    ? denied
    : { ...denied, lines: [...denied.lines, `They wrote: “${reason.replaceAll(/[“”]/g, "'")}”`] };
}

/** Two calls came with one yes. */
export const takenAlready: Denied = personNeeded(
  `The yes for it was used, or is being used by another call just now. ${nothing}`,
  "Look whether it was done, then call again: a person is asked anew.",
);

/** That nothing real is at stake is said of the whole reply. */
const textLines = (question: Open["question"]): string[] =>
  textOf(question)
    .replace(/^\[sandbox\] /, "")
    .split("\n");

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
    // That nothing real is at stake is said of the whole reply.
    lines: [
      `Not done yet: ${why}. ${nothing}`,
      ...textOf(question)
        .replace(/^\[sandbox\] /, "")
        .split("\n"),
      ...next,
    ],
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

/** Over HTTP there is no page and no code; `human`: and no form that counts. */
export function nobodyOverHttp({ question, atOnce }: Open, human: boolean): Denied {
  const why = human
    ? "nobody can be asked over this connection: a form proves no person (SKYPREP_CONFIRM=human), and this server shows no page"
    : atOnce === undefined
      ? "nobody can be asked over this connection: this assistant shows no form here"
      : `the question was ${perhapsTheProgram}, and nobody can be asked otherwise over this connection`;
  const way = human
    ? "Use skyprep-mcp on the person's own computer, where it asks on a page"
    : `Use an assistant ${atOnce === undefined ? "that shows forms (MCP 2026-07-28 with elicitation)" : "in which a person sees the form"}, or skyprep-mcp on the person's own computer, where it asks on a page`;
  return {
    ...personNeeded(
      `${question.tool} needs a person's yes, and ${why}. ${nothing}`,
      ...textOf(question)
        .replace(/^\[sandbox\] /, "")
        .split("\n"),
      `${way}; or do it in SkyPrep's web admin.`,
      ...(atOnce === "no" ? [unattended] : []),
    ),
  };
}

/** Its answer could come to a replica that knows nothing of it. */
export const unkeptQuestion = (tool: string): Denied => ({
  ...personNeeded(
    `${tool} needs a person's yes, and the question could not be kept until it is answered. ${nothing}`,
    "Call again in a minute, a job of thousands in parts; if it stays so, tell whoever runs this server.",
  ),
  needs: "time",
});

/** Why what it is about could not be seen: it is gone, or cannot be read; undefined: that is not it. */
export function unseen(tool: string, error: unknown): Denied | undefined {
  if (error instanceof Missing)
    return refusal(
      `There is no ${inOurWords(error.message)}. ${nothing}`,
      "Find the right one with a list or search, then call again.",
    );
  if (!(error instanceof Unread)) return undefined;
  return {
    ...refusal(
      `${tool} was not sent: what it is about could not be looked up (${error.message}).`,
      `${nothing} Call again in a minute.`,
    ),
    needs: "time",
  };
}

/** What a read did not find, where nobody has said it better: its route tells a person nothing. */
const inOurWords = (what: string): string =>
  what.startsWith("get_") ? what.replace(/^get_(?:user_)?/, "").replaceAll("_", " ") : what;
