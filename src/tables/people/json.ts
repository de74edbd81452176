/** Rows of a JSON text: the first is the header, where there is one. */
export type Json =
  | {
      readonly header?: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly more?: string;
    }
  | { readonly refused: string };

const plainObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Undefined where a text is no JSON at all. */
export function jsonIn(text: string): Json | undefined {
  const body = text.trim();
  if (!/^(?:\[\s*(?:[[{"\d\]-]|null)|\{\s*["}])/.test(body)) return undefined;
  // "[a@x.io](mailto:a@x.io)" and the like begin alike, and are none.
  const value = parsed(body) ?? lines(body);
  if (value === undefined) {
    return /^(?:\[\s*[{"]|\{\s*")/.test(body)
      ? {
          refused:
            "It looks like JSON and cannot be read as such; it may have been cut. Paste the whole of it, or CSV.",
        }
      : undefined;
  }
  const found = listIn(value);
  if (found === undefined)
    return { refused: "It is JSON with no list of people in it: paste an array of objects, or CSV." };
  return { ...table(found.items), ...(found.more && { more: found.more }) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** An object a line. */
function lines(body: string): unknown[] | undefined {
  if (!body.startsWith("{")) return undefined;
  const values: unknown[] = [];
  for (const line of body.split("\n")) {
    if (line.trim() === "") continue;
    const value = parsed(line.trim().replace(/,$/, ""));
    if (!plainObject(value)) return undefined;
    values.push(value);
  }
  return values;
}

/** The list itself, or the longest one inside an object; and what the object says of more. */
function listIn(value: unknown): { items: readonly unknown[]; more?: string } | undefined {
  if (Array.isArray(value)) return { items: value };
  if (!plainObject(value)) return undefined;
  const lists = Object.values(value).filter(
    (one): one is unknown[] => Array.isArray(one) && one.some((item) => plainObject(item)),
  );
  const [items] = lists.sort((a, b) => b.length - a.length);
  if (items === undefined) {
    return Object.values(value).some((one) => typeof one === "string" && one.includes("@"))
      ? { items: [value] }
      : undefined;
  }
  const total = [value.total, value.totalResults, value.count, value.total_count, value["@odata.count"]].find(
    (one) => typeof one === "number",
  );
  const next = value.next_cursor ?? value.nextPageToken ?? value["@odata.nextLink"] ?? value.next;
  const more =
    typeof total === "number" && total !== items.length
      ? `it says that there are ${total}, and holds ${items.length}`
      : typeof next === "string" && next !== ""
        ? "it says that there is a next page"
        : undefined;
  return { items, ...(more && { more }) };
}

function table(items: readonly unknown[]): {
  header?: readonly string[];
  rows: readonly (readonly string[])[];
} {
  if (!items.some(plainObject)) {
    const [first] = items;
    return Array.isArray(first)
      ? { rows: items.map((item) => [item].flat().map(textOf)) }
      : { rows: items.map((item) => [textOf(item)]) };
  }
  const places = new Map<string, number>();
  const records = items.map((item) => {
    const cells = new Map<number, string>();
    for (const [name, value] of plainObject(item) ? flat(item) : [["name", textOf(item)] as const]) {
      const at = places.get(name) ?? places.size;
      places.set(name, at);
      cells.set(at, value);
    }
    return cells;
  });
  return {
    header: [...places.keys()],
    rows: records.map((cells) => Array.from({ length: places.size }, (_, at) => cells.get(at) ?? "")),
  };
}

/** Fields of fields by their own names: `name.givenName` is `givenName`. */
function flat(item: { readonly [name: string]: unknown }): [string, string][] {
  return Object.entries(item).flatMap(([name, value]): [string, string][] => {
    if (plainObject(value)) return flat(value);
    if (Array.isArray(value) && value.some(plainObject)) {
      const own = value
        .filter(plainObject)
        .map((one) => textOf(one.value ?? one.name ?? one.address ?? one.primary ?? ""));
      return [[name, own.filter((one) => one !== "").join("; ")]];
    }
    return [[name, textOf(value)]];
  });
}

const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? ""
    : Array.isArray(value)
      ? value.map(textOf).join("; ")
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
