import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, liveAccount, noon } from "../../support/academy.ts";
import { settled } from "../../support/clock.ts";
import { type Form, yes } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

export interface BigAcademy {
  readonly groups?: number;
  /** Milliseconds that each answer takes. */
  readonly answerMs?: number;
  /** SkyPrep's limit, kept to as on a live account; left out: nobody counts. */
  readonly paced?: boolean;
  readonly dialect?: Dialect;
  readonly env?: Record<string, string>;
}

/** An academy of many groups, in which time passes with answers and pauses only. */
export async function openBigAcademy({
  groups = 300,
  answerMs = 2_000,
  paced = false,
  dialect,
  env = {},
}: BigAcademy = {}) {
  let time = noon;
  const sandbox = createSandbox({
    now: () => noon,
    tables: (size) => {
      const tables = seededTables(size);
      const pattern = tables.groups.get(304);
      if (pattern === undefined) throw new Error("there is no group 304");
      const own = [...tables.groups.values()].filter(({ type }) => type === "user").length;
      for (let n = 1; n <= groups - own; n++)
        tables.groups.set(2_000 + n, {
          ...pattern,
          id: 2_000 + n,
          name: `Branch ${n}`,
          parent_id: null,
          members: new Set(),
        });
      return tables;
    },
    callsPerMinute: Number.POSITIVE_INFINITY,
    ...(paced && { apiKey: liveAccount.SKYPREP_API_KEY, domain: liveAccount.SKYPREP_ACCT_KEY }),
    ...(dialect && { dialect }),
  });
  const sent: string[] = [];
  const asked: Form[] = [];
  const send: Send = async (request, signal) => {
    sent.push(request.route);
    const began = time;
    const answer = await sandbox.send(request, signal);
    // Several at once take no longer than one.
    time = Math.max(time, began + answerMs);
    return answer;
  };
  const connected = await connect(
    send,
    { ...(paced ? liveAccount : { SKYPREP_SANDBOX: "true" }), ...env },
    {
      clock: { now: () => time, after: () => () => {} },
      pause: async (ms) => {
        const until = time + ms;
        await settled();
        time = Math.max(time, until);
      },
      person: (form) => {
        asked.push(form);
        return yes(form);
      },
    },
  );
  const { world } = sandbox;
  const branches = [...world.groups.keys()].filter((id) => id > 2_000);
  return {
    ...connected,
    world,
    sent,
    asked,
    branches,
    pass: (ms: number) => {
      time += ms;
    },
    manage: (user_id: number, user_group_id: number) => {
      const [pattern] = world.managerships.values();
      const id = 9_000 + world.managerships.size;
      world.managerships.set(id, { ...(pattern as NonNullable<typeof pattern>), id, user_id, user_group_id });
    },
    /** One call, how long it took in seconds, and what it sent. */
    timed: async (name: string, args: Record<string, unknown>) => {
      const [began, from] = [time, sent.length];
      const reply = await connected.call(name, args);
      return { ...reply, seconds: (time - began) / 1_000, routes: sent.slice(from) };
    },
  };
}

export type Big = Awaited<ReturnType<typeof openBigAcademy>>;
type Timed = Awaited<ReturnType<Big["timed"]>>;

/** The rows of a reply. */
export const itemsIn = <T>({ structured }: Pick<Timed, "structured">): readonly T[] =>
  (structured?.items ?? []) as T[];

/** Calls, and goes on as the reply says, until it says so no more. */
export async function untilWhole(big: Big, name: string, args: Record<string, unknown>): Promise<Timed[]> {
  const calls: Timed[] = [];
  let cursor: unknown;
  do {
    const reply = await big.timed(name, { ...args, ...(cursor === undefined ? {} : { cursor }) });
    calls.push(reply);
    cursor = reply.structured?.next_cursor;
    if (calls.length > 60) throw new Error(`never whole: ${reply.text}`);
  } while (cursor !== undefined || /call again to go on/i.test(calls.at(-1)?.text ?? ""));
  return calls;
}

export const rightsAsked = (routes: readonly string[]): number =>
  routes.filter((route) => route === "get_manager_permissions_from_user_group").length;
