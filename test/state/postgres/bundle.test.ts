import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary.ts";

it("is bundled with all it needs: nothing of other runtimes, and of packages only one that nobody asks for", async () => {
  const outfile = join(temporaryFolder("bundle"), "database.cjs");

  const { metafile, warnings } = await build({
    entryPoints: ["src/state/postgres/database.ts"],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    metafile: true,
    outfile,
  });
  const left = Object.values(metafile.outputs)[0]?.imports.map(({ path }) => path) ?? [];
  const { openDatabase } = createRequire(import.meta.url)(outfile);

  expect(warnings).toEqual([]);
  expect(left.filter((path) => /pg|cloudflare/.test(path))).toEqual(["pg-native"]);
  expect(() => openDatabase({ url: "mysql://somebody:secret@nowhere" })).toThrow(
    /must have the form postgres:/,
  );
});
