import { Failure } from "../response.ts";
import { closeDates, dateOf, isAsOnPage, isDay, type OpenDates } from "./dates.ts";
import { flagOf, idOf, idSpellingOf, spellingOf, training, type Vocabulary, wordOf } from "./field-values.ts";
import { isRecord } from "./is-record.ts";
import { keyedRows } from "./keyed-lists.ts";
import type { NormalizeWorld } from "./normalize-world.ts";
import type { Field, InnerRecords, RecordPlan } from "./record-plan.ts";
import type { SeenOnce } from "./seen.ts";
import { type WrittenForms, writtenFormsIn } from "./written-forms.ts";

type Row = Record<string, unknown>;

/** Brings records into the page's form, in place: a page of a hundred is walked once, and copied never. */
export interface RecordForm {
  /** `isRead`: what a record of it does not say, though others do, has no value. */
  record(plan: RecordPlan, row: Row, isRead: boolean): void;
  rows(plan: RecordPlan, list: unknown[], isRead: boolean): void;
}

/** What is the same for all records of one answer. */
interface Answer {
  readonly open: OpenDates;
  /** What came as assumed, as bits: a page has thousands of values. */
  held: number;
  /** Not all of its records have the same fields. */
  varied: boolean;
}

const held = { ids: 1, nothing: 2, flags: 4, dates: 8, statuses: 16 } as const;
const assumed = [
  [held.ids, "ids-are-numbers"],
  [held.nothing, "nothing-is-null"],
  [held.flags, "flags-are-booleans"],
  [held.dates, "dates-are-iso"],
  [held.statuses, "statuses-as-on-the-page"],
] as const;

/** The fields of the record before, which is mostly like the next, and what each of them is. */
interface Shape {
  readonly names: string[];
  readonly fields: (Field | undefined)[];
}

