import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { journalFolder } from "../../src/journal/journal.ts";
import { verify } from "../../src/journal/verify.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { Unreachable } from "../../src/skyprep/response.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";

export interface Soak {
  readonly calls: number;
  readonly random: () => number;
  /** Where the state folder is made. */
  readonly folder: string;
}

export interface Soaked {
  readonly replies: number;
  /** By what the reply said. */
  readonly ended: Readonly<Record<string, number>>;
  /** MiB of heap at the end of each quarter, all garbage collected. */
  readonly heap: readonly number[];
  readonly descriptors: readonly number[];
  readonly minutes: number;
  readonly chain: Awaited<ReturnType<typeof verify>>;
}

const faulty = 0.05;
const atOnce = 4;
/** What one person's assistant leaves between its calls: the limit is met, and not only met. */
const thinkMs = 1_500;
const answer = (status: number, text: string) => ({
  status,
  contentType: "",
  body: new TextEncoder().encode(text),
});

/** Hours of mixed load in minutes, with the limit, the files and the asking as they are. */
export async function soak({ calls, random, folder }: Soak): Promise<Soaked> {
  const state = mkdtempSync(join(folder, "skyprep-soak-"));
  const clock = createSkippingClock();
  const sandbox = createSandbox({
    now: clock.now,
    callsPerMinute: Number.POSITIVE_INFINITY,
    apiKey: "soak-key-0815",
    domain: "soak.example.com",
  });
  const send: Send = async (request, signal) => {
    if (random() >= faulty) return sandbox.send(request, signal);
    const dice = Math.floor(random() * 7);
    if (dice === 0) throw new Unreachable("No connection.", "Try again.", "no");
    // Lost on the way there, and on the way back.
    if (dice === 2) await sandbox.send(request, signal);
    if (dice <= 2) throw new Unreachable("The connection ended.", "Try again.", "maybe");
    return (
      [answer(429, "slow"), answer(503, "busy"), answer(200, "<html>"), answer(200, '{"id":1,')][dice - 3] ??
      answer(500, "")
    );
  };
  const academy = await connect(
    send,
    {
      SKYPREP_API_KEY: "soak-key-0815",
      SKYPREP_ACCT_KEY: "soak.example.com",
      SKYPREP_STATE_DIR: state,
      SKYPREP_MAX_PEOPLE: "1000000",
    },
    { person: agreeing, clock, pause: clock.pause },
  );
  const below = (n: number) => Math.floor(random() * n);
  const person = () => ({ user_id: 103 + below(150) });
  const load: (() => [string, Record<string, unknown>])[] = [
    () => ["get_user", person()],
    () => ["get_user", person()],
    () => ["get_users", { search: "a", limit: 5 }],
    () => ["get_courses", { limit: 3 }],
    () => ["get_user_courses", person()],
    () => ["get_course_progresses", { ...person(), limit: 5 }],
    () => ["update_user", { ...person(), title: `Title ${below(9)}` }],
    () => ["enroll_user_in_course", { ...person(), course_id: 201 + below(8) }],
    () => ["remove_user_from_course", { ...person(), course_id: 201 + below(8) }],
    () => ["update_course", { course_id: 201, active: below(2) === 1 }],
  ];
  const ended: Record<string, number> = {};
  let replies = 0;
  let left = 0;
  const worker = async () => {
    while (left-- > 0) {
      const [name, args] = (load[below(load.length)] ?? load[0])?.() ?? ["", {}];
      const { isError, structured } = await academy.call(name, args);
      const how = structured?.outcome === "unknown" ? "unknown" : isError ? "refused" : "done";
      ended[how] = (ended[how] ?? 0) + 1;
      replies += 1;
      await clock.pause(thinkMs, new AbortController().signal);
    }
  };
  const began = clock.now();
  const heap: number[] = [];
  const descriptors: number[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    left = calls / 4;
    await Promise.all(Array.from({ length: atOnce }, worker));
    heap.push(await heapMiB());
    descriptors.push(readdirSync("/proc/self/fd").length);
  }
  const minutes = Math.round((clock.now() - began) / 60_000);
  await academy.end();
  await academy.close();
  const chain = await verify(journalFolder(state));
  rmSync(state, { recursive: true, force: true });
  return { replies, ended, heap, descriptors, minutes, chain };
}

/** What is left when all that can be given back is; with `--expose-gc` only, else what there is. */
async function heapMiB(): Promise<number> {
  for (let times = 0; times < 4; times++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Math.round((process.memoryUsage().heapUsed / 1024 / 1024) * 10) / 10;
}
