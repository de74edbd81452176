import type { z } from "zod";
import type { Consequence } from "../../tools/schema/consequence.ts";
import type { Effect, Operation, Section } from "../../tools/schema/operation.ts";
import { codeAllowed } from "../guard/policy/approval-policy.ts";
import { consequencesIn } from "../guard/policy/consequence.ts";
import { namesNow } from "./former-names.ts";
import { metaTools } from "./meta-tools.ts";
import { type Shape, shapeOf } from "./schema.ts";
import { essentials, givesCodes, isChosen, type Offer, reachesAll } from "./toolsets.ts";

/** The client's hints, all four, from the record's one word (contract §1). */
export interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** A record as a tool: everything derived from it, once. */
export interface Tool {
  readonly name: string;
  readonly route: string;
  readonly section: string;
  readonly operation: Operation;
  readonly hints: Hints;
  readonly shape: Shape;
}

/** What tools take besides their record's input; never sent as it is. */
export interface Besides {
  /** Every tool that lists. */
  readonly listing: z.ZodRawShape;
  /** Every tool that a code can be given for. */
  readonly confirming: z.ZodRawShape;
}

export const toolName = (route: string): string => route.replace("instructor_led_training", "ilt");

const repeatable: Record<Effect, boolean> = {
  read: true,
  change: true,
  remove: true,
  add: false,
  credential: false,
};

/** What a record says of its effect, and where that is not all. */
export type Hinted = Pick<Operation, "effect" | "idempotent" | "starts"> & {
  /** Of an operation: what a person may be asked about. */
  readonly consequence?: Pick<Consequence, "kind">;
  readonly also?: readonly Pick<Consequence, "kind">[];
  /** It knows this computer alone. */
  readonly closedWorld?: true;
};

/** What a person may be asked about as a loss is one, whatever the effect: enrolling can give an end, or archive. */
const isLoss = ({ kind }: Pick<Consequence, "kind">) => kind === "removing" || kind === "irreversible";

export const hintsOf = ({
  effect,
  idempotent,
  consequence,
  also = [],
  starts,
  closedWorld,
}: Hinted): Hints => ({
  readOnlyHint: effect === "read" && starts !== true,
  destructiveHint:
    effect === "change" ||
    effect === "remove" ||
    [...(consequence ? [consequence] : []), ...also].some(isLoss),
  idempotentHint: idempotent ?? repeatable[effect],
  openWorldHint: closedWorld !== true,
});

/**
 * The tools on offer, in the page's order: settings alone decide (contract §2).
 * `reserved` holds every parameter any record names; `extra` may not carry those, offered or not.
 */
export function createCatalogue(sections: Readonly<Record<string, Section>>, offer: Offer, besides: Besides) {
  const tools = new Map<string, Tool>();
  // What can be called without a tool of its own.
  const reach = new Map<string, Tool>();
  // What jobs are built on, whichever tools are listed beside them: whoever offers a job offers its steps.
  const steps = new Map<string, Tool>();
  // What tools take for paging is not SkyPrep's to be told by the side door.
  const reserved = new Set<string>(["limit", "offset", "page", "per_page", "cursor", "fresh"]);
  const reads = new Set<string>();
  const records = new Map<string, { readonly route: string; readonly operation: Operation }>();
  for (const [section, operations] of Object.entries(sections)) {
    for (const [route, record] of Object.entries(operations)) {
      const operation = asTaken(record, besides, offer);
      for (const argument of Object.keys(record.input.shape)) {
        reserved.add(argument).add(operation.wire?.[argument]?.as ?? argument);
      }
      if (operation.effect === "read") reads.add(route);
      records.set(toolName(route), { route, operation });
      if (offer.readOnly && operation.effect !== "read") continue;
      const name = toolName(route);
      const tool: Tool = {
        name,
        route,
        section,
        operation,
        hints: hintsOf(operation),
        // No schema is converted before its tool is called, and then once.
        get shape() {
          const shape = shapeOf(operation.input);
          Object.defineProperty(tool, "shape", { value: shape, enumerable: true });
          return shape;
        },
      };
      const ofPolicy = { name, section, effect: operation.effect };
      if (offer.policy?.permits(ofPolicy) === false) continue;
      steps.set(name, tool);
      if (offer.policy?.offers(ofPolicy) === false) continue;
      const listed = isChosen(offer.sections, section, name);
      if (listed || reachesAll(offer.sections)) reach.set(name, tool);
      if (listed) tools.set(name, tool);
    }
  }
  const now = namesNow(
    [...reach.values()].map(({ name, operation: { was } }) => ({ name, ...(was && { was }) })),
  );
  const through = new Set(
    Object.entries(metaTools)
      .filter(
        ([name, { effect }]) =>
          isChosen(offer.sections, essentials, name) &&
          (effect === "read" || !offer.readOnly) &&
          offer.policy?.offers({ name, section: essentials, effect }) !== false,
      )
      .map(([name]) => name),
  );
  /** Why an operation that there is cannot be called. */
  const leftOut = (name: string): string => {
    const reads = records.get(name)?.operation.effect === "read";
    return offer.policy && (reads || !offer.readOnly)
      ? `${name} is left out by the policy “${offer.policy.name}”.`
      : `${name} changes something, and this server is set to read only.`;
  };
  return { tools, reach, steps, ways: through, reserved, reads, records, leftOut, now } as const;
}

