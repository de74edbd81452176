export type Cell = string | number | null;

export interface Sheet {
  columns: string[];
  rows: Cell[][];
}

const quoted = (cell: Cell): string => {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const csv = ({ columns, rows }: Sheet, newline: "\n" | "\r\n" = "\n"): string =>
  [columns, ...rows].map((row) => row.map(quoted).join(",") + newline).join("");
