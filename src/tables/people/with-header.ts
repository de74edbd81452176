import { setImmediate } from "node:timers/promises";
import { addressesIn } from "./address.ts";
import { type Column, columnsOf, headerScore } from "./columns.ts";
import type { PersonField } from "./header-names.ts";
import { isPartly, isPlaceholder, isRule, remarkIn } from "./nobody.ts";
import { atOnce, type Parted, type PeopleList, type Reading } from "./people-list.ts";
import { type PersonRow, type RowWorld, rowOf } from "./row.ts";
import type { Record } from "./split.ts";
import { dayOrderOf } from "./standing.ts";

/** A table by its header. */
export async function readTable(
  { above, header, records }: Parted & { readonly header: Record },
  reading: Reading,
): Promise<PeopleList> {
  const { labels, today = new Date().toISOString().slice(0, 10), ended } = reading;
  const notWhole = [...reading.notWhole, ...aboveIn(above)];
  const notes = [...reading.notes];
  const rows: PersonRow[] = [];
  const widths = new Map<number, number>();
  const nobody: number[] = [header.row];
  const totals: { row: number; numbers: readonly number[]; rows: number; section: number }[] = [];
  for (const { row, cells } of above) {
    const remark = remarkIn(cells);
    if (remark?.is === "total") totals.push({ row, numbers: remark.numbers, rows: -1, section: -1 });
  }
  let world = worldOf(header.cells, records, { labels, today });
  const sections = [world];
  let section = 0;
  const shape = shapeOf(header, records);
  for (const [n, record] of records.entries()) {
    if (n % atOnce === atOnce - 1) await setImmediate();
    const { row, cells } = record;
    if (isRule(cells) || (cells.every(isPlaceholder) && remarkIn(cells) === undefined)) {
      nobody.push(row);
      continue;
    }
    const score = cells.some((cell) => cell.includes("@")) ? undefined : headerScore(cells, labels);
    const filled = cells.filter((cell) => cell !== "").length;
    if (score?.names && score.known >= Math.max(1, filled * 0.6) && (score.known > 1 || filled === 1)) {
      nobody.push(row);
      if (!sameCells(cells, world.columns)) {
        world = worldOf(cells, records.slice(n + 1), { labels, today });
        sections.push(world);
      }
      continue;
    }
    const remark = isPerson(cells, world) ? undefined : remarkIn(cells);
    if (remark !== undefined) {
      nobody.push(row);
      if (remark.is === "more")
        notWhole.push({
          row,
          why: `“${cells.filter(Boolean).join(" ").slice(0, 60)}” says that there are more`,
        });
      if (remark.is === "total") {
        totals.push({ row, numbers: remark.numbers, rows: rows.length, section: rows.length - section });
        section = rows.length;
      }
      continue;
    }
    const doubt = doubtOf(record, world, { ...shape, last: n === records.length - 1 && !ended });
    for (const one of rowOf(row, cells, world)) rows.push(judged(one, doubt, cells));
    widths.set(row, cells.length);
  }
  breakApart(rows, widths, shape.width);
  const people = new Set(rows.map(({ values, row }) => values.login?.toLowerCase() ?? String(row))).size;
  for (const { row, numbers, rows: before, section: own } of totals) {
    const fits = (n: number) => n === rows.length || n === people || n === before || n === own;
    const sum = numbers.reduce((all, n) => all + n, 0);
    if (numbers.length > 0 && !numbers.some(fits) && !fits(sum)) {
      notWhole.push({
        row,
        why: `it says ${numbers.slice(0, 3).join(", ")}, and the list has ${rows.length}`,
      });
    }
  }
  notWhole.push(...rows.flatMap(({ row, doubt }) => (doubt === undefined ? [] : [{ row, why: doubt }])));
  const columns = sections.flatMap((one) => one.columns);
  const meanings = new Set(columns.flatMap(({ meaning }) => meaning ?? []));
  if (above.length > 0)
    notes.push(
      `Above the header, not read: ${above
        .map(({ cells }) => cells.filter(Boolean).join(" ").slice(0, 60))
        .slice(0, 5)
        .join("; ")}.`,
    );
  return {
    rows,
    meanings,
    columns,
    fields: new Set(rows.flatMap(({ values }) => Object.keys(values) as PersonField[])),
    ignored: [
      ...new Set(
        columns
          .filter(({ meaning, header: name }) => meaning === undefined && name !== "")
          .map(({ header: name }) => name),
      ),
    ],
    notWhole,
    notes,
    nobody,
  };
}

