import { createCatalogue } from "../../src/call/catalogue.ts";
import { sections } from "../../tools/index.ts";
import { asking, confirming, listing } from "../../tools/schema/fields.ts";

/** All tools, nothing filtered. */
export const { tools, reserved } = createCatalogue(
  sections,
  { sections: undefined, readOnly: false, confirm: "ask" },
  { listing, asking, confirming },
);
