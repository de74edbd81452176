import { asJson, asPage } from "../server/incoming.ts";
import { Refusal } from "../server/route.ts";
import type { Switch, Switches } from "./switch.ts";

const shutSections =
  /power_user|^get_(user_roles|datasets|payments|report|async_report)$|async_report$|saved_advanced_report/;

const opensSome = (status: number): Switch => ({
  shut: (route) =>
    shutSections.test(route) ? new Refusal(status, "This API key may not call this route") : undefined,
});

/** How what went wrong is said, and what a key does not open. */
export const errors = {
  "errors-are-text": {
    error: { error: (status, words) => asJson({ error: words }, status) },
    errors: { error: (status, words) => asJson({ errors: [words] }, status) },
    "error-message": { error: (_, words) => asJson({ error_message: words }) },
    "on-200": { error: (_, words) => asJson({ error: words }) },
    "page-on-200": { error: () => asPage("We're sorry, but something went wrong.", "") },
  },
  "key-opens-all": { "some-403": opensSome(403), "some-401": opensSome(401) },
} satisfies Switches<"errors-are-text" | "key-opens-all">;
