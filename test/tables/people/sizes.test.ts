import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exampleOf, type Tool } from "../../../src/catalogue/catalogue.ts";
import { openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";
import { often } from "../../support/long.ts";

/** More than any reply may hold. */
const people = often({ long: 20_000, short: 2_000 });
let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeAll(async () => {
  academy = await openAcademy({ people, env: { SKYPREP_REVEAL: "personal" } });
});
afterAll(() => academy.close());

/** Any value an argument may have: its example, its extremes, or something of its type. */
function anyValue(tool: Tool, name: string): fc.Arbitrary<unknown> {
  const property = tool.shape.plain.properties[name];
  const example = tool.shape.details.get(name)?.example;
  if (name === "limit") return fc.integer({ min: 1, max: 500 });
  if (name === "fields") return fc.constant(fieldsOf(tool));
  if (name === "search") return fc.constantFrom("a", "e", "son", "learner", "zzz");
  if (/_id$/.test(name) && property?.type === "integer") {
    return fc.oneof(fc.constant(example), fc.integer({ min: Number(example), max: Number(example) + 12 }));
  }
  return fc.constant(example);
}

function fieldsOf({ operation: { output } }: Tool): string[] {
  if (output.as !== "many") return ["id"];
  return Object.keys(output.kind.schema.shape)
    .filter((field) => !output.kind.nested?.[field])
    .slice(0, 40);
}

const anyCall = fc.constantFrom(...tools.values()).chain((tool) => {
  const optional = Object.keys(tool.shape.plain.properties).filter(
    (name) => name !== "cursor" && !(name in exampleOf(tool)),
  );
  return fc
    .tuple(
      fc.subarray(optional),
      fc.record(
        Object.fromEntries(
          Object.keys(tool.shape.plain.properties).map((name) => [name, anyValue(tool, name)]),
        ),
      ),
    )
    .map(([chosen, values]) => {
      const named = [...Object.keys(exampleOf(tool)), ...chosen];
      return { tool: tool.name, args: Object.fromEntries(named.map((name) => [name, values[name]])) };
    });
});

it(`no reply is over its size, for any tool with any of its arguments, among ${people} people`, async () => {
  await fc.assert(
    fc.asyncProperty(anyCall, async ({ tool, args }) => {
      const reply = await academy.call(tool, args);

      expect(Buffer.byteLength(reply.text), tool).toBeLessThanOrEqual(40_000);
      expect(Buffer.byteLength(JSON.stringify(reply.structured ?? {})), tool).toBeLessThanOrEqual(60_000);
    }),
    { numRuns: often({ long: 250, short: 60 }) },
  );
}, 600_000);
