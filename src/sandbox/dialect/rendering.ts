import type { Incoming } from "../../skyprep/send.ts";
import { asJson, incoming, plain, written } from "../server/incoming.ts";
import type { Refusal, RouteAnswer } from "../server/route.ts";
import type { Page } from "./lists.ts";
import { innerLists, listNameOf, listOf, recordOf } from "./names.ts";
import type { Switch } from "./switch.ts";

type Row = Readonly<Record<string, unknown>>;

export interface Rendering {
  answer(answer: RouteAnswer, route: string, page: Page | undefined): Incoming;
  refusal(refusal: Refusal): Incoming;
}

const isPlainObject = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What has fields of its own, as against `{message: "success"}` or a map of balances. */
const isRecord = (value: Row): boolean => "id" in value || "user_id" in value || "acct_key" in value;

const rowsOf = (answer: RouteAnswer): readonly unknown[] | undefined => {
  if ("rows" in answer) return answer.rows;
  return "json" in answer && Array.isArray(answer.json) ? answer.json : undefined;
};
const shown = (row: unknown): unknown => (typeof row === "function" ? row() : row);

type Hook = "field" | "more" | "inner" | "record" | "one" | "envelope" | "error";
const hooks = <Name extends Hook>(switches: readonly Switch[], name: Name) =>
  switches.flatMap((one) => {
    const hook = one[name];
    return hook === undefined ? [] : [hook as NonNullable<Switch[Name]>];
  });

interface Place {
  name?: string;
  inList?: boolean;
  known?: boolean;
}

/** Answers as this academy writes them: first the fields, then the lists in them, then what stands around. */
export function createRendering(switches: readonly Switch[]): Rendering {
  const fields = hooks(switches, "field");
  const mores = hooks(switches, "more");
  const inners = hooks(switches, "inner");
  const records = hooks(switches, "record");
  const [one] = hooks(switches, "one");
  const [envelope] = hooks(switches, "envelope");
  const [error] = hooks(switches, "error");

  const collapsed = (rows: readonly unknown[]): unknown =>
    rows.every(isPlainObject)
      ? inners.reduce<unknown>((list, how) => (Array.isArray(list) ? how(list) : list), rows)
      : rows;

  /** `known`: not within a field that nobody knows. */
  const walked = (value: unknown, { name = "", inList = false, known = true }: Place = {}): unknown => {
    if (Array.isArray(value)) {
      const list = value.map((item) => walked(item, { name, inList: true, known }));
      return innerLists.has(name) && known ? collapsed(list) : list;
    }
    if (!isPlainObject(value)) return fields.reduce((said, how) => how(name, said, inList), value);
    const own = fieldsOf(value, known);
    if (known && isRecord(value)) for (const more of mores) Object.assign(own, fieldsOf(more(value), false));
    return own;
  };
  const fieldsOf = (row: Row, known: boolean): Record<string, unknown> => {
    const out: Record<string, unknown> = {};
    for (const name of Object.keys(row)) {
      const said = walked(row[name], { name, known });
      if (said !== undefined) out[name] = said;
    }
    return out;
  };

  const list = (rows: readonly unknown[], name: string | undefined, page: Page | undefined): unknown => {
    const some = page ? rows.slice(page.from, page.from + page.size) : rows;
    const standing = page?.standing && { ...page.standing, ...(page.total && { total: rows.length }) };
    const wrap = envelope ?? (page?.total ? besideTotal : undefined);
    const all = collapsed(some.map((row) => walked(shown(row))));
    return wrap === undefined || name === undefined ? all : wrap(all, name, standing);
  };

  return {
    answer(answer, route, page) {
      if ("text" in answer || "bytes" in answer) return written(answer);
      const rows = rowsOf(answer);
      const name = recordOf.get(route);
      if (rows) return asJson(list(rows, listOf.get(route) ?? (name && listNameOf(name)), page));
      if (!("json" in answer)) return written(answer);
      const { json } = answer;
      const record = isPlainObject(json) ? records.reduce<Row>((row, how) => how(row, route), json) : json;
      const said = record === null ? null : walked(record);
      return asJson(name === undefined || one === undefined ? said : one(said, name));
    },
    refusal: ({ status, message }) => error?.(status, message) ?? incoming(status, plain, message),
  };
}

const besideTotal = (rows: unknown, name: string, standing: object | undefined) => ({
  [name]: rows,
  ...standing,
});
