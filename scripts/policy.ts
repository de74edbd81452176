import { z } from "zod";
import { PolicyFile } from "../src/policy/policy-file.ts";

/** For editors: completes and checks a policy's file while it is written. */
export const policySchema = () => ({
  $id: "https://github.com/skyprep-mcp/skyprep-mcp/raw/main/policy.schema.json",
  ...z.toJSONSchema(PolicyFile, { io: "input" }),
});

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** Each key of a policy with what it says, those inside others behind a point. */
export function policyKeys(node: Node = policySchema() as Node, before = ""): (readonly [string, string])[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
    const key = `${before}${name}`;
    const own = inner.description === undefined ? [] : [[key, inner.description] as const];
    return name === "$schema" ? own : [...own, ...policyKeys(inner, `${key}.`)];
  });
}
