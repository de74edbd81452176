/** An answer to a question of which a job has many, and when it was given, epoch milliseconds. */
export interface KeptAnswer {
  readonly value: unknown;
  readonly at: number;
}

/** What was read of one job, by its question. */
export type KeptAnswers = Map<string, KeptAnswer>;

/** What jobs read before their call's time was over; in memory, of this process alone. */
export interface UnfinishedReads {
  /** What was kept of it; empty where it is too old. Whoever takes it adds to it. */
  take(work: string): KeptAnswers;
  /** Kept on, as the work is not done; for so long as somebody goes on with it now and then. */
  keep(work: string, answers: KeptAnswers): void;
  drop(work: string): void;
}

/** So long after its last call. */
export const goOnWithinMs = 10 * 60_000;
/** However often somebody goes on: what is as old as this is not of today's academy. */
const oldestMs = 60 * 60_000;
const mostWorks = 16;
const mostAnswers = 50_000;

export function createUnfinishedReads({ now }: { readonly now: () => number }): UnfinishedReads {
  const works = new Map<string, { readonly answers: KeptAnswers; readonly at: number }>();

  return {
    take(work) {
      const found = works.get(work);
      if (found === undefined || found.at + goOnWithinMs <= now()) return new Map();
      return new Map([...found.answers].filter(([, { at }]) => at + oldestMs > now()));
    },
    keep(work, answers) {
      works.delete(work);
      works.set(work, { answers, at: now() });
      let total = 0;
      for (const one of works.values()) total += one.answers.size;
      for (const [oldest, one] of works) {
        const isOver = one.at + goOnWithinMs <= now();
        if (oldest === work || !(isOver || works.size > mostWorks || total > mostAnswers)) continue;
        works.delete(oldest);
        total -= one.answers.size;
      }
    },
    drop: (work) => void works.delete(work),
  };
}
