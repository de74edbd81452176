import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { windows } from "../support/system.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const notices = readFileSync(`${root}dist/THIRD-PARTY-NOTICES`, "utf8");
const noticed = [...notices.matchAll(/^(@?[a-z][^ \n]*) [\d.]+ \(/gm)].map(([, name]) => name);

/** Bundled once more, without the build's own ways: whatever has code in it by that reading. */
async function bundled(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: ["src/main.ts", "src/pages/browser/page.ts", "src/pages/browser/app.tsx"],
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Makes what runs in browsers when the program is built, and is not in it.
    external: ["esbuild"],
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    metafile: true,
    write: false,
    logLevel: "silent",
    outdir: "dist",
  });
  const used = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const names = used.flatMap(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

describe("THIRD-PARTY-NOTICES", () => {
  it("names every package whose code is in the program, with its licence's text", async () => {
    const names = await bundled();

    expect(names.length).toBeGreaterThan(10);
    expect(noticed).toEqual(expect.arrayContaining(names));
    for (const name of names) {
      const text = notices.split(/^-{78}$/m).find((part) => part.includes(`${name} `)) ?? "";
      expect(text).toMatch(/permission|licen[sc]e/i);
      expect(text.length).toBeGreaterThan(500);
    }
  });

  it("names what the SDK carries of others, too", () => {
    expect(noticed).toEqual(expect.arrayContaining(["ajv", "fast-uri", "fast-deep-equal"]));
  });

  it("is in the package that is published", () => {
    const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: root,
      encoding: "utf8",
      shell: windows,
      stdio: ["ignore", "pipe", "ignore"],
    });

    expect(packed).toContain("dist/THIRD-PARTY-NOTICES");
  });
});
