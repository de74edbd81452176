import type { Dialect } from "../../src/skyprep/assumptions.ts";
import { academyOf, key, newProbe } from "../cli/probe/bench.ts";
import { journeys } from "../journeys/all.ts";
import { type Exchange, type Journey, played } from "../journeys/journey.ts";
import { sized } from "./play.ts";

/** The journeys know the pretend academy by it. */
const domain = "example.skyprepapp.com";

/** Where it is counted what a probe saves. */
export const probedAcademies: readonly (readonly [name: string, dialect: Dialect])[] = [
  ["as assumed", {}],
  ["people by 25", { "people-come-whole": "by-25" }],
  ["lists by 25", { "other-lists-come-whole": "by-25" }],
  [
    "both, and records capped",
    { "people-come-whole": "by-25", "other-lists-come-whole": "by-25", "progress-pages": "capped" },
  ],
];

/** Calls to SkyPrep of one journey. */
export interface CallsOf {
  readonly academy: string;
  readonly job: number;
  readonly without: number;
  readonly having: number;
  /** The first reply that differs; left out: none does. */
  readonly differs?: string | undefined;
}

export const beginCalls = "<!-- BEGIN calls -->";
export const endCalls = "<!-- END calls -->";

const probes = new Map<string, ReturnType<typeof newProbe>>();
export function closeProbes(): void {
  for (const probe of probes.values()) probe.close();
  probes.clear();
}

/** The state folder of whoever probed such an academy. */
async function probedFolder(people: number | undefined, dialect: Dialect): Promise<string> {
  const kind = JSON.stringify([people, dialect]);
  const known = probes.get(kind);
  if (known) return known.stateFolder;
  const probe = newProbe(academyOf({ ...(people !== undefined && { people }), dialect, at: domain }).send, {
    env: { SKYPREP_ACCT_KEY: domain },
  });
  probes.set(kind, probe);
  await probe.run();
  return probe.stateFolder;
}

async function once(journey: Journey, dialect: Dialect, after: string | undefined) {
  const exchanges: Exchange[] = [];
  const { api } = await played(journey, {
    strict: false,
    dialect,
    live: { key, domain, after },
    heard: (exchange) => exchanges.push(exchange),
  });
  return { api, exchanges };
}

/** What is chance, or the place where it is kept, left out. */
const told = ({ reply }: Exchange): string =>
  reply.text.replace(/\/\S*skyprep-journey-\w+/g, "").replace(/\b[0-9a-f]{8,}\b|test\d+/g, "…");

/** One journey without what a probe saw, and with it. */
export async function callsOf(job: Journey, academy: string, dialect: Dialect): Promise<CallsOf> {
  const journey = sized(job);
  const without = await once(journey, dialect, undefined);
  const having = await once(journey, dialect, await probedFolder(journey.people, dialect));
  const other = without.exchanges.findIndex(
    (exchange, n) => told(exchange) !== told(having.exchanges[n] ?? exchange),
  );
  const differs =
    other < 0
      ? undefined
      : `${without.exchanges[other]?.name}: ${without.exchanges[other]?.reply.text}\n--- with:\n${having.exchanges[other]?.reply.text}`;
  return { academy, job: job.job, without: without.api, having: having.api, differs };
}

const sum = (all: readonly CallsOf[], of: "without" | "having") =>
  all.reduce((total, one) => total + one[of], 0);

/** The generated part of docs/dialects.md about calls. */
export function tableOfCalls(all: readonly CallsOf[]): string {
  const of = (academy: string) => all.filter((one) => one.academy === academy);
  const names = probedAcademies.map(([name]) => name);
  const dearer = all.filter(({ without, having }) => having > without);
  const cell = (job: number, academy: string) => {
    const one = of(academy).find((own) => own.job === job);
    return one === undefined ? "" : `${one.without} → ${one.having}`;
  };
  const asks = (job: number) => journeys.find((one) => one.job === job)?.asks.replaceAll("|", "\\|") ?? "";
  return [
    `Calls to SkyPrep of the ${journeys.length} journeys, each in a server that has just started: without → with what a probe saw.`,
    "",
    `| journey | ${names.join(" | ")} |`,
    `|---|${names.map(() => "--:|").join("")}`,
    ...journeys.map(
      ({ job }) => `| ${job}. ${asks(job)} | ${names.map((name) => cell(job, name)).join(" | ")} |`,
    ),
    `| **all** | ${names.map((name) => `**${sum(of(name), "without")} → ${sum(of(name), "having")}**`).join(" | ")} |`,
    "",
    dearer.length === 0
      ? "No journey costs more calls with it than without."
      : `More calls than without: ${dearer.map(({ academy, job }) => `journey ${job} (${academy})`).join(", ")}.`,
  ].join("\n");
}
