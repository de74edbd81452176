const marks = ["deleted_at", "deleted_on", "deleted", "is_deleted"];
const places = ["status", "state", "login_status"];

/** Whether a row is of somebody who was deleted and is still listed (skyprep-api §1.3 says nothing of it). */
export function isDeleted(row: unknown): boolean {
  if (typeof row !== "object" || row === null) return false;
  const fields = row as Readonly<Record<string, unknown>>;
  return (
    marks.some((name) => !/^(|0|false|no|null|undefined)$/i.test(String(fields[name] ?? "").trim())) ||
    places.some((name) => /^(deleted|destroyed)$/i.test(String(fields[name] ?? "").trim()))
  );
}
