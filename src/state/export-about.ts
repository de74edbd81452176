import { z } from "zod";

/** What is kept beside the bytes, wherever they stand. */
export const AboutExport = z.object({
  name: z.string(),
  extension: z.enum(["csv", "xlsx", "txt", "html"]),
  bytes: z.number().int().nonnegative(),
  rows: z.number().optional(),
  columns: z.array(z.string()).optional(),
});

export const exportIdPattern = /^[a-z0-9-]{8,40}$/;

/** A name a person recognizes among others, and what nobody can guess. */
export function exportId(name: string, random: string): string {
  const unguessable = random
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, 16);
  if (unguessable.length < 8) throw new RangeError("random gave fewer than 8 letters or digits");
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 23)
    .replace(/^-+|-+$/g, "");
  return `${slug || "report"}-${unguessable}`;
}
