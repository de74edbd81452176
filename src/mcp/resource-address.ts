import { type ResourceRecord, resourceRecords } from "./resource-records.ts";

/** What an address asks for, decoded. */
export interface Asked {
  readonly record: ResourceRecord;
  readonly item: string | undefined;
  readonly query: ReadonlyMap<string, string>;
}

const scheme = "skyprep://";
const longest = 2_000;
const pattern = /^skyprep:\/\/([a-z]+)(?:\/([^/?#]+))?(?:\?([^#]*))?$/;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}]/u;

/** The variable an address leaves open. */
export const variableOf = (address: string): string | undefined => /\{(\w+)\}$/.exec(address)?.[1];

/** An address with a query, as RFC 6570 writes it. */
export const addressOf = (address: string, query: Readonly<Record<string, string>> = {}): string => {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length > 0 ? `${address}?${pairs.join("&")}` : address;
};

/**
 * Reads an address as text, not as a URL: a URL's reader would resolve `..` and hide what was asked.
 * Undefined: there is no such resource. A sentence: there is, but not so.
 */
export function readAddress(uri: string): Asked | string | undefined {
  const [, collection, segment, search = ""] = (uri.length <= longest && pattern.exec(uri)) || [];
  if (collection === undefined) return undefined;
  const found = Object.entries(resourceRecords).find(([address]) =>
    segment === undefined
      ? address === `${scheme}${collection}`
      : address.startsWith(`${scheme}${collection}/{`),
  );
  if (found === undefined) return undefined;
  const [, record] = found;
  const item = segment === undefined ? undefined : decoded(segment);
  if (item === null) return undefined;
  const query = readQuery(search, namesOf(record));
  return typeof query === "string" ? query : { record, item, query };
}

function namesOf({ source, whole }: ResourceRecord): readonly string[] {
  if (source === "exports") return ["offset", "whole"];
  return whole ? ["offset"] : (source.query ?? []);
}

function readQuery(search: string, allowed: readonly string[]): Map<string, string> | string {
  const query = new Map<string, string>();
  for (const pair of search.split("&").filter((one) => one !== "")) {
    const [name = "", ...rest] = pair.split("=");
    const value = decoded(rest.join("="));
    if (!allowed.includes(name)) {
      const there = allowed.length > 0 ? `it takes ${allowed.join(" and ")}` : "it takes none";
      return `${JSON.stringify(name.slice(0, 64))} is no parameter of this resource; ${there}.`;
    }
    if (value === null) return `${name} is not percent-encoded text.`;
    if (query.has(name)) return `${name} is given twice.`;
    // A template expanded without this variable.
    if (value !== "") query.set(name, value);
  }
  return query;
}

function decoded(text: string): string | null {
  try {
    const plain = decodeURIComponent(text).normalize("NFC");
    return invisible.test(plain) ? null : plain;
  } catch {
    return null;
  }
}
