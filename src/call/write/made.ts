import { readFrom } from "../../academy/read-from.ts";
import { Missing, numberIn, personIn, type Row, rowsIn, Unread } from "../../academy/reads.ts";
import { toolName } from "../../catalogue/catalogue.ts";
import { asList } from "../../reply/records.ts";
import { Failure } from "../../skyprep/response.ts";
import { cleanText } from "../../text/english.ts";
import { NobodyFound } from "../check/interpret.ts";
import { alike } from "./alike.ts";
import { type ProofWorld, parametersOf, type Sent } from "./proof.ts";

/** What a write made that was answered without a record of it. */
export interface FoundNew {
  readonly id: number;
  /** Where it was seen, in words. */
  readonly found: string;
}

/** Clocks differ. */
const slackMs = 30_000;

/**
 * The one that a write made, out of the list that shows it: made since, and as it was given. Undefined where none is,
 * or more than one may be it.
 */
export async function madeBy(
  sent: Sent,
  world: ProofWorld,
  signal: AbortSignal,
): Promise<FoundNew | undefined> {
  const { operation, told, began } = sent;
  const { proof, undo } = operation;
  if (operation.effect !== "add" || !("made" in undo) || undo.made === undefined) return undefined;
  const { read, test } = proof;
  const finds = test !== undefined && "finds" in test ? test.finds : undefined;
  // What several are made of at once has no one number.
  if (finds === undefined && (test !== undefined || /_ids$/.test(undo.made))) return undefined;
  try {
    const parameters = await parametersOf(
      read,
      finds === undefined ? { has: "" } : { finds },
      told,
      world,
      signal,
    );
    const value = await readFrom(world.api)(read, parameters, signal);
    if (finds !== undefined) {
      const person = personIn(value, { user_email: String(told[finds]) });
      return person && isNew(person.row, began)
        ? { id: person.id, found: `${toolName(read)} shows person ${person.id} with this login` }
        : undefined;
    }
    const own = rowsIn(asList(value)).filter((row) => isNew(row, began) && isAsGiven(row, sent));
    const [one, ...more] = own;
    if (one === undefined || more.length > 0) return undefined;
    const id = numberIn(one);
    if (!Number.isSafeInteger(id) || id <= 0) return undefined;
    return { id, found: cleanText(`${toolName(read)} shows ${id}, made just now as it was given`) };
  } catch (error) {
    // What cannot be read shows nothing.
    if (error instanceof Missing || error instanceof Unread) return undefined;
    if (error instanceof Failure || error instanceof NobodyFound) return undefined;
    throw error;
  }
}

const isNew = ({ created_at }: Row, began: number): boolean =>
  Date.parse(String(created_at)) >= began - slackMs;

/** Whatever of what was given the row shows under the same name, is alike; and it shows some. */
function isAsGiven(row: Row, { told, zone }: Sent): boolean {
  const shown = Object.entries(told).filter(
    ([name, value]) => ["string", "number", "boolean"].includes(typeof value) && isPlain(row[name]),
  );
  const compared = shown.map(([name, value]) => alike(value, row[name], zone));
  return compared.includes(true) && !compared.includes(false);
}
const isPlain = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);
