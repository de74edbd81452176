import { textIn } from "./judge.ts";
import type { Row } from "./table.ts";
import { steps } from "./task.ts";

const intro = `# What a model sees in each host

Written by \`npm run hosts\` (test/hosts/), which starts each host with the built program on the pretend academy and a
scripted model of ours, on 127.0.0.1 alone, and reads what the host showed that model. \`npm run hosts -- --all\` runs all
of them, \`npm run hosts -- claude-code codex\` some; a row that did not run keeps what it last said, with its day.
What every row has to show stands in test/hosts/expected.ts; what falls short is **bold**. The files of examples/ run
beside them, as they stand ([agents.md](agents.md)).

“text” is the server's text, word for word, and nothing else. “text in JSON \`{"output":"…"}\`” is the same text with that
around it. “asked” is the question in a reply, to which the call was repeated: with the code, or after the answer on the
page. “form, accept” is the host's own form and what came back from it: before the forms of the SDK clients sits a person
who agrees to everything but the removal, at once. 100 people are weighed in tokens (o200k_base), over the bare text.

Hosts that are a window (Claude Desktop, VS Code, Cursor, Windsurf) are not among them: no package registry has them.
`;

/** What changes from run to run. */
export const masked = (text: string): string =>
  text
    .replace(/http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}/g, "http://127.0.0.1:…")
    .replace(/"[A-Z0-9]{4}-[A-Z0-9]{4}"/g, '"XXXX-XXXX"')
    .replace(/(?<![:\w/])\/[\w./-]+(?=\/exports\/)/g, "…")
    .replace(/(?<=\bcursor )[\w-]{16,}/g, "…")
    .replace(/(report-all-courses-)[0-9a-f]{16}/g, "$1…")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g, "(time)");

const titles = {
  read: "A read",
  people: "100 people, the first of them",
  file: "A job with a file",
  enroll: "An enrollment",
  many: "30 enrollments",
  delete: "A deletion",
  remove: "A removal",
} as const;

/** The replies themselves, as one host with forms and one without got them. */
function wordsOf(rows: readonly Row[]): string {
  const blocks = steps.flatMap(({ name, tool }) => {
    const texts = rows.flatMap(({ driven }) =>
      driven.exchanged.sent.filter((one) => one.tool === tool).map((one) => masked(textIn(one))),
    );
    const lines = (text: string) => (name === "people" ? text.split("\n").slice(0, 5).join("\n") : text);
    return [
      `### ${titles[name]}`,
      ...[...new Set(texts.map(lines))].map((text) => `\`\`\`\n${text}\n\`\`\``),
    ];
  });
  return ["## The words", ...blocks].join("\n\n");
}

const wordsFrom = (document: string): string | undefined =>
  /## The words\n[\s\S]*$/.exec(document)?.[0].trimEnd();

export function documentOf(table: string, rows: readonly Row[], old: string): string {
  // Early hosts know no forms, and newer ones answer them: together they see all there is.
  const whole = rows.filter(({ host }) => host.id === "sdk-1.12.3" || host.id === "sdk-1.32.2");
  const words = whole.length === 2 ? wordsOf(whole) : wordsFrom(old);
  return [intro, table, ...(words === undefined ? [] : ["", words]), ""].join("\n");
}
