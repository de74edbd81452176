import { many } from "./schema/answer.ts";
import { input } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Material } from "./schema/records/account.ts";

export const materials = {
  get_materials: {
    title: "List materials",
    description:
      "All files that courses show: name, kind, pages. Which course shows one: get_course, where an item has its article_id.",
    searchHint: "documents, videos, slides, content library",
    effect: "read",
    input: input({}),
    output: many(Material),
  },
} satisfies Section;