/** A line broken in two: neither half is believed, though the first has a login. */
function breakApart(rows: PersonRow[], widths: ReadonlyMap<number, number>, width: number): void {
  const isShort = (one: PersonRow | undefined) => one !== undefined && (widths.get(one.row) ?? width) < width;
  rows.forEach((one, n) => {
    const next = rows[n + 1];
    if (
      one.doubt === undefined &&
      isShort(one) &&
      isShort(next) &&
      (next?.doubt !== undefined || next?.odd)
    ) {
      rows[n] = { ...one, doubt: `it has ${widths.get(one.row)} of ${width} cells` };
    }
  });
}

/** Titles say nothing, unless they say that this is a part, or name people. */
function aboveIn(above: readonly Record[]): { row: number; why: string }[] {
  return above.flatMap(({ row, cells }) => {
    const text = cells.filter(Boolean).join(" ");
    if (addressesIn(text).length > 0 && cells.filter(Boolean).length > 1)
      return [{ row, why: "it stands above the header and was not read" }];
    return isPartly(text) || remarkIn(cells)?.is === "more"
      ? [{ row, why: `“${text.slice(0, 60)}” says that it is a part` }]
      : [];
  });
}

function worldOf(
  header: readonly string[],
  records: readonly Record[],
  { labels, today }: { readonly labels: ReadonlyMap<string, string>; readonly today: string },
): RowWorld {
  const columns = columnsOf(
    header,
    records.slice(0, 500).map(({ cells }) => cells),
    labels,
  );
  const days = new Map(
    columns
      .filter(({ meaning }) => meaning === "last_day")
      .map(({ at }) => [at, dayOrderOf(records.map(({ cells }) => cells[at] ?? ""))] as const),
  );
  const places = columns.filter(({ meaning }) => meaning === "login").map(({ at }) => at);
  const logins = records.flatMap(({ cells }) =>
    places
      .map((at) => cells[at] ?? "")
      .filter((cell) => cell !== "")
      .slice(0, 1),
  );
  return {
    columns,
    days,
    today,
    addresses: logins.length > 0 && logins.filter((cell) => cell.includes("@")).length >= logins.length * 0.8,
  };
}

const sameCells = (cells: readonly string[], columns: readonly Column[]): boolean =>
  columns.every(({ at, header }) => (cells[at] ?? "").toLowerCase() === header.toLowerCase());

/** A cell of its own kind in a column that says who is meant. */
const isPerson = (cells: readonly string[], { columns }: RowWorld): boolean =>
  cells.some((cell) => cell.includes("@")) ||
  columns.some(({ at, meaning }) => {
    const cell = cells[at] ?? "";
    if (meaning === "bare_number" || meaning === "number")
      return /^#?\d{1,15}$/.test(cell) && cells.filter(Boolean).length > 1;
    return false;
  });

interface Shape {
  readonly width: number;
  /** The fewest cells that a row has, the last one left out. */
  readonly least: number;
  /** Rows are written out to their last blank cell. */
  readonly full: boolean;
}

function shapeOf(header: Record, records: readonly Record[]): Shape {
  const width = header.cells.length;
  const body = records.slice(0, -1).filter(({ cells }) => cells.length > 1);
  const short = body.filter(({ cells }) => cells.length < width).length;
  return {
    width,
    least: body.reduce((least, { cells }) => Math.min(least, cells.length), width),
    full:
      short === 0 ||
      (short <= body.length * 0.05 &&
        body.some(({ cells }) => cells.length === width && cells.at(-1) === "")),
  };
}

function doubtOf(
  { torn, cells }: Record,
  { columns }: RowWorld,
  { width, least, full, last }: Shape & { last: boolean },
): string | undefined {
  if (torn !== undefined) return torn;
  if (cells.slice(Math.max(width, columns.length)).some((cell) => cell !== "")) {
    return `it has ${cells.length} cells, the header ${width}`;
  }
  const known = columns.length > 1;
  if (known && last && cells.length < least) return `it may be cut: it has ${cells.length} of ${width} cells`;
  if (known && full && cells.length < width && !last && least < width)
    return `it has ${cells.length} of ${width} cells`;
  // What was cut out of the middle may be a line break in a cell.
  return cells.some((cell) => cell.includes("\n") && addressesIn(cell).length > 0)
    ? "a cell holds lines of its own"
    : undefined;
}

/** A row that says of nobody who it is, is not understood. */
function judged(one: PersonRow, doubt: string | undefined, cells: readonly string[]): PersonRow {
  const { values, logins, bareNumber, unused } = one;
  const why =
    doubt ??
    one.doubt ??
    (logins.length === 0 &&
    values.number === undefined &&
    bareNumber === undefined &&
    values.card_no === undefined
      ? `it has no login${unused ? `; not used: ${unused.join(", ")}` : ""}`
      : undefined);
  if (why === undefined) return one;
  const named = values.name ?? values.first_name ?? values.last_name ?? values.login;
  return {
    ...one,
    doubt: named === undefined ? `${why} (${cells.filter(Boolean).join(", ").slice(0, 80)})` : why,
  };
}
