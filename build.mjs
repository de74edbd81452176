// Three bundled files, so that an installed server loads nothing else: what starts, what loads with the first call
// (docs/decisions/007), and what `serve` loads besides.
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { noticesOf } from "./scripts/notices.mjs";

const common = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  legalComments: "none",
  // As tsconfig.json says: where that is missing, a page would ask for React when it is drawn.
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
  // Its main file asks for its parts in a way that no bundler follows.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  metafile: true,
  write: false,
};
const inner = "app";
/** What a team's server is, loaded by `serve` alone; the protocol is in it once more, as the SDK needs all of itself. */
const team = "src/http/command.ts";
/** Where the SDK has its checker of JSON schemas from: a third of what it is, begun at once, and asked by no call of ours. */
const shims = "@modelcontextprotocol/server/_shims";
const fromHere = (path) => relative(process.cwd(), path).replaceAll("\\", "/");

/** What runs in browsers (src/pages/browser-scripts.ts), made now: an installed server has no bundler. */
const browserScripts = await (async () => {
  const from = resolve("src/pages/browser-scripts.ts");
  const file = resolve("dist/browser-scripts.cjs");
  await build({
    ...common,
    entryPoints: [from],
    outfile: file,
    external: ["esbuild"],
    define: { "import.meta.url": JSON.stringify(pathToFileURL(from).href) },
    write: true,
  });
  const made = createRequire(import.meta.url)(file).scripts();
  await rm(file);
  return `const made = ${JSON.stringify(made)};\nexport const scripts = () => made;\n`;
})();

/** As a namespace zod is shaken: what nobody uses, and its forty languages, stay out. */
const lean = {
  name: "lean",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]src[\\/]pages[\\/]browser-scripts\.ts$/ }, () => ({ contents: browserScripts }));
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
async function prebuilt() {
  const file = resolve("dist/prebuilt-tools.cjs");
  await build({
    ...common,
    entryPoints: ["src/app/prebuilt-tools.ts"],
    outfile: file,
    plugins: [lean],
    write: true,
  });
  const { prebuiltTools, sectionNames } = createRequire(import.meta.url)(file);
  await rm(file);
  const literal = (value) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
  return `export const sectionNames = ${literal(sectionNames)};\nexport const prebuiltTools = ${literal(prebuiltTools)};\n`;
}

/** src/main.ts with all it imports at once; what it imports later is `later`. */
async function entry(tools, later) {
  let replaced = false;
  const plugin = {
    name: "entry",
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /[\\/]src[\\/]app[\\/]prebuilt-tools\.ts$/ }, () => {
        replaced = true;
        return { contents: tools };
      });
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) =>
        kind === "dynamic-import"
          ? { path: fromHere(resolve(resolveDir, path)), namespace: "later" }
          : undefined,
      );
      onResolve({ filter: new RegExp(`^${inner}$`) }, () => ({ path: inner, namespace: "later" }));
      onResolve({ filter: new RegExp(`^${shims}$`) }, () => ({ path: shims, namespace: "shims" }));
      onLoad({ filter: /.*/, namespace: "shims" }, () => ({
        contents: lazyChecker(
          later(inner) !== "" && `require(${JSON.stringify(inner)}).part(${JSON.stringify(shims)})`,
        ),
        resolveDir: process.cwd(),
      }));
      onLoad({ filter: /.*/, namespace: "later" }, ({ path }) => ({
        contents: later(path),
        resolveDir: process.cwd(),
      }));
    },
  };
  const built = await build({
    ...common,
    entryPoints: ["src/main.ts"],
    outfile: "dist/skyprep-mcp.js",
    external: ["./app.js", "./http.js"],
    plugins: [plugin, lean],
  });
  if (!replaced) throw new Error("the list of tools was not put in the place of src/app/prebuilt-tools.ts");
  return built;
}

/** Everything that is imported later. */
async function app(parts, atStart) {
  const shared = new Set();
  const plugin = {
    name: "app",
    setup({ onLoad, onResolve, resolve: find }) {
      // Said to be free of side effects, zod's modules would not be begun by others that begin late.
      onResolve({ filter: /^(zod|\.)/ }, async ({ path, pluginData, ...asked }) => {
        const zods = path.startsWith("zod") || /[\\/]node_modules[\\/]zod[\\/]/.test(`${asked.resolveDir}/`);
        if (!zods || pluginData === "again") return undefined;
        return { ...(await find(path, { ...asked, pluginData: "again" })), sideEffects: true };
      });
      onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" }));
      // A module that was loaded at the start is the same one here: `InputRequired` must be one class.
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const file = fromHere(resolve(resolveDir, path));
        if (!atStart.includes(file)) return undefined;
        shared.add(file);
        return { path: file, external: true };
      });
    },
  };
  const exported = [
    ...parts.map((part) => `exports[${JSON.stringify(part)}] = () => require("./${part}");`),
    `exports[${JSON.stringify(shims)}] = () => require(${JSON.stringify(shims)});`,
  ];
  const { outputFiles, metafile } = await build({
    ...common,
    stdin: { contents: exported.join("\n"), resolveDir: process.cwd() },
    plugins: [plugin, lean],
    supported: { "dynamic-import": false },
  });
  return { text: outputFiles[0].text, shared: [...shared].sort(), files: Object.keys(metafile.inputs) };
}

