import { filled } from "../board.ts";
import { comparing, folded } from "./rows.ts";

/** What a saved page can do: sort a table by a column, and leave those rows that hold what is searched for. */
const language = document.documentElement.dataset.language ?? "en";
const numbers = new Intl.NumberFormat(language);

for (const tools of document.querySelectorAll<HTMLElement>("[data-tools]")) {
  const table = tools.nextElementSibling?.querySelector("table");
  const body = table?.tBodies[0];
  const field = tools.querySelector("input");
  const shown = tools.querySelector("output");
  if (!table || !body || !field || !shown || body.rows.length < 2) continue;
  const rows = [...body.rows];
  let texts: readonly string[] | undefined;
  keepWidths(table, rows.length);

  const search = () => {
    texts ??= rows.map((row) => folded(row.textContent ?? ""));
    const words = folded(field.value).split(/\s+/).filter(Boolean);
    let n = 0;
    rows.forEach((row, at) => {
      const is = words.every((word) => texts?.[at]?.includes(word));
      if (is) n += 1;
      if (row.hidden === is) row.hidden = !is;
    });
    const { shown: sentence = "", nothing = "" } = shown.dataset;
    const total = shown.dataset.total ?? String(rows.length);
    shown.textContent =
      n === 0 ? nothing : filled(sentence, { n: numbers.format(n), total: numbers.format(Number(total)) });
  };
  field.addEventListener("input", search);

  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, at) => {
    if (head.dataset.is === "sign") return;
    const button = document.createElement("button");
    button.type = "button";
    button.title = filled(shown.dataset.sort ?? "", { column: head.textContent ?? "" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const compare = comparing(head.dataset.is, language);
      const keyed = rows.map((row, n) => {
        const cell = row.cells[at];
        return { row, n, key: cell?.dataset.v ?? cell?.textContent ?? "" };
      });
      keyed.sort((a, b) => compare(a.key, b.key, isUp) || a.n - b.n);
      // Taken out meanwhile: laid out once, not with every row that moves.
      const after = body.nextSibling;
      body.remove();
      body.append(...keyed.map(({ row }) => row));
      table.insertBefore(body, after);
    });
  });
  tools.hidden = false;
}

/** So many rows are laid out anew with each key without anybody noticing. */
const fewRows = 200;

/** Columns as wide as they came, in shares of the whole: no browser has to measure every cell again and again. */
function keepWidths(table: HTMLTableElement, rows: number): void {
  if (rows <= fewRows) return;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const widths = heads.map((head) => head.offsetWidth);
  const whole = widths.reduce((sum, one) => sum + one, 0);
  if (whole === 0) return;
  heads.forEach((head, at) => {
    head.style.width = `${(100 * (widths[at] ?? 0)) / whole}%`;
  });
  table.style.minWidth = `min(${whole}px, 60rem)`;
  table.style.tableLayout = "fixed";
}
