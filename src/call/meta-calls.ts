import type { Catalogue, Tool } from "../catalogue/catalogue.ts";
import { metaTools } from "../catalogue/meta-tools.ts";
import { shapeOf } from "../catalogue/schema.ts";
import { type Reply, refuseFor } from "../reply/reply.ts";
import { fold } from "../text/fold.ts";
import type { Args } from "./check/check.ts";
import { pairIn } from "./check/interpret.ts";
import type { Workflow } from "./job-context.ts";

/** What was really called: an operation with its own arguments, or why it cannot be. */
export type MetaCall = {
  readonly raw: Args;
  /** Where it was called by a former name. */
  readonly calledAs?: string;
} & ({ readonly tool: Tool } | { readonly refusal: Reply });

/** The operation that a call of `read_operation` or `write_operation` stands for. */
export function resolveMetaCall(
  name: string,
  raw: unknown,
  { reach, records, leftOut, now }: Pick<Catalogue, "reach" | "records" | "leftOut" | "now">,
  hide: (text: string) => string,
): MetaCall {
  const { operation, arguments: inner, ...more } = (raw ?? {}) as Args;
  const said = typeof operation === "string" ? operation.trim() : "";
  const wanted = now.get(said) ?? said;
  const own = objectIn(inner);
  const no = (...why: string[]) => ({
    raw: own ?? {},
    refusal: refuseFor("arguments", `${name} called nothing; nothing was sent.`, ...why),
  });
  const code = Object.hasOwn(metaTools[name as keyof typeof metaTools].input.shape, "confirm")
    ? "confirm"
    : undefined;
  const strange = Object.keys(more).filter((one) => one !== code);
  if (strange.length > 0) {
    const named = strange.slice(0, 5).map((one) => JSON.stringify(hide(one).slice(0, 64)));
    return no(`${named.join(", ")}: what the operation takes goes into arguments.`);
  }
  if (own === undefined) return no("arguments must be an object of names and values, e.g. {}.");
  const tool = reach.get(wanted);
  if (tool === undefined) {
    return records.has(wanted)
      ? no(leftOut(wanted))
      : no(
          `There is no operation ${JSON.stringify(hide(wanted).slice(0, 64))}: find_operation finds them by words.`,
        );
  }
  const reads = tool.operation.effect === "read";
  if (reads !== (name === "read_operation")) {
    return no(
      `${wanted} ${reads ? "only reads: use read_operation" : "changes something: use write_operation"}.`,
    );
  }
  const agreed = code && more[code] !== undefined && more[code] !== null ? { [code]: more[code] } : {};
  return { tool, raw: { ...own, ...agreed }, ...(said !== wanted && { calledAs: said }) };
}

/** As JSON in a text, as the schema has it, as an object, or as a list of `{field, is}`. */
function objectIn(value: unknown): Args | undefined {
  if (value === undefined || value === null || value === "") return {};
  let object = value;
  if (typeof value === "string") {
    try {
      object = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  if (Array.isArray(object)) {
    const pairs = object.map(pairIn);
    const names = new Set(pairs.map((pair) => pair?.field));
    // Two of one name are two calls: neither is guessed.
    if (names.size < pairs.length || names.has(undefined)) return object.length === 0 ? {} : undefined;
    return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair.field, pair.is]] : [])));
  }
  return typeof object === "object" && object !== null ? (object as Args) : undefined;
}

const mostShown = 4;
const mostNamed = 12;

export const operationFinder = (catalogue: Catalogue): Workflow => ({
  tool: {
    name: "find_operation",
    operation: metaTools.find_operation,
    get shape() {
      return shapeOf(metaTools.find_operation.input);
    },
  },
  run: async ({ words }) => findOperation(String(words), catalogue),
});

/** The operations that these words mean best: a few in full, the next ones by name. */
function findOperation(words: string, { reach }: Catalogue): Reply {
  const wanted = wordsIn(words);
  const found = [...reach.values()]
    .map((tool) => ({ tool, score: scoreOf(tool, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ tool }) => tool);
  if (found.length === 0) {
    return {
      outcome: "done",
      text: "Nothing here is said in these words. Try what it is about: user, course, group, session, report …",
      structured: { items: [], others: [] },
    };
  }
  const items = found.slice(0, mostShown).map(({ name, operation, shape }) => ({
    name,
    call_with: operation.effect === "read" ? "read_operation" : "write_operation",
    does: operation.description,
    input: shape.plain,
  }));
  const others = found.slice(mostShown, mostNamed).map(({ name }) => name);
  const shown = items.map(
    ({ name, call_with, does, input }) =>
      `${name} (${call_with}): ${does}\n  input: ${JSON.stringify(input)}`,
  );
  return {
    outcome: "done",
    text: [...shown, ...(others.length > 0 ? [`Also near: ${others.join(", ")}`] : [])].join("\n"),
    structured: { items, others },
  };
}

/** Without endings, so that "enrolled" finds "enroll" and "groups" finds "group". */
const wordsIn = (text: string): string[] =>
  fold(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)
    .map((word) =>
      word.replace(/(?:ment|ments|ed|ing|es|s)$/, (end) => (word.length - end.length < 3 ? end : "")),
    );

/** Arguments that are listed as fields of a list. */
const fieldsOf = ({ unlisted }: Tool["shape"]): string[] =>
  [...unlisted].flatMap(([name, { within }]) => (within === undefined ? [] : [name]));

/** Words in its name count most, each once; rare words in descriptions decide between equals. */
function scoreOf({ name, section, operation, shape }: Tool, wanted: readonly string[]): number {
  const places = [
    [name, 6],
    [operation.title, 4],
    [section, 2],
    [operation.description, 2],
    [operation.searchHint ?? "", 2],
    [[...Object.keys(shape.plain.properties), ...fieldsOf(shape)].join(" "), 1],
  ] as const;
  const there = places.map(
    ([text, weight]) => [new Set(wordsIn(text.replaceAll("_", " "))), weight] as const,
  );
  const scores = [...new Set(wanted)].map((word) => there.find(([text]) => text.has(word))?.[1] ?? 0);
  const sum = scores.reduce<number>((total, one) => total + one, 0);
  // What says all of it stands before what says one word of it twice.
  return scores.every((one) => one > 0) ? sum * 2 : sum;
}
