import { readFileSync } from "node:fs";

/** The API page as data: per route, its sample parameters and sample answer (test/samples/routes.json). */
export interface PageRoute {
  route: string;
  params: { name: string; sample: string }[];
  /** Missing where the page shows none. */
  response?: unknown;
}

export const pageRoutes = JSON.parse(
  readFileSync(new URL("../samples/routes.json", import.meta.url), "utf8"),
) as Record<string, PageRoute>;
