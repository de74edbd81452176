import type { Api } from "../api.ts";
import type { NormalizeWorld } from "./normalize-world.ts";

/** Lists that the page promises whole, read to their end; pages of as many rows as asked for. */
export const wholeLists =
  (api: Api, _: NormalizeWorld): Api =>
  (route, form, signal, context) =>
    api(route, form, signal, context);
