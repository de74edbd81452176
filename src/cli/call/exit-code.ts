import type { Lack, Reply } from "../../reply/reply.ts";

/** What a script reads (docs/command-line.md). 75 is `EX_TEMPFAIL` of sysexits: systemd and cron wrappers know it. */
export const exitCodes = { done: 0, failed: 1, wrongUse: 2, person: 3, open: 4, later: 75 } as const;

const lacking: Readonly<Record<Lack, number>> = {
  arguments: exitCodes.wrongUse,
  settings: exitCodes.wrongUse,
  person: exitCodes.person,
  time: exitCodes.later,
};

/** From how the call ended and what it lacks, never from its words. */
export function exitCodeOf({ outcome, needs }: Pick<Reply, "outcome" | "needs">): number {
  switch (outcome) {
    case "done":
      return exitCodes.done;
    case "partly":
    case "unknown":
      return exitCodes.open;
    case "waiting":
      return exitCodes.person;
    case "declined":
    case "refused":
    case "failed":
      return needs === undefined ? exitCodes.failed : lacking[needs];
  }
}
