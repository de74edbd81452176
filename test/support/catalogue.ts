import { createCatalogue } from "../../src/call/catalogue.ts";
import { sections } from "../../tools/index.ts";
import { asking, listing } from "../../tools/schema/fields.ts";

/** All tools, nothing filtered. */
export const { tools, reserved } = createCatalogue(
  sections,
  { sections: undefined, readOnly: false },
  { listing, asking },
);
