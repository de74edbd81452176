import type { Operation } from "../../tools/schema/operation.ts";

/** What a policy may narrow: whom and what calls and rows are tied to. */
export type Dimension = "person" | "course" | "group" | "path";

/** A person, course, group or path that a request names. */
export interface Tie {
  readonly of: Dimension;
  /** Of groups one parameter takes names. */
  readonly as: "id" | "login" | "name";
  readonly is: string;
}

const byArgument: Readonly<Record<string, Dimension>> = {
  user_id: "person",
  user_ids: "person",
  user_email: "person",
  user_emails: "person",
  source_user_id: "person",
  target_user_id: "person",
  primary_instructor_user_id: "person",
  course_id: "course",
  course_ids: "course",
  user_group_id: "group",
  user_group_ids: "group",
  user_groups: "group",
  learning_path_id: "path",
  learning_path_ids: "path",
  course_bundle_ids: "path",
};

/** What a request names besides, each to be looked up for whose it is. */
const indirect = [
  "course_progress_id",
  "instructor_led_training_id",
  "instructor_led_training_timeslot_id",
  "instructor_led_training_timeslot_registration_id",
  "instructor_led_training_timeslot_registration_ids",
  "exam_id",
  "course_item_id",
] as const;
type Indirect = (typeof indirect)[number];

/** What a form says of people and things, whatever way it came to say it. */
export interface Named {
  readonly ties: readonly Tie[];
  readonly others: Readonly<Partial<Record<Indirect, readonly number[]>>>;
  /** Parameters that nobody documents and that may name somebody or something. */
  readonly strange: readonly string[];
}

/** Words in an undocumented parameter's name that may tie it to somebody or something. */
const telling =
  /user|person|people|learner|member|employee|staff|e-?mail|login|instructor|manager|supervisor|course|bundle|group|team|department|path|curricul|program|catalog|role|dataset|enrol|assign|regist|(^|_)ids?(\[\])?$/i;

/** As it is on the wire: what `extra` and jobs put there is seen like everything else. */
export function namedIn(operation: Operation | undefined, form: string): Named {
  const known = new Map(
    Object.keys(operation?.input.shape ?? {}).map((argument) => {
      const rule = operation?.wire?.[argument];
      const person = argument === "user_email" || argument === "user_id" ? operation?.person?.as : undefined;
      return [person ?? rule?.as ?? argument, { argument, list: rule?.list }] as const;
    }),
  );
  const ties: Tie[] = [];
  const strange: string[] = [];
  const others: Partial<Record<Indirect, number[]>> = {};
  for (const [name, text] of new URLSearchParams(form)) {
    const bare = name.replace(/\[\]$/, "");
    const { argument, list } = known.get(bare) ?? { argument: bare, list: undefined };
    const of = byArgument[argument];
    // A login may hold a comma; only a list's own separator ends an item.
    const isLogin = argument === "user_email" && list === undefined;
    const items = isLogin ? [text] : text.split(list === "semicolons" ? ";" : ",");
    if (of !== undefined) ties.push(...items.map((is) => ({ of, as: asOf(argument), is: is.trim() })));
    else if ((indirect as readonly string[]).includes(argument)) {
      const name = argument as Indirect;
      others[name] = [...(others[name] ?? []), ...items.map(Number)];
    } else if (!known.has(bare) && telling.test(bare) && !paging.has(bare)) strange.push(bare);
  }
  return { ties, others, strange };
}
const asOf = (argument: string): Tie["as"] =>
  argument.startsWith("user_email") ? "login" : argument === "user_groups" ? "name" : "id";
const paging = new Set(["page", "per_page"]);

/** A course progress of somebody else's, and one that is not there, are told alike. */
export const unseenProgress = (id: number): string =>
  `course progress ${id} is not of its people and courses, or is not there`;
