import { z } from "zod";
import { namesNow } from "../catalogue/former-names.ts";
import { essentials, jobs, type PolicyTool } from "../catalogue/toolsets.ts";
import { nearestTo } from "../text/nearest.ts";
import { doubleKeys } from "./double-keys.ts";
import { type Counted, counted, type LimitedAmounts, type Policy, type PolicyRules } from "./policy.ts";

const effects = ["read", "add", "change", "remove", "credential"] as const;
/** The kinds of question (docs/safety.md): what a call deserves as things stand, which only the guard can tell. */
const kinds = ["irreversible", "credential", "power", "removing", "many"] as const;

const says = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description });
const thing = z.union([z.int().positive(), z.string().trim().min(1).max(255)]);
const things = (what: string) =>
  says(z.array(thing).min(1).max(1000), `Only these ${what}: numbers, or names exactly as they are`);
const toolNames = z.array(z.string().trim().min(1).max(64)).min(1);
const amounts = says(
  z.strictObject(
    Object.fromEntries(
      counted.map((name) => [name, z.int().min(0).max(10_000_000).exactOptional()]),
    ) as Record<Counted, z.ZodOptional<z.ZodInt>>,
  ),
  "The most of each; what is not named is not limited here",
);
const named = says(
  z.array(z.string().trim().min(1).max(64)).min(1),
  `Tools, sections, effects (${effects.join(", ")}) or kinds of question (${kinds.join(", ")})`,
);

/** What an operator writes. Every key is optional, and each of them only narrows. */
export const PolicyFile = z
  .strictObject({
    $schema: says(z.string(), "Where an editor finds policy.schema.json").exactOptional(),
    about: says(z.string().max(500), "What this policy is for; for people").exactOptional(),
    tools: says(
      z.strictObject({
        allow: says(
          toolNames,
          "Only these tools: names, sections, or beginnings such as get_*",
        ).exactOptional(),
        deny: says(toolNames, "Not these tools, inside whole jobs neither").exactOptional(),
      }),
      "Which tools there are",
    ).exactOptional(),
    effects: says(z.array(z.enum(effects)).min(1), "Only operations that do this").exactOptional(),
    courses: things("courses").exactOptional(),
    groups: things("groups").exactOptional(),
    paths: things("learning paths").exactOptional(),
    people: says(
      z.strictObject({ in_groups: says(z.array(thing).min(1).max(50), "Members of these groups") }),
      "Only these people",
    ).exactOptional(),
    limits: says(
      z.strictObject({ per_hour: amounts.exactOptional(), per_day: amounts.exactOptional() }),
      "How much in an hour, in a day; of everybody who works under this policy together",
    ).exactOptional(),
    ask: says(named, "A person is asked about these, also where nobody would be").exactOptional(),
    refuse: says(named, "These are never done").exactOptional(),
    personal_fields: says(
      z.boolean(),
      "false: addresses, phones and birth dates are never shown, whatever SKYPREP_REVEAL says",
    ).exactOptional(),
  })
  .meta({ title: "skyprep-mcp policy", description: "What an agent may do and see. A policy only narrows." });

const isEffect = (word: string): boolean => (effects as readonly string[]).includes(word);
const isKind = (word: string): boolean => (kinds as readonly string[]).includes(word);

type Told = Pick<PolicyTool, "name" | "section"> & { readonly effect?: PolicyTool["effect"] };

/** A job that writes does what its steps do: each of them is told by its own effect. */
const told = ({ name, section, effect }: PolicyTool): Told =>
  section === jobs && effect !== "read" ? { name, section } : { name, section, effect };

const isNamed = (words: readonly string[], { name, section, effect }: Told): boolean =>
  words.some((word) => word === section || word === effect || matches(word, name));

const matches = (word: string, name: string): boolean =>
  word === name || (word.endsWith("*") && name.startsWith(word.slice(0, -1)));

/**
 * A policy, or every mistake in it, each as a sentence that says what to do. `tools`: all there are; empty where
 * nothing will be called.
 */
export function readPolicy(
  text: string,
  file: { readonly name: string; readonly digest: string },
  tools: readonly PolicyTool[],
): Policy | { readonly wrong: readonly string[] } {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return { wrong: ["it is not JSON: check commas, quotes and brackets."] };
  }
  const double = doubleKeys(text).map((key) => JSON.stringify(key.slice(0, 40)));
  if (double.length > 0) return { wrong: [`${double.slice(0, 5).join(", ")} stands there twice: keep one.`] };
  const read = PolicyFile.safeParse(raw);
  if (!read.success) return { wrong: read.error.issues.slice(0, 5).map(wordsOf) };
  const rules = withNamesNow(read.data, tools);
  const wrong = [...(tools.length > 0 ? strangeNames(rules, tools) : []), ...contradictions(rules, tools)];
  return wrong.length > 0 ? { wrong } : policyOf(rules, file);
}

/** A rule on a tool that was renamed since it was written holds as it did. */
function withNamesNow(rules: PolicyRules, tools: readonly PolicyTool[]): PolicyRules {
  const now = namesNow(tools);
  if (now.size === 0) return rules;
  const meant = (words: readonly string[]) => [
    ...new Set(
      words.flatMap((word) => {
        const renamed = [...now].flatMap(([former, name]) => (matches(word, former) ? [name] : []));
        const isGone = renamed.length > 0 && !tools.some(({ name }) => matches(word, name));
        return [...(isGone ? [] : [word]), ...renamed];
      }),
    ),
  ];
  const { tools: named, ask, refuse } = rules;
  return {
    ...rules,
    ...(named && {
      tools: {
        ...named,
        ...(named.allow && { allow: meant(named.allow) }),
        ...(named.deny && { deny: meant(named.deny) }),
      },
    }),
    ...(ask && { ask: meant(ask) }),
    ...(refuse && { refuse: meant(refuse) }),
  };
}

