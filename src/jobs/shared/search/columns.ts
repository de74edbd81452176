import type { Row } from "../../../academy/reads.ts";
import { textAt } from "../record-fields.ts";
import type { SearchEntry } from "./entries.ts";
import { isWeak } from "./match-score.ts";
import type { Hit } from "./search-index.ts";

export const columns = ["kind", "id", "name", "login", "code", "about", "why"];
const longest = 80;

/** What tells a record from others of its name: named fields, cleaned. */
export function shown({ entry, why, is }: Hit): Record<string, unknown> {
  const { kind, id, row } = entry;
  const login = kind === "person" ? textAt(row, "email") || textAt(row, "username") : "";
  const code = textAt(row, kind === "person" ? "user_identifier" : "course_code");
  const about = aboutOf(entry).filter(Boolean).join(", ").slice(0, longest);
  return {
    kind,
    id,
    ...withValue("name", nameOf(entry)),
    ...withValue("login", login),
    ...withValue("code", code),
    ...withValue("about", about),
    why: isWeak({ is }) ? `weak: ${why}` : why,
  };
}

const withValue = (name: string, value: string) => value !== "" && { [name]: value };

function nameOf({ kind, row, of = "" }: SearchEntry): string {
  if (kind !== "person") return textAt(row, "name") || textAt({ of }, "of");
  return textAt(row, "display_name") || `${textAt(row, "first_name")} ${textAt(row, "last_name")}`.trim();
}

function aboutOf({ kind, row, of = "" }: SearchEntry): (string | false)[] {
  const training = textAt({ of }, "of");
  const name = textAt(row, "name");
  if (kind === "person") {
    const role = textAt(row, "role");
    const status = textAt(row, "login_status");
    return [textAt(row, "title"), role !== "learner" && role, status !== "active" && status];
  }
  if (kind === "course") return [textAt(row, "category"), isOff(row.active) && "inactive"];
  if (kind === "session") {
    return [
      training !== "" && training !== name && `of ${training}`,
      textAt(row, "commencement_time"),
      textAt(row, "location"),
      seatsIn(row),
    ];
  }
  const whole = textAt(row, "full_name");
  return [whole !== name && whole];
}

const isOff = (flag: unknown): boolean => flag === false || flag === "false";

function seatsIn({ capacity, registration_count: taken }: Row): string {
  return typeof capacity === "number" && typeof taken === "number"
    ? `${taken} of ${capacity} seats taken`
    : "";
}
