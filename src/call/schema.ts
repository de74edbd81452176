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
  readonly details: ReadonlyMap<string, Detail>;
}

type Json = Record<string, unknown>;

/** zod's own conversion, less its machine noise. */
export function shapeOf(input: z.ZodObject): Shape {
  const full = z.toJSONSchema(input, { io: "output", unrepresentable: "throw" }) as Json;
  const properties: Record<string, Property> = {};
  const details = new Map<string, Detail>();
  for (const [name, json] of Object.entries((full.properties ?? {}) as Record<string, Json>)) {
    properties[name] = plain(json);
    details.set(name, { example: (json.examples as unknown[] | undefined)?.[0], limits: json });
  }
  const required = (full.required as string[] | undefined) ?? [];
  return {
    plain: { type: "object", properties, ...(required.length > 0 && { required }) },
    details,
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
