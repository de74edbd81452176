import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { type Around, connect, noon, type Reply } from "../../support/academy.ts";
import { reads } from "../../support/catalogue.ts";
import { createClock } from "../../support/clock.ts";
import { seededTables } from "../../support/seeded.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { type Case, population } from "./cases.ts";

type Server = Awaited<ReturnType<typeof connect>>;
const opened: Server[] = [];
export async function endAll(): Promise<void> {
  for (const one of opened.splice(0)) await one.close();
}

/** An academy, a state folder, and as many processes as are opened, one after another or at once. */
export async function installation(one: Pick<Case, "kind">, env: Record<string, string> = {}) {
  const clock = createClock(noon);
  const sandbox = createSandbox({
    now: clock.now,
    people: population,
    callsPerMinute: Infinity,
    tables: seededTables,
  });
  const state = temporaryFolder("outlives");
  const sent: string[] = [];
  const atSending: (() => void)[] = [];
  const send: Send = (request, signal) => {
    if (!reads.has(request.route)) {
      sent.push(request.route);
      for (const look of atSending) look();
    }
    // Whatever key and domain a process has, this is the academy behind them.
    const headers = { "X-SkyPrep-API-Key": "sandbox-key", "X-SkyPrep-Acct-Key": "example.skyprepapp.com" };
    return sandbox.send({ ...request, headers }, signal);
  };
  const open = async (more: Record<string, string> = {}, around: Around = {}): Promise<Server> => {
    const server = await connect(
      send,
      { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state, ...env, ...more },
      { clock, ...around },
    );
    opened.push(server);
    return server;
  };
  /** A process for this one call. */
  const alone = async (name: string, args: Record<string, unknown>, more?: Record<string, string>) => {
    const server = await open(more);
    const reply = await server.call(name, args);
    await server.close();
    opened.splice(opened.indexOf(server), 1);
    return reply;
  };
  const ask = async (server: Server, of: Case) => {
    const reply = await server.call(of.tool.name, of.args);
    return { reply, confirm: codeIn(reply) };
  };
  if (one.kind === "many") {
    const user_ids = Array.from({ length: 25 }, (_, index) => 130 + index);
    await alone("mass_enroll", { user_ids, course_ids: [211] });
    sent.splice(0);
  }
  return {
    clock,
    world: sandbox.world,
    state,
    sent,
    /** Whoever looks at the disk as a change is sent. */
    atSending,
    open,
    ask,
    asked: async (of: Case, more?: Record<string, string>) =>
      codeIn(await alone(of.tool.name, { ...of.args }, more)),
    answered: (of: Case, confirm: string, more?: Record<string, string>): Promise<Reply> =>
      alone(of.tool.name, { ...of.args, confirm }, more),
  };
}

export type Installation = Awaited<ReturnType<typeof installation>>;

export const codeIn = ({ text }: Reply): string => /^confirm: "(.+)"$/m.exec(text)?.[1] ?? "none was given";
