import { readFileSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { basename, dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { openAcademy } from "../test/support/academy.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const document = new URL("../docs/architecture.md", import.meta.url);

/** The calls a newcomer follows to learn the code, and in how many files of ours each may be read. */
export const walks = {
  destroy_user: { args: { user_id: 250 }, most: 40 },
  get_users: { args: { limit: 5 }, most: 22 },
  training_status: { args: { group: "Sales Team" }, most: 40 },
} as const;

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
export async function walkOf(tool: keyof typeof walks): Promise<readonly string[]> {
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
    const called = result
      .filter(({ functions }) =>
        functions.some(({ functionName, ranges }) => functionName !== "" && (ranges[0]?.count ?? 0) > 0),
      )
      .map(({ url }) => relative(root, url.startsWith("file:") ? fileURLToPath(url) : url))
      .filter((file) => /^(?:src|tools)\//.test(file) && !file.startsWith("src/sandbox/"));
    const asOnThePage = called.some((file) => door.test(file)) ? ["src/skyprep/normalize/normalize.ts"] : [];
    return [...called.filter((file) => !door.test(file)), ...asOnThePage];
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
    await academy.close();
  }
}

type Walks = Readonly<Record<keyof typeof walks, readonly string[]>>;

/** As docs/architecture.md lists them: by folder. */
export function walksInWords(found: Walks): string {
  const told = Object.entries(found).map(([tool, files]) => {
    const folders = [...new Set(files.map((file) => dirname(file)))].sort();
    const inIt = (folder: string) =>
      files.filter((file) => dirname(file) === folder).map((file) => basename(file, ".ts"));
    const lines = folders.map((folder) => `- \`${folder}/\`: ${inIt(folder).sort().join(", ")}`);
    return [`**\`${tool}\`**: ${files.length} files`, "", ...lines].join("\n");
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
