import { setTimeout as sleep } from "node:timers/promises";
import { ownChain, readChain } from "../../../src/journal/database/chains.ts";
import type { Line } from "../../../src/journal/line.ts";
import type { Incoming, Send } from "../../../src/skyprep/send.ts";
import type { Database } from "../../../src/state/postgres/database.ts";
import type { Written } from "./checks.ts";

/** Told of what comes to the academy whose work is aimed at. */
interface Aimed {
  read(): Promise<void>;
  write(answer: () => Promise<Incoming>): Promise<Incoming | undefined>;
}

/** What one run is after, set as it begins and as it ends. */
export interface Watch<A extends Aimed> {
  aim: A | undefined;
  /** The academy that it works in; nothing of the others is looked at. */
  at: string | undefined;
  written: Written[];
}

interface Watching {
  readonly random: () => number;
  /** How often a person has said yes in this run. */
  readonly yeses: () => number;
}

/** SkyPrep as replicas reach it, with what comes in a run written down and told to its aim. */
export const watched =
  <A extends Aimed>(watch: Watch<A>, { random, yeses }: Watching) =>
  (send: Send, academy: string): Send => {
    // Whoever is killed has sent it: it arrives all the same.
    const arrive: Send = (request) => send(request, new AbortController().signal);
    return async (request, signal) => {
      await sleep(random() * 4);
      const { aim, at, written } = watch;
      if (academy !== at) return arrive(request, signal);
      if (request.route.startsWith("get_")) {
        await aim?.read();
        return arrive(request, signal);
      }
      const one: Written = {
        route: request.route,
        form: new URLSearchParams(request.body),
        yeses: yeses(),
        status: undefined,
      };
      written.push(one);
      const answer = async () => {
        const answered = await arrive(request, signal);
        one.status = answered.status;
        return answered;
      };
      const answered = await (aim ? aim.write(answer) : answer());
      if (answered === undefined) throw new Error("it never arrived");
      return answered;
    };
  };

/** Gives, whenever it is called, what was added to an academy's journal since now. */
export async function journalFromNow(database: Database, academy: string): Promise<() => Promise<Line[]>> {
  const [{ last } = { last: 0 }] = await database.read<{ last: number }>(
    "select coalesce(max(seq), 0)::int as last from skyprep.journal_lines where academy = $1 and chain = $2",
    [academy, ownChain],
  );
  return async () =>
    (await readChain(database, { academy, chain: ownChain })).filter(({ seq }) => seq > last);
}
