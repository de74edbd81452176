import { createCatalogue } from "../../src/call/catalogue.ts";
import { sections } from "../../tools/index.ts";
import { asking, confirming, listing } from "../../tools/schema/fields.ts";
import type { Operation } from "../../tools/schema/operation.ts";

/** All tools, nothing filtered. */
export const { tools, reserved, reads } = createCatalogue(
  sections,
  { sections: undefined, readOnly: false, confirm: "ask" },
  { listing, asking, confirming },
);

/** What a person is asked about, of operations that have it. */
export const consequenceIn = (operation: Operation | undefined) =>
  operation === undefined || operation.effect === "read" ? undefined : operation.consequence;
