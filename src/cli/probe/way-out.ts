import { readOnly } from "../../guard/policy/read-only.ts";
import { createRetry } from "../../skyprep/api.ts";
import { createRateLimiter } from "../../skyprep/rate-limit/limiter.ts";
import { createTurns } from "../../skyprep/rate-limit/turns.ts";
import type { Pause } from "../../skyprep/request.ts";
import type { Send } from "../../skyprep/send.ts";
import { smallFile } from "../../state/files/safe-files.ts";
import { createLock } from "../../state/files/shared-folder.ts";
import { placeIn } from "../../state/state-places.ts";
import type { CallBudget } from "./ask.ts";
import { readRoutes } from "./reads.ts";

/** The clock and chance, as everything here has them. */
export interface WayOutWorld {
  readonly stateFolder: string;
  /** Undefined: nobody counts the calls. */
  readonly callsPerMinute: number | undefined;
  readonly now: () => number;
  readonly pause: Pause;
  readonly after: (ms: number, then: () => void) => () => void;
  readonly chance: () => number;
}

/** As the server's own way out: tried again where that is safe, paced with all other programs, and a door for reads alone. */
export function wayOut(
  send: Send,
  { budget, routes }: { readonly budget: CallBudget; readonly routes: ReadonlySet<string> },
  { stateFolder, callsPerMinute, now, pause, after, chance }: WayOutWorld,
): Send {
  const door = readOnly(budget.around(send), routes);
  const retry = createRetry({
    repeat: (route) => (readRoutes.has(route) ? "read" : "turned-away"),
    now,
    pause,
    random: chance,
  });
  if (callsPerMinute === undefined) return retry(door);
  const turns = createTurns({
    file: smallFile(placeIn(stateFolder, "pace")),
    withLock: createLock(stateFolder, { name: "pace" }),
    callsPerMinute,
    now,
    after,
    onTrouble: () => {},
  });
  return retry(createRateLimiter({ turns, reads: readRoutes, now, pause, after })(door));
}
