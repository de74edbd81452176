import type { Kind } from "../../tools/schema/answer.ts";

/** How this account wants its records shown. */
export interface View {
  /** Whether personal fields (address, phones, birth date …) may be shown. */
  readonly personal: boolean;
  /** `ca_N` → the tenant's own name for it. */
  readonly labels: ReadonlyMap<string, string>;
}

/** The fields of a kind that may be shown, under the names they are shown by: what `fields` may ask for. */
export function showable(kind: Kind, { personal, labels }: View): string[] {
  return Object.keys(kind.schema.shape)
    .filter((name) => !kind.nested?.[name] && (personal || !kind.personal?.includes(name)))
    .map((name) => shownName(name, kind, labels));
}

/** A field under the tenant's own name, unless that is the name of another field. */
export function shownName(name: string, kind: Kind, labels: View["labels"]): string {
  const label = labels.get(name);
  return label === undefined || label in kind.schema.shape ? name : label;
}

/** The field a caller means, by its own name or the tenant's; undefined where there is none to show. */
export function fieldNamed(asked: string, kind: Kind, view: View): string | undefined {
  const wanted = asked.trim().toLowerCase();
  const byLabel = [...view.labels].find(([, label]) => label.toLowerCase() === wanted)?.[0];
  const name = byLabel ?? Object.keys(kind.schema.shape).find((one) => one.toLowerCase() === wanted);
  const shown = name === undefined ? undefined : shownName(name, kind, view.labels);
  return shown !== undefined && showable(kind, view).includes(shown) ? shown : undefined;
}
