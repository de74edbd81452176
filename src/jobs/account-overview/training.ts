import { count, percent, rounded } from "../../text/english.ts";
import type { JobWorld } from "../job.ts";
import { clocksOf, knownClocks } from "../shared/as-of.ts";
import { headline } from "../shared/training/summary-text.ts";
import { nothing, type OverviewPart, orUnknown } from "./part.ts";

/** What training_status keeps, and no call of ours. */
export async function trainingNumbers(
  world: JobWorld,
  signal: AbortSignal,
  { access, days }: { readonly access: boolean; readonly days: number },
): Promise<OverviewPart> {
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
    : `of what is read so far${share === undefined ? "" : `, ${percent(share, 0)}`}`;
  const rate = completionRate === undefined ? undefined : rounded(completionRate);
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
    lines: rate === undefined ? [] : [`Completion rate ${percent(rate)}, ${of}.`],
    attention: found.length > 0 ? [`training: ${found.join(", ")}, ${of}: training_status shows who`] : [],
    unknown: whole ? [] : ["the rest of the training records: training_status reads on"],
    structured: {
      training: {
        ...(whole && { as_of: knownClocks(world).stamp(asOf) }),
        ...(!whole && share !== undefined && { share: rounded(share) }),
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
