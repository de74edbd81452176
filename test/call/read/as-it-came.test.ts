import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { asItCame } from "../../../src/reply/as-it-came.ts";
import { sections } from "../../../tools/index.ts";
import type { Kind } from "../../../tools/schema/answer.ts";

const withNested = (kind: Kind): Kind[] => [kind, ...Object.values(kind.nested ?? {}).flatMap(withNested)];
const kinds = Object.values(sections)
  .flatMap((section) => Object.values(section))
  .flatMap(({ output }) => ("kind" in output ? withNested(output.kind) : []));
const schemas = new Set(kinds.flatMap(({ schema }) => Object.values(schema.shape)));

/** As it may stand in JSON. */
const values = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom("", "1", "true", "null", "2026-01-01T00:00:00Z", -0, 0.1, Number.MAX_VALUE),
);

it("a value that is handed out without its schema is what the schema would hand out, in every field of every record", () => {
  const plain = [...schemas].filter((schema) => asItCame(schema) !== undefined);
  expect(plain.length).toBeGreaterThan(5);
  for (const schema of plain) {
    fc.assert(
      fc.property(values, (value) => {
        if (typeof value !== asItCame(schema)) return;
        expect(z.safeParse(schema, value)).toEqual({ success: true, data: value });
      }),
      { numRuns: 200 },
    );
  }
});

it("a schema that looks closer is always asked", () => {
  const closer = [
    z.string().min(1),
    z.email(),
    z.int(),
    z.number().max(3),
    z.coerce.string(),
    z.string().trim(),
  ];
  for (const schema of [...closer, z.string().transform(Number), z.string().default("x"), z.enum(["a"])]) {
    expect(asItCame(schema)).toBeUndefined();
    expect(asItCame(z.union([schema, z.string()]).nullish().catch(undefined))).toBeUndefined();
  }
});
