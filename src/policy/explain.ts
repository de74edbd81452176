import type { PolicyTool } from "../catalogue/toolsets.ts";
import { and, count } from "../text/english.ts";
import { isNever } from "./never.ts";
import { counted, type Policy } from "./policy.ts";

const most = 5;
const listed = (things: readonly (number | string)[]): string => {
  const shown = things
    .slice(0, most)
    .map((one) => (typeof one === "number" ? String(one) : `“${one.slice(0, 60)}”`));
  return and([...shown, ...(things.length > most ? [`${things.length - most} more`] : [])]);
};

const things = (called: string, all: readonly (number | string)[]): string =>
  `${all.length === 1 ? called : `${called}s`} ${listed(all)}`;

/** Whom and what is seen, in one sentence; empty where nothing is narrowed. */
export function sayScope({ name, rules: { people, courses, groups, paths } }: Policy): string {
  const parts = [
    ...(people ? [`people in ${listed(people.in_groups)}`] : []),
    ...(courses ? [things("course", courses)] : []),
    ...(groups ? [things("group", groups)] : []),
    ...(paths ? [things("learning path", paths)] : []),
  ];
  return parts.length === 0 ? "" : `Policy “${name}”: only ${and(parts)} are seen here.`;
}

const units = {
  enrollments: "enrollment",
  access_ends: "end of access",
  mails: "mail",
  calls: "call to SkyPrep",
} as const;
const plurals = { access_ends: "ends of access", calls: "calls to SkyPrep" } as const;

/** All of a policy in sentences, for whoever set it up. */
export function explain(policy: Policy): string[] {
  const { rules, perHour, perDay } = policy;
  const { tools, effects, ask, refuse, personal_fields } = rules;
  const scope = sayScope(policy);
  const limits = (
    [
      ["an hour", perHour],
      ["a day", perDay],
    ] as const
  ).flatMap(([per, amounts]) =>
    counted.flatMap((name) => {
      const n = amounts[name];
      const words = n === undefined ? "" : count(n, units[name], plurals[name as keyof typeof plurals]);
      return n === undefined ? [] : [`At most ${words} ${per}, of everybody under this policy together.`];
    }),
  );
  return [
    ...(tools?.allow ? [`Only these tools: ${and(tools.allow)}.`] : []),
    ...(tools?.deny
      ? [`Never these tools; what of them writes, inside whole jobs neither: ${and(tools.deny)}.`]
      : []),
    ...(effects ? [`Only operations that ${and(effects.map((one) => deeds[one]))}.`] : []),
    ...(scope === ""
      ? []
      : [
          scope.replace(/^Policy “.*?”: only/, "Only").replace("are seen here", "are seen, read and changed"),
        ]),
    ...limits,
    ...(ask ? [`A person is asked about ${and(ask.map(plainly))}, also where nobody would be.`] : []),
    ...(refuse ? [`Never done: ${and(refuse.map(plainly))}.`] : []),
    ...(personal_fields === false ? ["Addresses, phones and birth dates are never shown."] : []),
  ];
}

/** Kinds of question, as a person would say them; tools by their names. */
const plainly = (word: string): string => ofKind[word] ?? word;
const ofKind: Readonly<Record<string, string>> = {
  irreversible: "what cannot be undone",
  removing: "what takes something away",
  credential: "ways to sign in",
  power: "rights over others",
  many: "enrolling many at once",
};

const deeds = {
  read: "read",
  add: "add",
  change: "change",
  remove: "remove",
  credential: "hand out ways to sign in",
} as const;

export type Verdict = "allowed" | "asks" | "refused" | "outside" | "left out";

/** What becomes of each tool under it. */
export function verdicts(
  policy: Policy,
  tools: readonly PolicyTool[],
): readonly { readonly name: string; readonly is: Verdict }[] {
  return tools.map((tool) => ({
    name: tool.name,
    is: !policy.offers(tool)
      ? "left out"
      : policy.refuses(tool)
        ? "refused"
        : isNever(policy, tool.name)
          ? "outside"
          : policy.asks(tool)
            ? "asks"
            : "allowed",
  }));
}
