import type { Kind } from "../../tools/schema/answer.ts";

/** How this account wants its records shown. */
export interface View {
  /** Whether personal fields (address, phones, birth date …) may be shown. */
  readonly personal: boolean;
  /** `ca_N` → the tenant's own name for it. */
  readonly labels: ReadonlyMap<string, string>;
}

const known = new WeakMap<View, WeakMap<Kind, ReadonlyMap<string, string>>>();

/** The fields of a kind that may be shown, and the names they are shown by. */
export function shownFields(kind: Kind, view: View): ReadonlyMap<string, string> {
  const kinds = known.get(view) ?? new WeakMap<Kind, ReadonlyMap<string, string>>();
  known.set(view, kinds);
  let fields = kinds.get(kind);
  if (fields === undefined) {
    const names = Object.keys(kind.schema.shape);
    const shown = names.filter((name) => view.personal || !kind.personal?.includes(name));
    fields = new Map(shown.map((name) => [name, shownName(name, kind, view.labels)]));
    kinds.set(kind, fields);
  }
  return fields;
}

/** The names of fields that may be shown: what `fields` may ask for. */
export const showable = (kind: Kind, view: View): string[] =>
  [...shownFields(kind, view)].filter(([name]) => !kind.nested?.[name]).map(([, shown]) => shown);

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
