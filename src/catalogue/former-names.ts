/** A tool that was renamed: what it was called before, and the minor version that renamed it, `{ leave_person: "0.2" }`. */
export interface Renamed {
  /** Understood in that version and its patches, never listed, and gone with the next (test/catalogue/former-names.test.ts). */
  readonly was?: Readonly<Record<string, string>>;
}

/** Each former name, and what it is called now. A name that a tool has now is no former one. */
export const namesNow = (
  tools: Iterable<Renamed & { readonly name: string }>,
): ReadonlyMap<string, string> => {
  const all = [...tools];
  const taken = new Set(all.map(({ name }) => name));
  return new Map(
    all.flatMap(({ name, was = {} }) =>
      Object.keys(was)
        .filter((former) => !taken.has(former))
        .map((former) => [former, name] as const),
    ),
  );
};

/** To whoever called it so. */
export const isCalledNow = (former: string, now: string): string =>
  `${former} is called ${now} now: the old name is understood in this version only.`;
