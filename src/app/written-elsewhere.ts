/**
 * Before each call where several processes write to one academy: lists that were read before somebody else wrote are
 * read anew. `mark` changes with every write of anybody; while it cannot be had, what is kept is kept for its minute.
 */
export function writtenElsewhere(mark: () => Promise<unknown>, forget: () => void): () => Promise<void> {
  let last: unknown;
  return async () => {
    const now = await mark().catch(() => last);
    if (now === last) return;
    if (last !== undefined) forget();
    last = now;
  };
}
