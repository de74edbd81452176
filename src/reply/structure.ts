import { limits, type Reply } from "./reply.ts";

/** Room for what frames the notes. */
const margin = 500;

/**
 * What a program gets beside the text, complete in itself (docs/structured-replies.md): with what the call is of, how
 * it ended where it was not done, every sentence that is not in its data, and what is to be called next. `isTold`:
 * that much of it is told in sentences, as jobs do.
 */
export function structureOf(
  { text, structured, outcome }: Reply,
  { sandbox, isTold }: { readonly sandbox: boolean; readonly isTold: boolean },
): Record<string, unknown> {
  const own = { ...(outcome !== "done" && { status: outcome }), ...structured };
  const next = structured?.next ?? nextIn(structured ?? {});
  const framed = {
    ...(sandbox && { sandbox: true }),
    ...own,
    ...(next !== undefined && { next }),
  };
  // A question tells all of itself in its own fields.
  const tells = structured === undefined || (outcome !== "waiting" && (isTold || outcome !== "done"));
  return tells ? { ...framed, notes: notesOf(text, framed) } : framed;
}

function nextIn({ next_cursor, look_with }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof next_cursor === "string") return `Call again with cursor ${next_cursor}`;
  if (typeof look_with === "string") return `Look with ${look_with} before it is called again.`;
  return undefined;
}

/** Its own notes first, then every line that is no row of a table and was not said yet, as far as there is room. */
function notesOf(text: string, own: Readonly<Record<string, unknown>>): readonly unknown[] {
  const notes: unknown[] = Array.isArray(own.notes) ? [...own.notes] : [];
  // What stands in a list of sentences of its own is said.
  const lists = Object.values(own).flatMap((value) => (Array.isArray(value) ? value : []));
  const said = new Set([...lists, ...lists.map((one) => `- ${String(one)}`)]);
  let room = limits.structuredBytes - margin - Buffer.byteLength(JSON.stringify(own));
  for (const line of text.split("\n")) {
    const isNext = typeof own.next === "string" && (own.next.includes(line) || /^More follow: /.test(line));
    if (line === "" || line.includes("\t") || said.has(line) || isNext) continue;
    room -= Buffer.byteLength(JSON.stringify(line)) + 1;
    if (room < 0) break;
    notes.push(line);
  }
  return notes;
}
