import { count } from "../../guard/words.ts";
import { clocksOf } from "../academy-day.ts";
import type { JobWorld } from "../job.ts";
import { headline } from "../status/headline.ts";
import { nothing, orUnknown, type Part } from "./part.ts";

const days = 30;

/** What training_status keeps, and no call of ours. */
export async function trainingNumbers(world: JobWorld, signal: AbortSignal): Promise<Part> {
  const known = await orUnknown("training (training_status)", () =>
    headline(world, { signal, days, pages: 0 }).then((numbers) => ({ numbers })),
  );
  if ("unknown" in known) return known;
  const { numbers } = known;
  if (numbers === undefined) {
    return {
      ...nothing,
      unknown: ["overdue, due and expiring training: training_status finds out"],
    };
  }
  const { asOf, share, overdue, overduePeople, due, expiring, expired, completionRate } = numbers;
  const whole = asOf !== undefined;
  const of = whole
    ? `as of ${(await clocksOf(world, signal)).time(asOf)}`
    : `of what is read so far${share === undefined ? "" : `, ${Math.floor(share * 100)}%`}`;
  const rate = completionRate === undefined ? undefined : Math.round(completionRate * 1_000) / 1_000;
  const found = [
    ...(overdue > 0 ? [`${overdue} overdue (${count(overduePeople, "person", "people")})`] : []),
    ...(due > 0 ? [`${due} due in ${days} days`] : []),
    ...(expiring > 0 ? [`${expiring} expiring in ${days} days`] : []),
    ...(expired > 0 ? [`${expired} expired`] : []),
  ];
  return {
    lines: rate === undefined ? [] : [`Completion rate ${Math.round(rate * 1_000) / 10}%, ${of}.`],
    attention: found.length > 0 ? [`training: ${found.join(", ")}, ${of}: training_status shows who`] : [],
    unknown: whole ? [] : ["the rest of the training records: training_status reads on"],
    structured: {
      training: {
        ...(whole && { as_of: new Date(asOf).toISOString() }),
        ...(!whole && share !== undefined && { share: Math.round(share * 1_000) / 1_000 }),
        overdue,
        overdue_people: overduePeople,
        due,
        expiring,
        expired,
        ...(rate !== undefined && { completion_rate: rate }),
      },
    },
  };
}
