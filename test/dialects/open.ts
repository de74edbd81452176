/**
 * What several assumptions at once still bring about, and is not mended: the row, the journey, and why. Never one of a
 * single switch. Whoever mends one takes it out; the page shows each as false until then.
 */
export const open: readonly (readonly [row: string, job: number, why: string])[] = [
  [
    "row 15",
    8,
    "reads lag and the move is answered with nothing: what is left behind is told by a read from before",
  ],
  ["row 25", 8, "as row 15"],
  ["row 28", 8, "as row 15"],
  ["row 25", 29, "no false claim: somebody is asked a third time"],
  ["row 41", 29, "no false claim: somebody is asked a third time"],
  [
    "row 32",
    11,
    "archived records come only by a filter that is not heard: nothing shows that there are any",
  ],
  ["row 32", 12, "as 11"],
  ["row 32", 14, "as 11"],
  ["row 39", 10, "a name that the ordinary reply does not have; not looked into"],
  ["row 54", 22, "no false claim: it may or may not have been done, and it was, in part"],
  ["row 54", 24, "as 22"],
  [
    "row 63",
    25,
    "reads lag and an unknown number is an error on 200: our own new record is said not to be there",
  ],
];
