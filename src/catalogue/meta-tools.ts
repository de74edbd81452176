import { z } from "zod";
import type { Effect } from "../../tools/schema/operation.ts";

/** A tool that stands for many, as clients see it. */
export interface MetaTool {
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly idempotent: boolean;
  readonly input: z.ZodObject;
}

const operation = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .meta({ description: "Its name", examples: ["get_skills"] });
const given = z
  .record(z.string(), z.unknown())
  .optional()
  .meta({ description: "As its input schema says", examples: [{}] });
const confirm = z
  .string()
  .max(40)
  .optional()
  .meta({ description: "Code", examples: ["K7QF-2MXD"] });
const words = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: "What to do", examples: ["add to group"] });

export const metaTools = {
  find_operation: {
    title: "Find an operation",
    description:
      "Find what else SkyPrep can do, by words: operations that are not tools here, with what they do and their input schema. Call them with read_operation or write_operation.",
    effect: "read",
    idempotent: true,
    input: z.strictObject({ words }),
  },
  read_operation: {
    title: "Read with any operation",
    description:
      "Call an operation that only reads, found with find_operation. It refuses those that change anything.",
    effect: "read",
    idempotent: true,
    input: z.strictObject({ operation, arguments: given }),
  },
  write_operation: {
    title: "Change with any operation",
    description:
      "Call an operation that changes something, found with find_operation. A person is asked first as for a tool of its own. It refuses those that only read.",
    effect: "change",
    idempotent: false,
    input: z.strictObject({ operation, arguments: given, confirm }),
  },
} as const satisfies Readonly<Record<string, MetaTool>>;
