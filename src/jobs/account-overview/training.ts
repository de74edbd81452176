import { count } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { clocksOf } from "../shared/academy-day.ts";
import { headline } from "../shared/training/headline.ts";
import { nothing, orUnknown, type Part } from "./part.ts";

const days = 30;

/** What training_status keeps, and no call of ours. */
export async function trainingNumbers(
  world: JobWorld,
  signal: AbortSignal,
  { access }: { readonly access: boolean },
): Promise<Part> {
  const known = await orUnknown("training (training_status)", () =>
    headline(world, { signal, days, pages: 0, access }).then((numbers) => ({ numbers })),
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
  const { withoutAccess: gone } = numbers;
  const whole = asOf !== undefined;
  const of = whole
    ? `as of ${(await clocksOf(world, signal)).second(asOf)}`
    : `of what is read so far${share === undefined ? "" : `, ${Math.floor(share * 100)}%`}`;
  const rate = completionRate === undefined ? undefined : Math.round(completionRate * 1_000) / 1_000;
  const found = [
    ...(overdue > 0
      ? [`${overdue} overdue (${count(overduePeople, "person", "people")}${away(gone?.overdue)})`]
      : []),
    ...(due > 0
      ? [`${due} due in ${count(days, "day")}${gone?.due ? ` (${away(gone.due).slice(2)})` : ""}`]
      : []),
    ...(expiring > 0 ? [`${expiring} expiring in ${count(days, "day")}`] : []),
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
        ...(gone && { without_access: gone }),
        expiring,
        expired,
        ...(rate !== undefined && { completion_rate: rate }),
      },
    },
  };
}

/** Nobody is to chase whoever cannot sign in any more. */
const away = (n = 0): string => (n > 0 ? `; ${n} of people who cannot sign in any more` : "");
