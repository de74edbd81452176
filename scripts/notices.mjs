import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The folders of the packages that these bundled files belong to: `node_modules/a/node_modules/@b/c`. */
export const packagesOf = (files) => [
  ...new Set(
    files.flatMap((file) => /^(?:.*:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  ),
];

/** Packages that a bundled file was itself bundled with: rolldown leaves where each part came from. */
export function vendoredIn(text) {
  const paths = [...text.matchAll(/^\/\/#region (\S*node_modules\/\S+)/gm)].map(([, path]) => path);
  return [
    ...new Set(paths.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean)),
  ];
}

async function carried(files) {
  const inPackages = files
    .map((file) => file.replace(/^[\w-]+:/, ""))
    .filter((file) => file.includes("node_modules/"));
  const texts = await Promise.all(inPackages.map((file) => readFile(file, "utf8").catch(() => "")));
  // Their licence is the same in any version; the one installed here gives its text.
  return texts.flatMap(vendoredIn).map((name) => `node_modules/${name}`);
}

/** Whatever a package says of its licence. */
const isNotice = (name) => /^(licen[sc]e|notice|copying|third-party-notices)/i.test(name);

async function noticesIn(folder) {
  const names = (await readdir(folder)).filter(isNotice).sort();
  const texts = await Promise.all(
    names.map(async (name) => (await readFile(join(folder, name), "utf8")).trim()),
  );
  // Some have it at the end of their README.
  const readme = texts.length > 0 ? "" : await readFile(join(folder, "README.md"), "utf8").catch(() => "");
  const [said] = /^#+ licen[sc]e\b[\s\S]*permission is hereby granted[\s\S]*$/im.exec(readme) ?? [];
  return said === undefined ? texts : [said.trim()];
}

/**
 * The licence texts of everything whose code was bundled, one after the other. A package without one would be
 * shipped against its terms: the build fails.
 */
export async function noticesOf(files) {
  const packages = await Promise.all(
    [...new Set([...packagesOf(files), ...(await carried(files))])].map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const texts = await noticesIn(folder);
      if (texts.length === 0)
        throw new Error(`${name} is bundled, and has no licence file in ${dirname(folder)}`);
      return { name, version, license: typeof license === "string" ? license : "see below", texts };
    }),
  );
  const each = packages
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, version, license, texts }) => `${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`);
  return `skyprep-mcp is bundled with code of these packages, under their licences.\n\n${each.join(`\n${"-".repeat(78)}\n\n`)}`;
}
