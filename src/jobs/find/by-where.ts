import type { JobContext } from "../../call/job-context.ts";
import { changed } from "../../call/read/pages.ts";
import { BadCursor, digest, readCursor, writeCursor } from "../../reply/cursor.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { cleanText, count } from "../../text/english.ts";
import { fold } from "../../text/fold.ts";
import type { JobWorld } from "../job.ts";
import type { Someone } from "../shared/people-index.ts";
import { fieldOf, type PeopleField } from "../shared/selection/people-fields.ts";
import { extremes, peopleWhere } from "../shared/selection/people-where.ts";
import { partsOf, type Where } from "../shared/selection/where.ts";

export interface FindWhereArgs {
  readonly where: Where;
  readonly text?: string | undefined;
  readonly kind?: string | undefined;
  readonly fresh?: boolean | undefined;
  readonly cursor?: string | undefined;
}

/** Whoever asks for more wants more than a first look. */
const mostFirst = 10;
const mostNext = 100;

/** How many people of whom all of it holds, and a page of them with what was asked of them. @throws BadCursor, Unread */
export async function findWhere(asked: FindWhereArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const { where, text, kind, cursor, fresh = false } = asked;
  if (kind !== undefined && kind !== "person")
    return refuse("Nothing was found.", "where is of people: leave kind out.");
  const isNext = cursor !== undefined;
  const selected = await peopleWhere(where, world, inner, { fresh: fresh && !isNext, near: "taken" });
  if ("wrong" in selected) return refuse("Nothing was found.", ...selected.wrong);
  const people = selected.people.filter(isCalled(text));
  const fields = fieldsIn(where, world);
  const columns = ["user_id", "name", "login", ...fields.map(({ name }) => name)];
  const call = [world.account, "find where", text ?? "", JSON.stringify(where)].join("\n");
  const mark = digest(people.map(({ id }) => id).join("\n"));
  const at = cursor === undefined ? undefined : readCursor(cursor, call);
  if (at && at.mark !== mark) throw new BadCursor(changed);
  const before = at?.offset ?? 0;
  const rows = people.slice(before, before + (at ? mostNext : mostFirst)).map((one) => rowOf(one, fields));
  const items = fit(rows, (row) => line(row, columns));
  const used = before + items.length;
  const next = used < people.length ? writeCursor(call, { offset: used, mark }) : undefined;
  const present = columnsOf(items, columns);
  const words = [...(text === undefined ? [] : [`“${cleanText(text).slice(0, 80)}”`]), selected.words].join(
    ", ",
  );
  const extreme = extremes(selected);
  return {
    outcome: "done",
    text: [
      `${people.length} of ${count(selected.of, "person", "people")}: ${words}${before > 0 || next ? `; ${before + 1}–${used}` : ""}.`,
      ...(extreme === undefined ? [] : [extreme]),
      ...selected.notes,
      ...(items.length > 0 ? [present.join("\t"), ...items.map((row) => line(row, present))] : []),
      ...(next ? [`More follow: call again with cursor ${next}`] : []),
    ].join("\n"),
    structured: {
      items,
      total: people.length,
      of: selected.of,
      where: selected.words,
      ...(selected.notes.length > 0 && { notes: selected.notes }),
      ...(next && { next_cursor: next }),
    },
  };
}

/** What was asked about shows. */
function fieldsIn(where: Where, world: JobWorld): readonly PeopleField[] {
  const parts = partsOf(where, world);
  const shown = new Set(["id", "display_name", "email"]);
  return "wrong" in parts ? [] : parts.fields.map(({ field }) => field).filter(({ key }) => !shown.has(key));
}

const rowOf = (one: Someone, fields: readonly PeopleField[]): Record<string, string | number> => ({
  user_id: one.id,
  name: one.name,
  login: cleanText(one.login),
  ...Object.fromEntries(fields.map((field) => [field.name, fieldOf(one.row, field)])),
});

/** Every word of the text stands in a name or a login. */
function isCalled(text: string | undefined): (one: Someone) => boolean {
  const words = fold(text ?? "")
    .split(/\s+/)
    .filter(Boolean);
  return ({ id, name, login }) => {
    const own = fold(`${id} ${name} ${login}`);
    return words.every((word) => own.includes(word));
  };
}
