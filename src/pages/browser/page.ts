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

  const order = new Map(rows.map((row, at) => [row, at] as const));
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
      const keys = new Map(
        rows.map((row) => {
          const cell = row.cells[at];
          return [row, cell?.dataset.v ?? cell?.textContent ?? ""] as const;
        }),
      );
      const sorted = [...rows].sort(
        (a, b) =>
          compare(keys.get(a) ?? "", keys.get(b) ?? "", isUp) || (order.get(a) ?? 0) - (order.get(b) ?? 0),
      );
      body.append(...sorted);
    });
  });
  tools.hidden = false;
}
