import { AsyncLocalStorage } from "node:async_hooks";
import type { RequestContext } from "../skyprep/request.ts";

const calls = new AsyncLocalStorage<RequestContext>();

/**
 * Does the work of one call. Whatever it sends without a context of its own goes on the call's: so the reads behind a
 * question, of a job or of a kept list tell their waits to whoever called, too.
 */
export const onCall = <T>(context: RequestContext, work: () => T): T => calls.run(context, work);

/** Undefined: nobody waits for what is being done. */
export const requestContextOfCall = (): RequestContext | undefined => calls.getStore();

/** Work that goes on when the call that began it is over. */
export const onNoCall = <T>(work: () => T): T => calls.exit(work);
