import type { Wrong } from "./flags.ts";

interface CustomFields {
  readonly fields: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

/** `ca_0=Region,ca_1=Cost centre`; the labels are the tenant's own. */
export function readCustomFields(value: string | undefined, wrong: Wrong): CustomFields {
  const fields = new Map<string, string>();
  const labels = new Map<string, string>();
  for (const pair of value?.split(",") ?? []) {
    const [, field, label] = /^\s*(ca_(?:\d|10))\s*=\s*(\S.*?)\s*$/.exec(pair) ?? [];
    if (field === undefined || label === undefined || labels.has(field) || fields.has(label.toLowerCase())) {
      wrong(
        "custom-fields",
        "write it as ca_0=Region,ca_1=Cost centre, with ca_0 to ca_10 and each label once.",
      );
      return { fields: new Map(), labels: new Map() };
    }
    fields.set(label.toLowerCase(), field);
    labels.set(field, label);
  }
  return { fields, labels };
}
