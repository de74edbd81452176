import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import type { Driven } from "./drive.ts";
import type { Exchanged, Sent } from "./exchanged.ts";
import { aboutTools, mostTokens, never, type Outcome, says, warning } from "./expected.ts";
import { nameOf } from "./offered.ts";
import { type Seen, type StepName, steps } from "./task.ts";

/** One step of one host: how the model saw it, in few words, and what is wrong with that. */
export interface Cell {
  readonly shown: string;
  readonly faults: readonly string[];
}
export interface Verdict {
  readonly tools: Cell;
  readonly steps: Readonly<Record<StepName, Cell>>;
  readonly faults: readonly string[];
}

/** One line, without what changes from run to run. */
const short = (text: string, most = 160) => {
  const line = text
    .replace(/\s+/g, " ")
    .replaceAll("`", "'")
    .replace(/\b\d+\.\d+ seconds/g, "… seconds")
    .replace(/\/tmp\/[\w./-]+/g, "/tmp/…")
    .trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
};
const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
export const textIn = ({ parts }: Sent): string =>
  parts.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : [])).join("\n");

/** What a host made of a text: the text itself, the text with something around it, or something else. */
export function shownAs(seen: string, sent: readonly Sent[]): string | undefined {
  for (const one of sent) {
    const text = textIn(one);
    if (text === "") continue;
    if (seen.trim() === text.trim()) return "text";
    for (const [name, form] of [
      ["text in", text],
      ["text in JSON", escaped(text)],
      ["text in JSON in JSON", escaped(escaped(text))],
    ] as const) {
      const at = seen.indexOf(form);
      if (at === -1) continue;
      const around = `${short(seen.slice(0, at), 60)}…${short(seen.slice(at + form.length), 60)}`.replace(
        "……",
        "…",
      );
      return `${name} \`${around}\``;
    }
  }
  return undefined;
}

/** A form that the host failed on was no form: the question goes the next way. */
const answers: ReadonlySet<string> = new Set(["accept", "decline", "cancel"]);

/** How a step's reply came about, from the wire alone. */
function outcomeOf({ tool, again, unanswered }: Seen, { forms }: Exchanged): Outcome {
  const form = forms.find((one) => one.tool === tool && answers.has(one.action));
  if (form !== undefined) return form.action === "accept" ? "agreed" : "answered at once";
  return again && !unanswered ? "agreed" : "waiting";
}
const asks: ReadonlySet<StepName> = new Set(["many", "delete", "remove"]);

function faultsOf(seen: Seen, outcome: Outcome, as: string | undefined, sent: readonly Sent[]): string[] {
  // Where the model has the server's text, whatever is around it, that text is read, from its very beginning.
  const texts = as === undefined ? [seen.text] : sent.map(textIn);
  const missing = Object.entries(says(seen.step, outcome)).filter(
    ([, one]) => !texts.some((text) => one.test(text)),
  );
  return [
    ...(seen.error && outcome !== "answered at once" ? ["told as an error"] : []),
    ...(as === undefined ? ["not the server's text"] : []),
    ...never.filter((one) => one.test(seen.text)).map((one) => `says “${one.source}”`),
    ...missing.map(([what]) => `lacks ${what}`),
  ];
}

function stepCell(step: StepName, { seen, exchanged }: Driven): Cell {
  const own = seen.filter((one) => one.step === step);
  if (own.length === 0) return { shown: "–", faults: ["never came to it"] };
  const replies = exchanged.sent.filter(({ tool }) => tool === own[0]?.tool);
  const cells = own.map((one, index) => {
    const outcome = asks.has(step) ? outcomeOf(one, exchanged) : "done";
    // Each is held against its own, unless the host called more often than its model did.
    const sent = replies.length === own.length ? replies.slice(index, index + 1) : replies;
    const as = shownAs(one.text, sent);
    const form = exchanged.forms.find(({ tool }) => tool === one.tool);
    const shown = `${wayOf(one, outcome, form?.action)}${as ?? `\`${short(one.text)}\``}`;
    const faults = faultsOf(one, outcome, as, sent);
    return { shown, faults: step === "people" ? [...faults, ...tooMany(one, sent)] : faults };
  });
  return {
    shown: cells.map(({ shown }) => shown).join("; "),
    faults: [...new Set(cells.flatMap(({ faults }) => faults)), ...wireFaults(own, exchanged)],
  };
}

function wayOf({ again, unanswered }: Seen, outcome: Outcome, action: string | undefined): string {
  if (action !== undefined && answers.has(action)) return `form, ${action}: `;
  if (unanswered) return "page gone, asked anew: ";
  if (outcome === "waiting") return action === undefined ? "asked: " : "form failed, asked: ";
  return again ? "then: " : "";
}

/** 100 people, over the bare text. */
export function tokenRatio({ text }: Seen, sent: readonly Sent[]): number | undefined {
  const bare = sent.map(textIn).find((one) => one !== "");
  return bare === undefined ? undefined : countTokens(text) / countTokens(bare);
}
function tooMany(seen: Seen, sent: readonly Sent[]): string[] {
  const ratio = tokenRatio(seen, sent);
  return ratio !== undefined && ratio > mostTokens
    ? [`${ratio.toFixed(2)} × the tokens of the bare text`]
    : [];
}

/** What the server itself sent: one text and nothing else, and no error where nothing went wrong. */
function wireFaults(own: readonly Seen[], { sent, forms }: Exchanged): string[] {
  const tools = new Set(own.map(({ tool }) => tool));
  const mine = sent.filter(({ tool }) => tools.has(tool));
  const declined = forms.some(
    ({ tool, action }) => tools.has(tool) && answers.has(action) && action !== "accept",
  );
  return [
    ...(mine.some(({ structured }) => structured) ? ["structuredContent was sent"] : []),
    ...(mine.some(({ parts }) => parts.some(({ type }) => type !== "text"))
      ? ["resource_link was sent"]
      : []),
    ...(!declined && mine.some(({ error }) => error) ? ["sent as an error"] : []),
    ...(mine.some(({ parts }) => parts.length > 1) ? ["more than one part was sent"] : []),
  ];
}

export function judge(driven: Driven): Verdict {
  const { offered, named, exchanged, said, failed } = driven;
  const listed = exchanged.tools.length;
  const defined = exchanged.tools.filter((tool) => nameOf(offered, tool) !== undefined);
  const known = new Set([...defined, ...named]).size;
  const warnings = said.split("\n").filter((line) => warning.test(line) && aboutTools.test(line));
  const tools: Cell = {
    shown: `${known} of ${listed}${defined.length < known ? `, ${known - defined.length} by name only` : ""}`,
    faults: [
      ...(failed === undefined ? [] : [failed]),
      ...(listed === 0 ? ["no tools were asked for"] : []),
      ...(known < listed ? [`${listed - known} are not offered`] : []),
      ...[...new Set(warnings.map((line) => `warns: ${short(line)}`))].slice(0, 5),
    ],
  };
  const cells = Object.fromEntries(
    steps.map(({ name }) => [name, stepCell(name, driven)]),
  ) as Verdict["steps"];
  const all = [
    ...tools.faults.map((fault) => `tools: ${fault}`),
    ...steps.flatMap(({ name }) => cells[name].faults.map((fault) => `${name}: ${fault}`)),
  ];
  return { tools, steps: cells, faults: all };
}
