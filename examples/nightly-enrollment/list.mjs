/** The list's rows, each with its line and its cells by name. @throws where it cannot be read for certain */
export function rowsOf(csv) {
  const [, head = ""] = /^\uFEFF?([^\r\n]*)/.exec(csv);
  const cell =
    head.includes(";") && !head.includes(",")
      ? /\uFEFF?(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r?\n|$)/y
      : /\uFEFF?(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const lines = [[]];
  while (cell.lastIndex < csv.length) {
    const found = cell.exec(csv);
    if (found === null) throw new Error(`line ${lines.length} is not CSV`);
    const [, quoted, plain, end] = found;
    lines.at(-1).push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end !== "," && end !== ";") lines.push([]);
  }
  const [names = [], ...rest] = lines.filter((cells) => cells.some((one) => one !== ""));
  return rest.map((cells) => ({
    whole: cells.length <= names.length,
    ...Object.fromEntries(names.map((name, at) => [name.toLowerCase(), cells[at] ?? ""])),
  }));
}
export const csvOf = (rows) =>
  rows.map((row) => row.map((cell) => `"${String(cell ?? "").replaceAll('"', '""')}"`).join(",")).join("\n");

/** A row says who, and a course or a group; one with more cells than the header has may say anything. */
export const isClear = ({ whole, email, course, group }) =>
  whole && email && (course || group) && [course, group].every((name = "") => name.length <= 200);
