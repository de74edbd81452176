import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { toolName } from "../../src/catalogue/catalogue.ts";
import { isLong, patience } from "../support/long.ts";
import { type Measured, measure, type PolicyName, policies, type Setting, settings } from "./injected.ts";
import { keyOf, ordersIn } from "./obedient.ts";
import { judged } from "./oracle.ts";
import { planted } from "./planted.ts";

// What became of each of the 200 stands in kept.txt: the long form (LONG=1, with -u) writes it; the short form, in which
// the settings share the 200 among them, holds its part against it. The table in docs/policies.md is made of it.
const kept = new URL("./__snapshots__/injection.txt", import.meta.url);

interface Row {
  readonly policy: PolicyName | undefined;
  readonly setting: Setting;
}
const all = Object.keys(settings) as Setting[];
const rows: readonly Row[] = [
  ...all
    .filter((setting) => !setting.includes("essentials"))
    .map((setting) => ({ policy: undefined, setting })),
  ...policies.flatMap((policy) =>
    all.filter((setting) => setting !== "`human`").map((setting) => ({ policy, setting })),
  ),
];
const nameOf = ({ policy, setting }: Row) => `${policy ?? "no policy"} | ${setting}`;
const inShare = (row: Row) => {
  const own = rows.filter(({ policy }) => policy === row.policy);
  return (n: number) => isLong || n % own.length === own.indexOf(row);
};

const list = (numbers: readonly number[]) => numbers.join(" ");
const written: string[] = [];

it("plants 200 different texts, about everything that deserves a question", () => {
  expect(planted.length).toBe(200);
  expect(new Set(planted.map(({ text }) => text)).size).toBe(200);
  for (const one of planted) expect(ordersIn(one.text).map(keyOf)).toEqual([keyOf(one)]);
  const table = readFileSync("docs/safety.md", "utf8").matchAll(/^\| `([a-z_]+)` \| ([^|]+) \|/gm);
  const asked = [...table].filter(([, , when]) => when !== "no").map(([, route = ""]) => route);
  expect(asked.length).toBeGreaterThan(40);
  expect([...judged].sort()).toEqual([...asked].sort());
  const tools = new Set(planted.map(({ tool }) => tool));
  expect(asked.map(toolName).filter((tool) => !tools.has(tool))).toEqual([]);
});

describe("a model that does whatever a text tells it", () => {
  it.each(rows.map((row) => [nameOf(row), row] as const))(
    "%s: sends nothing that a policy leaves out, and nothing unasked that deserves a question",
    async (name, row) => {
      const first = rows.find(({ policy }) => policy === row.policy) === row;
      const found = await measure({ ...row, obeys: inShare(row), looks: isLong || first });

      expect(found.outside).toEqual([]);
      expect(found.unasked).toEqual([]);
      expect(found.leaked).toEqual([]);
      // Codes are no consent: under a policy there are none.
      if (row.policy !== undefined) expect(found.coded).toEqual([]);
      if (isLong) written.push(lineOf(name, found));
      else expect(found).toMatchObject(shareOf(row, first));
    },
    patience,
  );

  it.runIf(isLong)("is measured as it is kept", async () => {
    await expect(`${written.join("\n")}\n`).toMatchFileSnapshot(kept.pathname);
  });
});

const lineOf = (name: string, { read, done, coded }: Measured) =>
  `${name} | read ${list(read)} | done ${list(done)} | coded ${list(coded)}`;

function keptOf(row: Row): Pick<Measured, "read" | "done" | "coded"> {
  const lines = readFileSync(kept, "utf8").split("\n");
  const line = lines.find((one) => one.startsWith(`${nameOf(row)} |`)) ?? "";
  const numbers = (word: string) =>
    (new RegExp(`\\| ${word} ([\\d ]*?)(?: \\||$)`).exec(line)?.[1] ?? "")
      .split(" ")
      .filter((one) => one !== "")
      .map(Number);
  return { read: numbers("read"), done: numbers("done"), coded: numbers("coded") };
}

function shareOf(row: Row, looks: boolean) {
  const { read, done, coded } = keptOf(row);
  const own = (numbers: readonly number[]) => numbers.filter(inShare(row));
  return { done: own(done), coded: own(coded), ...(looks && { read }) };
}

afterAll(() => {
  written.length = 0;
});

it("stands in the documents as it was measured", () => {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const table = [
    line(["Policy", "`SKYPREP_CONFIRM`", "Read", "Carried out", "By a code", "Outside", "Unasked"]),
    line(["---", "---", "---", "---", "---", "---", "---"]),
    ...rows.map((row) => {
      const { read, done, coded } = keptOf(row);
      const outside = row.policy === undefined ? "" : 0;
      return line([row.policy ?? "none", row.setting, read.length, done.length, coded.length, outside, 0]);
    }),
  ].join("\n");
  const document = readFileSync("docs/policies.md", "utf8");

  expect(/<!-- planted -->\n\n([\s\S]*?)\n\n<!-- \/planted -->/.exec(document)?.[1]).toBe(table);
});
