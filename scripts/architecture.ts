import { files, importsOf } from "./imports.ts";

/** A folder as the picture names it; undefined: a package of others. */
function folderOf(path: string): string | undefined {
  if (path === "src/main.ts") return "main";
  if (path.startsWith("tools/")) return "tools";
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

type Arrows = ReadonlyMap<string, ReadonlyMap<string, "values" | "types">>;

/** Which folder imports which, and whether more than types. */
function arrowsBetweenFolders(): Arrows {
  const arrows = new Map<string, Map<string, "values" | "types">>();
  for (const { from, to, type } of files.flatMap(importsOf)) {
    const [one, other] = [folderOf(from), folderOf(to)];
    if (one === undefined || other === undefined || one === other) continue;
    const leaving = arrows.get(one) ?? new Map<string, "values" | "types">();
    if (!type || !leaving.has(other)) leaving.set(other, type ? "types" : "values");
    arrows.set(one, leaving);
  }
  return arrows;
}

/** Whether `to` is reached from `from` in two steps or more: the straight arrow then says nothing new. */
function isReachedOtherwise(from: string, to: string, arrows: Arrows): boolean {
  const seen = new Set<string>();
  const reaches = (at: string): boolean => {
    if (at === to) return true;
    if (seen.has(at)) return false;
    seen.add(at);
    return [...(arrows.get(at)?.keys() ?? [])].some(reaches);
  };
  return [...(arrows.get(from)?.keys() ?? [])].some((next) => next !== to && reaches(next));
}

/** The folders and who imports whom, as Mermaid draws it; an arrow that follows from others is left out. */
export function importPicture(): string {
  const arrows = arrowsBetweenFolders();
  const lines = [...arrows].sort().flatMap(([from, leaving]) =>
    [...leaving]
      .sort()
      .filter(([to]) => !isReachedOtherwise(from, to, arrows))
      .map(([to, what]) => `  ${from} ${what === "values" ? "-->" : "-.->"} ${to}`),
  );
  return ["```mermaid", "flowchart TD", ...lines, "```"].join("\n");
}
