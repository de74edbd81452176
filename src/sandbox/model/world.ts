import { createTables } from "../seed/tables.ts";
import type { Person, Progress, Tables } from "./tables.ts";

/** Progress rows, which also know whose they are: an academy of thousands asks that at every enrollment. */
export class ProgressTable extends Map<number, Progress> {
  // Not a field initializer: Map's constructor may call `set` before those run.
  declare private people: Map<number, Set<number>> | undefined;

  override set(id: number, row: Progress): this {
    this.people ??= new Map();
    const own = this.people.get(row.user_id);
    if (own) own.add(id);
    else this.people.set(row.user_id, new Set([id]));
    return super.set(id, row);
  }

  override delete(id: number): boolean {
    const row = this.get(id);
    if (row) this.people?.get(row.user_id)?.delete(id);
    return super.delete(id);
  }

  override clear(): void {
    this.people?.clear();
    super.clear();
  }

  of(userId: number): Progress[] {
    const rows: Progress[] = [];
    for (const id of this.people?.get(userId) ?? []) {
      const row = this.get(id);
      if (row) rows.push(row);
    }
    return rows;
  }

  /** `user_id` of a row may only be changed here, or the row is lost to its new owner. */
  handOver(row: Progress, userId: number): void {
    this.delete(row.id);
    row.user_id = userId;
    this.set(row.id, row);
  }
}

/** How an academy reads what a list is asked for, where the page leaves room. */
export interface ListManners {
  /** Of several filters, whether a row has to meet all or any. */
  readonly filters: "all" | "any";
  /** Archived training records: with the others, or only where that status is asked for. */
  readonly archived: "listed" | "asked-for";
  readonly deleted: "gone" | "listed";
}

const usualManners: ListManners = { filters: "all", archived: "listed", deleted: "gone" };

/** One pretend academy: its tables, its clock and its counters. */
export interface World extends Tables {
  progress: ProgressTable;
  /** Epoch milliseconds, injected. */
  now(): number;
  /** The next free number in a table. */
  next(table: Map<number, unknown>): number;
  /** Who was deleted and when, by number; nothing but a list that still shows them reads it. */
  readonly deleted: Map<number, { person: Person; at: number }>;
  readonly lists: ListManners;
  /** The account's domain, e.g. `example.skyprepapp.com`. */
  readonly domain: string;
}

export interface WorldOptions {
  now: () => number;
  /** 2 to 20,000. */
  people?: number;
  domain?: string;
  /** Left out: seeded. Whoever makes many academies may seed once and give a copy to each. */
  tables?: (at: { now: number; people: number }) => Tables;
  lists?: Partial<ListManners>;
}

/** Numbers never come back, even when the newest row is removed. */
function createCounter(): (table: Map<number, unknown>) => number {
  const last = new WeakMap<Map<number, unknown>, number>();
  return (table) => {
    let next = last.get(table);
    if (next === undefined) {
      next = 0;
      for (const id of table.keys()) if (id > next) next = id;
    }
    do next += 1;
    while (table.has(next));
    last.set(table, next);
    return next;
  };
}

const anHour = 3_600_000;

/** A fresh academy; the same hour and size make the same one, so that a process goes on where another one was. */
export function createWorld({
  now,
  people = 302,
  domain = "example.skyprepapp.com",
  tables = createTables,
  lists,
}: WorldOptions): World {
  const made = tables({ now: Math.floor(now() / anHour) * anHour, people });
  const progress = new ProgressTable();
  for (const row of made.progress.values()) progress.set(row.id, row);
  return {
    ...made,
    progress,
    deleted: new Map(),
    lists: { ...usualManners, ...lists },
    now,
    next: createCounter(),
    domain,
  };
}
