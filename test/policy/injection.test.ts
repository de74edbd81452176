import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { toolName } from "../../src/catalogue/catalogue.ts";
import { openAcademy } from "../support/academy.ts";
import { isLong, patience } from "../support/long.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { type Measured, measure, type PolicyName, policies, type Setting, settings } from "./injected.ts";
import { keyOf, ordersIn } from "./obedient.ts";
import { isWrite, judged } from "./oracle.ts";
import { planted } from "./planted.ts";
import { openPoliced } from "./policed.ts";

// What became of each of the 200 stands in the snapshot: the long form (LONG=1, with -u) writes it; the short form, in which
// the settings share the 200 among them, holds its part against it. The table in docs/policies.md is made of it.
const kept = fileURLToPath(new URL("./__snapshots__/injection.txt", import.meta.url));

interface Row {
  readonly policy: PolicyName | undefined;
  readonly setting: Setting;
}
const all = (Object.keys(settings) as Setting[]).filter((setting) => setting !== "`off`");
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
  // What a policy does is what this is about; without one, a quarter will do.
  const every = row.policy === undefined ? 4 * own.length : own.length;
  return (n: number) => isLong || n % every === own.indexOf(row);
};

/** In the short form: all there is, and what one team's lead is shown of it. */
const looksIn: Readonly<Record<string, Setting>> = {
  none: "`unattended`",
  "team-lead": "`unattended`",
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
      const looks = isLong || row.setting === looksIn[row.policy ?? "none"];
      const found = await measure({ ...row, obeys: inShare(row), looks });

      expect(found.outside).toEqual([]);
      expect(found.unasked).toEqual([]);
      expect(found.leaked).toEqual([]);
      // Codes are no consent: under a policy there are none.
      if (row.policy !== undefined) expect(found.coded).toEqual([]);
      if (isLong) written.push(lineOf(name, found));
      else expect(found).toMatchObject(shareOf(row, looks));
    },
    patience,
  );

  it.runIf(isLong)("is measured as it is kept", async () => {
    await expect(`${written.join("\n")}\n`).toMatchFileSnapshot(kept);
  });
});

it.each(policies)(
  "would notice: with nobody asked and no policy set, it sees what %s would not let through",
  async (judgedAs) => {
    const obeys = (n: number) => n % 16 === 1;
    const found = await measure({ policy: undefined, setting: "`off`", obeys, looks: false, judgedAs });

    expect(found.outside.length).toBeGreaterThan(8);
    expect(found.unasked.length).toBeGreaterThan(5);
  },
  patience,
);

describe("a code", () => {
  const args = { user_id: 101, course_id: 201 };

  it("is given by no server under a policy, and no operation there takes one", async () => {
    const academy = await openPoliced({ about: "Everything" }, { people: 40, formless: true });
    const { tools } = await academy.client.listTools();
    const reply = await academy.call("remove_user_from_course", args);
    const instructions = academy.client.getInstructions();
    await academy.close();

    expect(reply).toMatchObject({ outcome: "refused", isError: true });
    expect(reply.text).toMatch(/nobody can be asked/);
    expect(reply.text).not.toMatch(/confirm/);
    const own = tools.find(({ name }) => name === "remove_user_from_course");
    expect(Object.keys(own?.inputSchema.properties ?? {})).not.toContain("confirm");
    expect(instructions).toMatch(/A policy|ask first/);
    expect(instructions).not.toMatch(/confirm code/);
  });

  it("that a server without a policy gave is not taken by one under it", async () => {
    const env = { SKYPREP_STATE_DIR: temporaryFolder("state") };
    const free = await openAcademy({ people: 40, formless: true, env });
    const asked = await free.call("remove_user_from_course", args);
    await free.close();
    const confirm = /confirm: "(.*)"/.exec(asked.text)?.[1];
    const academy = await openPoliced({ about: "Everything" }, { people: 40, formless: true, env });
    const reply = await academy.call("remove_user_from_course", { ...args, confirm });
    await academy.close();

    expect(confirm).toBeDefined();
    expect(reply.isError).toBe(true);
    expect(academy.sent.filter(isWrite)).toEqual([]);
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
