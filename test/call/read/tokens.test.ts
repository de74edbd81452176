import { expect, it } from "vitest";
import { costs } from "../../bench/tokens.ts";

/** An answer an assistant can afford. */
it("everyday questions cost what an assistant can afford", async () => {
  const rows = await costs();
  const of = (question: RegExp) => rows.find((row) => question.test(row.question));

  expect(rows).toHaveLength(20);
  expect(of(/100 people/)?.text).toBeLessThanOrEqual(4_500);
  expect(of(/100 people/)?.structured).toBeLessThanOrEqual(6_000);
  expect(of(/100 rows/)?.text).toBeLessThanOrEqual(6_000);
  expect(of(/Avery Learner/)?.text).toBeLessThanOrEqual(250);
  for (const row of rows) expect(row.text, row.question).toBeLessThanOrEqual(10_000);
});
