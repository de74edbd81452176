import { ownChain, verifyRows } from "../../../src/journal/database/chains.ts";
import { identityProvider, pages } from "../../support/identity-provider.ts";
import type { FreshDatabase } from "../../support/postgres.ts";
import { shuffled } from "../../support/seed.ts";
import { startReplicas } from "../../team/replicas.ts";
import { type Caller, isSettled, obstinateCaller, sdkCaller, type Told } from "../team/callers.ts";
import { faultsOf, type Written } from "../team/checks.ts";
import { type Front, startFront } from "../team/front.ts";
import { chainHead, hold, questions } from "../team/hold.ts";
import { createPeople, taskFor, taskNames, writesOf } from "../team/tasks.ts";
import { journalFromNow, type Watch, watched } from "../team/watched.ts";
import { afterYes, createPageAim, moments, type PageAim, type PageMoment, signingIn } from "./aim.ts";
import { createBystander } from "./bystander.ts";
import { createVisitor, publicUrl } from "./visitor.ts";

const eras = ["2025", "2026"] as const;
/** Calls of one run: as many as a day's worth of bad luck takes. */
const mostTries = 12;

export interface SignedInKilled {
  readonly runs: number;
  /** Of whose work, while it was not over. */
  readonly killed: Readonly<Partial<Record<PageMoment, number>>>;
  readonly writes: number;
  /** Writes that never arrived, or of which no replica knows what came. */
  readonly lost: number;
  /** Questions that somebody sent a yes to. */
  readonly yeses: number;
  /** Pages that said that a question was approved, or refused. */
  readonly told: Readonly<Record<"approved" | "refused", number>>;
  /** Pages that said that a question was over. */
  readonly over: number;
  readonly signIns: number;
  /** Asked again, since the yes was used for a call that was lost. */
  readonly askedAgain: number;
  /** Said to be unknown in the end. */
  readonly unknown: number;
  /** Pages of somebody else who is signed in. */
  readonly bystander: Readonly<Record<"seen" | "lost", number>>;
  readonly faults: readonly string[];
}

interface KillOptions {
  readonly database: FreshDatabase;
  readonly runs: number;
  readonly random: () => number;
  /** Those alone whose task, era, moment and answer, in words, are like this; left out: all. */
  readonly only?: RegExp | undefined;
  /** Told how far it came, and what is wrong as it is found. */
  readonly say: (line: string) => void;
}

/**
 * Kills a replica at a moment of somebody who signs in, answers on a page and has the call go on, so many times; they
 * go on by themselves, at whichever replicas are left. Compares academy, journal, pages and replies.
 */
