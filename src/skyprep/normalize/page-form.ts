import type { Api } from "../api.ts";
import type { NormalizeWorld } from "./normalize-world.ts";

/** Answers in the form of the page's samples: unwrapped, with ids, flags, dates and statuses as they are there. */
export const inPageForm =
  (api: Api, _: NormalizeWorld): Api =>
  (route, form, signal, context) =>
    api(route, form, signal, context);
