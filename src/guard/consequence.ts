import type { Consequence, Operation } from "../../tools/schema/operation.ts";

/** The consequence this very call has, if any: what a person has to agree to before it is sent. */
export function consequenceOf(
  operation: Operation,
  args: Readonly<Record<string, unknown>>,
): Consequence | undefined {
  const { consequence } = operation;
  if (consequence?.when === undefined) return consequence;
  const applies = consequence.when.some(({ argument, except }) => {
    const value = args[argument];
    return value !== undefined && !(except ?? []).includes(String(value));
  });
  return applies ? consequence : undefined;
}
