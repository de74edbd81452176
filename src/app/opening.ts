import type { Config } from "../config/read-config.ts";
import type { Runtime } from "./runtime.ts";

/** What opens a page that was kept, where settings want that; it loads with the first. */
export const openingOf = (
  { open }: Pick<Config, "open">,
  env: Readonly<Record<string, string | undefined>>,
): Runtime["openPage"] =>
  open ? async (file) => (await import("./open-kept.ts")).openKept(file, env) : undefined;
