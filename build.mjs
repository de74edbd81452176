// One bundled file, so that an installed server loads nothing else.
import { chmod, readFile, rm } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const outfile = "dist/skyprep-mcp.js";
const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  logLevel: "warning",
  // Bundled CommonJS (undici, ajv) asks for Node's own modules through require.
  banner: {
    js: 'import { createRequire as __require } from "node:module"; const require = __require(import.meta.url);',
  },
};

/** Runs src/ready.ts now, and puts what it gave in its place. */
async function readyMade() {
  const file = "dist/ready.mjs";
  await build({ ...common, entryPoints: ["src/ready.ts"], outfile: file });
  const { readyTools, sectionNames } = await import(pathToFileURL(file).href);
  await rm(file);
  const literal = (value) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
  return `export const sectionNames = ${literal(sectionNames)};\nexport const readyTools = ${literal(readyTools)};\n`;
}

const ready = await readyMade();

const ours = {
  name: "ours",
  setup({ onLoad, onResolve, resolve }) {
    // Said to be free of side effects, zod's modules would not be begun when others begin late.
    onResolve({ filter: /^(zod|\.)/ }, async ({ path, pluginData, ...rest }) => {
      const zods = path.startsWith("zod") || /node_modules\/zod\//.test(rest.resolveDir.concat("/"));
      if (pluginData === "again" || !zods) return undefined;
      const found = await resolve(path, { ...rest, pluginData: "again" });
      return { ...found, sideEffects: true };
    });
    // Nobody reads zod's own words: forty languages of them stay out.
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export {};", loader: "js" }));
    onLoad({ filter: /\/src\/ready\.ts$/ }, () => ({ contents: ready, loader: "js" }));
    // As a namespace zod is shaken: its forty languages stay out.
    onLoad({ filter: /\/(src|tools)\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace('import { z } from "zod"', 'import * as z from "zod"'),
      loader: "ts",
    }));
  },
};

const { metafile } = await build({
  ...common,
  entryPoints: ["src/main.ts"],
  outfile,
  plugins: [ours],
  minify: true,
  keepNames: true,
  legalComments: "none",
  metafile: true,
});
if (process.env.META) await (await import("node:fs/promises")).writeFile(process.env.META, JSON.stringify(metafile));
await chmod(outfile, 0o755);
