/** So many of one person's at a time. Undefined: not now; else what ends it, to be called once. */
export function createConcurrencyLimit(most: number): (person: string) => (() => void) | undefined {
  const running = new Map<string, number>();
  return (person) => {
    const own = running.get(person) ?? 0;
    if (own >= most) return undefined;
    running.set(person, own + 1);
    return () => {
      const left = (running.get(person) ?? 1) - 1;
      if (left > 0) running.set(person, left);
      else running.delete(person);
    };
  };
}
