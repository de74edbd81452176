import { incoming, plain } from "../server/incoming.ts";
import { Refusal } from "../server/route.ts";
import type { Asked, Switch, Switches } from "./switch.ts";

const lowered: Switch = {
  login: (login) => login.toLowerCase(),
  hears: ({ route, form }) => {
    const name = { create_user: "email", update_user: "email", get_login_key: "user_email" }[route];
    const login = name === undefined ? null : form.get(name);
    if (name !== undefined && login !== null) form.set(name, login.toLowerCase());
  },
};

const inSingular: Readonly<Record<string, readonly string[]>> = {
  get_course_progresses: ["status", "login_status"],
  remove_course_or_learning_path_from_catalog: ["course_id", "learning_path_id"],
  update_catalog_enrollments: ["course_id", "learning_path_id"],
};

const takesSeveral = (route: string, name: string): boolean =>
  /_ids$/.test(name) ||
  ["user_emails", "tags", "inclusion_list"].includes(name) ||
  (inSingular[route]?.includes(name) ?? false);

/** `how` gets the text of one parameter that takes several values, and gives them; undefined: as ever. */
const severalAs = (how: (text: string, name: string) => readonly string[] | undefined): Switch => ({
  hears: ({ route, form }: Asked) => {
    for (const name of new Set(form.keys())) {
      if (!takesSeveral(route, name)) continue;
      const values = how(form.getAll(name).join(","), name);
      if (values === undefined) continue;
      form.delete(name);
      for (const value of values) form.append(`${name}[]`, value);
    }
  },
});

const withoutBlanks = severalAs((text, name) => {
  if (/,\s/.test(text)) throw new Refusal(422, `Invalid parameter: ${name}`);
  return undefined;
});

/** A number with something behind it is that number, as Rails casts it. */
const cast = (value: string, name: string): string =>
  /_ids?$/.test(name) ? (/^\s*(\d+)/.exec(value)?.[1] ?? value) : value;

/** What writes are answered with, when they show, and how several values are given. */
export const writes = {
  "writes-answer": {
    "204": { done: () => incoming(204, "", "") },
    empty: { done: () => incoming(200, plain, "") },
  },
  "writes-show-at-once": { later: { shownAfter: 3_000 } },
  "logins-keep-their-case": { lowered },
  "lists-by-comma": {
    "no-blanks": withoutBlanks,
    blanks: severalAs((text, name) => text.split(", ").map((value) => cast(value, name))),
    // Where a list is meant, Rails lets a text go unheard.
    brackets: severalAs((text) => (text.includes(",") ? [] : undefined)),
  },
} satisfies Switches<"writes-answer" | "writes-show-at-once" | "logins-keep-their-case" | "lists-by-comma">;
