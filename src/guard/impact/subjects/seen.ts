import type { Args } from "../../../academy/call-arguments.ts";
import type { KnownPerson } from "../../../academy/persons.ts";
import type { BoundedReads, Row } from "../../../academy/reads.ts";
import type { Target } from "../../../journal/line.ts";

/** Text that people wrote: whose, what it is, and whether SkyPrep keeps it or the call gives it. */
export interface Stored {
  readonly whose: string;
  readonly what: string;
  readonly text: string;
  readonly from: "stored" | "given";
}

/** One thing that a call is about, as it stands now. */
export interface Seen {
  /** A kind and a number: never a text that people wrote. */
  readonly words: string;
  /** Text that people wrote, and what it is. */
  readonly stored: readonly Stored[];
  /** What makes it this one, and how it stands: an answer is good for these only (contract §5). */
  readonly bound: readonly unknown[];
  readonly targets: readonly Target[];
  readonly row?: Row;
  readonly person?: KnownPerson;
  /** Its number, where a phrase has to be typed. */
  readonly id?: number;
  /** How many stand behind it, where it is several. */
  readonly many?: number;
}

/** Reads one; undefined where the call does not name it. @throws Missing, Unread */
export type ReadSubject = (args: Args, look: BoundedReads, deep: boolean) => Promise<Seen | undefined>;

export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const named = (
  whose: string,
  what: string,
  value: unknown,
  from: Stored["from"] = "stored",
): Stored[] => (text(value) === "" ? [] : [{ whose, what, text: text(value), from }]);
