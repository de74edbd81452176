import { z } from "zod";
import type { Effect } from "../../tools/schema/operation.ts";

/** A tool that stands for many, as clients see it. */
export interface MetaTool {
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly idempotent: boolean;
  readonly closedWorld?: true;
  readonly searchHint?: string;
  readonly alwaysLoad?: true;
  readonly input: z.ZodObject;
}

const operation = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .meta({ description: "The operation's name, as find_operation gives it", examples: ["get_skills"] });
/** Each operation has its own: as an object it would have no properties, which Gemini refuses. */
const given = z
  .string()
  .optional()
  .meta({
    description: 'Its arguments as JSON text, by its own input schema: {"course_id": 201}; left out: none',
    examples: ["{}"],
  });
const confirm = z
  .string()
  .max(40)
  .optional()
  .meta({
    description: "The code of the reply's question, after the person said yes; else leave out",
    examples: ["K7QF-2MXD"],
  });
const words = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: "What is to be done, in a few words", examples: ["add to group"] });

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
