import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { manifest } from "./manifest.ts";
import { policySchema } from "./policy.ts";
import { documents, filled } from "./readme.ts";
import { registryEntry } from "./registry.ts";

const root = new URL("../", import.meta.url);

/** Every file that is generated, whole or in part, as it has to be now. */
export const generated: Readonly<Record<string, () => string>> = {
  "manifest.json": () => `${JSON.stringify(manifest(), null, 2)}\n`,
  "policy.schema.json": () => `${JSON.stringify(policySchema(), null, 2)}\n`,
  "server.json": () => `${JSON.stringify(registryEntry(), null, 2)}\n`,
  ...Object.fromEntries(
    documents.map((file) => [file, () => filled(file, readFileSync(new URL(file, root), "utf8"))]),
  ),
};

/** `tsx scripts/write.ts FILE…`; `documents`: all that are generated in part. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2).flatMap((name) => (name === "documents" ? documents : [name]));
  for (const file of files) {
    const content = generated[file];
    if (content === undefined) throw new Error(`${file} is not generated`);
    writeFileSync(new URL(file, root), content());
  }
}
