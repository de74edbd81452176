import { type Denied, nothing } from "../policy/decision.ts";
import type { Open } from "./pending-approvals.ts";
import { textOf } from "./question.ts";

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
