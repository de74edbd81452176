import type { Api } from "./api.ts";
import { Failure } from "./failure.ts";
import { isPage } from "./response.ts";

/** A web page where data was promised, or an answer of any other kind. */
export type WhatCame = "page" | "data";

/** Remembers what came last: a page after good answers means something else than one page after another. */
export function watched(api: Api): { readonly api: Api; readonly lastCame: () => WhatCame | undefined } {
  let last: WhatCame | undefined;
  return {
    lastCame: () => last,
    api: async (...request) => {
      try {
        const reading = await api(...request);
        last = "data";
        return reading;
      } catch (error) {
        if (isPage(error)) last = "page";
        else if (error instanceof Failure && error.reached === "refused") last = "data";
        throw error;
      }
    },
  };
}