export async function signedInKillRuns(options: KillOptions): Promise<SignedInKilled> {
  const { database, runs, random, only, say } = options;
  // Each has a minute of its own, which is enough for what happens there in it.
  const academies = Array.from({ length: Math.min(8, runs) }, (_, n) => `work${n}`);
  let front: Front | undefined;
  /** Questions that a yes was sent to, in this run. */
  let agreed = new Set<string>();
  const watch: Watch<PageAim> = { aim: undefined, at: undefined, written: [] };
  const behind = watched(watch, { random, yeses: () => agreed.size });

  const idp = await identityProvider({
    accounts: { ana: {}, bob: {} },
    redirects: [`${publicUrl}/login/callback`],
  });
  idp.state.swaps = async (answer) => {
    await watch.aim?.comingBack();
    return answer;
  };
  const grants = academies.map((academy) => ({ academy, scopes: ["write"] as const }));
  const running = await startReplicas({
    databaseUrl: database.url,
    academies,
    people: { ana: grants, bob: grants },
    settings: { budgets: { deletions: 100_000, people: 100_000, grants: 100_000 } },
    identity: {
      issuer: idp.issuer,
      login: { client_id: pages.client_id, client_secret: { env: "PAGES_SECRET" } },
    },
    env: { PAGES_SECRET: pages.client_secret },
    behind,
    front: async (ports) => {
      front = await startFront(ports);
      return front;
    },
  });
  const { base } = running.proxy;
  const asked = database.open();
  const newVisitor = () => createVisitor({ base, agent: "ana", aim: () => watch.aim });
  const made = new Map(
    await Promise.all(
      academies.map(async (academy) => {
        const world = running.academy(academy)?.world;
        if (world === undefined) throw new Error("no academy");
        const calling = { who: "ana", academy };
        const callers: Record<(typeof eras)[number], Caller> = {
          2025: await sdkCaller(running, { ...calling, era: "2025" }),
          2026: obstinateCaller(running, { ...calling, capabilities: {} }),
        };
        return [academy, { people: createPeople(world), callers }] as const;
      }),
    ),
  );
  // So that there is a line that the next has to wait for. One after the other: a person has only so many calls at once.
  for (const { callers } of made.values())
    await callers[2026].call("create_user_group", { name: "The first of all" });
  idp.state.who = "bob";
  const bystander = await createBystander(base, "bob");
  idp.state.who = "ana";
  const kept = newVisitor();
  await kept.open(`${publicUrl}/approvals`);

  const total = { writes: 0, lost: 0, yeses: 0, over: 0, signIns: 0, askedAgain: 0, unknown: 0 };
  const toldOf = { approved: 0, refused: 0 };
  const killed: Partial<Record<PageMoment, number>> = {};
  const faults: string[] = [];
  const approving = taskNames.flatMap((task) =>
    eras.flatMap((era) => moments.map((moment) => ({ task, era, moment, said: "approve" as const }))),
  );
  const refusing = eras.flatMap((era) =>
    moments
      .filter((moment) => !afterYes.has(moment))
      .map((moment) => ({ task: "delete" as const, era, moment, said: "refuse" as const })),
  );
  const isWanted = (one: object) => only?.test(Object.values(one).join(", ")) !== false;
  const deck = shuffled([...approving, ...refusing].filter(isWanted), random);

  async function oneRun(
    run: number,
    { task: name, era, moment, said }: (typeof deck)[number],
  ): Promise<void> {
    const academy = academies[run % academies.length] ?? "";
    const here = made.get(academy);
    if (here === undefined) throw new Error("no academy");
    const fault = (why: string) => {
      faults.push(`run ${run} (${name}, ${era}, ${moment}, ${said}): ${why}`);
      say(faults.at(-1) ?? "");
    };
    const chain = { academy, chain: ownChain };
    const linesOfRun = await journalFromNow(asked, academy);
    watch.aim = undefined;
    agreed = new Set();
    const written: Written[] = [];
    watch.written = written;
    const caller = here.callers[era];
    const task = await taskFor(name, here.people, caller);
    const isNew = signingIn.has(moment) || random() < 0.3;
    const visitor = isNew ? newVisitor() : kept;
    const signedInBefore = visitor.signIns();

    let again: Promise<void> | undefined;
    let isOver = false;
    const aim = createPageAim({
      moment,
      random,
      nth: 1 + Math.floor(random() * writesOf[name]),
      hold: (what, isPast) => hold(database, what === "chain" ? chainHead(academy) : questions, isPast),
      kill: async (whose) => {
        const busy = { page: front?.lastBy("ana"), call: front?.lastOf(running.tokenFor("ana")) };
        const place =
          (whose === "anybody" ? undefined : busy[whose]) ?? Math.floor(random() * running.replicas.length);
        const victim = running.replicas[place];
        if (!isOver) killed[moment] = (killed[moment] ?? 0) + 1;
        victim?.child.kill("SIGKILL");
        await victim?.over;
        again = running.again(place);
      },
    });
    watch.aim = aim;
    watch.at = academy;
    aim.began();

    /** The last that a page called approved, until a call used it. */
    let approved: { readonly id: string; readonly address: string } | undefined;
    const isEnded = (told: Told) =>
      said === "approve"
        ? isSettled(told, task.isDone())
        : told.is === "reply" && /person said no/.test(told.text);

    async function ask(): Promise<Told> {
      const told = await task.ask(caller);
      if (told.is === "lost") return told;
      const isAsked = /^(\[\w+\] )?Not done yet/.test(told.text);
      if (!isAsked && !told.isError && !isEnded(told)) fault(`told as done, and is not: ${told.text}`);
      return told;
    }
    /** A call's yes is used with its intent, or not at all; a job's before its first step, and its page says so. */
    async function isUsed({ id, address }: NonNullable<typeof approved>): Promise<boolean> {
      if ((await linesOfRun()).some((line) => line.line === "intent" && line.question === id)) return true;
      const seen = await visitor.open(address);
      return name !== "delete" && seen.is === "said" && seen.heading !== "Approved.";
    }
    /** Answers where they are asked; false: they were not. */
    async function answer(told: Told): Promise<boolean> {
      const text = told.is === "reply" ? told.text : "";
      const [, address, id = ""] = /approve: (https:\S+\/approvals\/([\w-]{16}))/.exec(text) ?? [];
      if (address === undefined) return false;
      if (approved !== undefined) {
        if (await isUsed(approved)) total.askedAgain += 1;
        else fault(`a page said that ${approved.id} is approved, and they are asked anew`);
        approved = undefined;
      }
      const heading = await visitor.answer(address, said, () => {
        if (said === "approve") agreed.add(id);
      });
      if (heading === "Approved." && said === "approve") {
        toldOf.approved += 1;
        approved = { id, address };
        const isNoted = (await linesOfRun()).some(
          (line) => line.line === "asked" && line.said === "yes" && line.question === id,
        );
        if (!isNoted) fault("a page said approved, and the journal does not");
      } else if (heading === "Refused." && said === "refuse") toldOf.refused += 1;
      else if (heading === undefined) fault("they could not answer");
      else if (/^(There is nothing here for you|This question is closed)\.$/.test(heading)) total.over += 1;
      else fault(`they said ${said}, and a page says ${heading}`);
      return true;
    }

    let told = await ask();
    if (await answer(told)) told = await ask();
    isOver = true;
    await aim.over();
    for (let tries = 0; tries < mostTries && !isEnded(told); tries++) {
      await answer(told);
      told = await ask();
    }
    await again;
    watch.aim = undefined;
    watch.at = undefined;

    if (!isEnded(told)) fault(`it did not go on: ${JSON.stringify(told)}`);
    else if (said === "approve" && !task.isDone()) total.unknown += 1;
    if (said === "refuse" && (written.length > 0 || task.isDone())) fault("sent, and they said no");
    if (!isNew && visitor.signIns() > signedInBefore) fault("they had to sign in again");
    const { breaks } = await verifyRows(asked, chain);
    for (const { seq, why } of breaks) fault(`the chain breaks at line ${seq}: ${why}`);
    const lines = await linesOfRun();
    const { idOf } = here.people;
    for (const why of faultsOf({ by: "page", written, lines, yeses: agreed.size, idOf })) fault(why);
    total.writes += written.length;
    total.lost += written.filter(({ status }) => status === undefined).length;
    total.yeses += agreed.size;
    total.signIns += visitor.signIns() - signedInBefore;
  }

  try {
    for (let run = 0; run < runs; run++) {
      const one = deck[run % deck.length];
      if (one) await oneRun(run, one);
      if (run % 20 === 19) say(`${run + 1} of ${runs} runs, ${faults.length} faults`);
    }
  } finally {
    faults.push(...(await bystander.end()));
    for (const { callers } of made.values()) for (const one of Object.values(callers)) await one.close();
    await running.close();
    await idp.close();
  }
  return { runs, killed, ...total, told: toldOf, bystander: bystander.count(), faults };
}
