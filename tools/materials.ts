import { many } from "./schema/answer.ts";
import { input } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Material } from "./schema/records/account.ts";

export const materials = {
  get_materials: {
    title: "List materials",
    description: "All files of the account: name, kind, pages. Course items name theirs by article_id.",
    effect: "read",
    input: input({}),
    output: many(Material),
  },
} satisfies Section;
