import { against } from "../../tables/people/damage.ts";
import type { PersonField, PersonRow } from "../../tables/people.ts";
import type { Someone } from "../shared/people-index.ts";

/** A field that differs, as it is and as it would be. */
export interface Differing {
  readonly field: PersonField;
  readonly old: string;
  readonly new: string;
}

export interface Changed {
  readonly who: Someone;
  readonly row: number;
  /** What is to be sent, by the names update_user has for them. */
  readonly args: Record<string, unknown>;
  readonly fields: readonly Differing[];
}

/** A cell that is not believed, so that what SkyPrep has stays. */
export interface LeftAsIs {
  readonly row: number;
  readonly field: PersonField;
  readonly column: string;
  readonly text: string;
  readonly why: string;
}

/** Fields that a roster sets → where SkyPrep shows them. */
const shown: Readonly<Partial<Record<PersonField, string>>> = {
  first_name: "first_name",
  last_name: "last_name",
  title: "title",
  company: "company",
  cell: "cell",
  phone: "phone",
  work_phone: "work_phone",
  address: "address",
  address_2: "address_2",
  state: "state",
  zip: "zip",
  gender: "gender",
  date_of_birth: "date_of_birth",
  card_no: "user_identifier",
};

/** What differs and is believed; and what is not. What SkyPrep does not show cannot be compared. */
export function differing({ row, values, asTyped, suspects: seen }: PersonRow, who: Someone) {
  const known = who.row;
  const suspects: LeftAsIs[] = [];
  const fields: Differing[] = [];
  const at = (field: PersonField) => (/^ca_\d+$/.test(field) ? field : shown[field]);
  const textAt = (field: PersonField): string | undefined => {
    const place = at(field);
    return place !== undefined && place in known ? String(known[place] ?? "").trim() : undefined;
  };
  for (const one of seen)
    if (textAt(one.field) !== one.text && at(one.field) !== undefined) suspects.push({ ...one, row });
  const args = settable(values, (value, name) => {
    const old = textAt(name);
    if (old === undefined || old === asTyped?.[name]) return false;
    const is = against(old, value);
    if (is.is === "damaged")
      suspects.push({ row, field: name, column: name, text: asTyped?.[name] ?? value, why: is.why });
    if (is.is !== "other") return false;
    fields.push({ field: name, old, new: value });
    return true;
  });
  return { suspects, ...(fields.length > 0 && { changed: { who, row, args, fields } satisfies Changed }) };
}

/** The values as create_user and update_user take them. */
export function settable(
  values: PersonRow["values"],
  take: (value: string, name: PersonField) => boolean = () => true,
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  const custom: Record<string, string> = {};
  for (const [name, value] of Object.entries(values) as [PersonField, string][]) {
    const number = /^ca_(\d+)$/.exec(name)?.[1];
    if ((number === undefined && shown[name] === undefined) || !take(value, name)) continue;
    if (number === undefined) args[name] = value;
    else custom[number] = value;
  }
  return { ...args, ...(Object.keys(custom).length > 0 && { custom_fields: custom }) };
}

/** What SkyPrep calls a field, or the tenant does. */
export const fieldName = (field: PersonField, labels: ReadonlyMap<string, string>): string =>
  labels.get(field) ?? field;
/** Where SkyPrep shows it: told personal by that name. */
export const shownAs = (field: PersonField): string => shown[field] ?? field;
