import { readFileSync, writeFileSync } from "node:fs";

/**
 * What is released is what CHANGELOG.md says: its newest heading with a version gives the number and the words.
 *
 *     node scripts/release.ts set           takes the version over into package.json and package-lock.json
 *     node scripts/release.ts check v1.2.3  exits with 1 where anything says another version than the tag
 *     node scripts/release.ts notes         prints what is new in it
 *
 * Loads nothing of ours or others': Node runs it as it stands, before anything is installed (from 22.18).
 */
export interface Release {
  readonly version: string;
  /** `2026-11-29`; undefined: no day stands in its heading. */
  readonly day: string | undefined;
  readonly notes: string;
}

const heading = /^## \[?(\d+\.\d+\.\d+)\]?(?: - (\d{4}-\d{2}-\d{2}))?\s*$/;

/** Every release of a changelog, in its order; what is under `Unreleased` is none. */
export function releasesIn(changelog: string): Release[] {
  const parts = changelog.split(/^(?=## )/m);
  return parts.flatMap((part) => {
    const [first = "", ...rest] = part.split(/\r?\n/);
    const [, version, day] = heading.exec(first) ?? [];
    if (version === undefined) return [];
    const words = rest.filter((line) => !/^\[[^\]]+\]: /.test(line));
    return [{ version, day, notes: words.join("\n").trim() }];
  });
}

export interface Said {
  readonly changelog: string;
  /** What each other file says, by its name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Left out: nothing is tagged yet. */
  readonly tag?: string;
}

/** What keeps this from being released; nothing where all agree. */
export function disagreements({ changelog, versions, tag }: Said): string[] {
  const [newest, ...before] = releasesIn(changelog);
  if (newest === undefined) return ["CHANGELOG.md names no release: write ## [1.2.3] - 2026-01-31"];
  const { version, day, notes } = newest;
  const older = before.find((one) => !isAfter(version, one.version));
  return [
    ...(day === undefined ? [`CHANGELOG.md does not say when ${version} is released`] : []),
    ...(notes === "" ? [`CHANGELOG.md says nothing of ${version}`] : []),
    ...(older ? [`CHANGELOG.md has ${older.version} below ${version}: the newest stands first`] : []),
    ...(tag === undefined || tag === `v${version}`
      ? []
      : [`the tag is ${tag}, and CHANGELOG.md's newest is ${version}`]),
    ...Object.entries(versions)
      .filter(([, said]) => said !== version)
      .map(([file, said]) => `${file} says ${said}, and CHANGELOG.md's newest is ${version}`),
  ];
}

function isAfter(version: string, other: string): boolean {
  const [a = [], b = []] = [version, other].map((one) => one.split(".").map(Number));
  const differs = a.findIndex((number, at) => number !== b[at]);
  return differs >= 0 && (a[differs] ?? 0) > (b[differs] ?? 0);
}

/** The text with this version in the place of the one that stands in it, everything else as it is. */
export function withVersion(json: string, from: string, to: string, times: number): string {
  let left = times;
  const said = new RegExp(`^(\\s*"version": )"${from.replaceAll(".", "\\.")}"`, "gm");
  const text = json.replace(said, (whole, before: string) => (left-- > 0 ? `${before}"${to}"` : whole));
  if (left > 0) throw new Error(`"version": "${from}" was not found ${times} times`);
  return text;
}

const root = new URL("../", import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), "utf8");
const jsonOf = (file: string) =>
  JSON.parse(textOf(file)) as {
    version: string;
    packages: Record<string, { version: string }>;
  };

/** As it stands in this folder. */
export function said(): Said {
  const lock = jsonOf("package-lock.json");
  return {
    changelog: textOf("CHANGELOG.md"),
    versions: {
      "package.json": jsonOf("package.json").version,
      "package-lock.json": lock.version,
      "package-lock.json, of the package": lock.packages[""]?.version ?? "none",
      "manifest.json": jsonOf("manifest.json").version,
      "server.json": jsonOf("server.json").version,
      "server.json, of the package": jsonOf("server.json").packages[0]?.version ?? "none",
    },
  };
}

function run([command, tag]: readonly string[]): number {
  const [newest] = releasesIn(textOf("CHANGELOG.md"));
  switch (command) {
    case "check": {
      const wrong = disagreements({ ...said(), tag: tag ?? "" });
      for (const one of wrong) process.stderr.write(`${one}\n`);
      return wrong.length === 0 ? 0 : 1;
    }
    case "notes":
      process.stdout.write(`${newest?.notes ?? ""}\n`);
      return 0;
    case "set": {
      if (newest === undefined) throw new Error("CHANGELOG.md names no release");
      const from = jsonOf("package.json").version;
      if (from === newest.version) return 0;
      for (const [file, times] of [
        ["package.json", 1],
        ["package-lock.json", 2],
      ] as const)
        writeFileSync(new URL(file, root), withVersion(textOf(file), from, newest.version, times));
      return 0;
    }
    default:
      process.stderr.write("release.ts set | check TAG | notes\n");
      return 2;
  }
}

if (import.meta.filename === process.argv[1]) process.exitCode = run(process.argv.slice(2));
