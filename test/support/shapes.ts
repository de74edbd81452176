import { z } from "zod";

/** What `structuredContent` may be, kind by kind, as docs/structured-replies.md says it. */

/** What any of them may carry. */
const common = {
  sandbox: z.literal(true).optional(),
  notes: z.array(z.string().min(1)).optional(),
  as_of: z.iso.datetime({ offset: true }).optional(),
  next: z.string().min(1).optional(),
  tries: z.int().min(2).optional(),
};
const seen = { verified: z.enum(["yes", "no", "partly"]).optional(), found: z.string().optional() };
const paged = { next_cursor: z.string().min(1).optional() };
const row = z.record(z.string(), z.unknown());
const kept = z.strictObject({
  id: z.string(),
  uri: z.string().startsWith("skyprep://exports/"),
  file: z.string().startsWith("/"),
  bytes: z.int(),
});
const maybeKept = z.union([kept, z.strictObject({ note: z.string() })]);
const leftOut = { left_out: z.array(row).optional(), left_out_total: z.int().optional(), ...paged };
const count = z.int().min(0);

const record = z
  .looseObject({ ...common, ...seen })
  .refine((one) => Object.keys(one).some((name) => !(name in common)), "a record of nothing");
const list = z.strictObject({
  ...common,
  ...seen,
  ...paged,
  items: z.array(row),
  total: count.nullable(),
});
const balances = z.strictObject({ ...common, ...seen, balances: z.record(z.string(), z.number()) });
const done = z.strictObject({ ...common, ...seen, done: z.literal(true), tool: z.string() });
const report = z.strictObject({
  ...common,
  ...paged,
  columns: z.array(z.string()).optional(),
  rows: z.array(z.array(z.string())).optional(),
  total: count.optional(),
  matched: count.optional(),
  counted: count.optional(),
  export: kept.optional(),
  problems: z.array(z.string()).optional(),
  hidden: z.array(z.string()).optional(),
  dropped: z.array(z.string()).optional(),
});
const notReady = z.strictObject({
  ...common,
  ready: z.literal(false),
  status: z.string(),
  process_queue_item_id: z.int().optional(),
  seconds: z.int().optional(),
  next: z.string().min(1),
});

/** A question that waits for a person. */
export const question = z.strictObject({
  ...common,
  status: z.literal("needs_approval"),
  sent: z.literal(false),
  asked: z.strictObject({
    kind: z.enum(["irreversible", "credential", "power", "removing", "many"]),
    question: z.string().min(1),
    page: z.url().optional(),
    confirm: z.string().min(1).optional(),
    expires_at: z.iso.datetime(),
  }),
  next: z.string().min(1),
});

/** What was not done, or not all of it. */
export const failure = z.looseObject({
  ...common,
  status: z.enum(["partly", "unknown", "declined", "refused", "failed"]),
  notes: z.array(z.string().min(1)).min(1),
});

