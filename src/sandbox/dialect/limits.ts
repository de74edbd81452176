import { asJson, asPage, incoming, plain } from "../server/incoming.ts";
import type { Switches } from "./switch.ts";

const words = "Rate limit exceeded";

/** Who comes too often, and who comes to another address. */
export const limits = {
  "limit-is-429": {
    "without-retry-after": { over: () => incoming(429, plain, `${words}.`) },
    "503": { over: () => incoming(503, plain, `${words}, try again later.`) },
    page: { over: () => asPage(words, "You have sent too many requests. Please slow down.") },
    words: { over: () => asJson({ message: words }) },
  },
  "address-is-final": { https: { elsewhere: true } },
} satisfies Switches<"limit-is-429" | "address-is-final">;
