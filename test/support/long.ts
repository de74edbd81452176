/** Whether this is `npm run faults`, or LONG=1: then the tests that import this one run their long form. */
export const isLong = Boolean(process.env.LONG);

/** So many as a long form tries, or as few as `npm test` has time for. */
export const often = ({ long, short }: { long: number; short: number }): number => (isLong ? long : short);
