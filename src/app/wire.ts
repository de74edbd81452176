import type { Operation } from "../../tools/schema/operation.ts";
import { believingAbsence } from "../academy/absence.ts";
import { besideNothing } from "../academy/beside-nothing.ts";
import { showingOwnWrites } from "../academy/own-writes.ts";
import type { Log } from "../call/log.ts";
import type { Config } from "../config/read-config.ts";
import { readOnly } from "../guard/policy/read-only.ts";
import { plainReason } from "../node/file-errors.ts";
import { onlyPassed, type Passes } from "../policy/policing.ts";
import {
  type Account,
  type Api,
  createApi,
  createCircuitBreaker,
  createRetry,
  repeatOf,
  traced,
} from "../skyprep/api.ts";
import { createLearnt, telling } from "../skyprep/normalize/learnt.ts";
import type { ListSpellings } from "../skyprep/normalize/learnt-lists.ts";
import { createNormalizedApi } from "../skyprep/normalize/normalize.ts";
import { tellingLimits } from "../skyprep/rate-limit/limit-words.ts";
import { createRateLimiter } from "../skyprep/rate-limit/limiter.ts";
import { tellingMaintenance } from "../skyprep/rate-limit/maintenance.ts";
import type { Send } from "../skyprep/send.ts";
import type { Sightings } from "../skyprep/sightings.ts";
import { whileGranted } from "../skyprep/while-granted.ts";
import { createKeptLists } from "../state/kept-lists.ts";
import { limitedOf } from "./policed.ts";
import type { Runtime } from "./runtime.ts";
import { neverSeen, type SeenBefore, seenBefore } from "./seen-before.ts";

interface Known {
  readonly lists: ListSpellings;
  readonly sightings: Sightings;
  readonly records: ReadonlyMap<string, Operation>;
  readonly reads: ReadonlySet<string>;
  readonly log: Log;
  readonly passes: Passes;
}

/** SkyPrep as everything here sees it: reached with care, and read as its page describes it. */
export function wireOf(
  config: Config,
  account: Account,
  known: Known,
  world: Runtime,
): { readonly wire: Api; readonly seen: SeenBefore; readonly forget: () => void } {
  const { records, sightings, lists } = known;
  const learnt = createLearnt();
  const seen = config.sandbox.on ? neverSeen(learnt) : seenBefore(learnt, { account, log: known.log, world });
  const form = createNormalizedApi(createApi(wayOut(config, known, seen, world), account), {
    records,
    sightings,
    lists,
    learnt: telling(learnt, sightings),
    now: world.now,
    // What follows the list has some of a call's time, too.
    patienceMs: Math.min(40_000, config.timeoutMs / 2),
  });
  const kept = createKeptLists<readonly unknown[]>({ now: world.now, keepMs: secondLookMs });
  const shown = showingOwnWrites(form, {
    records,
    sightings,
    now: world.now,
    pause: world.pause,
    onWrite: kept.drop,
  });
  const doubts = { sightings, kept };
  return {
    wire: seen.from(believingAbsence(besideNothing(shown, doubts), doubts)),
    seen,
    /** What was read to look a second time. */
    forget: kept.drop,
  };
}
/** Of many who are not there each is looked for in the same list. */
const secondLookMs = 15_000;

/** What stands between a call and the network, outermost first: retry, circuit, pace, the check before the wire. */
function wayOut(
  config: Config,
  { records, reads, log, passes, sightings }: Known,
  { perMinute }: Pick<SeenBefore, "perMinute">,
  world: Runtime,
): Send {
  const { now, pause, after, state } = world;
  // Below everything that keeps to the limit.
  const wire = whileGranted(traced(tellingMaintenance(tellingLimits(world.send, sightings))), reads);
  const { policy } = config;
  const door = config.readOnly ? readOnly(wire, reads) : wire;
  const checked = policy ? limitedOf(policy, onlyPassed(door, reads, passes), world) : door;
  const retry = createRetry({
    repeat: (route) => {
      const record = records.get(route);
      return record ? repeatOf(route, record) : "turned-away";
    },
    now,
    pause,
    random: world.chance,
  });
  const circuit = createCircuitBreaker({ now });
  // The pretend account in this process has no address that SkyPrep would count.
  if (config.sandbox.on) return retry(circuit(checked));
  const turns = state.turns({
    callsPerMinute: () => Math.min(config.callsPerMinute, perMinute() ?? config.callsPerMinute),
    onTrouble: (what, error) =>
      log.warn(`only the calls of this process are counted: ${what} (${plainReason(error)})`),
  });
  return retry(circuit(createRateLimiter({ turns, reads, now, pause, after })(checked)));
}
