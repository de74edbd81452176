import type { Operation } from "../../tools/schema/operation.ts";
import { Missing, type Read, Unread } from "../academy/reads.ts";
import type { Workflow } from "../call/job-context.ts";
import { essentials, type PolicyTool } from "../catalogue/toolsets.ts";
import type { OperatorPolicy, PolicyAtSend } from "../guard/policy/decision.ts";
import type { Journal } from "../journal/line.ts";
import type { Api } from "../skyprep/api.ts";
import { withCommas } from "../skyprep/normalize/list-spelling.ts";
import { Failure } from "../skyprep/response.ts";
import type { Send } from "../skyprep/send.ts";
import { sayScope } from "./explain.ts";
import { countsOf, isLimited, overLimits } from "./limits.ts";
import { narrowedApi } from "./narrowed-api.ts";
import { narrowedJournal } from "./narrowed-journal.ts";
import { withoutOutsideParents } from "./narrowed-rows.ts";
import { narrowsReading, type Policy } from "./policy.ts";
import { createScopes, type PolicyScope } from "./scope.ts";
import type { LimitedWeight } from "./weight.ts";
import { createWriteGate, type Still } from "./write-gate.ts";

/** Somebody may be in none of its groups afterwards, or have another login; whoever joins one was in it before. */
const takesOut = new Set([
  "remove_user_from_user_group",
  "destroy_user",
  "destroy_user_group",
  "move_training_data",
]);
const isLogin = (route: string, form: string): boolean =>
  route === "update_user" && new URLSearchParams(form).has("email");
/** What stands in groups and paths, and who is registered, may be another matter afterwards. */
const changesContents = /group|learning_path|mass_enroll|registration|get_login_key|move_training/;

const ofGroups = new Set(["get_user_groups", "get_user_group"]);

/** A write met the door without having been held against the policy: a defect of ours, and nothing leaves. */
export class Unpoliced extends Failure {
  constructor(route: string) {
    super(
      `${route} was not sent: the policy did not let it through.`,
      "Tell whoever looks after this server.",
      "no",
    );
  }
}

/** Exactly what the policy let through, while it is being sent. */
export interface Passes {
  give(route: string, form: string): () => void;
  has(route: string, form: string): boolean;
}

export function createPasses(): Passes {
  const given = new Map<string, number>();
  // One write, however its lists are spelt on the wire.
  const keyOf = (route: string, form: string) => `${route}\n${withCommas(form)}`;
  return {
    give(route, form) {
      const key = keyOf(route, form);
      given.set(key, (given.get(key) ?? 0) + 1);
      return () => {
        const left = (given.get(key) ?? 1) - 1;
        if (left > 0) given.set(key, left);
        else given.delete(key);
      };
    },
    has: (route, form) => given.has(keyOf(route, form)),
  };
}

/** The last check before the wire: a write that nobody held against the policy goes nowhere. */
export const onlyPassed =
  (send: Send, reads: ReadonlySet<string>, passes: Passes): Send =>
  async (request, signal, context) => {
    if (!reads.has(request.route) && !passes.has(request.route, request.body))
      throw new Unpoliced(request.route);
    return send(request, signal, context);
  };

export interface Policing {
  /** SkyPrep as it may be seen. */
  readonly api: Api;
  readonly journal: Journal;
  /** Whom and what jobs may count of what they keep; undefined: everything. */
  readonly within: (signal: AbortSignal) => Promise<PolicyScope | undefined>;
  readonly guard: OperatorPolicy;
  readonly atSend: PolicyAtSend;
  /** SkyPrep as questions are made of it: whole, but nothing outside is called by its name for what stands in it. */
  readonly told: Read;
  /** Why a tool that is offered is not done, whatever it is called with; undefined: none says so. */
  readonly refusal: (tool: string) => string | undefined;
  /** Jobs that change something look first who is within it now: what they leave out is then left out by the guard, too. */
  readonly anew: (jobs: ReadonlyMap<string, Workflow>) => ReadonlyMap<string, Workflow>;
  /** What a reply says that may be made of a part; empty where nothing is narrowed. */
  readonly note: string;
}

export interface PolicingWorld {
  /** SkyPrep as it is. */
  readonly api: Api;
  readonly read: Read;
  readonly records: ReadonlyMap<string, Operation>;
  readonly tools: ReadonlyMap<string, PolicyTool>;
  readonly journal: Journal;
  /** Whose changes are counted. */
  readonly account: string;
  readonly passes: Passes;
  readonly now: () => number;
}