/**
 * A team's server. Our modules that were loaded at the start, or are loaded with the first call, are the same ones here,
 * but for those that know the protocol: whose call it is must be one store, and `CannotWrite` one class.
 */
async function http(atStart, withCalls) {
  const shared = new Set();
  const called = new Set();
  const plugin = {
    name: "http",
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export {};" }));
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const file = fromHere(resolve(resolveDir, path));
        if (file.startsWith("src/mcp/")) return undefined;
        if (atStart.includes(file)) shared.add(file);
        else if (file.startsWith("src/") && withCalls.includes(file)) called.add(file);
        else return undefined;
        return { path: file, external: true };
      });
      onResolve({ filter: new RegExp(`^${shims}$`) }, ({ namespace }) =>
        namespace === "shims" ? { path: shims, external: true } : { path: shims, namespace: "shims" },
      );
      onLoad({ filter: /.*/, namespace: "shims" }, () => ({
        contents: lazyChecker(`require(${JSON.stringify(shims)})`),
        resolveDir: process.cwd(),
      }));
    },
  };
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: [team],
    outfile: "dist/http.js",
    plugins: [plugin, lean],
    supported: { "dynamic-import": false },
  });
  return {
    text: outputFiles[0].text,
    shared: [...shared].sort(),
    called: [...called].sort(),
    files: Object.keys(metafile.inputs),
  };
}

const loadedAs = (shared) =>
  `${shared.map((file, n) => `import * as m${n} from "./${file}";`).join("\n")}
    const shared = { ${shared.map((file, n) => `${JSON.stringify(file)}: m${n}`).join(", ")} };`;

/** What stands where src/main.ts imports later: it asks the second file for its part, and gives it what is there already. */
const lazily = ({ parts, shared, served, called }) => ({
  [team]: `
    ${loadedAs(served)}
    const made = { exports: {} };
    const called = ${JSON.stringify([shims, ...called])};
    const given = (id) => shared[id] ?? (called.includes(id) ? require(${JSON.stringify(inner)}).part(id) : require(id));
    require("./http.js")(given, made.exports, made);
    export const { runServe, runToken, withTeamJournal } = made.exports;
  `,
  [inner]: `
    ${loadedAs(shared)}
    const made = {};
    require("./app.js")((id) => shared[id] ?? require(id), made, { exports: made });
    export const part = (name) => made[name]();
  `,
  ...Object.fromEntries(
    parts.map((part) => [
      part,
      `module.exports = require(${JSON.stringify(inner)}).part(${JSON.stringify(part)});`,
    ]),
  ),
});

/** The SDK's own checker, loaded when the first schema is to be checked. */
const lazyChecker = (loaded) => `
  import process from "node:process";
  export { process };
  export class DefaultJsonSchemaValidator {
    getValidator(schema) {
      ${loaded ? `this.own ??= new (${loaded}.DefaultJsonSchemaValidator)();` : ""}
      return this.own.getValidator(schema);
    }
  }
`;

/** One character beyond these would have V8 keep all of a file in two bytes each. */
const ascii = (code) =>
  code.replace(/\P{ASCII}/gu, (one) =>
    Array.from(
      { length: one.length },
      (_, n) => `\\u${one.charCodeAt(n).toString(16).padStart(4, "0")}`,
    ).join(""),
  );

await mkdir("dist", { recursive: true });
const tools = await prebuilt();
const looked = await entry(tools, () => "");
const inputs = Object.keys(looked.metafile.inputs);
const parts = inputs.filter((name) => name.startsWith("later:")).map((name) => name.slice("later:".length));
const atStart = inputs.filter((name) => name.startsWith("src/") && name !== "src/main.ts");
const own = parts.filter((part) => part !== team);
const serving = await http(atStart, (await app(own, atStart)).files);
const { text, shared, files } = await app([...own, ...serving.called], atStart);
const contents = lazily({ parts: own, shared, served: serving.shared, called: serving.called });
const built = await entry(tools, (path) => contents[path]);

await writeFile("dist/skyprep-mcp.js", ascii(built.outputFiles[0].text));
await chmod("dist/skyprep-mcp.js", 0o755);
const asFunction = (code) => `module.exports = (require, exports, module) => {\n${ascii(code)}\n};\n`;
await writeFile("dist/app.js", asFunction(text));
await writeFile("dist/http.js", asFunction(serving.text));
await writeFile(
  "dist/THIRD-PARTY-NOTICES",
  await noticesOf([...files, ...serving.files, ...Object.keys(built.metafile.inputs)]),
);
// The package speaks ESM; these files are CommonJS, which starts faster.
await writeFile("dist/package.json", '{"type":"commonjs"}\n');
