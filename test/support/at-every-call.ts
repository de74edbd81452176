import { inject, it } from "vitest";

/**
 * For tests that fail each call in turn. Where SkyPrep knows only what its page names, the same calls are sent: that
 * half runs with `npm run faults` alone, or `LONG=1`.
 */
export const itAtEveryCall = inject("strict") && !process.env.LONG ? it.skip : it;
