import { validateHostHeader } from "@modelcontextprotocol/server";

/**
 * Whether a Host header names one of ours. The SDK reads it as an address would be, and takes what stands before an `@`
 * or behind a slash for parts of one: a Host has neither (RFC 9110 §7.2), and no address can be built of it then.
 */
export const isOurHost = (host: string | undefined, hosts: readonly string[]): boolean =>
  /^[\w.:[\]-]+$/.test(host ?? "") && validateHostHeader(host, [...hosts]).ok;
