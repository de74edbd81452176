import { many } from "./schema/answer.ts";
import { input } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Material } from "./schema/records/account.ts";

export const materials = {
  get_materials: {
    title: "List materials",
    description:
      "All files that courses show: name, kind, pages. Which course shows one: the article_id of its items, in get_course.",
    searchHint: "documents, videos, slides, content library",
    effect: "read",
    input: input({}),
    output: many(Material),
  },
} satisfies Section;
