import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";

/** The revisions of the protocol that clients may speak, the oldest first: those the SDK takes in an `initialize`, and those of the era after it, which it tells only when asked. */
export const protocols: readonly string[] = [...SUPPORTED_PROTOCOL_VERSIONS, "2026-07-28"].sort();
