/** What a call gives, checked. */
export type Args = Readonly<Record<string, unknown>>;

export const numberAt = (args: Args, name: string): number | undefined => {
  const value = Array.isArray(args[name]) && args[name].length === 1 ? args[name][0] : args[name];
  return typeof value === "number" ? value : undefined;
};
export const listAt = (args: Args, ...names: string[]): readonly (number | string)[] =>
  names.flatMap((name) => (Array.isArray(args[name]) ? (args[name] as (number | string)[]) : []));
