import { count } from "../../guard/words.ts";
import type { JobWorld } from "../job.ts";
import { headline } from "../status/headline.ts";
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
  const { asOf, share, overdue, overduePeople, due, expiring, expired, completionRate, withoutAccess } =
    numbers;
  const whole = asOf !== undefined;
  const of = whole
    ? `as of ${new Date(asOf).toISOString().slice(0, 19)}Z`
    : `of what is read so far${share === undefined ? "" : `, ${Math.floor(share * 100)}%`}`;
  const rate = completionRate === undefined ? undefined : Math.round(completionRate * 1_000) / 1_000;
  const found = [
    ...(overdue > 0 ? [`${overdue} overdue (${count(overduePeople, "person", "people")})`] : []),
    ...(due > 0 ? [`${due} due in ${days} days`] : []),
    ...(expiring > 0 ? [`${expiring} expiring in ${days} days`] : []),
    ...(expired > 0 ? [`${expired} expired`] : []),
  ];
  const out = withoutAccess?.overdue ?? 0;
  const apart = out > 0 ? ` (${out} of the overdue of people who cannot sign in any more)` : "";
  return {
    lines: rate === undefined ? [] : [`Completion rate ${Math.floor(rate * 1_000) / 10}%, ${of}.`],
    attention:
      found.length > 0 ? [`training: ${found.join(", ")}, ${of}${apart}: training_status shows who`] : [],
    unknown: whole ? [] : ["the rest of the training records: training_status reads on"],
    structured: {
      training: {
        ...(whole && { as_of: new Date(asOf).toISOString() }),
        ...(!whole && share !== undefined && { share }),
        overdue,
        overdue_people: overduePeople,
        ...(withoutAccess && { without_access: withoutAccess }),
        due,
        expiring,
        expired,
        ...(rate !== undefined && { completion_rate: rate }),
      },
    },
  };
}
