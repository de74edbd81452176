/**
 * What stands as false in the table, and why: the row, the journey, the reason. Never one of a single switch. Whoever
 * mends one takes it out.
 */
export const open: readonly (readonly [row: string, job: number, why: string])[] = [
  [
    "row 5",
    3,
    "SkyPrep says success to a list that it read as one value, and the read that would show it is not let through",
  ],
  ["row 6", 3, "as row 5"],
  ["row 21", 3, "as row 5"],
  ["row 23", 3, "as row 5"],
  ["row 24", 3, "as row 5"],
  ["row 38", 3, "as row 5"],
  ["row 47", 3, "as row 5"],
  ["row 56", 3, "as row 5"],
  ["row 57", 3, "as row 5"],
  ["row 25", 29, "no false claim: somebody is asked a third time"],
  ["row 41", 29, "no false claim: somebody is asked a third time"],
  ["row 39", 10, "dates are days: somebody whose access ended today is told as still here"],
];
