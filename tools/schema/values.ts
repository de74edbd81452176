import { z } from "zod";

/**
 * What answers are made of, as far as they are shown. Only identity is required; a field that came in
 * an unexpected form is left out rather than failing the answer (skyprep-api §4, 4–6). What no record names
 * never leaves: ssn, view_key, calendar links, certificate links, processor messages, keys.
 */
export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
export const Id = number;
export const idOrNull = number.nullish().catch(undefined);
export const amount = number.nullish().catch(undefined);
export const words = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(undefined);
export const flag = z
  .union([z.boolean(), z.enum(["true", "false", "1", "0"]).transform((v) => v === "true" || v === "1")])
  .nullish()
  .catch(undefined);
export const date = z.string().nullish().catch(undefined);
/**
 * One where the page's prose promises many, and the reverse (skyprep-api §4, 7): always handed out as a list,
 * without the elements that cannot be read.
 */
export const listOf = <S extends z.ZodType>(schema: S) =>
  z
    .unknown()
    .transform((value): z.output<S>[] | undefined => {
      if (value === null || value === undefined) return undefined;
      return (Array.isArray(value) ? value : [value]).flatMap((one) => {
        const parsed = schema.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      });
    })
    .optional();
export const numbers = listOf(number);
export const texts = listOf(z.string());
export const custom = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`ca_${n}`, words]));

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => Number.isFinite(value);
const isFlag = (value: unknown) => typeof value === "boolean";
/** What these hand out as it came: nearly all that SkyPrep sends, and asking zod costs more than all that is made of it. */
export const asItCame: ReadonlyMap<z.core.$ZodType, (value: unknown) => boolean> = new Map<
  z.core.$ZodType,
  (value: unknown) => boolean
>([
  [words, isText],
  [date, isText],
  [number, isNumber],
  [idOrNull, isNumber],
  [amount, isNumber],
  [flag, isFlag],
]);
