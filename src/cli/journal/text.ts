import { changesOf } from "../../journal/entry.ts";
import type { Forgotten } from "../../journal/forget.ts";
import type { Change, Line, MadeBy, Target } from "../../journal/line.ts";
import type { Verified } from "../../journal/verify.ts";
import { cleanText, count } from "../../text/english.ts";

/** A journal as people are told of it. */
export interface NamedJournal {
  /** `in /home/…/journal`, `of acme`. */
  readonly where: string;
  /** Who can do what no check finds. */
  readonly owner: string;
}

/** What `verify` says of one; `isWhole` decides how the command ends. */
export function verifiedText(
  { lines, forgotten, torn, breaks }: Verified,
  { where, owner }: NamedJournal,
): { readonly isWhole: boolean; readonly told: readonly string[] } {
  if (lines === 0 && breaks.length === 0 && torn === undefined)
    return { isWhole: true, told: [`There is no journal ${where} yet.`] };
  const notes = [
    ...(forgotten > 0
      ? [`${count(forgotten, "line")} of forgotten persons: what stood in them can no longer be checked.`]
      : []),
    ...(torn !== undefined
      ? [
          "The last line is not finished: a server is writing it, or died while it did. The next write sets it aside.",
        ]
      : []),
    // Said here, because "whole" would promise more.
    `This finds accidents and partial edits. ${owner}`,
  ];
  if (breaks.length === 0)
    return { isWhole: true, told: [`The journal ${where} is whole: ${count(lines, "line")}.`, ...notes] };
  return {
    isWhole: false,
    told: [
      `The journal ${where} is not whole: ${count(breaks.length, "break")} in ${count(lines, "line")}.`,
      ...breaks.map(({ seq, why }) => (seq === 0 ? `Before line 1: ${why}.` : `Line ${seq}: ${why}.`)),
      ...notes,
    ],
  };
}

/** What `forget` says of what was found. */
export const forgottenText = (
  { lines, images, setAside, files }: Forgotten,
  { login, others, left }: { readonly login: string; readonly others: string; readonly left: string },
): readonly string[] => [
  `Forgotten: ${count(lines, "line")} masked, ${count(images, "image")}${files > 0 ? ` and ${count(files, others)}` : ""} erased.`,
  ...(setAside > 0
    ? [`${count(setAside, "unfinished line")} erased too: whom they name cannot be told.`]
    : []),
  // A login may look like one of these, so it is done all the same.
  ...(login.includes("@")
    ? []
    : [
        `${cleanText(login)} was taken for a login. If it is a name or a number, forget the login too: what names them otherwise is still there.`,
      ]),
  `The numbers of persons stay. ${left}`,
];

export const foundNothing = ({ lines, images, setAside, files }: Forgotten): boolean =>
  lines + images + setAside + files === 0;

export interface ShownLimits {
  readonly limit: number;
  /** Epoch milliseconds; undefined: all. */
  readonly since: number | undefined;
}

/** One line for each change, question, answer and gap, oldest first. */
export function shownText(
  lines: readonly Line[],
  { limit, since = Number.NEGATIVE_INFINITY }: ShownLimits,
  where: string,
): readonly string[] {
  const changes = new Map(changesOf(lines).map((change) => [change.seq, change]));
  const told = lines.flatMap((line) => {
    if (Date.parse(line.at) < since) return [];
    const change = changes.get(line.seq);
    const text = change ? changeText(change) : lineText(line);
    return text === undefined ? [] : [`${line.at.slice(0, 19).replace("T", " ")}Z  #${line.seq}  ${text}`];
  });
  if (told.length === 0)
    return [`There is nothing in the journal ${where} ${Number.isFinite(since) ? "since then" : "yet"}.`];
  const left = told.length - limit;
  return [...(left > 0 ? [`(${left} before these: --limit ${told.length})`] : []), ...told.slice(-limit)];
}

const agreements = {
  form: "agreed to in the client",
  page: "agreed to on the approval page",
  code: "agreed to by code",
  terminal: "agreed to at a terminal",
  nobody: "nobody was asked",
} as const;

function changeText({ intent, outcome, undoneBy }: Change): string {
  const parts = [
    `${intent.tool}${intent.targets.length > 0 ? ` on ${targetsText(intent.targets)}` : ""}`,
    ...(intent.person !== undefined ? [byText(intent)] : []),
    `${agreements[intent.agreed]}${intent.approver === undefined ? "" : ` by ${cleanText(intent.approver)}`}`,
    ...(intent.undoes !== undefined ? [`undoes #${intent.undoes}`] : []),
    outcome === undefined ? "outcome unknown" : outcomeText(outcome),
    ...(undoneBy !== undefined ? [`undone by #${undoneBy}`] : []),
  ];
  return parts.join("; ");
}

/** A client that acts for nobody is named as the person already. */
function byText({ person = "", client_id: client }: MadeBy): string {
  const through = client === undefined || person === `client:${client}` ? "" : ` through ${client}`;
  return cleanText(`by ${person}${through}`);
}

function outcomeText(outcome: NonNullable<Change["outcome"]>): string {
  if (outcome.is === "done") return outcome.made === undefined ? "done" : `done, made ${outcome.made}`;
  const why = cleanText(outcome.why);
  return `${outcome.is === "failed" ? "failed" : "outcome unknown"}${why === "" ? "" : `: ${why}`}`;
}

function lineText(line: Line): string | undefined {
  if (line.line === "gap") {
    return line.missing === 0 ? "journal.head was gone here" : `${count(line.missing, "line")} missing here`;
  }
  if (line.line !== "asked") return undefined;
  const by = line.person === undefined ? "" : ` ${byText(line)}`;
  const why = line.why === undefined ? "" : `, with the words “${cleanText(line.why)}”`;
  return `${line.tool}${by}: ${line.said === "asked" ? "asked" : `answered ${line.said}`}: ${cleanText(line.question)}${why}`;
}

const most = 3;

function targetsText(targets: readonly Target[]): string {
  const texts = targets.slice(0, most).map(({ kind, id, login, name }) => {
    const known = [login, name === undefined ? undefined : `"${name}"`, id].filter(
      (one) => one !== undefined,
    );
    return cleanText([kind, ...known].join(" "));
  });
  return `${texts.join(", ")}${targets.length > most ? ` and ${targets.length - most} more` : ""}`;
}
