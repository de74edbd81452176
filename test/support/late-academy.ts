import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Incoming, Outgoing, Send } from "../../src/skyprep/send.ts";
import { type Around, connect, noon } from "./academy.ts";
import { reads } from "./catalogue.ts";
import { agreeing } from "./person.ts";
import { seededTables } from "./seeded.ts";

interface Late {
  /** Milliseconds until reads show a write. */
  readonly after?: number;
  /** What a write is answered with in place of its record. */
  readonly answer?: (route: string, came: Incoming) => Incoming;
  readonly around?: Around;
  readonly env?: Record<string, string>;
}

/** The pretend academy twice: writes are done in one at once, and reads see the other, where they are done later. */
export async function lateAcademy({
  after = 3_000,
  answer = (_, came) => came,
  around,
  env = {},
}: Late = {}) {
  let now = noon;
  const clock = { now: () => now, after: () => () => {} };
  const options = {
    now: clock.now,
    tables: seededTables,
    callsPerMinute: Number.POSITIVE_INFINITY,
  };
  const [written, shown] = [createSandbox(options), createSandbox(options)];
  const waiting: { readonly at: number; readonly request: Outgoing }[] = [];
  const sent: Outgoing[] = [];
  const send: Send = async (request, signal) => {
    sent.push(request);
    while (waiting[0] && waiting[0].at <= now) {
      const [{ request: one, at }] = waiting.splice(0, 1) as [(typeof waiting)[number]];
      const later = now;
      // Done when it was written, and seen only now.
      now = at - after;
      await shown.send(one, signal);
      now = later;
    }
    if (reads.has(request.route)) return shown.send(request, signal);
    waiting.push({ at: now + after, request });
    return answer(request.route, await written.send(request, signal));
  };
  const connected = await connect(
    send,
    { SKYPREP_SANDBOX: "true", ...env },
    {
      person: agreeing,
      clock,
      pause: async (ms) => {
        now += ms;
      },
      ...around,
    },
  );
  return {
    ...connected,
    world: () => written.world,
    sent: (route: string) => sent.filter((one) => one.route === route),
    writes: () => sent.filter(({ route }) => !reads.has(route)).map(({ route }) => route),
  };
}

const encoder = new TextEncoder();
const isGood = ({ status }: Incoming) => status >= 200 && status < 300;

/** Good answers to writes say nothing. */
export const sayingNothing =
  (status: 200 | 204) =>
  (_: string, came: Incoming): Incoming =>
    isGood(came) ? { status, contentType: "", body: encoder.encode("") } : came;
