import type { z } from "zod";
import type { Kind } from "../../../tools/schema/answer.ts";
import type { Operation } from "../../../tools/schema/operation.ts";
import { isRecord } from "./is-record.ts";
import { shapeIn } from "./record-plan.ts";

type Fields = Readonly<Record<string, unknown>>;
const plain = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase();

/** Wrappers, rows, what is inside rows. */
const deepest = 6;
/** People choose these names themselves. */
const own = "custom_fields";

/**
 * Fields under the names of the page where an academy writes `userEmail`, and out of JSON:API's `attributes`. A name is
 * changed only into one that the page knows; answers as on the page are told by their first record, and not copied.
 */
export function createPageNames(records: ReadonlyMap<string, Operation>): (value: unknown) => unknown {
  const names = new Set<string>(["user_id", "course_id", "deleted_at"]);
  const met = new Set<Kind>();
  const meet = (kind: Kind): void => {
    if (met.has(kind)) return;
    met.add(kind);
    namesIn(kind.schema.shape);
    for (const nested of Object.values(kind.nested ?? {})) meet(nested);
  };
  function namesIn(shape: Readonly<Record<string, z.core.$ZodType>>): void {
    for (const [name, schema] of Object.entries(shape)) {
      names.add(name);
      const within = shapeIn(schema);
      if (within !== undefined) namesIn(within);
    }
  }
  for (const { output } of records.values()) if ("kind" in output) meet(output.kind);

  /** The page's name of a field that is written otherwise; undefined: it is not. */
  function onPage(name: string): string | undefined {
    if (names.has(name) || !/[A-Z]/.test(name)) return undefined;
    const called = plain(name);
    return names.has(called) ? called : undefined;
  }

  function isOther(value: unknown, deep = deepest): boolean {
    if (deep === 0) return false;
    if (Array.isArray(value)) return isOther(value.find(isRecord), deep - 1);
    if (!isRecord(value)) return false;
    if (attributesOf(value) !== undefined) return true;
    return Object.entries(value).some(
      ([name, inside]) =>
        onPage(name) !== undefined ||
        (typeof inside === "object" && inside !== null && plain(name) !== own && isOther(inside, deep - 1)),
    );
  }

  function renamed(value: unknown, deep = deepest): unknown {
    if (deep === 0) return value;
    if (Array.isArray(value)) return value.map((one) => renamed(one, deep - 1));
    if (!isRecord(value)) return value;
    const row: Record<string, unknown> = {};
    for (const [name, inside] of Object.entries(flat(value))) {
      const called = onPage(name);
      const as = called === undefined || called in value ? name : called;
      row[as] = as === own ? inside : renamed(inside, deep - 1);
    }
    return row;
  }

  return (value) => (isOther(value) ? renamed(value) : value);
}

/** What a record of JSON:API has beside its fields. */
const resource = new Set(["id", "type", "attributes", "relationships", "links", "meta"]);

function attributesOf(record: Fields): Fields | undefined {
  const { attributes } = record;
  const isResource =
    isRecord(attributes) && "id" in record && Object.keys(record).every((one) => resource.has(one));
  return isResource ? attributes : undefined;
}

function flat(record: Fields): Fields {
  const attributes = attributesOf(record);
  return attributes === undefined ? record : { ...attributes, id: record.id };
}
