import { z } from "zod";

/** One argument of a job: a few words and an example, as `tools/schema/fields.ts` has them for operations. */
export const field = <T extends z.ZodType>(schema: T, words: string, example: z.input<T>): T =>
  schema.meta({ description: words, examples: [example] });

/** A list of names, any of which may hold a comma: one text stays whole until it was looked for. */
export const whole = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), whole: true });

/** Of every job that a code may stand in for a person's yes on (contract §5). */
export const confirm = field(z.string().max(40), "Code after the person's yes", "K7QF-2MXD").optional();
/** Taken and not listed: not worth its tokens in every conversation (decision 011). */
export const unlisted = <T extends z.ZodType>(schema: T): T =>
  schema.meta({ ...schema.meta(), unlisted: true });
/** Of every job: nothing that was kept is good enough. Listed where much is kept, else named where the answer says as of when. */
export const fresh = field(z.boolean(), "true: no cache", true).optional();
/** Of every job that says who was left out of a list: the others of them. */
export const moreLeft = field(z.string().max(64), "From the last reply", "oak-17.40").optional();
/** Of every job whose answer can be looked at. */
export const save = field(z.literal("page"), "page: also as a page to look at and print", "page").optional();
/** Of jobs that look back at what was changed. */
export const run = field(
  z.string().trim().min(1).max(64),
  "Only of this run",
  "nightly-2026-11-29",
).optional();
/** Of every job that goes on where an answer ended. */
export const cursor = (example: string) =>
  field(z.string().max(64), "From the last reply", example).optional();