export function createRecordForm(world: NormalizeWorld, seen: SeenOnce): RecordForm {
  const learnt: WrittenForms = writtenFormsIn(world);
  /** Fields that records of a plan have, and may leave out where there is no value. */
  const shown = new WeakMap<RecordPlan, Set<string>>();
  const shapes = new WeakMap<RecordPlan, Shape>();
  /** Numbers that came as texts, as they came. */
  const spelt = new WeakMap<Row, string>();

  function shapeOf(plan: RecordPlan): Shape {
    const shape = shapes.get(plan) ?? { names: [], fields: [] };
    shapes.set(plan, shape);
    return shape;
  }

  /** One pass over what is there, in its order: looking fields up by their names costs several times as much. */
  function record(plan: RecordPlan, row: Row, answer: Answer): void {
    const { names, fields } = shapeOf(plan);
    let bits = 0;
    let at = 0;
    for (const name in row) {
      if (names[at] !== name) {
        names[at] = name;
        fields[at] = plan.get(name);
        answer.varied = true;
      }
      const field = fields[at++];
      if (field === undefined) continue;
      const value = row[name];
      if (value === null) bits |= held.nothing;
      else if (field.is === "date") {
        if (typeof value === "string" && isAsOnPage(value)) bits |= held.dates;
        else date(row, name, answer.open);
      } else if (field.is === "flag") {
        if (typeof value === "boolean") bits |= held.flags;
        else flag(row, name);
      } else if (field.is === "id") {
        if (typeof value === "number") bits |= held.ids;
        else id(row, name);
      } else if (field.is === "inner") inner(field, row, answer);
      else if (field.is === "numbers") numbers(value);
      else if (field.is === "word" && typeof value === "string") {
        if (!field.vocabulary.words.has(value)) word(row, name, field.vocabulary);
        else if (field.vocabulary === training) bits |= held.statuses;
      }
    }
    if (names.length !== at) {
      names.length = at;
      answer.varied = true;
    }
    answer.held |= bits;
  }

  function id(row: Row, name: string): void {
    const value = row[name];
    if (value === "") {
      empty(row, name);
      return;
    }
    const number = idOf(value);
    if (number === undefined) return;
    row[name] = number;
    meet(String(value));
    if (name === "id") spelt.set(row, String(value).trim());
    seen.differs("ids-are-numbers", "text");
  }

  function meet(text: string): void {
    const spelling = idSpellingOf(text);
    if (spelling === undefined || learnt.ids === "several") return;
    const { width, after } = spelling;
    const { ids } = learnt;
    const isAlike = ids === undefined || ids.after === after;
    // A number as long as all are has no zeros before it.
    const widths = [ids?.width ?? 1, width].filter((one) => one > 1);
    const [one = 1, other = one] = widths;
    learnt.ids = isAlike && one === other ? { width: one, after } : "several";
  }

  /** Two that would be one number are two, or one twice: whoever is meant by it is not known. */
  function apart(rows: readonly unknown[]): void {
    if (!rows.some((row) => isRecord(row) && /^0|e/i.test(spelt.get(row) ?? ""))) return;
    const before = new Map<unknown, string>();
    for (const row of rows) {
      if (!isRecord(row)) continue;
      const as = spelt.get(row) ?? String(row.id);
      if ((before.get(row.id) ?? as) !== as) throw notApart();
      before.set(row.id, as);
    }
  }

  function flag(row: Row, name: string): void {
    const value = row[name];
    if (value === "") {
      empty(row, name);
      return;
    }
    const isOn = flagOf(value);
    if (isOn === undefined) return;
    row[name] = isOn;
    const isText = typeof value === "string" && !/^[01]$/.test(value);
    seen.differs("flags-are-booleans", isText ? "text" : "digits");
  }

  function word(row: Row, name: string, vocabulary: Vocabulary): void {
    const value = String(row[name]);
    const means = wordOf(value, vocabulary);
    if (means === undefined) return;
    row[name] = means;
    if (vocabulary !== training) return;
    seen.differs("statuses-as-on-the-page", spellingOf(value, means));
  }

  function numbers(value: unknown): void {
    if (!Array.isArray(value)) return;
    for (const [at, one] of value.entries()) if (typeof one === "string") value[at] = idOf(one) ?? one;
  }

  function empty(row: Row, name: string): void {
    row[name] = null;
    seen.differs("nothing-is-null", "empty");
  }

  function date(row: Row, name: string, open: OpenDates): void {
    const came = row[name];
    if (came === "") {
      empty(row, name);
      return;
    }
    // A birthday is a day everywhere.
    if (name === "date_of_birth" && typeof came === "string" && isDay(came)) return;
    const { value, form } = dateOf(row, name, { learnt, open });
    if (value !== came) row[name] = value;
    if (form !== undefined && name !== "date_of_birth") seen.differs("dates-are-iso", form);
  }

  function inner(
    { name, as, alias, plan: planOf, numbers: byNumber }: InnerRecords,
    row: Row,
    answer: Answer,
  ) {
    const value = as === "one" ? row[name] : unkeyed(row, name, planOf);
    if (typeof value !== "object" || value === null) {
      // Where a list is meant, a number may be how many there are.
      const number = as === "one" ? numberOf(value) : undefined;
      if (number !== undefined) row[name] = idAlone(number, alias);
      return;
    }
    const plan = planOf();
    // Records inside others may well differ.
    const { varied } = answer;
    if (Array.isArray(value)) {
      const there = value.filter((one) => one !== null);
      if (there.length > 0 && there.length < value.length) value.splice(0, value.length, ...there);
      for (let at = 0; at < value.length; at++) {
        const one: unknown = value[at];
        if (isRecord(one)) record(plan, one, answer);
        else {
          const number = numberOf(one);
          if (number === undefined) continue;
          value[at] = idAlone(number, alias);
          if (byNumber !== "") seen.differs("group-shows-its-members", "ids");
        }
      }
      apart(value);
    } else if (as !== "one" && Object.keys(value).length === 0) {
      row[name] = [];
      seen.differs("lists-are-bare", "keyed");
    } else {
      record(plan, value as Row, answer);
      if (as === "many") {
        row[name] = [value];
        seen.differs("lists-are-bare", "single");
      }
    }
    answer.varied = varied;
  }

  /** A list that is keyed by its rows' numbers, as a list. */
  function unkeyed(row: Row, name: string, planOf: () => RecordPlan): unknown {
    const value = row[name];
    if (!isRecord(value)) return value;
    const rows = keyedRows(value, { haveIds: planOf().get("id")?.is === "id" });
    if (rows === undefined) return value;
    row[name] = rows;
    seen.differs("lists-are-bare", "otherwise");
    return rows;
  }

  /** Members that are told by number beside their group: `user_ids: [101, 102]`, `user_id: 101`. */
  function membersByNumber(plan: RecordPlan, row: Row): void {
    for (const [name, field] of plan) {
      if (field.is !== "inner") continue;
      if (field.as === "many") {
        unkeyed(row, name, field.plan);
        onlyRows(row, name);
      }
      if (row[name] !== undefined) continue;
      const told = row[field.as === "one" ? `${name}_id` : field.numbers];
      const isList = typeof told === "string" && /^\d+(\s*,\s*\d+)+$/.test(told.trim());
      const found = isList ? told.split(",") : Array.isArray(told) ? [...told] : told;
      if (found !== undefined && (field.as === "one" || Array.isArray(found))) row[name] = found;
    }
  }

  /** What some records of a list show and others leave out has no value in these. */
  function fill(plan: RecordPlan, list: readonly Row[]): void {
    const known = shown.get(plan) ?? new Set<string>();
    shown.set(plan, known);
    for (const [name, { is }] of plan) {
      if (is !== "id" && is !== "flag" && is !== "date") continue;
      const without = list.filter((row) => row[name] === undefined);
      if (without.length < list.length) known.add(name);
      if (without.length === 0 || !known.has(name)) continue;
      for (const row of without) row[name] = null;
      seen.differs("nothing-is-null", "missing");
    }
  }

  function whole(plan: RecordPlan, list: readonly Row[], { isRead, isAlone }: Walk): void {
    const answer: Answer = { open: { left: [], order: undefined }, held: 0, varied: false };
    for (const row of list) {
      if (isAlone) membersByNumber(plan, row);
      record(plan, row, answer);
    }
    apart(list);
    for (const [bit, assumption] of assumed) if (answer.held & bit) seen.holds(assumption);
    closeDates(answer.open, learnt);
    if (isRead && answer.varied) fill(plan, list);
  }

  return {
    record: (plan, row, isRead) => whole(plan, [row], { isRead, isAlone: true }),
    rows: (plan, list, isRead) => whole(plan, list.filter(isRecord), { isRead, isAlone: false }),
  };
}

/** How many members there are, or where they are to be had, are no members: as if they were not shown. */
function onlyRows(row: Row, name: string): void {
  const value = row[name];
  if (value === undefined || value === null || Array.isArray(value)) return;
  if (isRecord(value)) {
    if ("id" in value || Object.keys(value).length === 0) return;
    const lists = Object.values(value).filter((one) => Array.isArray(one));
    const counts = Object.values(value).filter((one) => typeof one === "number");
    const [list] = lists;
    // {users: {data: […]}}, unless what stands beside them may be how many there are in all.
    if (list !== undefined && lists.length === 1 && counts.every((one) => one <= list.length)) {
      row[name] = list;
      return;
    }
  }
  delete row[name];
}

const notApart = (): Failure =>
  new Failure(
    "SkyPrep's records have ids that are the same number in two spellings, so it is not known who is who.",
    "skyprep-mcp probe tells how this account answers; its file can be attached to an issue.",
    "no",
  );

interface Walk {
  readonly isRead: boolean;
  readonly isAlone: boolean;
}

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : idOf(value));
const idAlone = (id: number, alias: string | undefined): Row => ({ id, ...(alias && { [alias]: id }) });
