import { Missing, Unread } from "../../academy/reads.ts";
import { count, reading } from "../../text/english.ts";
import { inWords } from "../shared/name-targets.ts";
import type { Someone } from "../shared/people-index.ts";
import { freeSeats, isToCome, type Registration, type Session } from "../shared/session.ts";
import { already, type JobStep, type StepOutcome } from "../steps/run-steps.ts";

export interface Marks {
  readonly register: readonly Someone[];
  readonly attended: readonly Someone[];
  readonly absent: readonly Someone[];
}

/** What is to be sent for a session, or why nothing is: all of it, or nothing. */
export interface Attendance {
  readonly jobSteps: readonly Mark[];
  readonly already: readonly StepOutcome[];
  readonly wrong: readonly string[];
  /** How many of the steps register somebody. */
  readonly registers: number;
  /** Seats that are free now; undefined: no limit. */
  readonly free: number | undefined;
}

/** Somebody's registration as it is to be; its status left out: as SkyPrep sets it. */
interface Mark extends JobStep {
  readonly person: number;
  readonly status?: string;
}

const mostNamed = 20;

export function attendance(
  session: Session,
  registrations: readonly Registration[],
  { register, attended, absent }: Marks,
  now: number,
): Attendance {
  const own = new Map(registrations.map((one) => [one.person, one]));
  const status = new Map<number, string>();
  for (const { id } of attended) status.set(id, "attended");
  const both = absent.filter(({ id }) => status.has(id));
  for (const { id } of absent) status.set(id, "absent");
  const coming = new Set(register.map(({ id }) => id));

  const before: StepOutcome[] = [];
  const jobSteps: Mark[] = [];
  const newcomers = register.filter(({ id }) => !own.has(id));
  for (const person of register) {
    const known = own.get(person.id);
    if (known === undefined) jobSteps.push(registering(session, person, status.get(person.id)));
    else if (!status.has(person.id)) before.push(already(inWords(person), `registered, ${known.status}`));
  }
  const strangers: Someone[] = [];
  for (const person of [...attended, ...absent]) {
    const known = own.get(person.id);
    const wanted = status.get(person.id) ?? "";
    if (known === undefined) {
      if (!coming.has(person.id)) strangers.push(person);
    } else if (known.status === wanted) before.push(already(inWords(person), wanted));
    else jobSteps.push(marking(session, person, known, wanted));
  }
  const free = freeSeats(session, registrations);
  const tooMany = free === undefined ? [] : newcomers.slice(free);
  const tooEarly = status.size > 0 && isToCome(session, now);
  return {
    jobSteps,
    already: before,
    registers: newcomers.length,
    free,
    wrong: [
      ...(tooEarly ? [notYet(session)] : []),
      ...(both.length > 0 ? [`Both attended and absent: ${listed(both)}.`] : []),
      ...(strangers.length > 0
        ? [
            `Not registered for session ${session.id}, so not marked: ${listed(strangers)}. Register them in the same call.`,
          ]
        : []),
      ...(tooMany.length > 0
        ? [
            `Session ${session.id} ${reading(free ?? 0, { none: "is full", one: "has 1 free seat", many: (n) => `has ${n} free seats` })}${free === 0 ? "" : ` for ${count(newcomers.length, "person", "people")}`}; no room for: ${listed(tooMany)}.`,
          ]
        : []),
    ],
  };
}

export const notYet = ({ id, starts }: Session): string =>
  `Session ${id} begins ${starts}: who came and who did not is marked once it has. Leave attended and absent out until then.`;

export const listed = (people: readonly Someone[]): string =>
  [
    ...people.slice(0, mostNamed).map(inWords),
    ...(people.length > mostNamed ? [`${people.length - mostNamed} more`] : []),
  ].join("; ");

const registering = (session: Session, person: Someone, status: string | undefined): Mark => ({
  step: {
    tool: "create_ilt_timeslot_registrations",
    args: {
      instructor_led_training_timeslot_id: session.id,
      user_id: person.id,
      ...(status !== undefined && { status }),
    },
    people: [person],
  },
  things: [{ what: inWords(person), done: status === undefined ? "registered" : `registered, ${status}` }],
  person: person.id,
  ...(status !== undefined && { status }),
});

const marking = (
  session: Session,
  person: Someone,
  { id, status: was }: Registration,
  status: string,
): Mark => ({
  step: {
    tool: "update_ilt_timeslot_registration",
    args: {
      instructor_led_training_timeslot_registration_id: id,
      instructor_led_training_timeslot_id: session.id,
      status,
    },
  },
  things: [{ what: inWords(person), done: `${status} (was ${was || "without a status"})` }],
  person: person.id,
  status,
});

/** One look at the session, where an answer was lost: who is there as they should be is done. */
export async function settled(
  jobSteps: readonly Mark[],
  outcomes: readonly StepOutcome[],
  read: () => Promise<readonly Registration[]>,
): Promise<readonly StepOutcome[]> {
  if (outcomes.every(({ is }) => is !== "unknown")) return outcomes;
  let now: readonly Registration[];
  try {
    now = await read();
  } catch (error) {
    if (error instanceof Missing || error instanceof Unread) return outcomes;
    throw error;
  }
  return outcomes.map((outcome, n) => {
    const jobStep = jobSteps[n];
    if (outcome.is !== "unknown" || jobStep === undefined) return outcome;
    const own = now.find(({ person }) => person === jobStep.person);
    const isSo = own !== undefined && (jobStep.status === undefined || own.status === jobStep.status);
    return isSo
      ? { what: outcome.what, is: "done" as const, outcome: jobStep.things[0]?.done ?? "done" }
      : outcome;
  });
}
