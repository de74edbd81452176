import { z } from "zod";

const pattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** As it stands in an address: nothing that could be spelt in two ways. */
export const academyName = z
  .string()
  .regex(pattern, "write small letters, digits and hyphens, at most 63, e.g. acme-north");

/** Where a request goes, by its target as it was sent. Undefined: to none of ours. */
export function addressIn(
  target: string,
): { readonly academy: string; readonly readOnly: boolean } | undefined {
  const path = target.split("?", 1)[0] ?? "";
  const [, academy = "", readOnly] = /^\/mcp\/([^/]+)(\/readonly)?$/.exec(path) ?? [];
  return pattern.test(academy) ? { academy, readOnly: readOnly !== undefined } : undefined;
}
