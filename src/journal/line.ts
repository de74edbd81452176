import { join } from "node:path";
import { remedyFor } from "../state/files/safe-files.ts";

/** Where a journal has its lines. */
export const journalFile = (folder: string): string => join(folder, "journal.jsonl");

/** The person, course, group … a change is about, as far as it is known: what `list_changes` shows. */
export interface Target {
  /** `person`, `course`, `group`, `learning path` … */
  readonly kind: string;
  readonly id?: number;
  /** A login, where it is a person. */
  readonly login?: string;
  readonly name?: string;
}

/**
 * How a person agreed; `terminal`: somebody, or some program, typed it where `skyprep-mcp call` was started; `nobody`:
 * nobody had to be asked, or SKYPREP_CONFIRM is off.
 */
export type AgreedBy = "form" | "page" | "code" | "terminal" | "nobody";

export type Kind = "irreversible" | "removing" | "credential" | "power" | "many";

/** What is about to be done; on disk before the first byte is sent. Secrets are masked by whoever hands it in. */
export interface Intent {
  readonly tool: string;
  /** A digest of the account, or `sandbox`: one folder may serve several. */
  readonly account: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly targets: readonly Target[];
  /** The kind of question that this call deserved, asked or not. */
  readonly kind?: Kind;
  readonly agreed: AgreedBy;
  /** The question a person agreed to. */
  readonly question?: string;
  /** Person × target pairs that this call reaches; counted against the kind *many*. */
  readonly pairs?: number;
  /** The line that this undoes. */
  readonly undoes?: number;
  /** The plan that this is a step of, by its name. */
  readonly plan?: string;
  /** The policy that it was done under, by its name. */
  readonly policy?: string;
  /** What of it a policy's limits count. */
  readonly counts?: Readonly<Partial<Record<"enrollments" | "access_ends" | "mails", number>>>;
  /** The run that it is a part of, by its name. */
  readonly run?: string;
  /**
   * Within a run: a keyed digest of the very call, its secrets included, that tells nobody what it was; two, with a
   * blank between, where the person is known by number and by login.
   */
  readonly call?: string;
  /** Through which client it came, as that calls itself. */
  readonly client?: string;
  /** Who agreed, as grants name them, where a team's page asked; whoever made the call or, where so set, somebody else. */
  readonly approver?: string;
  /** Says that there is an image in `before/`; the journal sets it. */
  readonly before?: true;
}

/** Who made a line, where a server serves several; the journal sets it. */
export interface MadeBy {
  /** As grants name them. */
  readonly person?: string;
  /** Which client the token was given to, as the identity provider knows it; `client` is what that calls itself. */
  readonly client_id?: string;
  /** Which of the servers. */
  readonly replica?: string;
  /** Of the trace that it is a part of: 32 hexadecimal digits. */
  readonly trace?: string;
}

export type Outcome =
  | { readonly is: "done"; readonly made?: number | undefined }
  /** SkyPrep said no, or nothing left this computer. */
  | { readonly is: "failed"; readonly why: string }
  /** It may or may not have been done. */
  | { readonly is: "unknown"; readonly why: string };

/** A question put to a person, and what came of it. */
export interface AskedLine {
  readonly question: string;
  readonly account: string;
  readonly tool: string;
  readonly kind: Kind;
  readonly said: "asked" | "yes" | "no" | "cancelled" | "wrong" | "expired" | "changed" | "failed";
  readonly by?: AgreedBy;
  /** What whoever answered wrote beside it. */
  readonly why?: string;
}

/** A line as it is read back. `seq` counts from 1; `at` is ISO 8601, UTC. */
export type Line = { readonly seq: number; readonly at: string } & (
  | ({ readonly line: "intent" } & Intent & MadeBy)
  | { readonly line: "outcome"; readonly of: number; readonly outcome: Outcome; readonly ms: number }
  | ({ readonly line: "asked" } & AskedLine & MadeBy)
  /** Lines are missing before this one: the file was shorter than `journal.head` says. */
  | { readonly line: "gap"; readonly missing: number }
);

/** A change as people ask for it: the intent with what became of it. */
export interface Change {
  readonly seq: number;
  readonly at: string;
  readonly intent: Intent & MadeBy;
  /** Left out: the process ended before it knew, or it is still running. */
  readonly outcome?: Outcome;
  readonly ms?: number;
  /** The line that undid it, or is about to. */
  readonly undoneBy?: number;
}

/**
 * What was done, chained (contract §7). Every method sees the lines of all processes that share the folder.
 */
export interface Journal {
  /**
   * Writes the intent, and the image of what was there before; on disk when it resolves. With no other process writing
   * in between, and in this order: `use` uses up the yes it is sent on, for good, and false from it refuses; `allow`
   * sees the account's changes of the last hour, and of longer if it asks, and a sentence from it refuses. Of what is
   * refused nothing is written, nor of an intent that would not read back as what it is. Whoever dies within it may
   * have lost a yes, and has sent nothing.
   * @throws CannotWrite
   */
  intend(intent: Intent, more?: IntentTerms): Promise<Intended>;
  /** Writes what became of it. @throws CannotWrite */
  finish(of: number, outcome: Outcome, ms: number): Promise<void>;
  /** Notes a question or an answer. @throws CannotWrite */
  note(asked: AskedLine): Promise<void>;
  /** Changes of an account since then (epoch milliseconds), oldest first. Reads no more of the file than that needs. */
  since(account: string, from: number): Promise<readonly Change[]>;
  /** Whether, since then, a change was sent on this question, or it ended without one; whichever account's it was. */
  isOver(question: string, from: number): Promise<boolean>;
  /** Changes of an account, newest first, whole file. */
  changes(account: string): Promise<readonly Change[]>;
  /** Changes of a run, oldest first, whole file; of whichever account. */
  ofRun(run: string): Promise<readonly Change[]>;
  /** What was there before a change; undefined where nothing was kept, or no longer. */
  image(seq: number): Promise<unknown>;
  /** Whether it can be written: rejects with CannotWrite where not. */
  ready(): Promise<void>;
}

export interface IntentTerms {
  readonly image?: unknown;
  readonly allow?: Allow;
  readonly use?: Use | undefined;
}

/** Uses up a yes, for good when it resolves. False: it was used, taken back or over, and nothing may be sent on it. */
export type Use = () => Promise<boolean>;

/** Why a change is refused whose yes could not be used. */
export const yesIsOver =
  "The yes for it was used or taken back meanwhile. Look whether it was done, then call again: a person is asked anew.";

export type Allow = (
  recent: readonly Change[],
  /** The account's changes since then, epoch milliseconds. */
  since: (from: number) => Promise<readonly Change[]>,
) => string | undefined | Promise<string | undefined>;
export type Intended = { readonly seq: number } | { readonly refused: string };

/** The journal cannot be written: no write may be sent. */
export class CannotWrite extends Error {
  /** @param remedy left out: of a folder of this computer */
  constructor(where: string, why: string, cause?: unknown, remedy: string = remedyFor(cause)) {
    super(
      `The journal in ${where} cannot be written: ${why}. ${remedy}`,
      cause === undefined ? undefined : { cause },
    );
  }
}
