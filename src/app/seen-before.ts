import type { ProbedZone, Zone } from "../academy/time-zone.ts";
import type { Log } from "../call/log.ts";
import type { Config } from "../config/read-config.ts";
import { digest } from "../reply/cursor.ts";
import type { Account, Api } from "../skyprep/api.ts";
import { assumptions } from "../skyprep/assumptions.ts";
import { createLearnt, type Learnt } from "../skyprep/normalize/learnt.ts";
import { createSeenFilters, type SeenFilters } from "../skyprep/normalize/seen-filters.ts";
import { createSightings, type Sightings } from "../skyprep/sightings.ts";
import { readCapabilities } from "../state/capabilities.ts";
import { noteMet } from "../state/met-otherwise.ts";
import { zoneNamed } from "../text/zone.ts";
import type { Runtime } from "./runtime.ts";

const nameOf = ({ acctKey }: Account): string => digest(acctKey.toLowerCase());

interface Met {
  readonly config: Config;
  readonly account: Account;
  readonly log: Log;
}

/**
 * Whoever looks after the server hears once of each assumption that is met otherwise; of a live account it is kept for
 * `doctor`, too. Where it cannot be written, only that is lost.
 */
export function sightingsOf({ config, account, log }: Met, { state, now }: Runtime): Sightings {
  return createSightings((id, how) => {
    const otherwise: Readonly<Record<string, string>> = assumptions[id].otherwise;
    log.warn(`SkyPrep is otherwise than assumed (${id}): ${otherwise[how] ?? assumptions[id].shows}`);
    if (config.sandbox.on) return;
    const since = new Date(now()).toISOString().slice(0, 10);
    void noteMet(state, nameOf(account), { id, how, since }).catch(() => {});
  });
}

interface Probed {
  readonly account: Account;
  readonly log: Log;
  readonly world: Pick<Runtime, "state">;
}

/** What a probe saw, from the first call on; nothing where none looked, or its file is not believed. */
export interface SeenBefore {
  /** The same, beginning with how lists come. */
  readonly from: (api: Api) => Api;
  readonly filters: SeenFilters;
  /** The academy's zone. */
  readonly zone: ProbedZone;
  /** Calls a minute that SkyPrep's answers told of: fewer than its help says. */
  readonly perMinute: () => number | undefined;
}

/** The pretend academy begins anew each time: nobody probed it. */
export const neverSeen = (learnt: Learnt): SeenBefore => ({
  from: (api) => api,
  filters: createSeenFilters(learnt),
  zone: { now: () => undefined, load: async () => {} },
  perMinute: () => undefined,
});

/**
 * The first call begins with what a probe saw: it saves reads, and whatever a call shows to be otherwise takes its
 * place at once. A file that is not believed is said once.
 */
export function seenBefore(learnt: Learnt, { account, log, world: { state } }: Probed): SeenBefore {
  let loading: Promise<void> | undefined;
  let zone: Zone | undefined;
  let perMinute: number | undefined;
  async function read(): Promise<void> {
    const probed = await readCapabilities(state, { account: nameOf(account), secret: account.apiKey });
    if (probed === undefined) return;
    if ("ignored" in probed)
      return log.warn(`what skyprep-mcp probe saw is not used: ${probed.ignored}; run it again`);
    const { found } = probed;
    const { routes, statuses = {} } = createLearnt(found.learnt).facts();
    for (const [route, facts] of Object.entries(routes)) learnt.learn(route, facts);
    for (const [word, as] of Object.entries(statuses)) learnt.spelt(word, as);
    const named = found.zone === undefined ? undefined : zoneNamed(found.zone);
    if (found.zone !== undefined && named !== undefined) zone = { name: found.zone, zone: named };
    perMinute = found.perMinute;
  }
  const load = () => {
    loading ??= read();
    return loading;
  };
  return {
    from:
      (api) =>
      async (...request) => {
        await load();
        return api(...request);
      },
    filters: createSeenFilters(learnt),
    zone: { now: () => zone, load },
    perMinute: () => perMinute,
  };
}
