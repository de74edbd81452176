import type { Switch, Switches } from "./switch.ts";

type Row = Readonly<Record<string, unknown>>;

const idOf = (row: unknown): unknown => (row as { id?: unknown }).id;

/** Groups and paths with their people and courses as numbers. */
const membersAsIds: Switch = {
  record: (record, route) => {
    if (route !== "get_user_group" && route !== "get_learning_path") return { ...record };
    const members = ["users", "courses", "learning_paths"].flatMap((name) => {
      const rows = record[name];
      return Array.isArray(rows) ? [[name, rows.map(idOf)] as const] : [];
    });
    return { ...record, ...Object.fromEntries(members) };
  },
};

/** None of them means anything; some look like what a wrapped answer or another record's field would. */
const moreFields = (record: Row): Record<string, unknown> => ({
  external_uuid: `6f1c${String(record.id ?? record.user_id ?? 0).padStart(8, "0")}`,
  lock_version: 3,
  legacy_status: "incomplete",
  archived_by: { id: 7, name: "System", deleted_at: null },
  segments: [{ id: 41, name: "North", active: true }],
  results: [],
  synced_at: record.updated_at ?? null,
});

const sizeOf = (rows: unknown): number => (Array.isArray(rows) ? rows.length : 0);

/** How many records an answer puts under which names. */
export const shapes = {
  "fields-as-on-the-page": { more: { more: moreFields } },
  "records-are-bare": {
    wrapped: { one: (record, name) => ({ [name]: record }) },
    data: { one: (record) => ({ data: record }) },
    listed: { one: (record) => (record === null ? [] : [record]) },
  },
  "lists-are-bare": {
    wrapped: {
      envelope: (rows, name, standing) => ({
        [name]: rows,
        meta: { ...(standing ?? { total: sizeOf(rows) }) },
      }),
    },
    data: { envelope: (rows, _, standing) => ({ data: rows, ...standing }) },
    single: { inner: (rows) => (rows.length === 1 ? rows[0] : rows) },
    keyed: { inner: (rows) => (rows.length === 0 ? {} : rows) },
  },
  "group-shows-its-members": { ids: membersAsIds },
} satisfies Switches<
  "fields-as-on-the-page" | "records-are-bare" | "lists-are-bare" | "group-shows-its-members"
>;
