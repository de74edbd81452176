import { createBoundedReads, Missing, type Read, Unread } from "../../academy/reads.ts";
import type { Records } from "../../catalogue/catalogue.ts";
import { byNumber, fieldOf, type KeptFields, keptOf, recordIn } from "../../guard/undo-plan/kept.ts";
import type { Undoing, UndoPlan } from "../../guard/undo-plan/plan.ts";
import { inWords, parametersOf, shallow } from "../../guard/undo-plan/promise.ts";
import { cleanText, quoted } from "../../text/english.ts";

/** Whether what matters stands again as it stood before the change: dates too, and not only what was sent. */
export type UndoComparison =
  | { readonly is: "alike" }
  | { readonly is: "other"; readonly differences: readonly string[] }
  /** There is nothing of before to compare with. */
  | { readonly is: "nothing" }
  | { readonly is: "unread" };

export async function compared(
  undoing: Undoing,
  { put, follows }: UndoPlan,
  { read }: { readonly read: Read; readonly records: Records },
  signal: AbortSignal,
): Promise<UndoComparison> {
  const before = keptOf(undoing.operation, undoing, undoing.image);
  const route = undoing.operation.keeps?.[0];
  const fields = [...put, ...follows].map(({ field }) => field);
  if (before === undefined || route === undefined || fields.length === 0) return { is: "nothing" };
  const now = await recordNow(undoing, route, read, signal);
  if (now === undefined) return { is: "unread" };
  const differences = fields.flatMap((field) => {
    const [was, is] = [inText(fieldOf(before, field)), inText(fieldOf(now, field))];
    return was === is
      ? []
      : [`${inWords(field)}: ${quoted(was, cleanText)} before, ${quoted(is, cleanText)} now`];
  });
  return differences.length > 0 ? { is: "other", differences } : { is: "alike" };
}

async function recordNow(
  undoing: Undoing,
  route: string,
  read: Read,
  signal: AbortSignal,
): Promise<KeptFields | undefined> {
  const look = createBoundedReads(read, signal, new AbortController().signal);
  try {
    const parameters = await parametersOf(route, byNumber(undoing), look);
    if (parameters === undefined) return undefined;
    await look.one(route, parameters);
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread) return undefined;
    throw error;
  }
  return recordIn(shallow(look.seen.get(route), 0), undoing);
}

const inText = (value: unknown): string =>
  value === undefined ? "" : Array.isArray(value) ? [...value].map(String).sort().join(",") : String(value);
