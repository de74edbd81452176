/**
 * Changes that change nothing anybody could see, by what tells a mutant from all others (`key`), each with the
 * reason. They are not judged. One whose line is gone is named by the run, to be taken out here.
 */
export const equivalents: Readonly<Record<string, string>> = {
  "src/state/files/safe-files.ts: if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700); → if (true) chmodSync(folder, 0o700);":
    "giving a folder the mode that it has changes nothing",
  "src/state/files/safe-files.ts: if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700); → if ((found.mode & 64) !== 0) chmodSync(folder, 0o700);":
    "the owner's own bit is always on: the folder is given the mode that it has",
  "src/skyprep/rate-limit/shared-window.ts: const moved = back > 0 ? minute.calls.map((at) => at - back) : minute.calls; → const moved = (back >= 0) ? minute.calls.map((at) => at - back) : minute.calls;":
    "moved by nothing, the calls are the same",
  "src/skyprep/request.ts: signal.throwIfAborted(); → ;":
    "a pause that is called off already rejects with the same reason, and nobody is left to be told that it waits",
  "src/guard/impact/findings/people.ts: stands: [false], → stands: [],":
    "an empty list differs from any status that stands as much as [false] does, and without a record nobody is asked",
  "src/jobs/shared/plan.ts: return tree === undefined || number === undefined ? text : `${tree}-${number}`; → return (tree === undefined && number === undefined) ? text : `${tree}-${number}`;":
    "the pattern finds both or neither",
  "src/skyprep/rate-limit/turns.ts: return Math.max(0, (settle(seen, now()).closed?.until ?? 0) - now()); → return Math.max(0, (settle(seen, now()).closed?.until ?? 1) - now());":
    "the first millisecond of 1970 is over, too",
  "src/call/finish/error-replies.ts: const message = `SkyPrep did not answer within ${timeoutMs < 1_000 ? timeoutMs / 1000 : Math.round(timeoutMs / 1000)} s.`; → const message = `SkyPrep did not answer within ${(timeoutMs <= 1_000) ? timeoutMs / 1000 : Math.round(timeoutMs / 1000)} s.`;":
    "a second is one second, rounded or not",
};
