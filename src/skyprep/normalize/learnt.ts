import { z } from "zod";
import type { Sightings } from "../sightings.ts";

/** How a route's rows come: all at once, or in pages. */
const Pages = z.union([
  /** So many rows came at once and were all: an answer of more is looked at again. */
  z.object({ is: z.literal("whole"), rows: z.int().nonnegative() }),
  z.object({
    is: z.literal("paged"),
    by: z.enum(["page", "offset"]),
    /** Rows of a page. */
    size: z.int().positive(),
    /** The size is asked for; left out: it is SkyPrep's own. */
    asked: z.boolean().optional(),
  }),
]);

const RouteLearnt = z.object({
  pages: Pages.optional(),
  /** Of what SkyPrep's page says is paged: the number of the first page. */
  from: z.union([z.literal(0), z.literal(1)]).optional(),
  /** Pages of so many rows came full: a shorter one is the last. */
  full: z.int().nonnegative().optional(),
  /** A page has at most so many rows, whatever is asked for. */
  most: z.int().positive().optional(),
  /** Pages without a number have so many rows, whatever is asked for. */
  cut: z.int().positive().optional(),
  /** Every page is the first: what follows is had by time. */
  repeats: z.boolean().optional(),
  /** Filters that SkyPrep refuses: they are not sent, and rows are matched here. */
  refused: z.array(z.string()).optional(),
  /** Filters that a probe saw leave out all other rows; one that was caught letting others through is taken out. */
  trusted: z.array(z.string().max(40)).max(20).optional(),
  /** Filters that a probe saw ignored: reads that hang on one are not begun. */
  ignored: z.array(z.string().max(40)).max(20).optional(),
});

const Facts = z.object({
  routes: z.record(z.string(), RouteLearnt),
  /** Statuses of training records as SkyPrep spells them, by how its page does. */
  statuses: z.record(z.string(), z.string()).optional(),
});

export type RouteLearnt = z.output<typeof RouteLearnt>;
/** Plain JSON: what one account was seen to do. */
export type LearntFacts = z.output<typeof Facts>;

/** What was learnt of how an account answers: saves reads, and never decides whom a write reaches. */
export interface Learnt {
  of(route: string): RouteLearnt;
  /** A page of some route has so many rows: who pages one list by seven pages others so. */
  isPage(rows: number): boolean;
  learn(route: string, more: RouteLearnt): void;
  /** As the academy spells it; undefined: not seen yet. */
  status(asOnThePage: string): string | undefined;
  spelt(asOnThePage: string, as: string): void;
  /** All of it, to be kept. */
  facts(): LearntFacts;
}

/** `start`: what a probe wrote, or anybody else; what cannot be understood of it is as if it were not there. */
export function createLearnt(start?: unknown): Learnt {
  const given = Facts.safeParse(start);
  const routes = new Map(given.success ? Object.entries(given.data.routes) : []);
  const statuses = new Map(given.success ? Object.entries(given.data.statuses ?? {}) : []);
  return {
    of: (route) => routes.get(route) ?? {},
    isPage: (rows) =>
      [...routes.values()].some(
        ({ pages, most, cut }) =>
          most === rows || cut === rows || (pages?.is === "paged" && pages.size === rows),
      ),
    learn(route, more) {
      routes.set(route, { ...routes.get(route), ...more });
    },
    status: (word) => statuses.get(word),
    spelt(word, as) {
      statuses.set(word, as);
    },
    facts: () => ({
      routes: Object.fromEntries(routes),
      ...(statuses.size > 0 && { statuses: Object.fromEntries(statuses) }),
    }),
  };
}

/** The same, and whoever keeps count of assumptions hears what it says of them. */
export const telling = (learnt: Learnt, sightings: Pick<Sightings, "differs">): Learnt => ({
  ...learnt,
  learn(route, more) {
    learnt.learn(route, more);
    if (more.pages?.is === "paged")
      sightings.differs(route === "get_users" ? "people-come-whole" : "other-lists-come-whole", "otherwise");
    if (more.from === 0) sightings.differs("progress-pages", "from-zero");
    if (more.repeats) sightings.differs("progress-pages", "page-ignored");
    if (more.most !== undefined)
      sightings.differs("progress-pages", more.most === 50 ? "capped" : "otherwise");
    if (more.refused?.some((name) => name !== "status")) sightings.differs("filters-filter", "refused");
    if (more.trusted) sightings.differs("filters-filter", "ignored");
  },
});
