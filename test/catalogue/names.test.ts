import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { namesNow } from "../../src/catalogue/former-names.ts";
import { jobTools, tools } from "../support/catalogue.ts";
import { names } from "./names.ts";

/** Taken without being listed is understood, too. */
const unlisted = (tool: string): string[] => [
  ...((tools.get(tool) ?? jobTools.get(tool))?.shape.unlisted.keys() ?? []),
];

/** A tool's former name is understood (test/catalogue/former-names.test.ts). */
const renamed = namesNow(prebuiltTools);

const folder = join(import.meta.dirname, "names");

/**
 * One file a published version: what `names()` gave then, never changed. A name that is gone is understood for one minor
 * version more and says what it is called now; that is written, and tested, before this list gets an exception.
 */
it.each(readdirSync(folder))("what %s called something is still called so", (file) => {
  const now = new Map(
    names().map((line) => [line.split(" ").slice(0, 2).join(" "), line.split(" ").slice(2)]),
  );
  const gone = readFileSync(join(folder, file), "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [kind = "", name = "", ...given] = line.split(" ");
      const own = now.get(`${kind} ${(kind === "tool" && renamed.get(name)) || name}`);
      if (own === undefined) return [`${kind} ${name}`];
      return given
        .filter(
          (one) =>
            !own.includes(one) && !(kind === "tool" && unlisted(renamed.get(name) ?? name).includes(one)),
        )
        .map((one) => `${kind} ${name}: ${one}`);
    });

  expect(gone).toEqual([]);
});
