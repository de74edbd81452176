import type { z } from "zod";

/** One argument of a job: a few words and an example, as `tools/schema/fields.ts` has them for operations. */
export const field = <T extends z.ZodType>(schema: T, words: string, example: z.input<T>): T =>
  schema.meta({ description: words, examples: [example] });
