import { readFileSync } from "node:fs";
import type { Reply } from "../support/academy.ts";

/** The page that a reply points to. */
export function pageIn({ structured, text }: Reply): string {
  const { page } = (structured ?? {}) as { page?: { file?: string } };
  if (page?.file === undefined) throw new Error(`no page in ${text.slice(0, 200)}`);
  return readFileSync(page.file, "utf8");
}

const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
const all = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([, found = ""]) => found);

/** What stands on it, read as plainly as can be: not with what made it. Cells as they are sorted by. */
export function saved(reply: Reply) {
  const html = pageIn(reply);
  const cells = (row: string) =>
    [...row.matchAll(/<td([^>]*)>(.*?)<\/td>/gs)].map(
      ([, attributes = "", inner = ""]) => /data-v="([^"]*)"/.exec(attributes)?.[1] ?? plain(inner),
    );
  return {
    title: plain(/<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? ""),
    numbers: Object.fromEntries(
      [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs)].map(([, label = "", value = ""]) => {
        const text = plain(value);
        const number = Number(text.replace(/,/g, ""));
        return [plain(label), Number.isNaN(number) ? text : number];
      }),
    ) as Record<string, number | string>,
    bars: [
      ...all(html, /<span class="words">(.*?)<\/b>/gs).map(
        (bar) =>
          [plain(/<bdi>(.*?)<\/bdi>/s.exec(bar)?.[1] ?? ""), plain(bar.split("<b>")[1] ?? "")] as const,
      ),
    ],
    tables: all(html, /<table>(.*?)<\/table>/gs).map((table) => ({
      columns: all(table, /<th scope="col"[^>]*>(.*?)<\/th>/gs).map(plain),
      rows: all(/<tbody>(.*?)<\/tbody>/s.exec(table)?.[1] ?? "", /<tr>(.*?)<\/tr>/gs).map(cells),
      totals: all(/<tfoot>(.*?)<\/tfoot>/s.exec(table)?.[1] ?? "", /<tr>(.*?)<\/tr>/gs).map(cells),
    })),
  };
}
