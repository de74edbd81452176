import type { z } from "zod";

/**
 * Values of which type a schema hands out as they came: nearly all that SkyPrep sends, and asking zod costs more than
 * all that is made of them. A number that is none is asked for all the same.
 */
export function asItCame(schema: z.core.$ZodType): "string" | "number" | "boolean" | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "catch":
    case "optional":
    case "nullable":
      return asItCame(def.innerType);
    // What the first takes, no other is asked for.
    case "union":
      return def.options[0] && asItCame(def.options[0]);
    case "string":
    case "number":
    case "boolean": {
      const isBare = !("format" in def) && !def.coerce && (def.checks ?? []).length === 0;
      return isBare ? def.type : undefined;
    }
    default:
      return undefined;
  }
}
