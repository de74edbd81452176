import { expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { offeredTools } from "../../src/catalogue/tool-list.ts";
import type { Offer } from "../../src/catalogue/toolsets.ts";
import { openAcademy } from "../support/academy.ts";
import { jobTools } from "../support/catalogue.ts";
import { sentences } from "./sentences.ts";

const everything: Offer = { sections: undefined, readOnly: false, confirm: "ask" };
const listed = offeredTools(prebuiltTools, everything);
const hint = "anthropic/searchHint";
const always = "anthropic/alwaysLoad";

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
const documents = listed.map(({ name, title, description, _meta }) => ({
  name,
  words: wordsIn([name.replaceAll("_", " "), title, description, _meta?.[hint] ?? ""].join(" ")),
}));

/** Okapi BM25 as any book has it, with nothing of ours in it: what a host does that searches its tools. */
function bestOf(sentence: string, [k, b] = [1.2, 0.75] as const): string[] {
  const mean = documents.reduce((sum, { words }) => sum + words.length, 0) / documents.length;
  const asked = new Set(wordsIn(sentence));
  const scored = documents.map(({ name, words }) => {
    let score = 0;
    for (const word of asked) {
      const there = words.filter((one) => one === word).length;
      if (there === 0) continue;
      const holding = documents.filter((one) => one.words.includes(word)).length;
      const rare = Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5));
      score += (rare * there * (k + 1)) / (there + k * (1 - b + (b * words.length) / mean));
    }
    return { name, score };
  });
  return scored
    .sort((one, other) => other.score - one.score)
    .slice(0, 3)
    .map(({ name }) => name);
}

it("finds the right tool among the first three for what administrators type, 95 times in 100", () => {
  expect(sentences.length).toBeGreaterThanOrEqual(60);

  const missed = sentences
    .map(([sentence, ...right]) => ({ sentence, right, found: bestOf(sentence) }))
    .filter(({ right, found }) => !found.some((name) => right.includes(name)));

  expect(missed.length, JSON.stringify(missed, null, 1)).toBeLessThanOrEqual(sentences.length * 0.05);
});

it("names only tools that there are, in the sentences", () => {
  const names = new Set(listed.map(({ name }) => name));

  expect(sentences.flatMap(([, ...right]) => right).filter((name) => !names.has(name))).toEqual([]);
});

it("gives every job words to be searched by, and loads a few tools always, find among them", async () => {
  const academy = await openAcademy();
  const { tools } = await academy.client.listTools();
  const meta = new Map(tools.map(({ name, _meta }) => [name, _meta ?? {}]));

  for (const name of jobTools.keys()) expect(meta.get(name)?.[hint], name).toMatch(/\w{3}/);
  const loaded = [...meta].filter(([, one]) => one[always] === true).map(([name]) => name);
  expect(loaded).toContain("find");
  expect(loaded.length).toBeLessThanOrEqual(4);
  expect([...meta.values()].filter((one) => one[hint] !== undefined).length).toBeGreaterThan(60);
  for (const one of meta.values())
    for (const key of Object.keys(one)) expect([hint, always, "ui"]).toContain(key);
  await academy.close();
});

it("says in a hint only what may be read to anybody: short, and no tool's name", () => {
  const names = listed.map(({ name }) => name).filter((name) => name.includes("_"));

  for (const { name, _meta } of listed) {
    const words = _meta?.[hint] ?? "";
    expect(words.length, name).toBeLessThanOrEqual(300);
    for (const other of names) expect(words, name).not.toContain(other);
  }
});
