import { clean } from "../../reply/clean.ts";
import type { Entry, Row } from "./entries.ts";
import type { Hit } from "./shelf.ts";

export const columns = ["kind", "id", "name", "login", "code", "about", "why"];
const longest = 80;

const textAt = (row: Row, name: string): string | undefined => {
  const value = row[name];
  return typeof value === "string" && value.trim() !== ""
    ? String(clean(value)).slice(0, longest)
    : undefined;
};

/** What tells a record from others of its name: named fields, cleaned. */
export function shown({ entry, why }: Hit): Record<string, unknown> {
  const { kind, id, row } = entry;
  const login = kind === "person" ? (textAt(row, "email") ?? textAt(row, "username")) : undefined;
  const code = textAt(row, kind === "person" ? "user_identifier" : "course_code");
  const about = aboutOf(entry).filter(Boolean).join(", ").slice(0, longest);
  return {
    kind,
    id,
    ...withValue("name", nameOf(entry)),
    ...withValue("login", login),
    ...withValue("code", code),
    ...withValue("about", about === "" ? undefined : about),
    why,
  };
}

const withValue = (name: string, value: string | undefined) => value !== undefined && { [name]: value };

export function nameOf({ kind, row, of }: Entry): string | undefined {
  if (kind !== "person") return textAt(row, "name") ?? (of === undefined ? undefined : String(clean(of)));
  const both = [textAt(row, "first_name"), textAt(row, "last_name")].filter(Boolean).join(" ");
  return textAt(row, "display_name") ?? (both === "" ? undefined : both);
}

function aboutOf({ kind, row, of }: Entry): (string | false | undefined)[] {
  const name = textAt(row, "name");
  if (kind === "person") {
    const role = textAt(row, "role");
    const status = textAt(row, "login_status");
    return [textAt(row, "title"), role !== "learner" && role, status !== "active" && status];
  }
  if (kind === "course") return [textAt(row, "category"), isOff(row.active) && "inactive"];
  if (kind === "session") {
    return [
      of !== undefined && clean(of) !== name && `of ${clean(of)}`,
      textAt(row, "commencement_time"),
      textAt(row, "location"),
      seatsIn(row),
    ];
  }
  const whole = textAt(row, "full_name");
  return [whole !== name && whole];
}

const isOff = (flag: unknown): boolean => flag === false || flag === "false";

function seatsIn({ capacity, registration_count: taken }: Row): string | undefined {
  return typeof capacity === "number" && typeof taken === "number"
    ? `${taken} of ${capacity} seats taken`
    : undefined;
}
