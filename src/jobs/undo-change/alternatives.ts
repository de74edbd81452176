import type { Image, KeptFields } from "../../guard/undo-plan/kept.ts";

const idsIn = (list: unknown): number[] =>
  [list ?? []]
    .flat()
    .map((one) => Number((one as KeptFields | null)?.id))
    .filter((id) => Number.isInteger(id) && id > 0);
const record = (image: Image, route: string): KeptFields | undefined =>
  [image[route]].flat()[0] as KeptFields | undefined;
const some = (names: readonly string[], from: KeptFields | undefined) =>
  Object.fromEntries(names.flatMap((name) => (from?.[name] === undefined ? [] : [[name, from[name]]])));

const profile = ["email", "first_name", "last_name", "title", "company", "user_identifier"];

/** Calls that make something like what was deleted, from what was kept of it; never its training record. */
export function alternativesTo(tool: string, image: Image | undefined): string[] {
  if (image === undefined) return [];
  const call = (name: string, args: object) => `${name} ${JSON.stringify(args)}`;
  switch (tool) {
    case "destroy_user": {
      const person = record(image, "get_user");
      if (person === undefined) return [];
      const groups = idsIn(image.get_user_group_enrollments_for_user);
      const courses = idsIn(image.get_user_courses);
      return [
        call("create_user", some(profile, person)),
        ...(groups.length + courses.length > 0
          ? [
              call("mass_enroll", {
                user_emails: [person.email],
                ...(groups.length > 0 && { user_group_ids: groups }),
                ...(courses.length > 0 && { course_ids: courses }),
              }),
            ]
          : []),
      ];
    }
    case "destroy_user_group":
    case "destroy_learning_path": {
      const path = tool === "destroy_learning_path";
      const group = record(image, path ? "get_learning_path" : "get_user_group");
      if (group === undefined) return [];
      return [
        call(path ? "create_learning_path" : "create_user_group", {
          ...some(path ? ["name", "description"] : ["name"], group),
          user_ids: idsIn(group.users),
          course_ids: idsIn(group.courses),
        }),
      ];
    }
    case "destroy_course":
      return [call("create_course", some(["name"], record(image, "get_course")))];
    default:
      return [];
  }
}
