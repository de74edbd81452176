import type { Property } from "../../catalogue/schema.ts";

/**
 * What assistants get wrong is mended, not refused (contract §3): `"42"` for 42, `"[1,2]"`, `"1,2"` or a
 * bare 1 for a list, `"true"` or `"1"` for a flag. What cannot be mended is handed on as it is, for the
 * check to refuse.
 */
export function coerce(value: unknown, property: Property, separator = ","): unknown {
  switch (property.type) {
    case "integer":
      return typeof value === "string" && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
    case "boolean":
      return mendFlag(value);
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    case "array":
      return mendList(value, property, separator);
    case "object":
      return mendMap(value);
  }
}

function mendFlag(value: unknown): unknown {
  const text = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (text === "true" || text === "1" || text === 1) return true;
  if (text === "false" || text === "0" || text === 0) return false;
  return value;
}

function mendList(value: unknown, property: Property, separator: string): unknown {
  const item = (property.items ?? { type: "string" }) as Property;
  const each = (list: unknown[]) => once(list.map((one) => coerce(one, item)));
  if (Array.isArray(value)) return each(value);
  if (typeof value !== "string") return value === undefined ? value : each([value]);
  const parsed = fromJson(value, "[");
  if (Array.isArray(parsed)) return each(parsed);
  return each(
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
}

/** Two of a number are one, where the first stands: question, wire, phrase and journal all see the same list. */
function once(list: unknown[]): unknown[] {
  const numbers = new Set<number>();
  return list.filter((one) => {
    if (typeof one !== "number") return true;
    const first = !numbers.has(one);
    numbers.add(one);
    return first;
  });
}

/** An object of names and values, also where it came as JSON in a text. */
export function objectIn(value: unknown): Record<string, unknown> | undefined {
  const map = typeof value === "string" ? fromJson(value, "{") : value;
  return typeof map === "object" && map !== null && !Array.isArray(map)
    ? (map as Record<string, unknown>)
    : undefined;
}

function mendMap(value: unknown): unknown {
  const map = objectIn(value);
  if (map === undefined) return value;
  return Object.fromEntries(
    Object.entries(map)
      .filter(([, one]) => one !== null)
      .map(([name, one]) => [name, coerce(one, { type: "string" })]),
  );
}

export function fromJson(text: string, opening: "[" | "{"): unknown {
  if (!text.trimStart().startsWith(opening)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