const extended = new WeakMap<Operation, { readonly by: z.ZodRawShape; readonly operation: Operation }>();

/** Once for each record, so that its schema is converted once, however often a catalogue is made of it. */
function asTaken(record: Operation, besides: Besides, offer: Offer): Operation {
  const by = lists(record) ? besides.listing : takesCode(record, offer) ? besides.confirming : undefined;
  if (by === undefined) return record;
  const known = extended.get(record);
  if (known?.by === by) return known.operation;
  const more = by === besides.listing ? listingOf(record, by) : by;
  const operation = { ...record, input: record.input.extend(more) };
  extended.set(record, { by, operation });
  return operation;
}

const takesCode = (record: Operation, offer: Offer): boolean =>
  givesCodes(offer) && consequencesIn(record).some(({ kind }) => codeAllowed.includes(kind));

function listingOf(record: Operation, listing: z.ZodRawShape): z.ZodRawShape {
  const { limit, fields, search, fresh, ...always } = listing;
  return {
    // Another size of page is asked for where rows are many, and no words find one of them.
    ...(limit && { limit: isWide(record) ? limit : unlisted(limit) }),
    ...always,
    ...(search && { search: isSearched(record) ? search : unlisted(search) }),
    ...(fields && { fields: isWide(record) ? fields : unlisted(fields) }),
    // Every answer of what is kept names it.
    ...(fresh && { fresh: unlisted(fresh) }),
  };
}

/** Taken, but not worth its tokens in every conversation; a refusal names it. */
const unlisted = (field: z.core.$ZodType): z.ZodType => {
  const schema = field as z.ZodType;
  return schema.meta({ ...schema.meta(), unlisted: true });
};

/** Every token of the list is paid in every conversation: `fields` stands where the tenant's own fields, or many, are. */
const isWide = ({ paging, brings }: Operation): boolean => paging !== undefined || brings !== undefined;
const isSearched = ({ output }: Operation): boolean => "kind" in output && output.kind.searched === true;

/** Whether a tool hands out a list a page at a time. */
export const lists = ({ effect, output }: Operation): boolean => effect === "read" && output.as === "many";

export type Catalogue = ReturnType<typeof createCatalogue>;
/** Every operation by its tool's name, offered or not. */
export type Records = Catalogue["records"];

/** The smallest call of a tool that makes sense, from its fields' own examples. */
export function exampleOf({ operation, shape }: Pick<Tool, "operation" | "shape">): Record<string, unknown> {
  const { person, example = [] } = operation;
  const named = [
    ...(shape.plain.required ?? []),
    ...(person && !person.optional ? [person.knows === "user_email" ? "user_email" : "user_id"] : []),
    ...example,
  ];
  return Object.fromEntries(named.map((name) => [name, shape.details.get(name)?.example]));
}
