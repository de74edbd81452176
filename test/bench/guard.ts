import { randomBytes } from "node:crypto";
import { readFrom } from "../../src/academy/reads.ts";
import { createAcademyZone } from "../../src/academy/time-zone.ts";
import { createInFlight } from "../../src/call/call-deadline.ts";
import type { CallWorld } from "../../src/call/call-world.ts";
import { createCaller } from "../../src/call/dispatch.ts";
import { createRedaction } from "../../src/call/redaction/redact.ts";
import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { createGuard } from "../../src/guard/approval-flow.ts";
import type { Guard } from "../../src/guard/guard.ts";
import type { Journal } from "../../src/journal/line.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { createApi } from "../../src/skyprep/api.ts";
import { createKeptLists } from "../../src/state/kept-lists.ts";
import { sections } from "../../tools/index.ts";
import { confirming, listing } from "../../tools/schema/fields.ts";

/**
 * What the guard costs a call that nobody is asked about: the same call with the guard there and with one
 * that gives leave at once, in turn, in one process. The journal is in memory: it is not what is measured.
 */
const catalogue = createCatalogue(
  sections,
  { sections: undefined, readOnly: false, confirm: "ask" },
  { listing, confirming },
);
const { send } = createSandbox({ people: 302, callsPerMinute: Number.POSITIVE_INFINITY });
const api = createApi(send, { apiKey: "sandbox-key", acctKey: "example.skyprepapp.com" });
let seq = 0;
const journal: Journal = {
  intend: async () => ({ seq: ++seq }),
  finish: async () => {},
  note: async () => {},
  since: async () => [],
  isOver: async () => false,
  changes: async () => [],
  ofRun: async () => [],
  image: async () => undefined,
  ready: async () => {},
};
const after = (ms: number, then: () => void) => {
  const timer = setTimeout(then, ms).unref();
  return () => clearTimeout(timer);
};
const never = async () => {
  throw new Error("not part of this");
};

function callerWith(guard: Guard) {
  const world: CallWorld = {
    api,
    guard,
    lastCame: () => undefined,
    jobGuard: never,
    journal,
    records: new Map(Object.values(sections).flatMap((section) => Object.entries(section))),
    naming: {
      directory: { complete: async () => [], find: async () => [], meant: async () => ({ found: [] }) },
      list: async () => [],
      zone: createAcademyZone({ list: async () => [] }),
    },
    zone: { known: () => undefined },
    running: createInFlight({ after }),
    log: { warn: () => {}, call: () => {}, tellsCalls: false },
    hides: createRedaction({ anywhere: [], words: [] }),
    kept: createKeptLists({ now: Date.now }),
    exports: { keep: never, list: async () => [], read: async () => undefined },
    now: Date.now,
    after,
    pause: async () => {},
    elsewhere: "",
    patienceMs: 45_000,
    view: { personal: false, labels: new Map() },
    account: "bench",
  };
  const settings = { sandbox: true, timeoutMs: 50_000, customFields: new Map(), problems: [] };
  return createCaller(catalogue, world, settings);
}

const real = createGuard(
  {
    account: "bench",
    read: readFrom(api),
    journal,
    clean: (text) => text,
    now: Date.now,
    after,
    bytes: randomBytes,
  },
  {
    confirm: "ask",
    maxDeletions: 25,
    maxPeople: 1_000,
    maxGrants: 10,
    keepsImages: false,
    sandbox: true,
  },
);
const none: Guard = async () => ({ go: true, agreed: "nobody", targets: [], allow: () => undefined });

const calls: Readonly<Record<string, Record<string, unknown>>> = {
  get_user: { user_id: 101 },
  get_course: { course_id: 201 },
  update_course: { course_id: 201, name: "New Hire Orientation" },
};
const median = (values: number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const signal = new AbortController().signal;

/** Call → how many times as long it takes with the guard, pair by pair, and the microseconds it takes. */
export async function guardCosts(pairs = 3_000): Promise<{ call: string; ratio: number; micros: number }[]> {
  const [guarded, bare] = [callerWith(real), callerWith(none)];
  const costs = [];
  for (const [name, args] of Object.entries(calls)) {
    const time = async (call: typeof bare) => {
      const begun = performance.now();
      await call(name, args, signal);
      return performance.now() - begun;
    };
    const took: { with: number[]; without: number[] } = { with: [], without: [] };
    for (let n = 0; n < pairs + 200; n++) {
      // Whoever goes first finds colder caches.
      const order = n % 2 === 0 ? ([guarded, bare] as const) : ([bare, guarded] as const);
      for (const call of order) {
        const ms = await time(call);
        if (n >= 200) (call === guarded ? took.with : took.without).push(ms);
      }
    }
    costs.push({
      call: name,
      ratio: median(took.with) / median(took.without),
      micros: median(took.with) * 1000,
    });
  }
  return costs;
}
