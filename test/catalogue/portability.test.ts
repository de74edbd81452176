import { afterEach, describe, expect, it } from "vitest";
import type { PlainSchema } from "../../src/catalogue/schema.ts";
import { endAll, start } from "../program/child.ts";

afterEach(endAll);

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: PlainSchema;
  readonly annotations: Record<string, boolean>;
  readonly _meta?: Record<string, unknown>;
}
interface Seen {
  readonly tools: readonly Listed[];
  readonly instructions: string;
}

const modern = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};
const legacy = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };

/** What a process of its own tells a client of this era. */
async function seen(era: "legacy" | "modern", args: string[] = []): Promise<Seen> {
  const { ask, child } = start(["--sandbox", ...args]);
  const hello = await (era === "legacy" ? ask(1, "initialize", legacy) : ask(1, "server/discover", modern));
  const list = await ask(2, "tools/list", era === "legacy" ? {} : modern);
  child.stdin.end();
  return {
    instructions: (hello.result as { instructions: string }).instructions,
    tools: (list.result as { tools: Listed[] }).tools,
  };
}

/** Refused by one of Gemini, OpenAI, Cursor, VS Code and Copilot, or cut by one of them. */
const refused =
  /^(anyOf|oneOf|allOf|not|if|then|else|\$.*|exclusiveM(in|ax)imum|const|prefixItems|patternProperties|propertyNames|unevaluated.*|dependent.*|definitions)$/;
const types = ["object", "string", "integer", "number", "boolean", "array"];

/** Every reason why a client would refuse this schema, with its place. */
function faults(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [`${path} is no schema`];
  const {
    type,
    properties,
    items,
    additionalProperties,
    required,
    enum: values,
    ...rest
  } = schema as Record<string, unknown>;
  const own = properties as Record<string, unknown> | undefined;
  return [
    ...Object.keys(rest)
      .filter((word) => refused.test(word))
      .map((word) => `${path}.${word}`),
    ...(types.includes(type as string) ? [] : [`${path}.type is ${JSON.stringify(type)}`]),
    // Gemini refuses an object without properties, and OpenAI's strict mode drops what it holds.
    ...(type === "object" && /[.[]/.test(path) && Object.keys(own ?? {}).length === 0
      ? [`${path} has no properties`]
      : []),
    ...(type === "array" && items === undefined ? [`${path} has no items`] : []),
    ...(items === undefined ? [] : faults(items, `${path}[]`)),
    ...(additionalProperties === undefined ? [] : faults(additionalProperties, `${path}.*`)),
    ...((required as string[] | undefined) ?? [])
      .filter((name) => !own || !Object.hasOwn(own, name))
      .map((name) => `${path} requires ${name}`),
    ...(values === undefined || (values as unknown[]).every((one) => typeof one === "string")
      ? []
      : [`${path}.enum`]),
    ...Object.entries(own ?? {}).flatMap(([name, one]) => [
      ...(/^[a-z][a-z0-9_]{0,63}$/.test(name) ? [] : [`${path}.${name} is no name`]),
      ...faults(one, `${path}.${name}`),
    ]),
  ];
}

describe("what clients see, from two processes, in both eras", () => {
  it.each([
    ["everything", []],
    ["essentials", ["--sections", "essentials"]],
    ["what only reads", ["--read-only"]],
  ])("%s is taken by every client, and the same at every start", async (_, args) => {
    const { tools, instructions } = await seen("legacy", args);

    expect(tools.length).toBeGreaterThan(10);
    expect(tools.flatMap(({ name, inputSchema }) => faults(inputSchema, name))).toEqual([]);
    expect(tools.filter(({ inputSchema }) => Object.keys(inputSchema.properties).length === 0)).toEqual([]);
    for (const { name, title, description, inputSchema, annotations, _meta = {}, ...more } of tools) {
      expect(name).toMatch(/^[a-z][a-z_]{0,45}$/);
      expect(title.length, name).toBeLessThanOrEqual(60);
      expect(description.length, name).toBeLessThanOrEqual(1_024);
      expect(inputSchema.type, name).toBe("object");
      expect(inputSchema.properties, name).toBeTypeOf("object");
      expect(
        Object.values(annotations).every((hint) => typeof hint === "boolean"),
        name,
      ).toBe(true);
      expect(more, name).toEqual({});
      expect(
        Object.keys(_meta).filter((key) => !/^(anthropic\/(searchHint|alwaysLoad)|ui)$/.test(key)),
      ).toEqual([]);
    }
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    expect(instructions.length).toBeLessThanOrEqual(2_000);
    expect(await seen("legacy", args)).toEqual({ tools, instructions });
    expect(await seen("modern", args)).toEqual({ tools, instructions });
  });

  it("notices each of these", () => {
    const object = (properties: unknown) => ({ type: "object", properties });
    const wrong = [
      true,
      object({ a: true }),
      object({ a: { type: ["string", "null"] } }),
      object({ a: { anyOf: [] } }),
      object({ a: { type: "string", oneOf: [] } }),
      object({ a: { type: "array", items: { type: "object", allOf: [] } } }),
      object({ a: { type: "array" } }),
      object({ a: { type: "object", additionalProperties: { $ref: "#" } } }),
      object({ a: { type: "object", additionalProperties: false } }),
      object({ a: { type: "object", properties: {} } }),
      object({ a: { type: "object", additionalProperties: { type: "string" } } }),
      object({ a: { type: "integer", exclusiveMinimum: 0 } }),
      object({ a: { type: "string", enum: [1] } }),
      object({ "a b": { type: "string" } }),
      { ...object({}), $schema: "x" },
      { ...object({}), required: ["a"] },
    ];

    for (const schema of wrong) expect(faults(schema, "s"), JSON.stringify(schema)).not.toEqual([]);
  });
});
