import pg from "pg";
import type { Unkept } from "../ports.ts";

/** Nothing was changed: the database could not be asked, or said no before anything was committed. */
export class DatabaseDown extends Error {
  readonly code = "EDATABASEDOWN";

  constructor(why: string) {
    super(`The database cannot be used: ${why}. Nothing was changed there; it is tried again by itself.`);
  }
}

/** The connection was lost while something was being committed: it may hold, or not. Never to be repeated blindly. */
export class OutcomeUnknown extends Error {
  readonly code = "EOUTCOMEUNKNOWN";

  constructor() {
    super("The connection to the database was lost while it committed: whether it did is not known.");
  }
}

/** Rolled back, whole. */
export class DatabaseRefused extends Error {
  /** The SQLSTATE, e.g. `23505`. */
  readonly code: string;
  /** Of what the database's own tables are called, never what stands in them. */
  readonly constraint: string | undefined;

  constructor(code: string, constraint?: string) {
    super(`The database refused it (${[code, constraint].filter(Boolean).join(", ")}): it was rolled back.`);
    this.code = code;
    this.constraint = constraint;
  }
}

/** A newer program migrated the database. */
export class NewerSchema extends Error {
  readonly code = "ENEWER";

  constructor(found: number, known: number) {
    super(
      `The database was migrated by a newer skyprep-mcp (its schema is ${found}, this program knows ${known}). Update skyprep-mcp, or give it a database of its own.`,
    );
  }
}

/** It answers, and cannot be what this program keeps its state in. */
export class UnfitDatabase extends Error {
  readonly code = "EUNFITDATABASE";
}

const plain: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at its address",
  ENOTFOUND: "its host name is not known",
  EAI_AGAIN: "its host name is not known",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ETIMEDOUT: "it does not answer in time",
  "28000": "it does not let this user in",
  "28P01": "it does not take this password",
  "3D000": "it has no database of this name",
  "25006": "it is a read-only standby",
  "42501": "this user may not do what is needed there",
  "53300": "it has too many connections",
  "57P01": "it is shutting down",
  "57P02": "it is shutting down",
  "57P03": "it is starting up or shutting down",
};

/** In our words, and with nothing of what the driver says: that may hold the address, a name, a row. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  if (code === undefined) return "the connection was lost, or it does not answer in time";
  return plain[code] ?? (isAnswer(error) ? `it says ${code}` : `the connection failed (${code})`);
};

/** The database itself answered. */
export const isAnswer = (error: unknown): error is pg.DatabaseError => error instanceof pg.DatabaseError;

/** What an adapter tells instead of a bug: where, why, and what a person can do. */
export const unkept = (error: unknown): Unkept | undefined => {
  if (!(error instanceof DatabaseDown || error instanceof OutcomeUnknown || error instanceof DatabaseRefused))
    return error instanceof NewerSchema || error instanceof UnfitDatabase
      ? { where: "the database", why: "it cannot be used", remedy: error.message }
      : undefined;
  const why =
    error instanceof DatabaseDown
      ? "it cannot be used now"
      : error instanceof OutcomeUnknown
        ? "it did not say whether it kept it"
        : `it refused it (${error.code})`;
  return { where: "the database", why, remedy: "Try again later, or tell whoever runs this server." };
};

const codeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
};

/** What it says while it goes, comes, or stands by; whoever hears it has to look for another connection. */
const isLeaving = (code: string): boolean =>
  /^(?:08|57P0)/.test(code) || ["25006", "53300", "25P03", "25P04"].includes(code);

/** Of a statement that was not a commit: the connection is of no more use, and its transaction is rolled back. */
export const isLost = (error: unknown): boolean =>
  isAnswer(error)
    ? isLeaving(codeOf(error) ?? "")
    : !(error instanceof TypeError || error instanceof RangeError || error instanceof DatabaseRefused);

/** Rolled back because of what others did at the same time. */
export const isCollision = (error: unknown): boolean =>
  error instanceof DatabaseRefused && ["40001", "40P01"].includes(error.code);

/** Somebody held a lock for longer than anybody should. */
export const isLockTaken = (error: unknown): boolean =>
  error instanceof DatabaseRefused && error.code === "55P03";

/** What the driver threw, as one of ours; bugs of ours as they are. */
export function asOurs(error: unknown): unknown {
  if (isAnswer(error) && !isLeaving(codeOf(error) ?? ""))
    return new DatabaseRefused(codeOf(error) ?? "unknown", error.constraint);
  return isLost(error) ? new DatabaseDown(reasonOf(error)) : error;
}
