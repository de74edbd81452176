import { createHmac, hkdfSync } from "node:crypto";
import type { Operation, WriteOperation } from "../../../tools/schema/operation.ts";
import { readFrom, Unread } from "../../academy/reads.ts";
import { type Tool, toolName } from "../../catalogue/catalogue.ts";
import { targetsIn } from "../../guard/impact/subjects.ts";
import { callDigest } from "../../guard/question/pending-approvals.ts";
import type { Allow, Change, Journal } from "../../journal/line.ts";
import { endedAs, type Reply, refuseFor } from "../../reply/reply.ts";
import { repeatOf } from "../../skyprep/api.ts";
import { beginCallDeadline, silent, type TimeWorld } from "../call-deadline.ts";
import type { Args } from "../check/check.ts";
import { type Proven, prove, type Sent } from "../write/proof.ts";
import { isSameCall, type Spelt, spelt } from "./same-call.ts";

type WriteTool = Tool & { readonly operation: WriteOperation };

/** That a call is made once in its run: what of it is for the journal, and who else may not be at it. */
export interface Once {
  readonly run: string;
  /** Left out: a step of a job, which looks for itself what there is to do. */
  readonly call?: string;
  readonly allow?: Allow;
  /** It was sent, as far as is known. */
  readonly sent?: () => void;
}

/** What there is to do of a call that may have been made in this run before: a reply, or that it is made now. */
export type Standing = { readonly reply: Reply; readonly skipped: boolean } | { readonly once: Once };

export interface RunOnceWorld extends TimeWorld {
  readonly name: string;
  /** What nobody who reads the journal knows. */
  readonly secret: string;
  readonly academy: string;
  /** Newest first, of this account. */
  readonly changes: () => Promise<readonly Change[]>;
  readonly journal: Pick<Journal, "image" | "finish">;
  readonly records: ReadonlyMap<string, Operation>;
}

/** What is still on its way may not show yet: a read is believed that nothing was done only after this. */
const onItsWayMs = 60_000;

/**
 * A run that is started twice for the same input does everything once: a write of the same arguments that is done is
 * answered as it was, and one of which nobody knows is looked for before it is sent again.
 */
export function createOnceInRun(world: RunOnceWorld) {
  const { name, academy, now } = world;
  let key: Uint8Array | undefined;
  const digestOf = (route: string, args: Args): string => {
    key ??= new Uint8Array(hkdfSync("sha256", world.secret, academy, "skyprep-mcp runs, 1", 32));
    return createHmac("sha256", key)
      .update(callDigest(academy, route, args))
      .digest("base64url");
  };
  /** Calls of this process in their order, the skipped among them. */
  const made: { readonly call: string; readonly targets: ReadonlySet<string> }[] = [];

  /**
   * Which time of this call it is: putting in, taking out and putting in again are three changes. Only what came
   * between and is about the same tells a second time from a repetition.
   */
  function turnOf(call: string, targets: ReadonlySet<string>): number {
    let turn = 0;
    let between = true;
    for (const one of made) {
      if (!isSameCall(one.call, call)) between ||= [...one.targets].some((target) => targets.has(target));
      else if (between) {
        turn += 1;
        between = false;
      }
    }
    return Math.max(1, turn + (between ? 1 : 0));
  }

  return async (tool: WriteTool, args: Args, signal: AbortSignal): Promise<Standing> => {
    const changes = await world.changes();
    const meant = await meantBy(tool, args, changes, world, signal);
    const call = [meant.byNumber, meant.byLogin]
      .flatMap((own) => (own === undefined ? [] : digestOf(tool.route, own)))
      .join(" ");
    const targets = namesOf(tool.operation, meant.byNumber ?? meant.byLogin ?? args);
    const turn = turnOf(call, targets);
    const sent = () => void made.push({ call, targets });
    const same = changes.filter(({ intent }) => isSameCall(intent.call, call)).reverse();
    // What was undone is to be done again.
    const stands = same.filter(({ outcome, undoneBy }) => outcome?.is === "done" && undoneBy === undefined);
    const first = stands[turn - 1];
    if (first) sent();
    if (first) return { reply: doneAlready(tool, first, name), skipped: true };
    const open = same.findLast(({ outcome }) => outcome === undefined || outcome.is === "unknown");
    if (open) {
      const reply = await settled(tool, args, open, signal);
      if (reply) return { reply, skipped: reply.outcome === "done" };
    }
    if (meant.unread && changes.some((one) => !same.includes(one) && mayBe(one, tool))) {
      return { reply: cannotTell(tool, name), skipped: false };
    }
    const known = new Set(same.map(({ seq }) => seq));
    return { once: { run: name, call, allow: notElsewhere({ run: name, call }, known), sent } };
  };

  /** What became of it, as far as a read tells; undefined: it may be sent. */
  async function settled(
    tool: WriteTool,
    args: Args,
    { seq, at, intent }: Change,
    signal: AbortSignal,
  ): Promise<Reply | undefined> {
    // Done twice it is as if it were done once.
    if (repeatOf(tool.route, tool.operation) === "settles") return undefined;
    const began = Date.parse(at);
    const person = intent.targets.find(({ kind }) => kind === "person");
    const told = {
      ...args,
      ...(person?.id !== undefined && { user_id: person.id }),
      ...(person?.login !== undefined && { user_email: person.login }),
    };
    const before = intent.before ? ((await world.journal.image(seq)) as Args | undefined) : undefined;
    const sent = { operation: tool.operation, told, began, before };
    const proven = await looked(sent, world, signal);
    const { test } = tool.operation.proof;
    if (proven?.verified === "yes") {
      // Made anew each time, it may have been there before; being in something is so or not.
      const isState = test !== undefined && !("has" in test);
      const isOurs = proven.changed ?? (isState && !("enrolls" in test));
      if (isOurs) {
        await world.journal.finish(seq, { is: "done" }, 0);
        const done = doneAlready(tool, { seq, at, intent, outcome: { is: "done" } }, name);
        return { ...done, text: `${done.text}\nIts answer was lost, but ${proven.found}.` };
      }
      if (isState) {
        return {
          outcome: "done",
          text: `It is so already: ${proven.found}. Nothing was sent. Whether change ${seq} of run ${name} did it is not known.`,
          structured: { done: true, tool: tool.name, already: true, run: name, change: seq },
        };
      }
    }
    if (proven?.verified === "no" && now() - began >= onItsWayMs) return undefined;
    return endedAs(
      "unknown",
      `Change ${seq} of run ${name} was this same call, and what became of it is not known${proven ? `: ${proven.found}` : ""}. Nothing was sent now.`,
      `Look with ${toolName(tool.operation.proof.read)}, or call again in a minute; to send it all the same, call it in another run.`,
    );
  }
}

