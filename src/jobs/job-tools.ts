import type { Workflow } from "../call/job-context.ts";
import { type Hints, hintsOf } from "../catalogue/catalogue.ts";
import { type Shape, shapeOf } from "../catalogue/schema.ts";
import { isChosen, jobs as jobsSection, type Offer } from "../catalogue/toolsets.ts";
import type { Reply } from "../reply/reply.ts";
import type { Job, JobWorld } from "./job.ts";
import { keptListsIn, watching, withAsOf } from "./shared/as-of.ts";
import { fresh, save, unlisted } from "./shared/input-fields.ts";
import { lookedAt } from "./shared/looked-at.ts";

/** A job as clients see it. */
export interface ListedJob {
  readonly name: string;
  readonly job: Job;
  readonly hints: Hints;
  readonly shape: Shape;
  readonly tool: Workflow["tool"];
}

/** A job that can be run. */
export type JobTool = ListedJob & Workflow;

export { jobs as section } from "../catalogue/toolsets.ts";

/** The jobs that settings offer, in their order: settings alone decide, as for operations (contract §2). */
export const listedJobs = (
  jobs: Readonly<Record<string, Job>>,
  { sections, readOnly, policy }: Offer,
): readonly ListedJob[] =>
  Object.entries(jobs)
    .filter(
      ([name, { effect }]) =>
        isChosen(sections, jobsSection, name) &&
        !(readOnly && effect !== "read") &&
        policy?.offers({ name, section: jobsSection, effect }) !== false,
    )
    .map(([name, job]) => {
      const operation = withCommon(job);
      const shape = shapeOf(operation.input);
      return { name, job, hints: hintsOf(job), shape, tool: { name, operation, shape } };
    });

const extended = new WeakMap<Job, Job>();

/** Once for each job, so that its schema is converted once, however often its server is made. */
function withCommon(job: Job): Job {
  const known = extended.get(job);
  if (known) return known;
  const more = {
    ...("fresh" in job.input.shape ? {} : { fresh: unlisted(fresh) }),
    ...(job.board === undefined || "save" in job.input.shape ? {} : { save: unlisted(save) }),
  };
  const operation = { ...job, input: job.input.extend(more) };
  extended.set(job, operation);
  return operation;
}

/** The jobs on offer, by the tool's name. */
export const offeredJobs = (
  jobs: Readonly<Record<string, Job>>,
  offer: Offer,
  world: JobWorld,
): ReadonlyMap<string, JobTool> =>
  new Map(
    listedJobs(jobs, offer).map((listed) => [listed.name, { ...listed, run: runOf(listed.job, world) }]),
  );

/** The job's own run, its notes and as of when its answer is. */
const runOf =
  (job: Job, world: JobWorld): Workflow["run"] =>
  async ({ save, ...args }, inner) => {
    const heard = new Set<string>();
    // Whoever goes on in an answer has it anew already.
    const lists = keptListsIn(world, args.fresh === true && args.cursor === undefined);
    const acts = watching(inner);
    const own = { ...world, list: lists.list, heard: (note: string) => void heard.add(note) };
    const came = withHeard(await job.run(args, own, acts.inner), heard);
    const reply = acts.acted() ? came : withAsOf(came, lists, world);
    const isSeen = save !== undefined || inner.showsApps;
    return job.board === undefined || !isSeen
      ? withoutPieces(reply)
      : lookedAt(reply, { kind: job.board, save: save !== undefined }, world, inner);
  };

const withoutPieces = ({ pieces: _, ...reply }: Reply): Reply => reply;

const carriedOut: ReadonlySet<Reply["outcome"]> = new Set(["done", "partly", "unknown"]);

/** How a text was read is said once, whatever the job is and wherever it says it itself. */
function withHeard(reply: Reply, heard: ReadonlySet<string>): Reply {
  const unsaid = [...heard].filter((note) => !reply.text.includes(note));
  if (unsaid.length === 0 || !carriedOut.has(reply.outcome)) return reply;
  const { notes } = reply.structured ?? {};
  return {
    ...reply,
    text: [reply.text, ...unsaid].join("\n"),
    ...(Array.isArray(notes) && { structured: { ...reply.structured, notes: [...notes, ...unsaid] } }),
  };
}
