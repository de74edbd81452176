import { readFileSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { basename, dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { openAcademy } from "../test/support/academy.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const document = new URL("../docs/architecture.md", import.meta.url);

/**
 * The calls a newcomer follows to learn the code: in how many files of ours each may be read, and how many more it may
 * pass in a line of each.
 */
export const walks = {
  destroy_user: { args: { user_id: 250 }, most: 35, inALine: 20 },
  get_users: { args: { limit: 5 }, most: 22, inALine: 8 },
  training_status: { args: { group: "Sales Team" }, most: 40, inALine: 15 },
} as const;

/** `read`: the files with a declared function that is called. `inALine`: those with arrow functions only, of a line or a few. */
export interface Walk {
  readonly read: readonly string[];
  readonly inALine: readonly string[];
}

/**
 * What brings SkyPrep into its page's form: each is `(api) => api` and says nothing where an answer is as on the page.
 * A reader passes it as one door.
 */
const door =
  /^src\/(skyprep\/(normalize\/|sightings|rate-limit\/(limit-words|maintenance))|academy\/(absence|archived|own-writes|deleted))/;

/**
 * The files of `src` and `tools` with a function that is called between a request and its reply, the process warm, in
 * the order V8 knows them; the pretend academy aside, which stands for SkyPrep, and the door before it counted once.
 */
export async function walkOf(tool: keyof typeof walks): Promise<Walk> {
  const { args } = walks[tool];
  // As a model is answered: in text.
  const academy = await openAcademy({ env: { SKYPREP_STRUCTURED: "false" } });
  const session = new Session();
  session.connect();
  try {
    const warm = tool === "destroy_user" ? { user_id: 251 } : args;
    await academy.call(tool, warm);
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    await session.post("Profiler.takePreciseCoverage");
    await academy.call(tool, args);
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const files = result
      .map(({ url, functions }) => ({
        file: relative(root, url.startsWith("file:") ? fileURLToPath(url) : url),
        called: functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0),
        end: Math.max(...functions.flatMap(({ ranges }) => ranges[0]?.endOffset ?? 0)),
      }))
      .filter(({ file }) => /^(?:src|tools)\//.test(file) && !file.startsWith("src/sandbox/"));
    const read = files.filter(({ called }) => called.some(({ functionName }) => functionName !== ""));
    // A module as a whole counts as a function that ran when it was loaded.
    const inALine = files.filter(
      (one) =>
        !read.includes(one) &&
        one.called.some(({ ranges: [whole] }) => whole?.startOffset !== 0 || whole.endOffset < one.end),
    );
    const named = ({ file }: { readonly file: string }) => file;
    const asOnThePage = read.map(named).some((file) => door.test(file))
      ? ["src/skyprep/normalize/normalize.ts"]
      : [];
    return {
      read: [...read.map(named).filter((file) => !door.test(file)), ...asOnThePage],
      inALine: inALine.map(named).filter((file) => !door.test(file)),
    };
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
    await academy.close();
  }
}

type Walks = Readonly<Record<keyof typeof walks, Walk>>;

/** As docs/architecture.md lists them: by folder. */
export function walksInWords(found: Walks): string {
  const told = Object.entries(found).map(([tool, { read, inALine }]) => {
    const folders = [...new Set(read.map((file) => dirname(file)))].sort();
    const inIt = (folder: string) =>
      read.filter((file) => dirname(file) === folder).map((file) => basename(file, ".ts"));
    const lines = folders.map((folder) => `- \`${folder}/\`: ${inIt(folder).sort().join(", ")}`);
    const passed = inALine.map((file) => file.replace(/^src\/|\.ts$/g, "")).sort();
    return [
      `**\`${tool}\`**: ${read.length} files`,
      "",
      ...lines,
      "",
      `In a line each: ${passed.length} files (${passed.join(", ")}).`,
    ].join("\n");
  });
  return told.join("\n\n");
}

// By itself and not inside vitest, which puts functions of its own into every module.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = {
    destroy_user: await walkOf("destroy_user"),
    get_users: await walkOf("get_users"),
    training_status: await walkOf("training_status"),
  };
  if (process.argv[2] === "write") {
    const text = readFileSync(document, "utf8");
    const [, list = ""] = /(\*\*`destroy_user`[\s\S]*?)\n\n<!-- \/walks -->/.exec(text) ?? [];
    writeFileSync(
      document,
      text.replace(list, () => walksInWords(found)),
    );
  } else process.stdout.write(`${JSON.stringify(found, undefined, 1)}\n`);
}
