import { AsyncLocalStorage } from "node:async_hooks";
import type { RequestContext } from "../skyprep/request.ts";

const calls = new AsyncLocalStorage<RequestContext>();
let inside = 0;

/**
 * Does work of one call. Whatever it sends without a context of its own goes on the call's: so the reads behind a
 * question, of a job or of a kept list tell their waits to whoever called, too.
 *
 * Up to Node 22 every promise of the process pays for it while the storage is on, which it stays once it was used: so
 * it is turned off when nobody is inside any more, and a read that gives its own context never comes here.
 */
export async function onCall<T>(context: RequestContext, work: () => Promise<T> | T): Promise<T> {
  inside += 1;
  try {
    return await calls.run(context, work);
  } finally {
    inside -= 1;
    if (inside === 0) calls.disable();
  }
}

/** Undefined: nobody waits for what is being done. */
export const requestContextOfCall = (): RequestContext | undefined => calls.getStore();

/** Work that goes on when the call that began it is over. */
export const onNoCall = <T>(work: () => T): T => calls.exit(work);
