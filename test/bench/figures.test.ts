import { expect, it } from "vitest";
import { asText, partsIn, withPart } from "./figures.ts";

const part = (title: string, seen: string) => ({ title, about: "About.", rows: [["what", seen] as const] });

it("a part of the benchmarks is written anew in its place, or at the end", () => {
  const text = `# Benchmarks\n\nHead.\n\n${[part("One", "1"), part("Two", "2")].map(asText).join("\n")}`;

  const again = withPart(text, part("One", "$& new"));
  const more = withPart(again, part("Three", "3"));

  expect(again).toContain("$& new");
  expect(partsIn(again).map((one) => one.split("\n")[0])).toEqual(["## One", "## Two"]);
  expect(partsIn(more).map((one) => one.split("\n")[0])).toEqual(["## One", "## Two", "## Three"]);
  expect(more.startsWith("# Benchmarks\n\nHead.\n\n## One\n")).toBe(true);
});
