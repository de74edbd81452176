import { ownChain, readChain, verifyRows } from "../../../src/journal/database/chains.ts";
import { changesOf } from "../../../src/journal/entry.ts";
import { agreeing } from "../../support/person.ts";
import type { FreshDatabase } from "../../support/postgres.ts";
import { shuffled } from "../../support/seed.ts";
import { startReplicas } from "../../team/replicas.ts";
import { type Aim, createAim, type Moment, moments } from "./aim.ts";
import { createBystanders } from "./bystanders.ts";
import { isSettled, obstinateCaller, sdkCaller, type Told } from "./callers.ts";
import { faultsOf, type Written } from "./checks.ts";
import { type Front, startFront } from "./front.ts";
import { chainHead, hold } from "./hold.ts";
import { createPeople, taskFor, taskNames, writesOf } from "./tasks.ts";
import { journalFromNow, type Watch, watched } from "./watched.ts";

const callers = ["asked anew", "the same answer again"] as const;
const mostTries = 6;

export interface TeamKilled {
  readonly runs: number;
  /** Of whose work, while it was not over. */
  readonly killed: Readonly<Partial<Record<Moment, number>>>;
  readonly writes: number;
  /** Writes that never arrived, or of which no replica knows what came. */
  readonly lost: number;
  readonly yeses: number;
  /** Done when the same call was made again, at another replica. */
  readonly wentOn: number;
  /** Said to be unknown in the end. */
  readonly unknown: number;
  readonly bystanders: Readonly<Record<"done" | "not sent" | "lost", number>>;
  readonly faults: readonly string[];
}

interface KillOptions {
  readonly database: FreshDatabase;
  readonly runs: number;
  readonly random: () => number;
  /** Told how far it came, and what is wrong as it is found. */
  readonly say: (line: string) => void;
}

/** Kills a replica at a moment of somebody's work, so many times, and compares academy, journal and what people were told. */
export async function teamKillRuns({ database, runs, random, say }: KillOptions): Promise<TeamKilled> {
  // Each has a minute of its own, which is enough for what happens there in it.
  const academies = Array.from({ length: Math.min(18, runs) }, (_, n) => `work${n}`);
  const beside = Array.from({ length: Math.min(8, runs) }, (_, n) => `beside${n}`);
  let front: Front | undefined;
  let yeses = 0;
  const watch: Watch<Aim> = { aim: undefined, at: undefined, written: [] };
  const behind = watched(watch, { random, yeses: () => yeses });
  const scopes = ["write", "approve"] as const;
  const grants = [...academies, ...beside].map((academy) => ({ academy, scopes }));
  const running = await startReplicas({
    databaseUrl: database.url,
    academies: [...academies, ...beside],
    people: Object.fromEntries(["ana", "ben", "cleo", "dora"].map((person) => [person, grants])),
    settings: { budgets: { deletions: 100_000, people: 100_000, grants: 100_000 } },
    behind,
    front: async (ports) => {
      front = await startFront(ports);
      return front;
    },
  });
  const asked = database.open();
  const chainOf = (academy: string) => ({ academy, chain: ownChain });
  const person: typeof agreeing = async (form) => {
    await watch.aim?.asked();
    yeses += 1;
    return agreeing(form);
  };
  const made = Object.fromEntries(
    await Promise.all(
      academies.map(async (academy) => {
        const world = running.academy(academy)?.world;
        if (world === undefined) throw new Error("no academy");
        const calling = { who: "ana", academy, person };
        const both = {
          "asked anew": await sdkCaller(running, calling),
          "the same answer again": obstinateCaller(running, calling),
        };
        return [academy, { people: createPeople(world), ...both }] as const;
      }),
    ),
  );
  const bystanders = await createBystanders(running, beside);

  const total = { writes: 0, lost: 0, yeses: 0, wentOn: 0, unknown: 0 };
  const killed: Partial<Record<Moment, number>> = {};
  const faults: string[] = [];
  const deck = shuffled(
    taskNames.flatMap((task) => callers.flatMap((by) => moments.map((moment) => ({ task, by, moment })))),
    random,
  );

  async function oneRun(run: number, { task: name, by, moment }: (typeof deck)[number]): Promise<void> {
    const academy = academies[run % academies.length] ?? "";
    const here = made[academy];
    if (here === undefined) throw new Error("no academy");
    const fault = (why: string) => {
      faults.push(`run ${run} (${name}, ${by}, ${moment}): ${why}`);
      say(faults.at(-1) ?? "");
    };
    watch.aim = undefined;
    yeses = 0;
    const written: Written[] = [];
    watch.written = written;
    const linesOfRun = await journalFromNow(asked, academy);
    const caller = here[by];
    const task = await taskFor(name, here.people, caller);
    const stop = bystanders.begin(run);

    let again: Promise<void> | undefined;
    let isOver = false;
    const kill = async () => {
      const busy = front?.lastOf(running.tokenFor("ana"));
      const place = moment === "anywhere" ? Math.floor(random() * running.replicas.length) : (busy ?? 0);
      const victim = running.replicas[place];
      if (!isOver) killed[moment] = (killed[moment] ?? 0) + 1;
      victim?.child.kill("SIGKILL");
      await victim?.over;
      again = running.again(place);
    };
    const aim = createAim({
      moment,
      random,
      nth: 1 + Math.floor(random() * writesOf[name]),
      kill,
      hold: (isOver) => hold(database, chainHead(academy), isOver),
    });
    watch.aim = aim;
    watch.at = academy;
    aim.began();
    /** Nothing is called done that is not. */
    const ask = async (): Promise<Told> => {
      const told = await task.ask(caller);
      if (told.is === "reply" && !told.isError && !isSettled(told, task.isDone()))
        fault(`told as done, and is not: ${told.text}`);
      return told;
    };
    let told = await ask().finally(() => {
      isOver = true;
    });
    await aim.over();
    const isFirst = told.is === "reply" && task.isDone();
    for (let tries = 0; tries < mostTries && !isSettled(told, task.isDone()); tries++) told = await ask();
    await again;
    await stop();
    watch.aim = undefined;
    watch.at = undefined;

    if (!isSettled(told, task.isDone())) fault(`it did not go on: ${JSON.stringify(told)}`);
    else if (!task.isDone()) total.unknown += 1;
    else if (!isFirst) total.wentOn += 1;
    const chain = chainOf(academy);
    const { breaks } = await verifyRows(asked, chain);
    for (const { seq, why } of breaks) fault(`the chain breaks at line ${seq}: ${why}`);
    const lines = await linesOfRun();
    for (const why of faultsOf({ by: "form", written, lines, yeses, idOf: here.people.idOf })) fault(why);
    total.writes += written.length;
    total.lost += written.filter(({ status }) => status === undefined).length;
    total.yeses += yeses;
  }

  try {
    for (let run = 0; run < runs; run++) {
      const one = deck[run % deck.length];
      if (one) await oneRun(run, one);
      if (run % 20 === 19) say(`${run + 1} of ${runs} runs, ${faults.length} faults`);
    }
    const changes = await Promise.all(
      beside.map(async (academy) => changesOf(await readChain(asked, chainOf(academy)))),
    );
    faults.push(...bystanders.faults(changes.flat()));
  } finally {
    await bystanders.close();
    for (const { "asked anew": one } of Object.values(made)) await one.close();
    await running.close();
  }
  const { count } = bystanders;
  return {
    runs,
    killed,
    ...total,
    bystanders: { done: count("done"), "not sent": count("not sent"), lost: count("lost") },
    faults,
  };
}
