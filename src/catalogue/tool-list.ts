import type { Effect } from "../../tools/schema/operation.ts";
import { type Reply, refuseFor } from "../reply/reply.ts";
import type { Hints } from "./catalogue.ts";
import { namesNow, type Renamed } from "./former-names.ts";
import type { PlainSchema } from "./schema.ts";
import { givesCodes, isChosen, type Offer, reachesAll } from "./toolsets.ts";

/** For hosts alone: no model reads it. */
export type ToolMeta = {
  /** For those that show a model few tools and search the rest. */
  readonly "anthropic/searchHint"?: string;
  readonly "anthropic/alwaysLoad"?: true;
  /** For those that show apps (MCP Apps): the page that shows what the tool answers. */
  readonly ui?: { readonly resourceUri: string };
};

/** What a record says for hosts. */
export interface ForHosts {
  /** Words that administrators use for it, and that its name and description have not. */
  readonly searchHint?: string;
  /** Used so often, or so often first, that searching it would cost more than it does. */
  readonly alwaysLoad?: true;
  /** The address of the app that shows what it answers. */
  readonly app?: string | undefined;
}

export function metaOf({ searchHint, alwaysLoad, app }: ForHosts): { readonly _meta?: ToolMeta } {
  const meta: ToolMeta = {
    ...(searchHint !== undefined && {
      "anthropic/searchHint": searchHint,
      ...(alwaysLoad && { "anthropic/alwaysLoad": true }),
    }),
    ...(app !== undefined && { ui: { resourceUri: app } }),
  };
  return Object.keys(meta).length === 0 ? {} : { _meta: meta };
}

/** A tool as clients see it, and what settings know it by. */
export interface OfferedTool extends Renamed {
  readonly section: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: PlainSchema;
  readonly annotations: Hints;
  readonly _meta?: ToolMeta;
  /** What it does to the academy, whatever its hints say of what it starts. */
  readonly effect: Effect;
  /** It takes `confirm` only where codes are given. */
  readonly coded?: true;
}

/**
 * The tools these settings offer, of all there are: the records' own rule (`createCatalogue`), on a list that
 * may have been made before the program was started.
 */
export const offeredTools = (all: readonly OfferedTool[], offer: Offer): readonly OfferedTool[] =>
  all
    .filter(({ section, name }) => isChosen(offer.sections, section, name))
    .filter(({ effect }) => effect === "read" || !offer.readOnly)
    .filter((tool) => offer.policy?.offers(tool) !== false)
    .map((tool) => (tool.coded && !givesCodes(offer) ? withoutConfirm(tool) : tool));

function withoutConfirm(tool: OfferedTool): OfferedTool {
  const { confirm: _, ...properties } = tool.inputSchema.properties;
  return { ...tool, inputSchema: { ...tool.inputSchema, properties } };
}

/** The names of the tools that can be called, be it through another one. */
export const reachableTools = (all: readonly OfferedTool[], offer: Offer): ReadonlySet<string> => {
  const within = reachesAll(offer.sections) ? { ...offer, sections: undefined } : offer;
  return new Set([...offeredTools(all, within), ...offeredTools(all, offer)].map(({ name }) => name));
};

/** By what tools are left out, and what whoever calls one can do about it. */
export interface LeftOutWords {
  readonly onlyReads: string;
  readonly toWrite: string;
  readonly sections: string;
  readonly leavesOut: string;
  readonly toAdd: (section: string) => string;
}
const byVariables: LeftOutWords = {
  onlyReads: "this server only reads (SKYPREP_READ_ONLY)",
  toWrite: "Whoever set this server up can unset SKYPREP_READ_ONLY.",
  sections: "SKYPREP_SECTIONS",
  leavesOut: "SKYPREP_SECTIONS leaves out",
  toAdd: (section) => `Whoever set this server up can add ${section} to SKYPREP_SECTIONS.`,
};

/** What to say to whoever calls a tool by name that settings leave out; undefined: there is no such tool. */
export type LeftOut = (name: string) => Reply | undefined;

export function leftOutTools(all: readonly OfferedTool[], offer: Offer, words = byVariables): LeftOut {
  const known = new Map(all.map((tool) => [tool.name, tool]));
  const now = namesNow(all);
  return (called) => {
    const name = now.get(called) ?? called;
    const tool = known.get(name);
    if (tool === undefined) return undefined;
    const { section, effect } = tool;
    const reads = effect === "read";
    if (offer.policy?.offers(tool) === false) {
      return refuseFor(
        "settings",
        `${name} is left out by the policy “${offer.policy.name}”; nothing was sent.`,
        "Whoever set this server up can change the policy.",
      );
    }
    if (offer.readOnly && !reads) {
      return refuseFor(
        "settings",
        `${name} changes something, and ${words.onlyReads}; nothing was sent.`,
        words.toWrite,
      );
    }
    if (reachesAll(offer.sections)) {
      const through = reads ? "read_operation" : "write_operation";
      return refuseFor(
        "settings",
        `${name} has no tool of its own here (${words.sections}); nothing was sent.`,
        `Call ${through} with operation ${JSON.stringify(name)}.`,
      );
    }
    // Where every operation is a tool of its own, nothing is left out.
    if (offer.sections === undefined) return undefined;
    return refuseFor(
      "settings",
      `${name} belongs to the section ${section}, which ${words.leavesOut}; nothing was sent.`,
      words.toAdd(section),
    );
  };
}
