import { execFileSync } from "node:child_process";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { prebuiltTools, sectionNames } from "../../src/app/prebuilt-tools.ts";
import { offeredTools } from "../../src/catalogue/tool-list.ts";
import { median, type Part } from "./figures.ts";

const everything = { sections: undefined, readOnly: false, confirm: "ask" } as const;
const cost = ({ name, description, inputSchema }: (typeof prebuiltTools)[number]) =>
  countTokens(JSON.stringify({ name, description, inputSchema }));
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

/** What the list costs in every conversation, section by section. */
export function listCost(): Part {
  const all = offeredTools(prebuiltTools, everything);
  const costs = all.map(cost);
  const essentials = offeredTools(prebuiltTools, { ...everything, sections: ["essentials"] });
  return {
    title: "Tokens of the list",
    about: "o200k_base; name, description and input schema of each tool.",
    rows: [
      ...sectionNames.map((section) => {
        const own = prebuiltTools.filter((tool) => tool.section === section);
        return [`section ${section}, ${own.length} tools`, String(sum(own.map(cost)))] as const;
      }),
      [`everything, ${all.length} tools`, String(sum(costs)), "≤ 12,500"],
      ["median tool", String(median(costs)), "≤ 110"],
      [
        `SKYPREP_SECTIONS=essentials, ${essentials.length} tools`,
        String(sum(essentials.map(cost))),
        "≤ 4,000",
      ],
    ],
  };
}

/** What is downloaded, as npm would pack it. */
export function packed(root: string): Part {
  const said = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  const [{ size, unpackedSize, entryCount }] = JSON.parse(said) as [
    { size: number; unpackedSize: number; entryCount: number },
  ];
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  return {
    title: "Package",
    about: "`npm pack`.",
    rows: [
      ["packed", mb(size), "≤ 2 MB"],
      [`unpacked, ${entryCount} files`, mb(unpackedSize)],
    ],
  };
}
