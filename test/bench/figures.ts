const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
export const at = (values: readonly number[], part: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;
export const median = (values: readonly number[]): number => at(values, 0.5);

/** The median, and between what the middle half lies. */
export const spread = (values: readonly number[], digits = 1): string =>
  `${median(values).toFixed(digits)} (${at(values, 0.25).toFixed(digits)} to ${at(values, 0.75).toFixed(digits)})`;

/** One line of a table: what was measured, what was seen, what was asked. */
export type Row = readonly [what: string, seen: string, asked?: string];

export interface Part {
  readonly title: string;
  readonly about: string;
  readonly rows: readonly Row[];
}

export function asText({ title, about, rows }: Part): string {
  const lines = rows.map(([what, seen, asked = ""]) => `| ${what} | ${seen} | ${asked} |`);
  return [`## ${title}`, "", about, "", "| what | seen | asked |", "|---|---|---|", ...lines, ""].join("\n");
}

/** The parts of a written text, each with its heading; what stands above the first is no part. */
export const partsIn = (text: string): readonly string[] => text.split(/^(?=## )/m).slice(1);

/** With this part in the place of the one of its title, or at the end. */
export function withPart(text: string, part: Part): string {
  const written = asText(part);
  const old = partsIn(text).find((one) => one.startsWith(`## ${part.title}\n`));
  return old === undefined ? `${text.trimEnd()}\n\n${written}` : text.replace(old, () => written);
}
