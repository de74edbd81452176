import { z } from "zod";

/** One argument as clients see it: plain JSON schema, nothing a client of today refuses (contract §3). */
export type Property = {
  type: "integer" | "string" | "boolean" | "array" | "object";
  description?: string;
  enum?: string[];
  items?: { type: string; enum?: string[] };
};

export type PlainSchema = {
  type: "object";
  properties: Record<string, Property>;
  required?: string[];
};

/** What the model does not need to be shown, but a refusal explains and a test tries. */
export interface Detail {
  readonly example: unknown;
  readonly limits: Readonly<Record<string, unknown>>;
}

export interface Shape {
  readonly plain: PlainSchema;
  /** Arguments that are taken and not listed by themselves: names within one listed map, or not worth their tokens. */
  readonly unlisted: ReadonlyMap<string, { readonly within?: string; readonly property: Property }>;
  readonly details: ReadonlyMap<string, Detail>;
}

type Json = Record<string, unknown>;

const shapes = new WeakMap<z.ZodObject, Shape>();

/** zod's own conversion, less its machine noise. */
export function shapeOf(input: z.ZodObject): Shape {
  const known = shapes.get(input);
  if (known) return known;
  const shape = shaped(input);
  shapes.set(input, shape);
  return shape;
}

function shaped(input: z.ZodObject): Shape {
  const full = z.toJSONSchema(input, { io: "output", unrepresentable: "throw" }) as Json;
  const properties: Record<string, Property> = {};
  const details = new Map<string, Detail>();
  const unlisted = new Map<string, { within?: string; property: Property }>();
  const maps: Record<string, Record<string, unknown>> = {};
  for (const [name, json] of Object.entries((full.properties ?? {}) as Record<string, Json>)) {
    const property = plain(json);
    const example = (json.examples as unknown[] | undefined)?.[0];
    details.set(name, { example, limits: json });
    if (json.unlisted === true) unlisted.set(name, { property });
    else if (typeof json.within === "string") {
      unlisted.set(name, { within: json.within, property });
      maps[json.within] = { ...maps[json.within], [name]: example };
    } else properties[name] = property;
  }
  for (const [name, example] of Object.entries(maps)) {
    properties[name] = {
      type: "object",
      description: `True or false each: ${Object.keys(example).join(", ")}`,
    };
    details.set(name, { example, limits: { of: "flags" } });
  }
  const required = (full.required as string[] | undefined) ?? [];
  return {
    plain: { type: "object", properties, ...(required.length > 0 && { required }) },
    details,
    unlisted,
  };
}

function plain(json: Json): Property {
  const items = json.items as Json | undefined;
  return {
    type: json.type as Property["type"],
    ...(typeof json.description === "string" && { description: json.description }),
    ...(Array.isArray(json.enum) && { enum: json.enum as string[] }),
    ...(items && {
      items: { type: items.type as string, ...(items.enum ? { enum: items.enum as string[] } : {}) },
    }),
  };
}
