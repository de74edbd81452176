import type { PolicyTool } from "../catalogue/toolsets.ts";
import { explain, type Verdict, verdicts } from "../policy/explain.ts";
import { readPolicyAt } from "../policy/read-policy.ts";
import { count } from "../text/english.ts";

export interface PolicyCommand {
  readonly stdout: { write(text: string): unknown };
  readonly say: (line: string) => void;
  /** All tools there are. */
  readonly tools: readonly PolicyTool[];
}

export const usage = `skyprep-mcp policy check FILE says what a policy allows, and what is wrong with it.
Exit codes: 0 it can be followed, 1 it cannot, 2 wrong use.`;

const headings: readonly (readonly [Verdict, string])[] = [
  ["allowed", "Allowed"],
  ["asks", "Allowed, a person is always asked"],
  ["refused", "Refused"],
  ["outside", "Refused whatever they are called with, because they reach beyond it"],
  ["left out", "Left out"],
];

/** Gives the exit code. Names in it are looked up in the academy only when somebody calls: here nobody does. */
export function runPolicy(argv: readonly string[], { stdout, say, tools }: PolicyCommand): number {
  const [word, file, ...more] = argv;
  if (word !== "check" || file === undefined || more.length > 0) {
    say(
      `skyprep-mcp policy: ${word === undefined ? "say what to do" : "that is not how it is called"}.\n${usage}`,
    );
    return 2;
  }
  const policy = readPolicyAt(file, { tools });
  const print = (line: string) => void stdout.write(`${line}\n`);
  if ("wrong" in policy) {
    for (const why of policy.wrong) print(`✗ ${why}`);
    print("Until that is mended, a server with this policy reads and writes nothing.");
    return 1;
  }
  print(`The policy “${policy.name}”:`);
  const sentences = explain(policy);
  for (const line of sentences.length > 0 ? sentences : ["It narrows nothing."]) print(`- ${line}`);
  const all = verdicts(policy, tools);
  for (const [verdict, heading] of headings) {
    const names = all.filter(({ is }) => is === verdict).map(({ name }) => name);
    if (names.length > 0) print(`\n${heading} (${count(names.length, "tool")}): ${names.join(", ")}.`);
  }
  print("\nNames of courses, groups and paths are looked up when the server is first called.");
  return 0;
}
