import type { Subject } from "../../../tools/schema/consequence.ts";
import type { WriteOperation } from "../../../tools/schema/operation.ts";
import type { Args } from "../../academy/reads.ts";

/** What is asked about a change that deserves no question by itself, because a policy wants it asked. */
export function plainQuestion(
  { title, about, effect }: Pick<WriteOperation, "title" | "about" | "effect">,
  args: Args,
): string {
  const is = (...subjects: readonly Subject[]) => subjects.every((one) => about.includes(one));
  const [first] = about;
  if (is("newcomer")) return "Create an account for {newcomer}?";
  if (is("training")) return "Schedule a session of {training}?";
  if (first === "new") return `${title.replace(/\ban?\b/, "the")} {new}?`;
  if (typeof args.amount === "number")
    return is("skill") ? "Give {person} {=amount} in {skill}?" : "Give {person} {=amount}?";
  if (is("person", "timeslot")) return "Register {person} for {timeslot}?";
  if (effect === "add" && is("person", "course")) return "Add a training record for {person} in {course}?";
  if (effect === "add" && is("courses", "paths")) return "Put {courses|paths} in the catalog?";
  if (effect !== "change" || first === undefined) return `${title}?`;
  return first === "person" ? "Change the account of {person}?" : `Change {${first}}{was}?`;
}

/** Whether something is made with people, groups or courses in it: a question of its own says with which. */
export const isMadeWith = (args: Args): boolean =>
  ["user_ids", "user_emails", "course_ids", "user_group_ids", "course_bundle_ids"].some(
    (name) => [args[name] ?? []].flat().length > 0,
  );
