import { wallOf } from "../model/calendar.ts";
import { Refusal } from "../server/route.ts";
import type { Asked, Switch, Switches } from "./switch.ts";

const isId = (name: string): boolean => /(^|_)ids?$|^static_id_list$/.test(name) || listsOfIds.has(name);
/** Where a group shows its members as ids alone. */
const listsOfIds: ReadonlySet<string> = new Set(["users", "courses", "learning_paths"]);

const idsAsText: Switch = {
  field: (name, value) => (typeof value === "number" && isId(name) ? String(value) : value),
};

const flagsAs = (said: (flag: boolean) => unknown): Switch => ({
  field: (_, value) => (typeof value === "boolean" ? said(value) : value),
});

const nothingAs = (nothing: "" | undefined): Switch => ({
  field: (_, value, inList) => (value === null && !inList ? nothing : value),
});

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}$/;

/** `at` in milliseconds; `wall` as the academy's clocks show it, `2026-05-01T09:00:00.000Z`. */
const datesAs = (said: (at: number, wall: string) => unknown): Switch => ({
  field: (_, value, inList) => {
    if (inList || typeof value !== "string" || !instant.test(value)) return value;
    const at = Date.parse(value);
    return said(at, new Date(wallOf(at)).toISOString());
  },
});

const words = ["not-started", "in-progress", "passed", "failed", "not-applicable", "archived"];
const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** `set_status` keeps the words of the page, which lists them. */
const statusesAs = (said: (status: string) => string): Switch => {
  const theirs = new Map(words.map((word) => [word, said(word)]));
  const ours = new Map(words.map((word) => [said(word), word]));
  const understood = (word: string): string => {
    const status = ours.get(word.trim());
    if (status === undefined) throw new Refusal(422, `Invalid status: ${word}`);
    return status;
  };
  return {
    field: (name, value) =>
      name === "status" && typeof value === "string" ? (theirs.get(value) ?? value) : value,
    hears: ({ route, form }: Asked) => {
      if (route !== "get_course_progresses") return;
      const asked = [...form.getAll("status").flatMap((text) => text.split(",")), ...form.getAll("status[]")];
      const given = asked.filter((word) => word.trim() !== "");
      form.delete("status");
      form.delete("status[]");
      for (const word of given) form.append("status[]", understood(word));
    },
  };
};

const synonyms: ReadonlyMap<string, string> = new Map([
  ["in-progress", "incomplete"],
  ["passed", "completed"],
]);

/** How ids, flags, dates and statuses are written. */
export const values = {
  "ids-are-numbers": { text: idsAsText },
  "flags-are-booleans": {
    digits: flagsAs((flag) => (flag ? 1 : 0)),
    text: flagsAs(String),
  },
  "nothing-is-null": { empty: nothingAs(""), missing: nothingAs(undefined) },
  "dates-are-iso": {
    days: datesAs((_, wall) => wall.slice(0, 10)),
    american: datesAs((_, wall) => `${wall.slice(5, 7)}/${wall.slice(8, 10)}/${wall.slice(0, 4)}`),
    epoch: datesAs((at) => Math.floor(at / 1000)),
    zoneless: datesAs((_, wall) => wall.slice(0, 19)),
    utc: datesAs((at) => new Date(at).toISOString()),
  },
  "statuses-as-on-the-page": {
    capitalised: statusesAs(capital),
    words: statusesAs((status) => status.split("-").map(capital).join(" ")),
    underscores: statusesAs((status) => status.replaceAll("-", "_")),
    synonyms: statusesAs((status) => synonyms.get(status) ?? status),
  },
} satisfies Switches<
  "ids-are-numbers" | "flags-are-booleans" | "nothing-is-null" | "dates-are-iso" | "statuses-as-on-the-page"
>;
