import type { Driven } from "./drive.ts";
import type { Host } from "./hosts.ts";
import { packagesOf } from "./installed.ts";
import { type Cell, tokenRatio, type Verdict } from "./judge.ts";
import type { StepName } from "./task.ts";

export interface Row {
  readonly host: Pick<Host, "id" | "title">;
  readonly driven: Driven;
  readonly verdict: Verdict;
}

const columns = [
  "Host",
  "Packages",
  "Run on",
  "Speaks",
  "Tools",
  "A read",
  "100 people",
  "A job with a file",
  "An enrollment",
  "30 enrollments",
  "A deletion",
  "A removal",
];
const cellOf = ({ shown, faults }: Cell): string =>
  [shown, ...faults.map((fault) => `**${fault}**`)].join("<br>").replaceAll("|", "\\|").replace(/\n/g, " ");

function peopleCell({ driven, verdict }: Row): Cell {
  const seen = driven.seen.find(({ step }) => step === "people");
  const sent = driven.exchanged.sent.filter(({ tool }) => tool === seen?.tool);
  const ratio = seen && tokenRatio(seen, sent);
  const { shown, faults } = verdict.steps.people;
  return { shown: ratio === undefined ? shown : `${shown}, ${ratio.toFixed(2)} ×`, faults };
}

/** A row, by the title in its first cell. */
export function rowOf(row: Row, day: string): string {
  const { host, verdict } = row;
  const packages = Object.entries(packagesOf(host.id)).map(([name, version]) => `\`${name}\` ${version}`);
  const step = (name: StepName) => cellOf(verdict.steps[name]);
  const cells = [
    host.title,
    packages.join(", "),
    day,
    row.driven.exchanged.revision,
    cellOf(verdict.tools),
    step("read"),
    cellOf(peopleCell(row)),
    step("file"),
    step("enroll"),
    step("many"),
    step("delete"),
    step("remove"),
  ];
  return `| ${cells.join(" | ")} |`;
}

const titleOf = (row: string): string => row.split(" | ")[0]?.replace(/^\| /, "") ?? "";

/** The rows of an earlier run, by title. */
export function rowsIn(document: string): ReadonlyMap<string, string> {
  const lines = document.split("\n");
  const head = lines.findIndex((line) => line.startsWith("| Host |"));
  if (head === -1) return new Map();
  const after = lines.slice(head + 2);
  const end = after.findIndex((line) => !line.startsWith("| "));
  return new Map(after.slice(0, end === -1 ? after.length : end).map((row) => [titleOf(row), row]));
}

/** Fresh rows in place of the old ones; a host that never ran has a row that says so. */
export function tableOf(
  hosts: readonly Pick<Host, "title">[],
  fresh: ReadonlyMap<string, string>,
  old: ReadonlyMap<string, string>,
): string {
  const empty = (title: string) =>
    `| ${[title, "", "never", ...columns.slice(3).map(() => "")].join(" | ")} |`;
  const rows = hosts.map(({ title }) => fresh.get(title) ?? old.get(title) ?? empty(title));
  return [`| ${columns.join(" | ")} |`, `| ${columns.map(() => "---").join(" | ")} |`, ...rows].join("\n");
}
