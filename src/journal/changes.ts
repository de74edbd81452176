import type { Change, Line, Outcome } from "./line.ts";

/** Intents joined with what became of them, oldest first. */
export function changesOf(lines: Iterable<Line>): Change[] {
  const intents: Extract<Line, { line: "intent" }>[] = [];
  const ended = new Map<number, { outcome: Outcome; ms: number }>();
  for (const line of lines) {
    if (line.line === "intent") intents.push(line);
    // Only what was unknown can still become known: the first that knows stays.
    if (line.line === "outcome" && (ended.get(line.of)?.outcome.is ?? "unknown") === "unknown")
      ended.set(line.of, { outcome: line.outcome, ms: line.ms });
  }

  const undone = new Map<number, number>();
  for (const { seq, undoes } of intents)
    if (undoes !== undefined && ended.get(seq)?.outcome.is !== "failed") undone.set(undoes, seq);

  return intents.map(({ seq, at, line: _, ...intent }) => {
    const undoneBy = undone.get(seq);
    return { seq, at, intent, ...ended.get(seq), ...(undoneBy !== undefined && { undoneBy }) };
  });
}
