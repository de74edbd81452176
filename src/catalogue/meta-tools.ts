import { z } from "zod";
import type { Effect } from "../../tools/schema/operation.ts";
import type { Renamed } from "./former-names.ts";

/** A tool that stands for many, as clients see it. */
export interface MetaTool extends Renamed {
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
  .meta({ description: "Its name, from find_operation", examples: ["get_skills"] });
/** Each operation has its own: as an object it would have no properties, which Gemini refuses. */
const given = z
  .string()
  .optional()
  .meta({
    description: 'JSON text, e.g. {"course_id": 201}; else none',
    examples: ["{}"],
  });
const confirm = z
  .string()
  .max(40)
  .optional()
  .meta({
    description: "Code after the person's yes",
    examples: ["K7QF-2MXD"],
  });
const words = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: "What is to be done", examples: ["add to group"] });

export const metaTools = {
  find_operation: {
    title: "Find an operation",
    description:
      "Find by words what else SkyPrep can do: operations that are no tools here, with their input schemas. Call them with read_operation or write_operation.",
    effect: "read",
    idempotent: true,
    closedWorld: true,
    searchHint: "what else can SkyPrep do, other operations, more tools",
    alwaysLoad: true,
    input: z.strictObject({ words }),
  },
  read_operation: {
    title: "Read with any operation",
    description: "Call an operation that only reads, found with find_operation.",
    effect: "read",
    idempotent: true,
    input: z.strictObject({ operation, arguments: given }),
  },
  write_operation: {
    title: "Change with any operation",
    description:
      "Call an operation that changes something, found with find_operation. A person is asked as for a tool of its own.",
    effect: "change",
    idempotent: false,
    input: z.strictObject({ operation, arguments: given, confirm }),
  },
} as const satisfies Readonly<Record<string, MetaTool>>;
