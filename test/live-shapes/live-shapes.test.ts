import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judged } from "../dialects/play.ts";
import { journeys } from "../journeys/all.ts";
import { recordedIn } from "./recorded.ts";

const folder = new URL("./", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
const textOf = (name: string) => readFileSync(new URL(name, folder), "utf8");

/** Lists, people, training, a hire, a leaver, sessions: from all over the thirty-nine. */
const handful = journeys.filter(({ people = 302 }) => people <= 302).filter((_, n) => n % 6 === 0);

describe.each(files)("an academy as recorded in %s", (name) => {
  it("has a switch for all in which it is otherwise", () => {
    expect(recordedIn(textOf(name)).unnamed).toEqual([]);
  });

  it.each(handful.map((journey) => ({ asks: journey.asks, journey })))(
    "claims nothing that is not so: $asks",
    async ({ journey }) => {
      const { dialect } = recordedIn(textOf(name));

      // Where filters filter, those of other clients are heard: the strict academy hears none.
      const { is, why } = await judged(journey, { name, dialect, strict: false });

      expect(is, why).not.toBe("false");
    },
  );
});

describe("a recorded academy", () => {
  it("is otherwise exactly where the probe saw it", () => {
    expect(recordedIn(textOf("example-of-the-sandbox.md"))).toEqual({
      dialect: {
        "people-come-whole": "by-100-of",
        "nothing-is-null": "empty",
        "dates-are-iso": "utc",
        "fields-as-on-the-page": "more",
        "unknown-is-404": "page",
        "errors-are-text": "errors",
        "archived-are-listed": "left-out",
      },
      unnamed: [],
    });
  });

  it("names what no switch can do, and what this version does not know", () => {
    const file = (block: object) => `Words\n\n\`\`\`json\n${JSON.stringify(block)}\n\`\`\`\n`;
    const seen = { "ids-are-numbers": "text", "dates-are-iso": "otherwise", "moons-are-full": "half" };

    expect(recordedIn(file({ "skyprep-mcp-probe": 1, seen }))).toEqual({
      dialect: { "ids-are-numbers": "text" },
      unnamed: ["dates-are-iso: otherwise", "moons-are-full: half"],
    });
    expect(() => recordedIn(file({ "skyprep-mcp-probe": 2, seen }))).toThrow(
      "It is of format 2; 1 is known.",
    );
    expect(() => recordedIn("# Notes")).toThrow("It has no block of JSON");
  });
});
