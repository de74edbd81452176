import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";

/** The revisions of the protocol that clients may speak, the oldest first: those the SDK takes in an `initialize`, and those of the era after it, which it tells only when asked. */
export const protocols: readonly string[] = [...SUPPORTED_PROTOCOL_VERSIONS, "2026-07-28"].sort();

/** What we may send, by the first revision that knows it. A client of an earlier one may throw on it. */
const since = {
  structuredContent: "2025-06-18",
  resource_link: "2025-06-18",
  elicitation: "2025-06-18",
  "progress message": "2025-03-26",
  "server icons": "2025-11-25",
  extensions: "2025-11-25",
} as const;

/** The same for what is told of each tool in the list. */
const sinceOfTools: Readonly<Record<string, string>> = {
  annotations: "2025-03-26",
  title: "2025-06-18",
  outputSchema: "2025-06-18",
  _meta: "2025-06-18",
  icons: "2025-11-25",
};

/** Whether a client that negotiated this revision knows such a thing; undefined: none was, and the newest is meant. */
export const knows = (revision: string | undefined, thing: keyof typeof since): boolean =>
  revision === undefined || revision >= since[thing];

/** A tool as a client of this revision knows one. */
export function asKnownTo<T extends object>(revision: string | undefined, tool: T): T {
  const strange = Object.keys(tool).filter((name) => (sinceOfTools[name] ?? "") > (revision ?? "9"));
  if (strange.length === 0) return tool;
  return Object.fromEntries(Object.entries(tool).filter(([name]) => !strange.includes(name))) as T;
}
