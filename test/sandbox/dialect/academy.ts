import type { AssumptionId, Dialect, VariantOf } from "../../../src/skyprep/assumptions.ts";
import { seededTables } from "../../support/seeded.ts";
import { ask, newSandbox, noon, type Params } from "../ask.ts";

/** An academy of this dialect, and a clock that a test moves. */
export function academyOf(dialect: Dialect, options: Parameters<typeof newSandbox>[0] = {}) {
  let time = noon;
  const sandbox = newSandbox({ dialect, now: () => time, tables: seededTables, ...options });
  return {
    world: sandbox.world,
    wait: (ms: number) => {
      time += ms;
    },
    ask: (route: string, params: Params = {}) => ask(sandbox.send, route, params),
    /** The answer's JSON. */
    read: async <T = Row>(route: string, params: Params = {}) =>
      (await ask(sandbox.send, route, params)).json<T>(),
    /** Status and text. */
    said: async (route: string, params: Params = {}) => {
      const { status, text } = await ask(sandbox.send, route, params);
      return [status, text] as const;
    },
  };
}

export type Row = Record<string, unknown>;
export type DialectAcademy = ReturnType<typeof academyOf>;
export type Proof = (academy: DialectAcademy) => Promise<void>;

/** A proof for every variant of these assumptions: one that is missing does not compile. */
export type Proofs<Id extends AssumptionId> = { [One in Id]: { [Variant in VariantOf<One>]: Proof } };

/** Names, dialects and proofs, one by one. */
export const oneByOne = (proofs: Readonly<Record<string, Readonly<Record<string, Proof>>>>) =>
  Object.entries(proofs).flatMap(([id, own]) =>
    Object.entries(own).map(([variant, proof]) => ({
      name: `${id}=${variant}`,
      dialect: { [id]: variant } as Dialect,
      proof,
    })),
  );
