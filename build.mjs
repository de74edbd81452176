// One bundled file, so that an installed server loads nothing else; docs/decisions says why it is built in two.
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { relative, resolve } from "node:path";
import { build } from "esbuild";
import { noticesOf } from "./scripts/notices.mjs";

const common = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  legalComments: "none",
  logLevel: "warning",
  // Its main file asks for its parts in a way that no bundler follows.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  metafile: true,
  write: false,
};
const inner = "skyprep-mcp, later";
const fromHere = (path) => relative(process.cwd(), path).replaceAll("\\", "/");

/** As a namespace zod is shaken: what nobody uses, and its forty languages, stay out. */
const lean = {
  name: "lean",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/](src|tools)[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace('import { z } from "zod"', 'import * as z from "zod"'),
      loader: "ts",
    }));
    // Of undici we use three classes.
    onResolve({ filter: /^undici$/ }, () => ({ path: "agent", namespace: "undici" }));
    onLoad({ filter: /.*/, namespace: "undici" }, () => ({
      contents: `Object.assign(require("undici/lib/dispatcher/dispatcher").prototype, require("undici/lib/api"));
        exports.Agent = require("undici/lib/dispatcher/agent");
        exports.Pool = require("undici/lib/dispatcher/pool");
        exports.EnvHttpProxyAgent = require("undici/lib/dispatcher/env-http-proxy-agent");`,
      resolveDir: process.cwd(),
    }));
  },
};

/** Runs src/app/prebuilt-tools.ts now: what it gives takes its place. */
async function readyMade() {
  const file = resolve("dist/ready.cjs");
  await build({ ...common, entryPoints: ["src/app/prebuilt-tools.ts"], outfile: file, plugins: [lean], write: true });
  const { readyTools, sectionNames } = createRequire(import.meta.url)(file);
  await rm(file);
  const literal = (value) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
  return `export const sectionNames = ${literal(sectionNames)};\nexport const readyTools = ${literal(readyTools)};\n`;
}

/** src/main.ts with all it imports at once; what it imports later is `later`. */
function door(ready, later) {
  const plugin = {
    name: "door",
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /[\\/]src[\\/]ready\.ts$/ }, () => ({ contents: ready }));
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) =>
        kind === "dynamic-import"
          ? { path: fromHere(resolve(resolveDir, path)), namespace: "later" }
          : undefined,
      );
      onResolve({ filter: new RegExp(`^${inner}$`) }, () => ({ path: inner, namespace: "later" }));
      onLoad({ filter: /.*/, namespace: "later" }, ({ path }) => ({
        contents: later(path),
        resolveDir: process.cwd(),
      }));
    },
  };
  return build({
    ...common,
    entryPoints: ["src/main.ts"],
    outfile: "dist/skyprep-mcp.js",
    plugins: [plugin, lean],
  });
}

/** Everything that begins later, as a text: V8 does not parse it before it is asked for. */
async function house(parts, doors) {
  const shared = new Set();
  const plugin = {
    name: "house",
    setup({ onLoad, onResolve, resolve: find }) {
      // Said to be free of side effects, zod's modules would not be begun by others that begin late.
      onResolve({ filter: /^(zod|\.)/ }, async ({ path, pluginData, ...asked }) => {
        const zods = path.startsWith("zod") || /[\\/]node_modules[\\/]zod[\\/]/.test(`${asked.resolveDir}/`);
        if (!zods || pluginData === "again") return undefined;
        return { ...(await find(path, { ...asked, pluginData: "again" })), sideEffects: true };
      });
      onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" }));
      // A module that is at the door already is the same one in the house.
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const file = fromHere(resolve(resolveDir, path));
        if (!doors.includes(file)) return undefined;
        shared.add(file);
        return { path: file, external: true };
      });
    },
  };
  const entry = parts.map((part) => `exports[${JSON.stringify(part)}] = () => require("./${part}");`);
  const { outputFiles, metafile } = await build({
    ...common,
    stdin: { contents: entry.join("\n"), resolveDir: process.cwd() },
    plugins: [plugin, lean],
    supported: { "dynamic-import": false },
  });
  return { text: outputFiles[0].text, shared: [...shared].sort(), files: Object.keys(metafile.inputs) };
}

const late = ({ parts, shared, text }) => ({
  [inner]: `
    import { compileFunction } from "node:vm";
    ${shared.map((file, n) => `import * as m${n} from "./${file}";`).join("\n")}
    const shared = { ${shared.map((file, n) => `${JSON.stringify(file)}: m${n}`).join(", ")} };
    const made = {};
    const options = { filename: __filename + " (later)" };
    compileFunction(${JSON.stringify(text)}, ["require", "exports", "module"], options)(
      (id) => shared[id] ?? require(id), made, { exports: made });
    export const part = (name) => made[name]();
  `,
  ...Object.fromEntries(
    parts.map((part) => [
      part,
      `module.exports = require(${JSON.stringify(inner)}).part(${JSON.stringify(part)});`,
    ]),
  ),
});

await mkdir("dist", { recursive: true });
const ready = await readyMade();
const looked = await door(ready, () => "");
const inputs = Object.keys(looked.metafile.inputs);
const parts = inputs.filter((name) => name.startsWith("later:")).map((name) => name.slice("later:".length));
const doors = inputs.filter((name) => name.startsWith("src/") && name !== "src/main.ts");
const { files, ...within } = await house(parts, doors);
const contents = late({ parts, ...within });
const built = await door(ready, (path) => contents[path]);

const code = built.outputFiles[0].text
  // One character beyond these would have V8 keep all of it in two bytes each.
  .replace(/\P{ASCII}/gu, (one) =>
    Array.from(
      { length: one.length },
      (_, n) => `\\u${one.charCodeAt(n).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
await writeFile("dist/skyprep-mcp.js", code);
await chmod("dist/skyprep-mcp.js", 0o755);
await writeFile(
  "dist/THIRD-PARTY-NOTICES",
  await noticesOf([...files, ...Object.keys(built.metafile.inputs)]),
);
// The package speaks ESM; this one file is CommonJS, which starts faster.
await writeFile("dist/package.json", '{"type":"commonjs"}\n');
