import { isPairs } from "../../catalogue/schema.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { tidied } from "../../text/typed.ts";
import type { Args, Checkable } from "./check.ts";
import { pairsAsMaps } from "./field-pairs.ts";
import { isInstantFor, takeInstant } from "./given-instants.ts";
import {
  type GivenWorld,
  isOfLogins,
  propertyOf,
  type Taking,
  takeLogins,
  takeNumbers,
} from "./given-names.ts";

/** What a client gave, as it was meant; and what has to be said of that. */
export type Given =
  | { readonly raw: unknown; readonly notes: readonly string[] }
  | { readonly wrong: readonly string[] };

/**
 * A client's own arguments before they are checked: what is empty counts as left out, what our replies print is
 * taken back, a login loses what it was copied with. Steps of jobs never come this way: they are exact.
 */
export async function interpret(
  tool: Checkable,
  raw: unknown,
  world: GivenWorld,
  signal: AbortSignal,
): Promise<Given> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return { raw, notes: [] };
  const taking: Taking = { tool, world, signal, notes: [], wrong: [] };
  const args = withoutEmpty(readable(raw as Args, tool), taking);
  for (const [name, value] of Object.entries(args)) {
    const property = propertyOf(tool, name);
    if (property?.type === "integer" || property?.items?.type === "integer") {
      await takeNumbers(args, name, value, taking);
    } else if (isOfLogins(name)) await takeLogins(args, name, value, taking);
  }
  // Last: which session is meant says in which zone.
  for (const [name, value] of Object.entries(args))
    if (isInstantFor(tool, name)) await takeInstant(args, name, value, taking);
  return taking.wrong.length > 0 ? { wrong: taking.wrong } : { raw: args, notes: taking.notes };
}

/** What is given twice stays as it came, and the check says so; what is empty is told of here. */
function readable(raw: Args, { shape }: Checkable): Args {
  const { args, wrong } = pairsAsMaps(raw, shape);
  if (wrong.length > 0) return raw;
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, isEmpty(value) ? value : args[name]]),
  );
}

/** The call with the client's arguments as they were meant; what was made of them is said. */
export async function interpretedArguments(
  tool: Checkable | false | undefined,
  raw: unknown,
  world: GivenWorld & { readonly signal: AbortSignal },
  go: (args: unknown) => Promise<Reply> | Reply,
): Promise<Reply> {
  if (!tool) return go(raw);
  const meant = await interpret(tool, raw, world, world.signal);
  return "wrong" in meant
    ? refuse(`${tool.name} was not called; nothing was sent.`, ...meant.wrong)
    : noted(await go(meant.raw), meant.notes);
}

/** The reply, with what was made of the arguments. */
function noted(reply: Reply, notes: readonly string[]): Reply {
  if (notes.length === 0) return reply;
  const { structured } = reply;
  const all = [...[structured?.notes ?? []].flat(), ...notes];
  return {
    ...reply,
    text: [reply.text, ...notes].join("\n"),
    ...(structured && { structured: { ...structured, notes: all } }),
  };
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "string"
    ? tidied(value) === "" || value.trim() === "[]"
    : Array.isArray(value) && value.every((one) => one === null || isEmpty(one));

/** Who or what a call is about: leaving it out is no change of a field. */
const identity = /^(?:user_email|user_id|confirm|.*_ids?|fields|search|limit|cursor|fresh)$/;

function withoutEmpty(raw: Args, { tool, notes, wrong }: Taking): Args {
  const { shape, operation } = tool;
  const required = new Set(shape.plain.required ?? []);
  const isUpdate = operation.effect === "change" && operation.about !== undefined;
  // Defined, not assigned: a client may name __proto__, and is told that it is no argument.
  const kept = new Map<string, unknown>();
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const property = propertyOf(tool, name);
    if (property === undefined || required.has(name) || !isEmpty(value)) {
      const own = property && isPairs(property) ? withoutEmptyFlags(value, tool, name) : value;
      kept.set(name, Array.isArray(own) ? own.filter((one) => one !== null && !isEmpty(one)) : own);
    } else if (operation.widens?.includes(name)) {
      wrong.push(`${name} came empty: without it the call reaches everybody. Leave it out if that is meant.`);
    } else if (isUpdate && !identity.test(name)) {
      // A blank is how a text is emptied: nobody fills that in for what they do not need.
      if (typeof value === "string" && /^\s+$/.test(value) && mayBeEmptied(tool, name)) kept.set(name, "");
      else dropped.push(name);
    }
  }
  if (dropped.length > 0) {
    const said = leftAsItIs(dropped, tool);
    const changes = [...kept.keys()].some((name) => !identity.test(name));
    if (changes) notes.push(said);
    else wrong.push(`Nothing to change. ${said}`);
  }
  return Object.fromEntries(kept);
}

const mayBeEmptied = ({ operation }: Checkable, name: string): boolean =>
  operation.input.shape[name]?.safeParse("").success === true && !/date|time/.test(name);

function leftAsItIs(names: readonly string[], tool: Checkable): string {
  const emptied = names.filter((name) => mayBeEmptied(tool, name));
  const others = names.filter((name) => !emptied.includes(name));
  return [
    `${names.join(", ")} came empty, which counts as left out: not changed.`,
    ...(emptied.length > 0 ? [`To empty ${emptied.join(" or ")}, give a single blank.`] : []),
    ...(others.length > 0
      ? [`${others.join(", ")} cannot be emptied here: no way is known; SkyPrep's web admin can.`]
      : []),
  ].join(" ");
}

function withoutEmptyFlags(value: unknown, { shape }: Checkable, name: string): unknown {
  const isMap = [...shape.unlisted.values()].some(({ within }) => within === name);
  if (!isMap || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one)));
}
