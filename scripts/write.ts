import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { manifest } from "./manifest.ts";
import { filled, safety } from "./readme.ts";
import { registryEntry } from "./registry.ts";

const root = new URL("../", import.meta.url);

/** Every file that is generated, whole or in part, as it has to be now. */
export const generated: Readonly<Record<string, () => string>> = {
  "manifest.json": () => `${JSON.stringify(manifest(), null, 2)}\n`,
  "server.json": () => `${JSON.stringify(registryEntry(), null, 2)}\n`,
  "docs/safety.md": () => safety(readFileSync(new URL("docs/safety.md", root), "utf8")),
  "README.md": () => filled(readFileSync(new URL("README.md", root), "utf8")),
};

/** `tsx scripts/write.ts FILE…` */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of process.argv.slice(2)) {
    const content = generated[file];
    if (content === undefined) throw new Error(`${file} is not generated`);
    writeFileSync(new URL(file, root), content());
  }
}