/** Of jobs that do things: what became of each. */
const deeds = z.looseObject({
  ...common,
  finished: z.boolean(),
  items: z.array(
    z.strictObject({
      what: z.string(),
      outcome: z.string(),
      verified: z.string().optional(),
      why: z.string().optional(),
    }),
  ),
  total: count.optional(),
});
const nothingToMerge = z.strictObject({ ...common, finished: z.literal(true), deleted_by_change: z.int() });
const applied = z.strictObject({
  ...common,
  plan: z.string(),
  finished: z.boolean(),
  done: count,
  already: count.optional(),
  failed: count,
  unknown: count.optional(),
  not_tried: count.optional(),
  stopped: z.string().optional(),
  items: z.array(row).optional(),
  export: kept.optional(),
});
const cost = { calls: count.optional(), minutes: count.optional(), mailed: count.optional() };
const enrollment = z.strictObject({
  ...common,
  ...leftOut,
  ...cost,
  plan: z.string().optional(),
  people: count.optional(),
  who: z.array(z.string()).optional(),
  to_enroll: count.optional(),
  already: count.optional(),
  targets: z.array(row).optional(),
  export: kept.optional(),
});
const roster = z.strictObject({
  ...common,
  ...leftOut,
  ...cost,
  plan: z.string().optional(),
  joiners: count.optional(),
  changed: count.optional(),
  group_joins: count.optional(),
  course_enrollments: count.optional(),
  leavers: count.optional(),
  joining: z.array(z.string()).optional(),
  changes: z.array(row).optional(),
  lose_access: z.array(z.string()).optional(),
  rows: z.record(z.string(), count).optional(),
  people: z.record(z.string(), count).optional(),
  said_gone: count.optional(),
  open: count.optional(),
  not_whole: z.array(z.string()).optional(),
  suspects: count.optional(),
  export: kept.optional(),
});
const courseChanges = z.strictObject({
  ...common,
  ...leftOut,
  ...cost,
  plan: z.string().optional(),
  courses: count,
  switched_off: count.optional(),
  already: count.optional(),
  items: z.array(row).optional(),
  export: kept.optional(),
});
const leavers = z.strictObject({
  ...common,
  ...leftOut,
  ...cost,
  plan: z.string().optional(),
  people: count,
  later: count.optional(),
  items: z.array(row).optional(),
  export: kept.optional(),
});
/** Who is taken off, out of, or moved; what is copied. */
const moving = z.strictObject({
  ...common,
  ...leftOut,
  ...cost,
  plan: z.string().optional(),
  people: count.optional(),
  items: z.array(row).optional(),
  export: kept.optional(),
});
const found = z.strictObject({
  ...common,
  ...paged,
  items: z.array(row),
  total: count,
  equally: count,
  weak: z.boolean().optional(),
  among: z.record(z.string(), count),
  unread: z.array(z.string()).optional(),
  not_looked_in: z.array(z.string()).optional(),
});
const overview = z.looseObject({
  ...common,
  name: z.string(),
  domain: z.string(),
  at: z.string(),
  zone: z.string(),
  attention: z.array(z.string()),
  unknown: z.array(z.string()),
});
const training = z.looseObject({
  ...common,
  ...paged,
  of: z.string(),
  items: z.array(row).optional(),
  export: maybeKept.optional(),
});
const renewal = z.strictObject({
  ...common,
  ...cost,
  plan: z.string().optional(),
  of: z.string(),
  by: z.string().optional(),
  expired: count,
  expiring: count,
  under_way: count,
  left_out_total: count,
  to_enroll: count,
  to_reset: count,
  export: kept.optional(),
});
const letters = z.strictObject({
  ...common,
  of: z.string(),
  items: z.array(row),
  total: count,
  people: count.optional(),
  sent: z.literal(false).optional(),
  letter: z.strictObject({ to: z.string(), subject: z.string(), text: z.string() }).optional(),
  export: kept.optional(),
  table: kept.optional(),
});
const unmarked = z.strictObject({
  ...common,
  items: z.array(row),
  total: count,
  looked_at: count,
  took_place: count,
  looked_back_to: z.string().optional(),
});
const noShows = z.strictObject({
  ...common,
  ...leftOut,
  ...cost,
  plan: z.string().optional(),
  session: count,
  into: row.optional(),
  no_shows: count,
  to_register: count.optional(),
  unmarked: count,
});
const mergeLook = z.looseObject({ ...common, would: z.array(z.string()), facts: z.array(z.string()) });
const attendees = z.looseObject({ ...common, session: row, items: z.array(row), total: count });
const review = z.looseObject({ ...common, ...paged, items: z.array(row), total: count });
const changes = z.strictObject({ ...common, ...paged, items: z.array(row), total: count, zone: z.string() });
const operations = z.strictObject({ ...common, items: z.array(row), others: z.array(z.string()) });

/** Of an operation that was done, by what it answers with. */
export const shapesOf: Readonly<Record<"one" | "many" | "balances" | "done" | "file", readonly z.ZodType[]>> =
  {
    one: [done, record],
    many: [list, done, record],
    balances: [balances, done],
    done: [done],
    file: [report, notReady],
  };

/** Of a job that was done. */
export const shapesOfJobs: Readonly<Record<string, readonly z.ZodType[]>> = {
  find: [found],
  account_overview: [overview],
  training_status: [training],
  chase: [letters],
  recertify: [renewal],
  plan_enrollment: [enrollment, moving],
  plan_roster: [roster],
  plan_course_changes: [courseChanges],
  apply_plan: [applied],
  onboard_person: [deeds],
  offboard_person: [deeds],
  offboard_people: [leavers],
  merge_people: [deeds, nothingToMerge, mergeLook],
  session_roster: [attendees, deeds, unmarked, noShows],
  access_review: [review],
  export_report: [report, notReady],
  list_changes: [changes],
  undo_change: [record],
  find_operation: [operations],
};
