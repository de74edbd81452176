import type { JobContext } from "../../call/job-context.ts";
import { anew } from "../../call/read/list.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import type { Reply } from "../../reply/reply.ts";
import type { JobWorld } from "../job.ts";
import { knownClocks } from "./academy-day.ts";

/** The lists that one run of a job reads: which of them were kept, and since when. */
export interface KeptIn {
  readonly list: JobWorld["list"];
  /** By route; what this run loaded itself is not in it. */
  readonly since: ReadonlyMap<string, number>;
}

/** `isFresh`: what was kept before this run is not good enough for it. */
export function keptListsIn({ list, kept }: Pick<JobWorld, "list" | "kept">, isFresh: boolean): KeptIn {
  const before = kept.since();
  const since = new Map<string, number>();
  const read = new Set<string>();
  return {
    since,
    list: (route, signal) => {
      const at = read.has(route) ? undefined : before.get(route);
      read.add(route);
      if (at !== undefined && isFresh) kept.renew(route);
      else if (at !== undefined && at === kept.since().get(route)) since.set(route, at);
      return list(route, signal);
    },
  };
}

/** Whether a run did something: then its answer is of what it did, not of what was kept. */
export function watching(inner: JobContext): { readonly inner: JobContext; readonly acted: () => boolean } {
  let acted = false;
  const watched = <A extends readonly unknown[], R>(act: (...args: A) => R) => {
    return (...args: A): R => {
      acted = true;
      return act(...args);
    };
  };
  return {
    inner: { ...inner, call: watched(inner.call), agree: watched(inner.agree) },
    acted: () => acted,
  };
}

/** The reply, and as of when it is where it comes from lists that were kept. */
export function withAsOf(
  reply: Reply,
  { since }: Pick<KeptIn, "since">,
  world: Pick<JobWorld, "zone" | "records">,
): Reply {
  if (since.size === 0 || reply.outcome !== "done") return reply;
  const oldest = Math.min(...since.values());
  const { as_of: before } = reply.structured ?? {};
  // What is older already says so of all of it.
  if (typeof before === "string" && Date.parse(before) <= oldest) return reply;
  const asOf = knownClocks(world).stamp(oldest);
  const which = [...since.keys()].map((route) => manyOf(route, world)).join(", ");
  return {
    ...reply,
    text: `${reply.text}\nAs of ${asOf}: ${which} (kept for a minute; ${anew}).`,
    structured: { as_of: asOf, ...reply.structured },
  };
}

/** What stands in a list, in a word or two. */
function manyOf(route: string, { records }: Pick<JobWorld, "records">): string {
  const output = records.get(toolName(route))?.operation.output;
  return output !== undefined && "kind" in output ? output.kind.many : toolName(route).replace(/^get_/, "");
}
