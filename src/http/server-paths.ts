import type { Caller } from "../call/job-context.ts";
import type { Reply } from "../reply/reply.ts";

const ours = "a folder of the server";

/**
 * Around each call: where things lie on this computer is nothing to somebody at another one, whatever went wrong
 * there.
 */
export function withoutPaths(folders: readonly (string | undefined)[]): (call: Caller) => Caller {
  const known = folders.filter((one): one is string => one !== undefined && one.length > 1);
  if (known.length === 0) return (call) => call;
  const inside = new RegExp(
    `(?:${known.map(literally).join("|")})(?![\\w.-])(?:[/\\\\][^\\s:;,"'“”()]*)?`,
    "g",
  );
  const clean = <T>(value: T): T => {
    if (typeof value === "string") return value.replace(inside, ours) as T;
    if (Array.isArray(value)) return value.map(clean) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one)])) as T;
  };
  const cleaned = (reply: Reply): Reply => {
    const board = reply.board && { board: clean(reply.board) };
    // Most are done, and name none in their text: what is there as structure is the same in other words.
    if (reply.outcome === "done" && !known.some((folder) => reply.text.includes(folder)))
      return board ? { ...reply, ...board } : reply;
    return {
      ...reply,
      text: clean(reply.text),
      ...(reply.structured && { structured: clean(reply.structured) }),
      ...board,
    };
  };
  return (call) =>
    (...asked) =>
      call(...asked)?.then(cleaned);
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
