import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { type Around, connect, noon } from "../../support/academy.ts";
import { reads } from "../../support/catalogue.ts";
import { type Clock, createClock } from "../../support/clock.ts";
import type { Person } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";
import { type Case, population } from "./cases.ts";

export const tenMinutes = 600_000;

/** A clock that tells when somebody begins to wait for so long. */
export function watched(clock: Clock) {
  const watchers: { ms: number; seen: () => void }[] = [];
  return {
    ...clock,
    after: (ms: number, then: () => void) => {
      for (const { seen } of watchers.filter((one) => one.ms === ms)) seen();
      return clock.after(ms, then);
    },
    waitedFor: (ms: number) => new Promise<void>((resolve) => void watchers.push({ ms, seen: resolve })),
  };
}

export interface Counted extends Omit<Around, "clock" | "person"> {
  env?: Record<string, string>;
  /** Whether the client shows forms; who answers them is said later. */
  forms?: boolean;
  people?: number;
  /** Whether a read fails, told each in turn. */
  fails?: (route: string) => boolean;
}

const down = { status: 500, contentType: "text/plain", body: new TextEncoder().encode("down") };

/** An academy, a client, and every route that was sent besides reads. */
export async function openCounted({
  env = {},
  forms = true,
  people = population,
  fails,
  ...around
}: Counted = {}) {
  const clock = watched(createClock(noon));
  const sandbox = createSandbox({
    now: clock.now,
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
  });
  const sent: string[] = [];
  const send: Send = async (request, signal) => {
    if (!reads.has(request.route)) sent.push(request.route);
    else if (fails?.(request.route)) return down;
    return sandbox.send(request, signal);
  };
  const sits: { person: Person; ms: number } = {
    // As long as somebody reads; the timers of whoever waits stand still meanwhile.
    ms: 2_000,
    person: () => {
      throw new Error("nobody was expected to be asked");
    },
  };
  const connected = await connect(
    send,
    { SKYPREP_SANDBOX: "true", ...env },
    {
      ...around,
      clock,
      ...(forms && {
        seconds: 0,
        person: (form) => {
          clock.set(clock.now() + sits.ms);
          return sits.person(form);
        },
      }),
    },
  );
  return {
    ...connected,
    clock,
    world: sandbox.world,
    sent,
    /** Whoever answers forms from now on; returns how often they were asked. */
    answered(person: Person, ms = 2_000) {
      let asked = 0;
      sits.ms = ms;
      sits.person = (form) => {
        asked += 1;
        return person(form);
      };
      return () => asked;
    },
    /** Uses up what nobody is asked about, so that the kind many asks. */
    async prepare({ kind }: Pick<Case, "kind">) {
      if (kind !== "many") return;
      const user_ids = Array.from({ length: 25 }, (_, index) => 130 + index);
      await connected.call("mass_enroll", { user_ids, course_ids: [211] });
      if (sent.splice(0).length !== 1) throw new Error("25 pairs were not sent unasked");
    },
  };
}

export type Opened = Awaited<ReturnType<typeof openCounted>>;
