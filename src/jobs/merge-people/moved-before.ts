import type { Change } from "../../journal/line.ts";

interface Pair {
  readonly from: number;
  readonly into: number;
}

/** How the last move between the two ended, from the journal of this computer; undefined: none is known. */
export function lastMove(changes: readonly Change[], { from, into }: Pair): "done" | "unknown" | undefined {
  const moves = changes.filter(
    ({ intent: { tool, arguments: args } }) =>
      tool === "move_training_data" && args.source_user_id === from && args.target_user_id === into,
  );
  if (moves.some(({ outcome }) => outcome?.is === "done")) return "done";
  return moves.some(({ outcome }) => outcome?.is !== "failed") ? "unknown" : undefined;
}

/** The change that deleted whom a text names, by login or number. */
export function deletionOf(changes: readonly Change[], text: string): Change | undefined {
  const wanted = text.trim().toLowerCase();
  return changes.find(
    ({ intent, outcome }) =>
      intent.tool === "destroy_user" &&
      outcome?.is === "done" &&
      intent.targets.some(({ id, login }) => String(id) === wanted || login?.toLowerCase() === wanted),
  );
}
