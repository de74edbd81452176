import { inject } from "vitest";
import type { Progress } from "../../../src/sandbox/model/tables.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Outgoing, Send } from "../../../src/skyprep/send.ts";
import { connect, liveAccount, noon } from "../../support/academy.ts";
import { createClock, passing } from "../../support/clock.ts";
import { seededTables } from "../../support/seeded.ts";
import { temporaryFolder } from "../../support/temporary.ts";

export interface Sent {
  readonly route: string;
  readonly body: string;
  readonly at: number;
  status: number;
}

export type Between = (
  request: Outgoing,
  pass: () => Promise<Incoming>,
  signal: AbortSignal,
) => Promise<Incoming>;

/** One live account with its limit of 100 calls a minute, on a clock that only moves when told; any number of servers. */
export function createAcademy({ people = 302 }: { people?: number } = {}) {
  const clock = createClock(noon);
  const sandbox = createSandbox({
    now: clock.now,
    strict: inject("strict"),
    people,
    callsPerMinute: 100,
    tables: seededTables,
    apiKey: liveAccount.SKYPREP_API_KEY,
    domain: liveAccount.SKYPREP_ACCT_KEY,
  });
  // Made now, or the academy would be as old as its first call.
  const { world } = sandbox;
  const state = temporaryFolder("status");
  const sent: Sent[] = [];

  const open = (
    between: Between = (_, pass) => pass(),
    env: Record<string, string> = {},
  ): ReturnType<typeof connect> => {
    const send: Send = (request, signal) => {
      const seen: Sent = { route: request.route, body: request.body, at: clock.now(), status: 0 };
      sent.push(seen);
      const pass = async () => {
        const answer = await sandbox.send(request, signal);
        seen.status = answer.status;
        return answer;
      };
      return between(request, pass, signal);
    };
    return connect(
      send,
      { ...liveAccount, SKYPREP_STATE_DIR: state, SKYPREP_CONFIRM: "ask", ...env },
      { clock, pause: clock.pause },
    );
  };

  return {
    clock,
    sandbox,
    world,
    state,
    sent,
    open,
    pages: () => sent.filter(({ route }) => route === "get_course_progresses"),
    /** Time passes second by second, and all that falls due in it is done. */
    pass: (seconds: number) => passing(clock, seconds),
    touch: (row: Progress, change: Partial<Progress>) =>
      Object.assign(row, change, { updated_at: clock.now() }),
  };
}

export type Academy = ReturnType<typeof createAcademy>;

/** The most of these in any minute. */
export function mostInAMinute(times: readonly number[]): number {
  return Math.max(
    0,
    ...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length),
  );
}