function policyOf(
  rules: PolicyRules,
  { name, digest }: { readonly name: string; readonly digest: string },
): Policy {
  const { allow, deny = [] } = rules.tools ?? {};
  const { ask = [], refuse = [], limits = {} } = rules;
  const isRight = ({ effect, section }: PolicyTool) =>
    rules.effects === undefined ||
    rules.effects.includes(effect) ||
    // A job that writes does what its steps may do.
    (section === jobs && effect !== "read" && rules.effects.some((one) => one !== "read"));
  const permits = (tool: PolicyTool) => !isNamed(deny, tool) && isRight(tool);
  return {
    name,
    digest,
    rules,
    permits,
    // Through these the tools it allows are reached where none is listed by itself.
    offers: (tool) =>
      (allow === undefined || tool.section === essentials || isNamed(allow, tool)) && permits(tool),
    asks: (tool) => isNamed(ask, told(tool)),
    refuses: (tool) => isNamed(refuse, told(tool)),
    asksKind: (kind) => kind !== undefined && ask.includes(kind),
    refusesKind: (kind) => kind !== undefined && refuse.includes(kind),
    perHour: amountsIn(limits.per_hour),
    perDay: amountsIn(limits.per_day),
  };
}

const amountsIn = (given: Readonly<Record<string, number | undefined>> = {}): LimitedAmounts =>
  Object.fromEntries(Object.entries(given).filter(([, most]) => most !== undefined));

function wordsOf({ path, code, message, ...more }: z.core.$ZodIssue): string {
  const at = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
  if (code === "unrecognized_keys" && "keys" in more) {
    const keys = (more.keys as readonly string[]).map((key) => JSON.stringify(key.slice(0, 40)));
    const known = path.length === 0 ? `; there are ${Object.keys(PolicyFile.shape).slice(1).join(", ")}` : "";
    return `${at}there is no key ${keys.join(", ")}${known}.`;
  }
  return `${at}${message.replace(/^Invalid input: /, "")}.`;
}

/** Names that mean nothing: a rule that was meant would not hold. */
function strangeNames({ tools: named, ask, refuse }: PolicyRules, tools: readonly PolicyTool[]): string[] {
  const sections = new Set(tools.map(({ section }) => section));
  const isTool = (word: string) =>
    sections.has(word) ||
    tools.some((tool) => isNamed([word], { ...tool, effect: "read" }) && word !== "read");
  const plain = (word: string) => isTool(word);
  const wide = (word: string) => isTool(word) || isEffect(word) || isKind(word);
  const places: readonly (readonly [string, readonly string[] | undefined, (word: string) => boolean])[] = [
    ["tools.allow", named?.allow, plain],
    ["tools.deny", named?.deny, plain],
    ["ask", ask, wide],
    ["refuse", refuse, wide],
  ];
  return places.flatMap(([place, words = [], isKnown]) =>
    words
      .filter((word) => !isKnown(word))
      .map((word) => {
        const [near] = nearestTo(word, [...tools.map(({ name }) => name), ...sections, ...effects, ...kinds]);
        return `${place}: there is no ${JSON.stringify(word)}${near === undefined ? "" : `; did you mean ${near}?`}`;
      }),
  );
}

const isOfReads = (word: string, tools: readonly PolicyTool[]): boolean => {
  const meant = tools.filter((tool) => isNamed([word], tool));
  return meant.length > 0 && meant.every(({ effect }) => effect === "read");
};

/** What cannot hold together: nobody could tell which of the two was meant. */
function contradictions(rules: PolicyRules, tools: readonly PolicyTool[]): string[] {
  const { allow, deny = [] } = rules.tools ?? {};
  const { ask = [], refuse = [], limits = {} } = rules;
  const wrong: string[] = [];
  for (const word of allow ?? [])
    if (deny.includes(word)) wrong.push(`tools: ${word} is allowed and denied.`);
  for (const word of ask) if (refuse.includes(word)) wrong.push(`${word} is in ask and in refuse.`);
  for (const word of ask)
    if (word === "read" || isOfReads(word, tools))
      wrong.push(
        `ask: ${word} only reads, and a person is asked before a change only; use refuse or tools.deny.`,
      );
  for (const word of rules.effects ?? [])
    if (refuse.includes(word)) wrong.push(`effects allows ${word}, and refuse forbids it.`);
  const hour: Readonly<Record<string, number | undefined>> = limits.per_hour ?? {};
  const day: Readonly<Record<string, number | undefined>> = limits.per_day ?? {};
  for (const name of counted) {
    const [inHour, inDay] = [hour[name], day[name]];
    if (inHour !== undefined && inDay !== undefined && inHour > inDay)
      wrong.push(`limits: ${name} may be ${inHour} an hour, but ${inDay} a day.`);
  }
  if (wrong.length === 0 && tools.length > 0) {
    const policy = policyOf(rules, { name: "", digest: "" });
    const none = (words: readonly string[]) =>
      words.filter((word) => !tools.some((tool) => isNamed([word], tool) && policy.offers(tool)));
    const idle = none(allow ?? []);
    if (allow !== undefined && idle.length > 0)
      wrong.push(`tools.allow: ${idle.join(", ")} can never be called under this file's effects and deny.`);
    else if (!tools.some(policy.offers)) wrong.push("it allows no tool at all.");
  }
  return wrong;
}
