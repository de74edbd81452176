import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCaller } from "../../src/call/call.ts";
import { createCatalogue } from "../../src/call/catalogue.ts";
import { lookUp } from "../../src/call/look-up.ts";
import { sandboxAccount } from "../../src/compose.ts";
import { createGuard, type Guard } from "../../src/guard/guard.ts";
import { createJournal, journalFolder } from "../../src/journal/journal.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { createApi } from "../../src/skyprep/api.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { createExports } from "../../src/store/exports.ts";
import { createKeptLists } from "../../src/store/lists.ts";
import { createLock } from "../../src/store/lock.ts";
import { sections } from "../../tools/index.ts";
import { asking, confirming, listing } from "../../tools/schema/fields.ts";
import { noon } from "../support/academy.ts";

const calls = [
  ["get_user", { user_id: 101 }],
  ["get_course_progresses", { user_id: 101 }],
] as const;
const pairs = 60;
const callsEach = 40;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export interface Ratio {
  readonly call: string;
  /** The call with the guard, beside the same call without one. */
  readonly ratio: number;
  readonly ms: number;
}

/** What the guard costs a call that is not asked about: the same calls with it and with none, turn by turn. */
export async function guardCosts(): Promise<Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), "skyprep-bench-"));
  try {
    const { send } = createSandbox({ now: () => noon, callsPerMinute: Number.POSITIVE_INFINITY });
    const [guarded, bare] = [callerIn(folder, send, true), callerIn(folder, send, false)];
    const signal = new AbortController().signal;
    const ratios: Ratio[] = [];
    for (const [name, args] of calls) {
      const once = async (call: typeof guarded) => {
        const begun = performance.now();
        for (let made = 0; made < callsEach; made++) {
          const reply = await call(name, args, signal);
          if (reply === undefined || reply.isError) throw new Error(`${name}: ${reply?.text}`);
        }
        return performance.now() - begun;
      };
      for (let warm = 0; warm < 40; warm++) {
        await once(guarded);
        await once(bare);
      }
      const measured: { guarded: number; bare: number }[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        // Whoever comes first pays for what the last left behind: they take turns.
        const first = pair % 2 === 0 ? await once(guarded) : await once(bare);
        const second = pair % 2 === 0 ? await once(bare) : await once(guarded);
        measured.push(pair % 2 === 0 ? { guarded: first, bare: second } : { guarded: second, bare: first });
      }
      ratios.push({
        call: name,
        ratio: median(measured.map((one) => one.guarded / one.bare)),
        ms: median(measured.map((one) => one.bare)) / callsEach,
      });
    }
    return ratios;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function callerIn(folder: string, send: Send, withGuard: boolean) {
  const api = createApi(send, sandboxAccount);
  const journals = journalFolder(folder);
  const now = () => noon;
  const random = () => randomBytes(9).toString("hex");
  const after = () => () => {};
  const journal = createJournal({
    folder: journals,
    lock: createLock(journals, { name: "journal" }),
    now,
    random,
    keepMs: 0,
  });
  const none: Guard = () => {
    throw new Error("there is no guard");
  };
  const guard = withGuard
    ? createGuard(
        {
          account: "sandbox",
          read: lookUp(api),
          journal,
          clean: (text) => text,
          now,
          after,
          bytes: (n) => randomBytes(n),
        },
        { confirm: "ask", keepsImages: true, maxDeletions: 25, maxPeople: 1_000, maxGrants: 10 },
      )
    : none;
  return createCaller(
    createCatalogue(
      sections,
      { sections: undefined, readOnly: false, confirm: "ask" },
      { listing, asking, confirming },
    ),
    {
      api,
      guard,
      journal,
      kept: createKeptLists<readonly unknown[]>({ now }),
      exports: createExports({ folder: join(folder, "exports"), now, random, keepMs: 0 }),
      now,
      pause: async () => {},
      patienceMs: 45_000,
      view: { personal: false, labels: new Map() },
      account: "sandbox",
    },
    { sandbox: true, timeoutMs: 50_000, customFields: new Map(), problems: [], secrets: [] },
  );
}
