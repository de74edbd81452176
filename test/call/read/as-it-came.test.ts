import fc from "fast-check";
import { expect, it } from "vitest";
import { asItCame } from "../../../tools/schema/values.ts";

/** As it may stand in JSON, and near the edges of what the schemas take. */
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.double(),
  fc.constantFrom<unknown>(-0, Number.POSITIVE_INFINITY, Number.NaN, "", "1", "true", undefined, null),
);

it("a value that is handed out without its schema is what the schema would hand out", () => {
  expect(asItCame.size).toBeGreaterThan(4);
  for (const [schema, isPlain] of asItCame) {
    fc.assert(
      fc.property(values, (value) => {
        if (!isPlain(value)) return;
        const parsed = (schema as typeof schema & { safeParse(one: unknown): unknown }).safeParse(value);
        expect(parsed).toEqual({ success: true, data: value });
      }),
    );
  }
});
