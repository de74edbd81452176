import type { Kind } from "../../../../tools/schema/answer.ts";
import type { Row } from "../../../academy/reads.ts";
import { cell, clean, showable } from "../../../reply/records.ts";
import { foldHeader } from "../../../tables/header.ts";
import { nearestTo } from "../../../text/nearest.ts";
import type { JobWorld } from "../../job.ts";

/** A field of people's records that may be shown here. */
export interface PeopleField {
  /** As it is shown: a custom field by the tenant's own name for it. */
  readonly name: string;
  /** As SkyPrep spells it. */
  readonly key: string;
}

type FieldWorld = Pick<JobWorld, "records" | "view">;

/** What people call them, where SkyPrep calls them otherwise. */
const called: Readonly<Record<string, string>> = {
  name: "display_name",
  fullname: "display_name",
  login: "email",
  username: "email",
  emailaddress: "email",
  jobtitle: "title",
  position: "title",
  organisation: "company",
  organization: "company",
  employeenumber: "user_identifier",
  employeeid: "user_identifier",
  lastsignin: "last_login",
  lastseen: "last_login",
  joined: "created_at",
  userid: "id",
};

const kindOf = ({ records }: FieldWorld): Kind => {
  const output = records.get("get_users")?.operation.output;
  if (output === undefined || !("kind" in output)) throw new Error("people have no kind");
  return output.kind;
};

/** All that may be asked of people: custom fields by their labels first. */
export function peopleFields(world: FieldWorld): readonly PeopleField[] {
  const { labels } = world.view;
  const shown = new Set(showable(kindOf(world), world.view));
  const own = [...labels].map(([key, label]): PeopleField => ({ name: shown.has(label) ? label : key, key }));
  const named = new Set(own.map(({ name }) => name));
  const others = [...shown].filter((name) => !named.has(name));
  return [...own, ...others.map((name): PeopleField => ({ name, key: name }))];
}

const mostOffered = 24;

/** The one that a text names; or a sentence with the nearest, and with those there are. */
export function peopleFieldNamed(text: string, world: FieldWorld): PeopleField | { readonly wrong: string } {
  const all = peopleFields(world);
  const folded = foldHeader(text);
  const asked = called[folded] ?? folded;
  const found =
    all.find(({ name }) => name === text) ??
    all.find(({ name, key }) => foldHeader(name) === folded || foldHeader(key) === folded) ??
    all.find(({ key }) => key === asked);
  if (found !== undefined) return found;
  const personal = kindOf(world).personal ?? [];
  if (personal.some((name) => foldHeader(name) === folded))
    return { wrong: `“${short(text)}” is hidden as personal: SKYPREP_REVEAL=personal shows it.` };
  const names = all.filter(({ key, name }) => !/^ca_\d/.test(key) || name !== key).map(({ name }) => name);
  const near = nearestTo(text, names);
  const unnamed = world.view.labels.size === 0;
  return {
    wrong: [
      `People have no field “${short(text)}”.`,
      ...(near.length > 0
        ? [`Near it: ${near.join(", ")}.`]
        : [`There are: ${names.slice(0, mostOffered).join(", ")}.`]),
      ...(unnamed
        ? [
            "Custom fields are called ca_0 to ca_10 here until SKYPREP_CUSTOM_FIELDS names them (ca_0=Region).",
          ]
        : []),
    ].join(" "),
  };
}

/** What it says of somebody, cleaned, in one line; empty where there is nothing. */
export function fieldOf(row: Row, { key }: PeopleField): string {
  const value = key === "id" ? (row.id ?? row.user_id) : row[key];
  if (value === null || value === undefined || value === "") return "";
  return cell(clean(value)).replace(/\s+/g, " ").trim().slice(0, longest);
}

const longest = 200;
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
