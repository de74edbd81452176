import type { Hints, Offer } from "./catalogue.ts";
import { isChosen, reachesAll } from "./essentials.ts";
import type { PlainSchema } from "./schema.ts";

/** A tool as clients see it, and what settings know it by. */
export interface ReadyTool {
  readonly section: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: PlainSchema;
  readonly annotations: Hints;
  /** It takes `confirm` only where codes are given. */
  readonly coded?: true;
}

/**
 * The tools these settings offer, of all there are: the records' own rule (`createCatalogue`), on a list that
 * may have been made before the program was started.
 */
export const offered = (all: readonly ReadyTool[], offer: Offer): readonly ReadyTool[] =>
  all
    .filter(({ section, name }) => isChosen(offer.sections, section, name))
    .filter(({ annotations }) => annotations.readOnlyHint || !offer.readOnly)
    .map((tool) => (tool.coded && offer.confirm !== "ask" ? withoutConfirm(tool) : tool));

function withoutConfirm(tool: ReadyTool): ReadyTool {
  const { confirm: _, ...properties } = tool.inputSchema.properties;
  return { ...tool, inputSchema: { ...tool.inputSchema, properties } };
}

/** The names of the tools that can be called, be it through another one. */
export const reachable = (all: readonly ReadyTool[], offer: Offer): ReadonlySet<string> => {
  const within = reachesAll(offer.sections) ? { ...offer, sections: undefined } : offer;
  return new Set([...offered(all, within), ...offered(all, offer)].map(({ name }) => name));
};
