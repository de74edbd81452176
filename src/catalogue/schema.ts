import { z } from "zod";

/** One argument as clients see it: plain JSON schema, nothing a client of today refuses (contract §3). */
export type Property = {
  type: "integer" | "string" | "boolean" | "array" | "object";
  description?: string;
  enum?: string[];
  items?: {
    type: string;
    enum?: string[];
    properties?: Record<string, Property>;
  };
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

/** Whether it is a list of `{field, is}`: what the code behind knows as a map (contract §3). */
export const isPairs = ({ items }: Property): boolean => items?.properties !== undefined;

/** A map's own names are its caller's: in a schema it would be an object without properties, which hosts refuse. */
const pairs = (description: string | undefined, field: Property, is: Property): Property => ({
  type: "array",
  ...(description !== undefined && { description }),
  items: { type: "object", properties: { field, is } },
});

const pairsOf = (map: Readonly<Record<string, unknown>>) =>
  Object.entries(map).map(([field, is]) => ({ field, is }));

/** Of fields of several types every value is a text, and mended to what it stands for. */
const asTexts = (map: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(map).map(([field, is]) => [field, String(is)]));

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

/** Many alike, as the fields of one list; `elsewhere`: another tool lists their names. */
interface ListedFields {
  readonly says: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly is: "boolean" | "string";
  readonly elsewhere: boolean;
}

function shaped(input: z.ZodObject): Shape {
  const full = z.toJSONSchema(input, { io: "output", unrepresentable: "throw" }) as Json;
  const properties: Record<string, Property> = {};
  const details = new Map<string, Detail>();
  const unlisted = new Map<string, { within?: string; property: Property }>();
  const maps: Record<string, ListedFields> = {};
  for (const [name, json] of Object.entries((full.properties ?? {}) as Record<string, Json>)) {
    const property = plain(json);
    const given = (json.examples as unknown[] | undefined)?.[0];
    const example = isPairs(property) ? pairsOf(given as Json) : given;
    details.set(name, { example, limits: json });
    if (json.unlisted === true) unlisted.set(name, { property });
    else if (typeof json.within === "string") {
      unlisted.set(name, { within: json.within, property });
      const { fields, is: before = property.type } = maps[json.within] ?? {};
      const is = before === "boolean" && property.type === "boolean" ? "boolean" : "string";
      const elsewhere = json.elsewhere === true;
      maps[json.within] = { says: String(json.says), fields: { ...fields, [name]: example }, is, elsewhere };
    } else properties[name] = property;
  }
  for (const [name, { says, fields, is, elsewhere }] of Object.entries(maps)) {
    const names = elsewhere ? {} : { enum: Object.keys(fields) };
    properties[name] = pairs(says, { type: "string", ...names }, { type: is });
    const told = is === "boolean" ? fields : asTexts(fields);
    details.set(name, { example: pairsOf(told), limits: is === "boolean" ? { of: "flags" } : {} });
  }
  const required = (full.required as string[] | undefined) ?? [];
  return {
    plain: { type: "object", properties, ...(required.length > 0 && { required }) },
    details,
    unlisted,
  };
}

function plain(json: Json): Property {
  if (json.type === "object") {
    return pairs(json.description as string | undefined, { type: "string" }, { type: "string" });
  }
  const items = json.items as Json | undefined;
  return {
    type: json.type as Property["type"],
    ...(typeof json.description === "string" && { description: json.description }),
    ...(Array.isArray(json.enum) && json.elsewhere !== true && { enum: json.enum as string[] }),
    ...(items && {
      items: {
        type: items.type as string,
        ...(items.enum && json.elsewhere !== true ? { enum: items.enum as string[] } : {}),
      },
    }),
  };
}
