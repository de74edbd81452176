import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** What runs in browsers, each as one text. */
export interface Scripts {
  readonly page: string;
  readonly app: string;
}

let made: Scripts | undefined;

/** From src/pages/browser/. build.mjs runs this, and puts what it gave in the place of this module. */
export function scripts(): Scripts {
  made ??= { page: bundled("page.ts"), app: bundled("app.tsx") };
  return made;
}

function bundled(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`browser/${file}`, import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    write: false,
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  const [{ text } = { text: "" }] = outputFiles;
  // Inside a page, this would end the script.
  return text.trim().replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
