import { day, hour, inWeek } from "../model/calendar.ts";
import type { Registration, Tables, Timeslot, Training } from "../model/tables.ts";

const trainings: readonly Pick<Training, "id" | "name" | "description" | "session_type">[] = [
  {
    id: 501,
    name: "Onboarding Workshop",
    description: "Live onboarding session for new hires.",
    session_type: "in-person",
  },
  {
    id: 502,
    name: "Manager Workshop",
    description: "Live session for those who lead.",
    session_type: "in-person",
  },
  {
    id: 503,
    name: "Security Webinar",
    description: "Questions and answers with the security team.",
    session_type: "webinar",
  },
];

/** Weeks and weekdays are counted from this week's Monday; hours are the account's. */
const plan = [
  {
    id: 511,
    training: 501,
    week: 1,
    weekday: 1,
    at: 9,
    hours: 2,
    capacity: 25,
    room: "Training Room A",
    seats: 8,
  },
  {
    id: 512,
    training: 502,
    week: 1,
    weekday: 3,
    at: 13,
    hours: 3,
    capacity: 12,
    room: "Training Room B",
    seats: 5,
  },
  {
    id: 513,
    training: 501,
    week: -1,
    weekday: 1,
    at: 9,
    hours: 2,
    capacity: 25,
    room: "Training Room A",
    seats: 9,
  },
  {
    id: 514,
    training: 502,
    week: -1,
    weekday: 2,
    at: 10,
    hours: 2,
    capacity: 12,
    room: "Training Room B",
    seats: 6,
  },
  { id: 515, training: 502, week: 1, weekday: 4, at: 9, hours: 3, capacity: 4, room: "Board Room", seats: 4 },
  { id: 516, training: 503, week: 1, weekday: 0, at: 11, hours: 1, capacity: null, room: null, seats: 20 },
] as const;

type Planned = (typeof plan)[number];

function slotOf(now: number, planned: Planned): Timeslot {
  const training = trainings.find(({ id }) => id === planned.training);
  const start = inWeek(now, planned);
  return {
    id: planned.id,
    training_id: planned.training,
    name: training?.name ?? "",
    description: planned.training === 501 ? "Bring a laptop." : "",
    location: planned.room,
    capacity: planned.capacity,
    display_timezone: "Eastern Time (US & Canada)",
    primary_instructor_user_id: planned.training === 502 ? 102 : null,
    instructor: planned.training === 502 ? "Jordan Manager" : "Pat Instructor",
    session_type: training?.session_type ?? "in-person",
    commencement_time: start,
    end_time: start + planned.hours * hour,
  };
}

/** Avery is registered for next week, Jordan was there last week; the rest follow in order of number. */
function seatsOf(planned: Planned, first: number): number[] {
  const seats = planned.id === 511 ? [101] : planned.id === 513 ? [102] : [];
  for (let person = first; seats.length < planned.seats; person += 1) seats.push(person);
  return seats;
}

type Sessions = Pick<Tables, "trainings" | "timeslots" | "registrations">;

/** Classes of last week and next week. Last week's second class still waits for its attendance to be marked. */
export function seedSessions(now: number, has: (person: number) => boolean): Sessions {
  const made = now - 40 * day;
  const registrations = new Map<number, Registration>();
  let next = 523;
  let person = 110;
  for (const planned of plan) {
    const seats = seatsOf(planned, person);
    person += planned.seats;
    for (const user of seats.filter(has)) {
      const sample = user === 101 ? 521 : user === 102 ? 522 : undefined;
      const id = sample ?? next++;
      registrations.set(id, {
        id,
        timeslot_id: planned.id,
        user_id: user,
        course_progress_id: user === 101 ? 901 : user === 102 ? 902 : null,
        status: planned.id === 513 || (planned.id === 514 && user % 2 === 0) ? "attended" : "pending",
        created_at: made,
        updated_at: made,
      });
    }
  }
  return {
    trainings: new Map(trainings.map((row) => [row.id, { ...row, created_at: made, updated_at: made }])),
    timeslots: new Map(plan.map((planned) => [planned.id, slotOf(now, planned)])),
    registrations: new Map([...registrations].sort(([a], [b]) => a - b)),
  };
}
