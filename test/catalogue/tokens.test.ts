import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, it } from "vitest";
import { jobTools, tools } from "../support/catalogue.ts";

/** Contract §3: every token of the list is paid in every conversation. */
it("the list of tools stays affordable", () => {
  const listed = [
    ...[...tools.values()].map(({ operation, ...tool }) => ({ ...tool, ...operation })),
    ...[...jobTools.values()].map(({ job, ...tool }) => ({ ...tool, ...job })),
  ];
  const costs = listed.map(({ name, description, shape }) => ({
    name,
    tokens: countTokens(JSON.stringify({ name, description, inputSchema: shape.plain })),
  }));
  const sorted = costs.map(({ tokens }) => tokens).sort((a, b) => a - b);

  expect(sorted.reduce((sum, tokens) => sum + tokens, 0)).toBeLessThanOrEqual(12_500);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(110);
  for (const { name, tokens } of costs) {
    const most = jobTools.has(name) ? 350 : name === "create_user" || name === "update_user" ? 480 : 300;
    expect(tokens, name).toBeLessThanOrEqual(most);
  }
});