const lookMs = 5_000;

/** One look; undefined: none tells, or there was no time for it. */
async function looked(sent: Sent, world: RunOnceWorld, cancelled: AbortSignal): Promise<Proven | undefined> {
  const time = beginCallDeadline(world, { timeoutMs: lookMs, cancelled, progress: silent });
  try {
    return await prove(sent, { ...world, api: time.api }, time.signal);
  } catch (error) {
    if (!time.signal.aborted || cancelled.aborted) throw error;
    return undefined;
  } finally {
    time.end();
  }
}

/** The call by whom it means; what could not be read in time is unread. */
async function meantBy(
  { name, operation }: WriteTool,
  args: Args,
  changes: readonly Change[],
  world: RunOnceWorld,
  cancelled: AbortSignal,
): Promise<Spelt> {
  const isLoginWanted = changes.some(
    ({ intent: { tool, call, targets } }) =>
      tool === name &&
      call?.includes(" ") === false &&
      targets.some(({ kind, id, login }) => kind === "person" && id === undefined && login !== undefined),
  );
  const time = beginCallDeadline(world, { timeoutMs: lookMs, cancelled, progress: silent });
  const look = readFrom(time.api);
  try {
    return await spelt(operation, args, isLoginWanted, async (route, parameters) => {
      try {
        return await look(route, { ...parameters }, time.signal);
      } catch (error) {
        if (time.signal.aborted && !cancelled.aborted) throw new Unread("it took too long");
        throw error;
      }
    });
  } finally {
    time.end();
  }
}

/** A call of this tool that stands, or may. */
const mayBe = ({ intent, outcome, undoneBy }: Change, { name }: WriteTool): boolean =>
  intent.tool === name && intent.call !== undefined && outcome?.is !== "failed" && undoneBy === undefined;

const cannotTell = ({ name }: WriteTool, run: string): Reply =>
  refuseFor(
    "time",
    `${name} was not sent: whom it names could not be read, and run ${run} may have done it already under another spelling.`,
    "Call again in a minute.",
  );

export type OnceInRun = ReturnType<typeof createOnceInRun>;

const namesOf = ({ about }: WriteOperation, args: Args): ReadonlySet<string> =>
  new Set(targetsIn(about, args).map(({ kind, id, login, name }) => `${kind} ${id ?? login ?? name}`));

/** Two processes that start the same at once: the journal has room for one of them. */
const notElsewhere =
  (own: Once, known: ReadonlySet<number>): Allow =>
  (recent) =>
    recent.some(
      ({ seq, intent, outcome }) =>
        intent.run === own.run &&
        isSameCall(intent.call, own.call ?? "") &&
        !known.has(seq) &&
        outcome?.is !== "failed",
    )
      ? "Another process of this run made the same call at this moment."
      : undefined;

function doneAlready({ name, operation }: WriteTool, { seq, at, outcome }: Change, run: string): Reply {
  const made = outcome?.is === "done" ? outcome.made : undefined;
  const credential =
    operation.effect === "credential" ? " What it gave stood in that reply and is kept nowhere." : "";
  return {
    outcome: "done",
    text: `Done already in run ${run}: change ${seq}, ${at.slice(0, 16).replace("T", " ")} UTC${made === undefined ? "" : `, made ${made}`}. Nothing was sent now.${credential}`,
    structured: {
      done: true,
      tool: name,
      already: true,
      run,
      change: seq,
      ...(made !== undefined && { made }),
    },
  };
}
