import { setTimeout as sleep } from "node:timers/promises";
import { type Account, createApi } from "../skyprep/api.ts";
import type { HttpProxy } from "../skyprep/proxy.ts";
import { createRateLimiter } from "../skyprep/rate-limit/limiter.ts";
import { createTurns } from "../skyprep/rate-limit/turns.ts";
import { createRequestContext } from "../skyprep/request.ts";
import {
  brief,
  errorInside,
  type ParsedResponse,
  Rejected,
  saidBack,
  Unreachable,
} from "../skyprep/response.ts";
import { smallFile } from "../state/files/safe-files.ts";
import { createLock } from "../state/files/shared-folder.ts";
import { placeIn } from "../state/state-places.ts";
import { cleanText, count } from "../text/english.ts";

/** Whose account a key opens. */
export interface AccountSummary {
  readonly name: string;
  readonly acctKey: string;
  readonly people: number | undefined;
}

/** Asks SkyPrep. Rejects with a `Failure` that says what is wrong and what to do. */
export type Look = (account: Account) => Promise<AccountSummary>;

export interface LookOptions {
  readonly baseUrl: string;
  readonly proxy: HttpProxy | undefined;
  readonly callsPerMinute: number;
  readonly stateFolder: string;
  /** For both calls together. */
  readonly patienceMs?: number;
}

/** Two calls, test_connection and get_program, over the network and counted like all others. */
export const lookAt =
  ({ baseUrl, proxy, callsPerMinute, stateFolder, patienceMs = 30_000 }: LookOptions): Look =>
  async (account) => {
    const { createNetwork } = await import("../skyprep/network.ts");
    const network = createNetwork({ baseUrl, proxy });
    const after = (ms: number, then: () => void) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    };
    const pace = createRateLimiter({
      turns: createTurns({
        file: smallFile(placeIn(stateFolder, "pace")),
        withLock: createLock(stateFolder, { name: "pace" }),
        callsPerMinute,
        now: Date.now,
        after,
        onTrouble: () => {},
      }),
      reads: new Set(["test_connection", "get_program"]),
      now: Date.now,
      pause: (ms, signal) => sleep(ms, undefined, { signal }),
      after,
    });
    const api = createApi(pace(network), account);
    const signal = AbortSignal.timeout(patienceMs);
    // A wait for the minute's limit that takes longer is said at once.
    const context = createRequestContext({ deadline: Date.now() + 30_000 });
    try {
      recordOf(await api("test_connection", "", signal, context), ({ message }) =>
        /\bsuccess/i.test(String(message)),
      );
      const program = recordOf(
        await api("get_program", "", signal, context),
        (one) => one.acct_key !== undefined || one.name !== undefined,
      );
      return {
        name: cleanText(String(program.name ?? "")),
        acctKey: cleanText(String(program.acct_key ?? account.acctKey)),
        people: typeof program.users_count === "number" ? program.users_count : undefined,
      };
    } catch (error) {
      if (error !== signal.reason) throw error;
      const { host } = new URL(baseUrl);
      const why = `${host} did not answer within ${patienceMs / 1000} s.`;
      throw new Unreachable(why, "Try again in a minute.", "no", error);
    } finally {
      await network.close();
    }
  };

export const sayFound = ({ name, acctKey, people }: AccountSummary): string =>
  `${name || "an academy without a name"} (${acctKey})${people === undefined ? "" : `, ${count(people, "person", "people")}`}`;

/** @throws Rejected where what came is not what this route answers with, whatever its status says */
function recordOf(
  reading: ParsedResponse,
  isIt: (record: Record<string, unknown>) => boolean,
): Record<string, unknown> {
  const value = reading.is === "json" ? reading.value : undefined;
  const inside = value === undefined ? { text: "no data came" } : errorInside(value);
  if (inside) {
    const why = `SkyPrep answered: ${cleanText(inside.text)}`;
    throw new Rejected(200, why, "Check the key, the domain and the address of the API.", "refused");
  }
  const [one] = Array.isArray(value) ? value : [value];
  if (typeof one === "object" && one !== null && isIt(one)) return one;
  const said = saidBack(reading);
  throw new Rejected(
    200,
    `SkyPrep answered: ${said ? cleanText(brief(said)) : "something that is no account"}`,
    "Check the key, the domain and the address of the API.",
    "refused",
  );
}
