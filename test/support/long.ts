/** Whether this is `npm run faults`, or LONG=1: then the tests that import this one run their long form. */
export const isLong = Boolean(process.env.LONG);

/** So many as a long form tries, or as few as there is time for before each landing. */
export const often = ({ long, short }: { long: number; short: number }): number => (isLong ? long : short);

/** How long a test with a long form may take, in milliseconds, on a busy machine. */
export const patience = often({ long: 600_000, short: 120_000 });
