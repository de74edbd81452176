/**
 * Whether what we asked for may have happened: decides what a write's error says. `refused`: SkyPrep read it
 * and said no; of a list, a part may still have been done.
 */
export type Reached = "no" | "refused" | "maybe" | "yes";

/**
 * Something went wrong between us and SkyPrep. `message` says what happened, `next` what to do about it;
 * neither ever holds a key.
 */
export class Failure extends Error {
  readonly next: string;
  readonly reached: Reached;
  constructor(message: string, next: string, reached: Reached, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.next = next;
    this.reached = reached;
  }
}

/** No answer came: no connection, a lost one, or silence. */
export class Unreachable extends Failure {}

/** An answer came that says no. */
export class Rejected extends Failure {
  readonly status: number;
  constructor(status: number, message: string, next: string, reached: Reached) {
    super(message, next, reached);
    this.status = status;
  }
}

/** A sign-in page instead of data (facts.md §4.1). */
export class SignInRefused extends Failure {}

/** An answer came, on a good status, and it cannot be read. */
export class Unreadable extends Failure {}
