/**
 * What stands as false in the table, and why: the row, the journey, the reason. Never one of a single switch. Whoever
 * mends one takes it out.
 */
export const open: readonly (readonly [row: string, job: number, why: string])[] = [
  ["row 25", 29, "no false claim: somebody is asked a third time"],
  ["row 39", 10, "dates are days: somebody whose access ended today is told as still here"],
];
