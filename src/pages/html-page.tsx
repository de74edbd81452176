import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import { type Board, type BoardTable, filled } from "./board.ts";
import { scripts } from "./browser-scripts.ts";
import { look } from "./look.ts";
import { lookOfBoards } from "./look-of-boards.ts";
import { BoardView } from "./parts/board-view.tsx";
import { cellOf, DataTable, shadesOf } from "./parts/table.tsx";
import { type Writer, writerFor } from "./written.ts";

const sourceOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const sheet = `${look}${lookOfBoards}`;

/**
 * A board as one HTML file that needs nothing else: it is whole without a script, which only sorts and searches, and
 * its own policy lets nothing be fetched or sent.
 */
export function htmlPage(board: Board): string {
  const { locale, title, words, tables } = board;
  const writer = writerFor(locale);
  const script = scripts().page;
  const policy = `default-src 'none'; style-src ${sourceOf(sheet)}; script-src ${sourceOf(script)}; base-uri 'none'; form-action 'none'`;
  const body = renderToString(
    <>
      <header>
        <strong>skyprep-mcp</strong>
      </header>
      <BoardView
        {...{ board, writer }}
        table={(table) => (
          <>
            <div class="tools" data-tools hidden>
              <label>
                {words.search}
                <input type="search" autocomplete="off" spellcheck={false} />
              </label>
              <output
                data-shown={words.shown}
                data-nothing={words.nothing}
                data-sort={words.sortBy}
                aria-live="polite"
              >
                {filled(words.shown, {
                  n: writer.number(table.rows.length),
                  total: writer.number(table.total),
                })}
              </output>
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by keys. */}
            <section class="scroll" tabIndex={0} aria-label={table.title}>
              <DataTable {...{ table, writer }} />
            </section>
          </>
        )}
      />
      <footer>{words.made}</footer>
    </>,
  );
  // A component for each of 40,000 cells would take a second of everybody else's time.
  const bodies = tables.map((table) => bodyOf(table, writer));
  const whole = body.replaceAll("<tbody></tbody>", () => `<tbody>${bodies.shift() ?? ""}</tbody>`);
  const many = tables.some(({ rows }) => rows.length > 1);
  return `<!doctype html>
<html lang="${locale.words}" dir="${locale.direction}" data-language="${escaped(locale.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${sheet}</style>
</head>
<body>
${whole}
${many ? `<script>${script}</script>` : ""}
</body>
</html>
`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

function bodyOf(table: BoardTable, writer: Writer): string {
  const shade = shadesOf(table);
  return table.rows
    .map((row) => {
      const cells = table.columns.map((column, at) => {
        const value = row[at] ?? "";
        const { text, classes, raw, isolated } = cellOf(value, column, shade(value), writer);
        const own = `${classes === undefined ? "" : ` class="${classes}"`}${raw === undefined ? "" : ` data-v="${escaped(raw)}"`}`;
        return `<td${own}>${isolated ? `<bdi>${escaped(text)}</bdi>` : escaped(text)}</td>`;
      });
      return `<tr>${cells.join("")}</tr>`;
    })
    .join("\n");
}
