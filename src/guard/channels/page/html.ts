import type { Kind } from "../../../../tools/schema/consequence.ts";
import { count, reading } from "../../../text/english.ts";
import { writtenIn } from "../../../text/zone.ts";
import type { Question } from "../../question/question.ts";
import { style } from "./style.ts";
import { argumentRows, escaped, line, withNames } from "./text.ts";

/** Who asks, and with what; as they say it themselves. */
export interface AskingClient {
  /** The client's name for itself; empty where it gave none. */
  readonly client: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The same, with the arguments as a person reads them. */
export interface AskedWith {
  readonly client: string;
  /** Left out: whoever sits at this computer. */
  readonly person?: string;
  readonly rows: readonly (readonly [string, string])[];
}

/** What was wrong with the last try, and how many are left. */
export interface FailedTry {
  readonly what: "phrase" | "pin";
  readonly left: number;
}

/** Why a question is no longer open. */
export type ClosedBecause = "approved" | "refused" | "expired" | "withdrawn" | "phrases" | "pins" | "hour";

/** `many` is found by counting, not by a record. */
const kinds: Readonly<Record<Kind | "many", string>> = {
  irreversible: "Cannot be undone from here",
  removing: "Takes something away",
  credential: "Hands out a way in",
  power: "Changes who may do what",
  many: "Reaches many people",
};

const again = "If you still want this, tell your assistant: it will ask you again.";
const endings: Readonly<Record<ClosedBecause, { kind: string; title: string; lines: readonly string[] }>> = {
  approved: {
    kind: "done",
    title: "Approved.",
    lines: [
      "You can close this window and go back to your assistant: it will tell you what came of it.",
      "If it is no longer waiting, tell it to go on.",
    ],
  },
  refused: {
    kind: "shut",
    title: "Refused.",
    lines: ["Nothing is sent to SkyPrep. You can close this window and go back to your assistant."],
  },
  expired: {
    kind: "shut",
    title: "This question has expired.",
    lines: ["Nobody answered in time, so nothing is sent to SkyPrep.", again],
  },
  withdrawn: {
    kind: "shut",
    title: "This question is closed.",
    lines: ["It no longer needs an answer here. You can close this window."],
  },
  phrases: {
    kind: "shut",
    title: "Closed after three wrong entries.",
    lines: ["What was asked for was not typed, so nothing is sent to SkyPrep.", again],
  },
  pins: {
    kind: "shut",
    title: "Closed after five wrong PINs.",
    lines: ["Nothing is sent to SkyPrep.", again, "The PIN is the one set in this server's settings."],
  },
  hour: {
    kind: "shut",
    title: "Closed: too many wrong PINs in the last hour.",
    lines: ["Nothing is sent to SkyPrep.", "Wait an hour, then tell your assistant: it will ask you again."],
  },
};

const most = { heading: 600, fact: 1000, facts: 40, stored: 200, storedLines: 40, client: 80 };

/** Where a page is served, in HTML: what stands above and below it, and its style sheet. */
export interface PageFrame {
  readonly header: string;
  readonly footer: string;
  readonly style: string;
}

const ofThisComputer: PageFrame = {
  header: "<strong>skyprep-mcp</strong> asks you before it acts on your SkyPrep academy",
  footer: "This page comes from skyprep-mcp, running on this computer, and is for this one question.",
  style,
};

/** `main` is HTML. */
export function shell(
  { kind, title, main }: { readonly kind: string; readonly title: string; readonly main: string },
  { header, footer, style }: PageFrame = ofThisComputer,
): string {
  return `<!doctype html>
<html lang="en" data-kind="${kind}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – skyprep-mcp</title>
<style>${style}</style>
</head>
<body>
<header>${header}</header>
<main>
${main}
</main>
<footer>${footer}</footer>
</body>
</html>
`;
}

/** A page without a form: what became of a question, or why something was not counted. */
export function notePage(
  {
    kind,
    title,
    about,
    lines,
  }: {
    readonly kind: string;
    readonly title: string;
    readonly about: string;
    readonly lines: readonly string[];
  },
  frame?: PageFrame,
): string {
  const asked = about === "" ? "" : `<p class="about">${withNames(about)}</p>\n`;
  const rest = lines.map((one) => `<p class="lead">${escaped(one)}</p>`).join("\n");
  return shell({ kind, title, main: `${asked}<h1>${escaped(title)}</h1>\n${rest}` }, frame);
}

export const notCountedPage = (why: string): string =>
  notePage({
    kind: "shut",
    title: "That was not counted.",
    about: "",
    lines: [why, "Go back to the question in your browser and answer it there."],
  });

export const endPage = (ending: ClosedBecause, question: Question): string =>
  notePage({ ...endings[ending], about: headingOf(question).heading });

/** The first fact, where it is short enough to be a heading; the rest are listed below it. */
export function headingOf({ facts }: Pick<Question, "facts">): { heading: string; rest: readonly string[] } {
  const first = facts[0] ?? "";
  const short = first.trim() !== "" && [...first].length <= most.heading;
  return short
    ? { heading: line(first, most.heading), rest: facts.slice(1) }
    : { heading: "May your assistant do this?", rest: facts };
}

function list(
  lines: readonly string[],
  limits: { readonly lines: number; readonly characters: number },
): string {
  const kept = lines.slice(0, limits.lines).map((one) => line(one, limits.characters));
  const left = lines.length - kept.length;
  return [...kept, ...(left > 0 ? [`… and ${left} more`] : [])]
    .map((one) => `<li>${withNames(one)}</li>`)
    .join("\n");
}

function factsOf(facts: readonly string[]): string {
  if (facts.length === 0) return "";
  return `<ul class="facts">\n${list(facts, { lines: most.facts, characters: most.fact })}\n</ul>`;
}

function storedOf(stored: readonly string[]): string {
  if (stored.length === 0) return "";
  return `<section class="stored" aria-labelledby="stored">
<h2 id="stored">Words that people wrote</h2>
<ul>
${list(stored, { lines: most.storedLines, characters: most.stored })}
</ul>
<p class="note">Shown as they were written. Text in “quotes” is never ours.</p>
</section>`;
}

const named = (client: string): string => {
  const name = line(client, most.client);
  return name === "" ? "an assistant that gives no name" : `<bdi>${escaped(name)}</bdi> (as it calls itself)`;
};

function askerOf({ tool }: Question, { client, person, rows }: AskedWith): string {
  const shown = rows.map(
    ([name, value]) =>
      `<tr><th scope="row">${escaped(name).replaceAll("_", "_<wbr>")}</th><td>${name === "…" ? escaped(value) : `<bdi>${escaped(value)}</bdi>`}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? ""
      : `<table>\n<caption>With these arguments</caption>\n${shown.join("\n")}\n</table>`;
  const by =
    person === undefined
      ? `<dt>Asked by:</dt><dd>${named(client)}</dd>`
      : `<dt>Asked by:</dt><dd><bdi>${escaped(line(person, most.client))}</bdi></dd>\n<dt>Through:</dt><dd>${named(client)}</dd>`;
  return `<section>
<dl>
${by}
<dt>Tool:</dt><dd>${escaped(line(tool, 64))}</dd>
</dl>
${table}
</section>`;
}

/** In the academy's zone, by its name; where that is not known, in UTC. */
function untilOf({ expiresAt, zone }: Question, now: number): string {
  const iso = new Date(expiresAt).toISOString();
  const minutes = Math.ceil((expiresAt - now) / 60_000);
  const isLong = minutes > 60;
  const left = isLong ? count(Math.round(minutes / 60), "hour") : count(minutes, "minute");
  return `<p class="until">Answer within ${left}: by <time datetime="${iso}">${escaped(clockAt(expiresAt, { zone, isLong }))}</time></p>`;
}

/** `14:20 UTC`, or `09:20 (America/Toronto time)`; `isLong`: with its day. */
export function clockAt(
  at: number,
  { zone, isLong }: { readonly zone?: string | undefined; readonly isLong: boolean },
): string {
  const text = zone === undefined ? new Date(at).toISOString() : writtenIn(zone, at);
  const clock = `${text.slice(11, 16)} ${zone === undefined ? "UTC" : `(${zone.replaceAll("_", " ")} time)`}`;
  return isLong ? `${clock} on ${text.slice(0, 10)}` : clock;
}

function errorOf({ what, left }: FailedTry): string {
  const tries = reading(left, { one: "One try is left", many: (n) => `${n} tries are left` });
  const said = what === "pin" ? "That is not the PIN." : "That is not what you were asked to type.";
  return `<p class="error" role="alert" id="error">${said} Nothing has been sent. ${tries}.</p>`;
}

function fieldOf(name: "phrase" | "pin", label: string, wrong: FailedTry | undefined): string {
  const type = name === "pin" ? "password" : "text";
  // Only after a slip: a page that has just come up must not catch keys meant for another window.
  const slip = wrong?.what === name ? ' aria-invalid="true" aria-describedby="error" autofocus' : "";
  return `<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" required maxlength="500" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false"${slip}>
</div>`;
}

interface AnswerForm {
  /** Comes back with the answer. */
  readonly token: string;
  readonly pin: boolean;
  /** Whether they may say why, too. */
  readonly reason?: boolean;
  readonly wrong?: FailedTry | undefined;
  readonly now: number;
}

/** The question with its form. */
export const questionPage = (
  question: Question,
  { client, arguments: args }: AskingClient,
  form: AnswerForm,
): string => questionWith(question, { client, rows: argumentRows(args) }, form);

export function questionWith(
  question: Question,
  asked: AskedWith,
  form: AnswerForm,
  frame?: PageFrame,
): string {
  const { kind, stored, phrase } = question;
  const { heading, rest } = headingOf(question);
  const fields = [
    ...(phrase === undefined
      ? []
      : [fieldOf("phrase", `Type <b>${escaped(line(phrase, 500))}</b> to go on`, form.wrong)]),
    ...(form.pin ? [fieldOf("pin", "Your approval PIN", form.wrong)] : []),
    ...(form.reason ? [reasonField] : []),
  ];
  // The browser presses a form's first button when Enter is hit in a field; where that one is disabled, it
  // presses none. So neither answer is given by a stray key.
  const main = `<p class="kind">${kinds[kind]}</p>
<h1>${withNames(heading)}</h1>
${factsOf(rest)}
${storedOf(stored)}
${askerOf(question, asked)}
<form method="post" autocomplete="off">
<button type="submit" disabled hidden></button>
<input type="hidden" name="token" value="${escaped(form.token)}">
<fieldset>
<legend>Your answer</legend>
${untilOf(question, form.now)}
${form.wrong ? errorOf(form.wrong) : ""}
${fields.join("\n")}
<div class="buttons">
<button type="submit" name="answer" value="approve">Approve</button>
<button type="submit" name="answer" value="refuse" formnovalidate>Refuse</button>
</div>
</fieldset>
</form>`;
  return shell({ kind, title: form.wrong ? `Not accepted: ${heading}` : heading, main }, frame);
}

const reasonField = `<div class="field">
<label for="reason">Your reason, if you want to give one (whoever asked reads it)</label>
<input id="reason" name="reason" type="text" maxlength="300" autocomplete="off">
</div>`;