/** A policy at work: around what is read, before what is written, and at the door. */
export function police(policy: Policy, world: PolicingWorld): Policing {
  const { api, read, records, tools, journal, account, passes, now } = world;
  const scopes = createScopes(policy, { read, now });
  const gate = createWriteGate({ policy, scopes, read, tools, now });
  const narrows = narrowsReading(policy);
  const jobs = new WeakMap<object, Still>();
  const stillOf = (job: object): Still => {
    const still = jobs.get(job) ?? { ids: new Set<number>(), logins: new Map<string, number>() };
    jobs.set(job, still);
    return still;
  };
  /** Undefined where nothing of it is limited; a sentence where it cannot be counted. */
  async function weightOf(
    writes: Parameters<typeof gate.weigh>[0][],
    signal: AbortSignal,
  ): Promise<LimitedWeight | string | undefined> {
    if (!isLimited(policy, ["enrollments", "access_ends", "mails"])) return undefined;
    try {
      const all: LimitedWeight[] = [];
      for (const write of writes) all.push(await gate.weigh(write, signal));
      const sum = (name: keyof LimitedWeight) => all.reduce((total, one) => total + one[name], 0);
      return { enrollments: sum("enrollments"), access_ends: sum("access_ends"), mails: sum("mails") };
    } catch (error) {
      if (!(error instanceof Unread || error instanceof Missing)) throw error;
      return `How much of what the policy “${policy.name}” limits this makes could not be read (${error.message}). Call again in a minute.`;
    }
  }
  const named = (tool: string) => tools.get(tool) ?? { name: tool, section: "", effect: "remove" as const };
  return {
    api: narrows ? narrowedApi({ policy, scopes, api, read, records }) : api,
    journal: narrowedJournal(policy, narrows ? scopes : undefined, journal),
    within: async (signal) => (narrows ? scopes.current(signal) : undefined),
    guard: {
      name: policy.name,
      renew() {
        scopes.renew();
        gate.renew();
      },
      barred: (write, signal) => gate.barred(write, signal),
      async overLimits(writes, signal) {
        const weight = await weightOf([...writes], signal);
        if (weight === undefined || typeof weight === "string") return weight;
        const lately = (from: number) => journal.since(account, from);
        return overLimits(weight, { policy, lately, now: now() });
      },
      asks: (tool) => policy.asks(named(tool)),
      asksKind: policy.asksKind,
      refusesKind: policy.refusesKind,
    },
    atSend: {
      async hold(write, signal, job) {
        const barred = await gate.barred(write, signal, job && stillOf(job));
        if (barred !== undefined) return { barred };
        const weight = await weightOf([write], signal);
        if (typeof weight === "string") return { barred: weight };
        const counts = weight && countsOf(weight);
        return {
          noted: { policy: policy.name, ...(counts && { counts }) },
          allow: (_, lately) => weight && overLimits(weight, { policy, lately, now: now() }),
        };
      },
      pass(route, form, job) {
        const takeBack = passes.give(route, form);
        return () => {
          takeBack();
          // Steps of a job were held against it together, and are again in a while: not each by reading all anew.
          if (job !== undefined) return;
          if (changesContents.test(route)) gate.renew();
          if (takesOut.has(route) || isLogin(route, form)) scopes.renew();
        };
      },
    },
    told: async (route, parameters, signal) => {
      const came = await read(route, parameters, signal);
      if (policy.rules.groups === undefined || !ofGroups.has(route)) return came;
      return withoutOutsideParents(came, await scopes.current(signal));
    },
    anew: (jobs) =>
      new Map(
        [...jobs].map(([name, job]) => {
          if (!narrows || tools.get(name)?.effect === "read") return [name, job];
          const run: Workflow["run"] = (args, inner) => {
            scopes.renew();
            return job.run(args, inner);
          };
          return [name, { ...job, run }];
        }),
      ),
    refusal(name) {
      const tool = tools.get(name) ?? { name, section: essentials, effect: "read" as const };
      return policy.refuses(tool) ? `The policy “${policy.name}” refuses ${name}.` : undefined;
    },
    note: sayScope(policy),
  };
}
