import type { z } from "zod";
import type { Effect, Need } from "../../tools/schema/operation.ts";
import type { Directory } from "../academy/directory.ts";
import type { Read } from "../academy/reads.ts";
import type { AcademyZone } from "../academy/time-zone.ts";
import type { Args } from "../call/check/check.ts";
import type { JobContext } from "../call/job-context.ts";
import type { Records } from "../catalogue/catalogue.ts";
import type { Renamed } from "../catalogue/former-names.ts";
import type { Change, Journal } from "../journal/line.ts";
import type { Board } from "../pages/board.ts";
import type { View } from "../reply/records.ts";
import type { Reply } from "../reply/reply.ts";
import type { Api } from "../skyprep/api.ts";
import type { SeenFilters } from "../skyprep/normalize/seen-filters.ts";
import type { Exports, State } from "../state/ports.ts";
import type { UnfinishedReads } from "../state/unfinished-reads.ts";

/** People, courses and groups that a policy leaves in; a part that is left out is not narrowed. */
export interface Within {
  readonly person?: { readonly ids: ReadonlySet<number> };
  readonly course?: ReadonlySet<number>;
  readonly group?: ReadonlySet<number>;
}

/** What jobs work with. */
export interface JobWorld {
  /** Of the account: what the journal keeps of others is not shown. */
  readonly account: string;
  /** The same in every process: what a plan was made for. */
  readonly academy: string;
  readonly journal: Journal;
  /** Changes of a run, newest first. */
  readonly ofRun: (run: string) => Promise<readonly Change[]>;
  /** A policy narrows what the journal shows: what is not there may have been done all the same. */
  readonly isPoliced?: boolean;
  /** As a policy lets it be seen, like everything else here. */
  readonly read: Read;
  /** Only for what is kept and counted from: SkyPrep as it is. What is made of it goes through `within` first. */
  readonly whole: Read;
  /** Whom and what may be counted; undefined: everybody and everything. */
  readonly within: (signal: AbortSignal) => Promise<Within | undefined>;
  /** For what is no JSON, within an own time (src/call/call-deadline.ts); everything else goes through `read`. */
  readonly api: Api;
  /** What a call may take of SkyPrep's time and of the caller's. */
  readonly timeoutMs: number;
  /** How long of it a report that is being made may be waited for. */
  readonly patienceMs: number;
  readonly directory: Directory;
  /** A list that SkyPrep returns whole, raw, by its route; kept for a minute. */
  readonly list: (route: string, signal: AbortSignal) => Promise<readonly unknown[]>;
  /** The lists that are kept now, and when each was loaded, epoch milliseconds; and that the next read loads one anew. */
  readonly kept: {
    readonly since: () => ReadonlyMap<string, number>;
    readonly renew: (route: string) => void;
  };
  /** What may save a read; never for whom a write reaches. */
  readonly filters: SeenFilters;
  readonly zone: AcademyZone;
  /** Hears how a text was read that is not exactly what a thing is called; the reply says it, whatever the job is. */
  readonly heard?: (note: string) => void;
  readonly exports: Exports;
  /** What jobs read and had no time to finish. */
  readonly unfinished: UnfinishedReads;
  readonly view: View;
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly after: (ms: number, then: () => void) => () => void;
  /** Work that nobody waits for: the server ends it when it ends, and then begins no more: undefined. */
  readonly background: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T> | undefined;
  /** What is kept between runs; what jobs keep stands under `owner`. */
  readonly state: State;
  /** Of the account, and of what may be shown of it. */
  readonly owner: string;
  /** Nobody can guess what it gives. */
  readonly random: () => string;
  /** What is read here is made up. */
  readonly isPretend: boolean;
  /** Opens a page of ours on the person's screen, and says whether it did; undefined: nobody wants that. */
  readonly open?: ((file: string) => Promise<boolean>) | undefined;
  /** The address at which whoever calls can look at a page that was kept for them; undefined: there is none. */
  readonly pageAt?: ((id: string) => string | undefined) | undefined;
  /** Every operation, by its tool's name, offered or not. */
  readonly records: Records;
}

/** A whole job of an administrator, built on operations. Its key is the tool's name. */
export interface Job extends Renamed {
  readonly title: string;
  /** What it does, when to use it and when not; at most 300 characters. */
  readonly description: string;
  readonly effect: Effect;
  readonly idempotent: boolean;
  /** It tells of this computer alone. */
  readonly closedWorld?: true;
  /** What administrators call it, where its own words do not say so; for hosts that search before they show a tool. */
  readonly searchHint?: string;
  readonly alwaysLoad?: true;
  readonly input: z.ZodObject;
  /** What it answers can be looked at: as a page that is saved, and in hosts that show apps. */
  readonly board?: Board["kind"];
  readonly needs?: readonly Need[];
  /** A method, so that a job may take the arguments its input gives, checked before. */
  run(args: Args, world: JobWorld, inner: JobContext): Promise<Reply>;
}

/** A job whose run knows its arguments as its input gives them. */
export const defineJob = <Input extends z.ZodObject>(
  job: Omit<Job, "input" | "run"> & {
    readonly input: Input;
    run(args: z.output<Input>, world: JobWorld, inner: JobContext): Promise<Reply>;
  },
): Job => job;
