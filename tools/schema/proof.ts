/**
 * The read that tells whether a write was done. With a test, the server looks by itself: after an answer that
 * was lost, and after one that says no more than success (contract §6). The read takes its arguments from the
 * call's.
 */
export interface Proof {
  readonly read: string;
  readonly test?: Test;
  /** Of what is made with others in it, and answered without them: the read that shows them. */
  readonly holds?: Holds;
  /** Of what is made without a day of its making: the record whose list shows it, read before and after. */
  readonly among?: { readonly read: string; readonly in: string };
  /** What the answer says a person has in all now, and the read's field that shows the same; `of` left out: the whole answer. */
  readonly totals?: { readonly of?: string; readonly field: string };
}

/** `as`: the argument that takes the number of what was made; `lists`: argument → the field that it stands in. */
export interface Holds {
  readonly read: string;
  readonly as: string;
  readonly lists: Readonly<Record<string, string>>;
  /** Argument → the route that puts a single one of it in, and what it calls it; each may be repeated. */
  readonly adds: Readonly<Record<string, { readonly by: string; readonly argument: string }>>;
}

/** Where it shows who is in a thing: among what a person has, or among the people of the record itself. */
export type Membership = { readonly read: string; readonly of: "person" | "record" };

export type Test =
  /** Rows with the numbers in this argument are there, or are not; `in`: the rows stand in this field of a record; `perhaps`: why they may still be. */
  | { readonly has: string; readonly in?: string }
  | { readonly lacks: string; readonly in?: string; readonly perhaps?: string }
  /** There is no such thing any more. */
  | { readonly gone: true }
  /** There is such a thing now, of those whom the call names. */
  | { readonly there: true }
  /** The record shows what was given; argument → field, where they are not called the same. */
  | { readonly shows: Readonly<Record<string, string>> }
  /** The rows of those in this argument show what was given; argument → field, inside others with dots. */
  | { readonly rows: string; readonly show: Readonly<Record<string, string>> }
  /** This field, or one number of those in it, is more by the argument `by` than before the call. */
  | { readonly rises: string; readonly by: string }
  /** Records of the person in `moves` are that one's in `into` now, beside what both had before; `as`: the argument, and its word for what the read shows. */
  | { readonly moves: string; readonly into: string; readonly as: readonly [string, string] }
  /** Everybody of a list is in everything of these: where they are many, a few are looked at. */
  | { readonly enrolls: Readonly<Record<string, Membership>> }
  /** The person of this new login is there, made just now. */
  | { readonly finds: string };

/** Of the call that enrolls many in many. */
export const enrollsAll: Test = {
  enrolls: {
    course_ids: { read: "get_user_courses", of: "person" },
    user_group_ids: { read: "get_user_group", of: "record" },
    course_bundle_ids: { read: "get_learning_path", of: "record" },
  },
};
