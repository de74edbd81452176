import {
  clockAt,
  headingOf,
  notePage,
  type PageFrame,
  questionWith,
  shell,
} from "../guard/channels/page/html.ts";
import { pageHeaders, sourceOf, style } from "../guard/channels/page/style.ts";
import { escaped, line, withNames } from "../guard/channels/page/text.ts";
import type { Answered, WaitingQuestion } from "../guard/question/approval-desk.ts";
import { count } from "../text/english.ts";

const sheet = `${style}
header nav { float: right; }
header a, .waiting a { color: var(--focus); }
.waiting { list-style: none; margin-top: 1.25rem; padding: 0; }
.waiting > li { padding-block: 1rem; border-top: 1px solid var(--line); }
.waiting a { font-weight: 650; text-decoration: underline; text-underline-offset: .15em; display: inline-block; padding-block: .15rem; }
.waiting dl { margin-top: .35rem; font-size: .875rem; }
`;

export const inboxHeaders = pageHeaders(sourceOf(sheet));

/** Addresses are this server's own. */
const frameFor = (person: string | undefined): PageFrame => ({
  style: sheet,
  header: `<strong>skyprep-mcp</strong> asks you before it acts on your SkyPrep academy${
    person === undefined
      ? ""
      : `<nav aria-label="Yours"><a href="/approvals">Approvals</a> · <a href="/logout">Sign out</a></nav>`
  }`,
  footer:
    person === undefined
      ? "This page comes from your team’s skyprep-mcp."
      : `This page comes from your team’s skyprep-mcp. You are signed in as <bdi>${escaped(line(person, 80))}</bdi>.`,
});

const day = 86_400_000;

/** “3 minutes ago: 14:02 UTC” */
function sinceOf({ since, now, question: { zone } }: WaitingQuestion): string {
  const minutes = Math.max(0, Math.floor((now - since) / 60_000));
  const ago =
    minutes === 0
      ? "just now"
      : minutes < 90
        ? `${count(minutes, "minute")} ago`
        : `${count(Math.round(minutes / 60), "hour")} ago`;
  return `${timeOf(since, clockAt(since, { zone, isLong: minutes > 60 }))}, ${ago}`;
}
const timeOf = (at: number, text: string): string =>
  `<time datetime="${new Date(at).toISOString()}">${escaped(text)}</time>`;

function itemOf(one: WaitingQuestion): string {
  const { question, asker, client, academy, now } = one;
  const { heading } = headingOf(question);
  const until = clockAt(question.expiresAt, {
    zone: question.zone,
    isLong: question.expiresAt - now > day / 24,
  });
  const through = line(client, 80);
  return `<li>
<a href="/approvals/${encodeURIComponent(question.id)}">${withNames(heading)}</a>
<dl>
<dt>Asked by:</dt><dd><bdi>${escaped(line(asker, 80))}</bdi>${through === "" ? "" : `, through <bdi>${escaped(through)}</bdi> (as it calls itself)`}</dd>
<dt>Academy:</dt><dd>${escaped(academy)}</dd>
<dt>Since:</dt><dd>${sinceOf(one)}</dd>
<dt>Answer by:</dt><dd>${timeOf(question.expiresAt, until)}</dd>
</dl>
</li>`;
}

export function inboxPage(person: string, waiting: readonly WaitingQuestion[]): string {
  const title =
    waiting.length === 0
      ? "Nothing waits for you."
      : waiting.length === 1
        ? "One question waits for you."
        : `${waiting.length} questions wait for you.`;
  const main =
    waiting.length === 0
      ? `<h1>${title}</h1>\n<p class="lead">Questions stand here while somebody waits for your answer. Load this page again to look for new ones.</p>`
      : `<h1>${title}</h1>\n<ul class="waiting">\n${waiting.map(itemOf).join("\n")}\n</ul>`;
  return shell({ kind: waiting.length === 0 ? "shut" : "inbox", title, main }, frameFor(person));
}

const backToList = "You can close this window, or look at your approvals for what else waits.";

/** The question with its form, or what was said to it. */
export function waitingPage(
  one: WaitingQuestion,
  who: { readonly person: string; readonly csrf: string },
  wrong?: number,
): string {
  const { question, asker, client, rows, answer, now } = one;
  const frame = frameFor(who.person);
  if (answer !== undefined) {
    const isYes = answer.said === "yes";
    const self = asker === who.person;
    return notePage(
      {
        kind: isYes ? "done" : "shut",
        title: isYes ? "Approved." : answer.said === "no" ? "Refused." : "Closed after three wrong entries.",
        about: headingOf(question).heading,
        lines: isYes
          ? [
              self
                ? "Go back to your assistant: if it no longer waits, tell it to go on."
                : "It is done when whoever asked calls again; nobody has to ask you a second time.",
              backToList,
            ]
          : ["Nothing is sent to SkyPrep.", backToList],
      },
      frame,
    );
  }
  return questionWith(
    question,
    { client, person: asker, rows },
    {
      token: who.csrf,
      pin: false,
      reason: true,
      now,
      wrong: wrong === undefined ? undefined : { what: "phrase", left: wrong },
    },
    frame,
  );
}

export const turnedDownPage = (
  { title, lines }: { readonly title: string; readonly lines: readonly string[] },
  person?: string,
): string => notePage({ kind: "shut", title, about: "", lines }, frameFor(person));

/** What is said where an answer did not change anything. */
export const notTaken: Readonly<
  Record<
    "over" | "foreign" | "unreadable" | "signedOut" | "missing" | "unkept",
    { title: string; lines: readonly string[] }
  >
> = {
  over: {
    title: "This question is closed.",
    lines: ["It was answered or taken back meanwhile, or its time was over: your answer was not counted."],
  },
  foreign: {
    title: "That was not counted.",
    lines: [
      "The answer did not come from the question’s own page.",
      "Open the question under your approvals and answer it there.",
    ],
  },
  unreadable: {
    title: "That was not counted.",
    lines: ["The answer could not be read.", "Open the question under your approvals and answer it there."],
  },
  signedOut: {
    title: "You are no longer signed in.",
    lines: ["Your answer was not counted. Open the question again: you are asked to sign in first."],
  },
  missing: {
    title: "There is nothing here for you.",
    lines: [
      "There is no such question, it is over, or it is not yours to answer.",
      "What waits for you stands under your approvals.",
    ],
  },
  unkept: {
    title: "That cannot be looked up now.",
    lines: ["Nothing was counted. Try again in a minute; if it stays so, tell whoever runs this server."],
  },
};

export const isLeft = (came: Answered): came is { readonly left: number } => typeof came === "object";
