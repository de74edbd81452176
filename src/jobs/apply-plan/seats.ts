import { createReads } from "../../academy/reads.ts";
import { count, reading } from "../../text/english.ts";
import { isSurelyToCome } from "../../text/instant.ts";
import type { JobWorld } from "../job.ts";
import { marked, markOf, type Plan, type PlanState } from "../shared/plan.ts";
import { freeSeats, registrationIn, sessionIn } from "../shared/session.ts";

/** What is still on its way may not show yet. */
const onItsWayMs = 60_000;

/** A plan as the rosters of its sessions stand now, or why nothing more of it can be done. */
export type Seated = { readonly state: PlanState } | { readonly wrong: string };

/**
 * Looks at the sessions that people of a plan are to be registered for: who is there already is done, and all that is
 * open has to find a seat, or nobody is registered. @throws Unread, Missing
 */
export async function seated(
  plan: Plan,
  before: PlanState,
  { read, now }: Pick<JobWorld, "read" | "now">,
  signal: AbortSignal,
): Promise<Seated> {
  const units = plan.units.flatMap(({ do: what }, unit) =>
    what === "register" && /[.?]/.test(markOf(before, unit)) ? [unit] : [],
  );
  const waited = now() - (before.sent ?? 0) >= onItsWayMs;
  let state = before;
  for (const t of new Set(units.map((unit) => plan.units[unit]?.t ?? -1))) {
    const target = plan.targets[t];
    if (target === undefined) continue;
    const reads = createReads(read, signal);
    const asked = { instructor_led_training_timeslot_id: target.id };
    const session = sessionIn(await reads.one("get_instructor_led_training_timeslot", asked));
    const rows = await reads.rows("get_instructor_led_training_timeslot_registrations", asked);
    const registrations = rows.map(registrationIn);
    const there = new Set(registrations.map(({ person }) => person));
    for (const unit of units.filter((one) => plan.units[one]?.t === t)) {
      const { id } = plan.people[plan.units[unit]?.p ?? -1] ?? {};
      if (id !== undefined && there.has(id))
        state = marked(state, [unit], markOf(state, unit) === "?" ? "+" : "=");
      else if (markOf(state, unit) === "?" && waited) state = marked(state, [unit], ".");
    }
    const open = units.filter((unit) => plan.units[unit]?.t === t && markOf(state, unit) === ".").length;
    if (open === 0) continue;
    const called = `Session ${target.id} ${target.name}`;
    if (!isSurelyToCome(session.starts, now()))
      return { wrong: `${called} began ${session.starts}: nobody was registered.` };
    const free = freeSeats(session, registrations) ?? open;
    if (free < open)
      return {
        wrong: `${called} has ${reading(free, { none: "no free seat", one: "1 free seat", many: (n) => `${n} free seats` })} left for ${count(open, "person", "people")}: nobody was registered.`,
      };
  }
  return { state };
}
