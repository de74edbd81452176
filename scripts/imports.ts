import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Our own source files, as paths from the root. */
export const files: readonly string[] = ["src", "tools"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name).replaceAll("\\", "/"))
    .sort(),
);
export const source = (file: string): string => readFileSync(join(root, file), "utf8");

export interface Import {
  readonly from: string;
  readonly to: string;
  readonly type: boolean;
  /** Loaded when somebody asks for it. */
  readonly lazy: boolean;
}

/** Reads import lines as text; a local target is a path from the root, any other its package. */
export function importsOf(file: string): Import[] {
  const text = source(file);
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^;"']*?)\s*from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;
  return [...text.matchAll(pattern)].map(([, type, names = "", fixed, lazy]) => {
    const target = fixed ?? lazy ?? "";
    const inner = names
      .replace(/^[{\s]+|[}\s]+$/g, "")
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
    const allTypes =
      names.trim().startsWith("{") && inner.length > 0 && inner.every((one) => one.startsWith("type "));
    return {
      from: file,
      to: target.startsWith(".")
        ? relative(root, join(root, dirname(file), target)).replaceAll("\\", "/")
        : target,
      type: type !== undefined || allTypes,
      lazy: lazy !== undefined,
    };
  });
}
