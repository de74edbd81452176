import type { Log } from "../call/log.ts";
import type { Config } from "../config/read-config.ts";
import type { Account, Api } from "../skyprep/api.ts";
import { assumptions } from "../skyprep/assumptions.ts";
import { createLearnt, type Learnt } from "../skyprep/normalize/learnt.ts";
import { createSightings, type Sightings } from "../skyprep/sightings.ts";
import { readCapabilities } from "../state/capabilities.ts";
import { digest } from "../state/kept-lists.ts";
import { noteMet } from "../state/met-otherwise.ts";
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

/**
 * The first call begins with what a probe saw of how lists come: it saves reads, and whatever a call shows to be
 * otherwise takes its place at once. A file that is not believed is said once.
 */
export function startingWithProbed(
  api: Api,
  learnt: Learnt,
  { account, log, world: { state } }: Probed,
): Api {
  let loading: Promise<void> | undefined;
  const load = async () => {
    const probed = await readCapabilities(state, { account: nameOf(account), secret: account.apiKey });
    if (probed === undefined) return;
    if ("ignored" in probed)
      return log.warn(`what skyprep-mcp probe saw is not used: ${probed.ignored}; run it again`);
    const { routes, statuses = {} } = createLearnt(probed.found.learnt).facts();
    for (const [route, facts] of Object.entries(routes)) learnt.learn(route, facts);
    for (const [word, as] of Object.entries(statuses)) learnt.spelt(word, as);
  };
  return async (...request) => {
    loading ??= load();
    await loading;
    return api(...request);
  };
}
