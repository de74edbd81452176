import { describe, expect, it } from "vitest";
import { openAcademy } from "../support/academy.ts";

const patterns = {
  letters: (n: number) => "a".repeat(n),
  spaces: (n: number) => `${" ".repeat(n)}x`,
  digits: (n: number) => "1".repeat(n),
  commas: (n: number) => "1,".repeat(n / 2),
  tabs: (n: number) => "a\tb\n".repeat(n / 4),
  nested: (n: number) => "[".repeat(n),
  objects: (n: number) => '{"a":'.repeat(n / 5),
  quotes: (n: number) => '"'.repeat(n),
  backslashes: (n: number) => "\\".repeat(n),
  ellipses: (n: number) => "…a".repeat(n / 2),
  marks: (n: number) => "e\u0301\u200b".repeat(n / 3),
  markup: (n: number) => "<a<!--&#".repeat(n / 8),
  words: (n: number) => "ab ".repeat(n / 3),
  addresses: (n: number) => "a@b.c;".repeat(n / 6),
  hyphens: (n: number) => "-.".repeat(n / 2),
};
const N = Number(process.env.N ?? 20000);

describe("explore", async () => {
  const academy = await openAcademy();
  const { tools } = await academy.client.listTools();
  for (const [kind, text] of Object.entries(patterns)) {
    it(kind, async () => {
      const slow: string[] = [];
      for (const tool of tools) {
        for (const name of [...Object.keys(tool.inputSchema.properties ?? {}), "password", "extra"]) {
          const times = [];
          for (const n of [N, 4 * N]) {
            const began = performance.now();
            await academy.call(tool.name, { [name]: text(n) }).catch(() => {});
            times.push(Math.round(performance.now() - began));
          }
          if ((times[1] ?? 0) > 150) slow.push(`${tool.name}.${name} ${times}`);
        }
      }
      console.log(kind, slow.join(" | "));
      expect(slow.length).toBeGreaterThanOrEqual(0);
    }, 600000);
  }
});
