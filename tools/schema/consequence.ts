/** Whom or what a call is about, named by its arguments (src/guard/impact/subjects.ts says how each is read). */
export type Subject =
  | "person"
  | "newcomer"
  | "source"
  | "receiver"
  | "people"
  | "course"
  | "courses"
  | "group"
  | "groups"
  | "path"
  | "paths"
  | "progress"
  | "item"
  | "training"
  | "timeslot"
  | "registration"
  | "registrations"
  | "role"
  | "datasets"
  | "skill"
  | "new";

/** What goes with a change, read when a person is asked (src/guard/impact/findings/ says how). */
export type Finding =
  | "enrollments"
  | "memberships"
  | "points"
  | "takers"
  | "status"
  | "through-group"
  | "group-holds"
  | "path-holds"
  | "registered"
  | "owners"
  | "moves"
  | "changes"
  | "powers"
  | "permissions"
  | "link"
  | "ends"
  | "balance"
  | "reach";

/** The kinds of question (contract §5). */
export type Kind = "irreversible" | "credential" | "power" | "removing" | "many";

/**
 * What a value has to be for its question. `past`: a day that is over or today, somewhere on earth; `future`: a
 * day that has not begun everywhere; `telling`: a parameter nobody documents whose name speaks of an end or a result.
 */
export type Value = "false" | "negative" | "past" | "future" | "telling";

/** How things have to stand, read first. What cannot be read counts as met. */
export type Standing =
  /** The person has more power than a learner. */
  | "above-learner"
  /** There is another value now, or none. */
  | "different"
  /** There is a value now, and another one. */
  | "overwritten"
  /** Status, score or percentage would be less, or a result of another kind. */
  | "falls"
  /** A parameter that nobody documents would be less, sooner, or another. */
  | "takes-away"
  /** Somebody has begun or finished that course. */
  | "begun"
  /** The person is in that course or group already. */
  | "in-already"
  /** People are registered for the session. */
  | "registered"
  /** More people are registered than there would be seats. */
  | "too-few-seats"
  /** The registration remembers who came, or would give up a seat. */
  | "remembered";

/** When a call deserves its question: all that is said here holds. */
export interface Condition extends Partial<Wording> {
  readonly argument?: string;
  readonly except?: readonly string[];
  readonly value?: Value;
  readonly standing?: Standing | readonly Standing[];
}

/** How a question is put. */
export interface Wording {
  /**
   * The question in an administrator's words. `{person}`, `{course|path}` … become what the arguments name, by name
   * and number; `{=capacity}` what an argument gives, in words; `{was}` “ from passed to failed”.
   */
  readonly asks: string;
  /** The same as a second thing of one question, of “them” or “it”: “make them {=role}”. */
  readonly too?: string;
  /** What is lost, where what is read (`tells`) does not say it. */
  readonly loses?: string;
}

/** Whom a call reaches: people named, and those behind groups or paths; each with each target is a pair. */
export interface Reach {
  readonly people?: readonly string[];
  readonly through?: readonly ("user_group_id" | "user_group_ids" | "learning_path_id")[];
  /** Arguments that name the targets; where none is given, the thing itself is the one target. */
  readonly targets: readonly string[];
}

/**
 * What a person has to agree to before this is sent (contract §5). A call may have several: those that are met
 * are told together, and the strictest kind decides the question.
 */
export interface Consequence extends Wording {
  readonly kind: Kind;
  /** Read when it is asked, and told in this order. */
  readonly tells?: readonly Finding[];
  /** What else a person should know. */
  readonly note?: string;
  /** Any of these; left out: always. */
  readonly when?: readonly Condition[];
  /** Only of the kind many: asked where the pairs of the last hour pass the contract's 25. */
  readonly reach?: Reach;
}

/**
 * The way back from a change. `no`: there is none, and why; said in the question before it is done, and by
 * undo_change. Otherwise the opposite operation, and where its arguments come from. What a question promises of
 * it and what undo_change does are both worked out from this, the arguments and what stood before.
 */
export type Undo = { readonly no: string; readonly instead?: string } | UndoneBy;

/** The opposite operation. */
export interface UndoneBy {
  readonly with: string;
  /** Arguments taken over as they were. */
  readonly same?: readonly string[];
  /** The argument that takes the number SkyPrep gave to what was made. */
  readonly made?: string;
  /** Every argument that was given, put back to what `keeps` shows of it. */
  readonly before?: "given";
  /** Arguments taken from what `keeps` shows: argument → field. */
  readonly kept?: Readonly<Record<string, string>>;
  /** A list that may hold one item only here → the argument that takes it. */
  readonly single?: Readonly<Record<string, string>>;
  /** A number that is turned round. */
  readonly negative?: string;
  /** Nothing to undo where this list showed it already; `otherwise`: what it replaced is put back instead. */
  readonly unless?: Listing & { readonly otherwise?: UndoneBy };
  /** How a field of what was made stands as long as nobody set it: anything else came since, and is kept. */
  readonly untouched?: Readonly<Record<string, string>>;
  /** Nothing to undo where this list did not show it. */
  readonly only?: Listing;
  /** Fields of what `keeps` shows that no call sets: they come back only if SkyPrep puts them back by itself. */
  readonly follows?: readonly string[];
  /** What may not come back, whatever the arguments; no read tells. */
  readonly loses?: string;
  /** What an argument did that nothing takes back: argument → a sentence. */
  readonly stays?: Readonly<Record<string, string>>;
}

/** A read, the list inside its answer where it is a record, and the argument whose number stands in it. */
export interface Listing {
  readonly read: string;
  readonly list?: string;
  readonly argument: string;
}
