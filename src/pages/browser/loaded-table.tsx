import { useMemo, useState } from "preact/hooks";
import { type BoardTable, type Controls, filled } from "../board.ts";
import { DataTable } from "../parts/table.tsx";
import type { Writer } from "../written.ts";
import { comparing, folded } from "./rows.ts";

interface Sorted {
  readonly at: number;
  readonly isUp: boolean;
}

/** A table whose rows, as many as were loaded, can be searched and sorted. */
export function LoadedTable({
  table,
  words,
  writer,
  language,
}: {
  readonly table: BoardTable;
  readonly words: Controls;
  readonly writer: Writer;
  readonly language: string;
}) {
  const [query, setQuery] = useState("");
  const [sorted, setSorted] = useState<Sorted>();
  const { columns, rows, total, title } = table;
  const texts = useMemo(
    () => rows.map((row) => folded(columns.map(({ is }, at) => writer.cell(row[at] ?? "", is)).join("\n"))),
    [rows, columns, writer],
  );
  const shown = useMemo(() => {
    const wanted = folded(query).split(/\s+/).filter(Boolean);
    const found = rows.filter((_, n) => wanted.every((word) => texts[n]?.includes(word)));
    if (sorted === undefined) return found;
    const compare = comparing(columns[sorted.at]?.is, language);
    const keyOf = (row: (typeof rows)[number]) => String(row[sorted.at] ?? "");
    return found.sort((a, b) => compare(keyOf(a), keyOf(b), sorted.isUp));
  }, [rows, texts, query, sorted, columns, language]);
  const isMany = rows.length > 1;
  const said =
    shown.length === 0
      ? words.nothing
      : filled(words.shown, { n: writer.number(shown.length), total: writer.number(total) });
  return (
    <>
      {isMany && (
        <div class="tools">
          <label>
            {words.search}
            <input
              type="search"
              autocomplete="off"
              spellcheck={false}
              value={query}
              onInput={({ currentTarget }) => setQuery(currentTarget.value)}
            />
          </label>
          <output aria-live="polite">{said}</output>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by keys. */}
      <section class="scroll" tabIndex={0} aria-label={title}>
        <DataTable
          {...{ table, writer, sorted }}
          rows={shown}
          head={({ label }, at) =>
            isMany ? (
              <button
                type="button"
                title={filled(words.sortBy, { column: label })}
                onClick={() => setSorted({ at, isUp: sorted?.at !== at || !sorted.isUp })}
              >
                {label}
              </button>
            ) : (
              label
            )
          }
        />
      </section>
    </>
  );
}
