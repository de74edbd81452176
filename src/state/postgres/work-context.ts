import { AsyncLocalStorage } from "node:async_hooks";

/** What holds for some work and for whatever it calls and awaits, and for nothing else. */
export interface WorkContext<T> {
  run<R>(value: T, work: () => R): R;
  get(): T | undefined;
}

/**
 * One storage for all: up to Node 22 every promise of the process pays for each storage that was ever used, and a
 * database has several leases.
 */
const standing = new AsyncLocalStorage<ReadonlyMap<object, unknown>>();

/** One of its own: what stands in another is not seen. */
export function createWorkContext<T>(): WorkContext<T> {
  const context: WorkContext<T> = {
    run: (value, work) => standing.run(new Map(standing.getStore()).set(context, value), work),
    get: () => standing.getStore()?.get(context) as T | undefined,
  };
  return context;
}
