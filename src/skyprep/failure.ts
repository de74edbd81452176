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

/** A sign-in page instead of data (skyprep-api §4, 1). */
export class SignInRefused extends Failure {}

/** An answer came, on a good status, and it cannot be read. */
export class Unreadable extends Failure {}

/** Not sent: the way to SkyPrep is closed for now, by the limit or after failures. */
export class NotNow extends Failure {
  /** Until it may be open again. */
  readonly waitMs: number;
  constructor(message: string, waitMs: number, cause?: unknown) {
    super(message, `Call again in ${Math.max(1, Math.ceil(waitMs / 1000))} s.`, "no", cause);
    this.waitMs = waitMs;
  }
}

/**
 * A write was sent again after a try whose answer was lost, and the last try says no: about the first, which
 * may have been done, that says nothing. With one exception, see `foundNothing`.
 */
export class LostBefore extends Failure {
  readonly last: Failure;
  constructor(last: Failure) {
    super(
      `The first answer was lost, and the next try failed: ${last.message}`,
      "Look with a read whether the first try was done.",
      "maybe",
      last,
    );
    this.last = last;
  }

  /** The last try found nothing there: a removal is done, by the try whose answer was lost. */
  get foundNothing(): boolean {
    return this.last instanceof Rejected && this.last.status === 404;
  }
}
