import { inject, it } from "vitest";
import { isLong } from "./long.ts";

/**
 * For tests that fail each call in turn. Where SkyPrep knows only what its page names, the same calls are sent: that
 * half runs with `npm run faults` alone, or `LONG=1`.
 */
export const itAtEveryCall = inject("strict") && !isLong ? it.skip : it;

export interface Turn<Way> {
  /** Which call fails, from 1. */
  readonly n: number;
  readonly way: Way;
}

/**
 * Each call with the ways in which it fails: all of them where it writes. Where it reads, the next in turn, so that
 * each way comes at many reads; in the long form all of them there, too.
 */
export function turnsOf<Way>(sent: readonly { readonly route: string }[], ways: readonly Way[]): Turn<Way>[] {
  let reads = 0;
  return sent.flatMap(({ route }, at) => {
    const isAll = isLong || !isRead(route);
    const one = isAll ? 0 : reads++ % ways.length;
    return (isAll ? ways : ways.slice(one, one + 1)).map((way) => ({ n: at + 1, way }));
  });
}

/** A login key is made by reading it. */
export const isRead = (route: string): boolean => route.startsWith("get_") && route !== "get_login_key";
