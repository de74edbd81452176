import { mornings, spentOn } from "../journeys/mornings.ts";
import type { Part, Row } from "./figures.ts";

export const title = "Mornings";

/** What questions cost that used to take a morning; `missed`: those that cost more than was asked. */
export async function morningCosts(
  sizes: readonly number[],
  each: (size: number, strict: boolean) => void,
): Promise<{ readonly part: Part; readonly missed: readonly string[] }> {
  const rows: Row[] = [];
  const missed: string[] = [];
  for (const people of sizes) {
    for (const strict of [false, true]) {
      each(people, strict);
      const spent = await spentOn(mornings, { people, strict });
      for (const [n, { asks, within }] of mornings.entries()) {
        const { calls = 0, api = 0, tokens = 0, questions = 0 } = spent[n] ?? {};
        const of = `${people.toLocaleString("en")}${strict ? ", strict" : ""}`;
        const what = `${asks} (${of})`;
        // What reaches many is asked about, once.
        const most = within.questions ?? 1;
        if (calls > within.calls || tokens > within.tokens || questions > most) missed.push(what);
        rows.push([
          what,
          `${calls} / ${api} / ${tokens} / ${questions}`,
          [
            `≤ ${within.calls} ${within.calls === 1 ? "call" : "calls"}`,
            `≤ ${within.tokens} tokens`,
            ...(within.questions === undefined ? [] : [`${within.questions} question`]),
          ].join(", "),
        ]);
      }
    }
  }
  return {
    part: {
      title,
      about:
        "What used to cost an administrator a morning, played through a real client in academies of several sizes (test/journeys/mornings.ts), one after the other, with training read before as on every morning but the first; who manages whom is asked twice, and kept for the rest. Calls of ours / to SkyPrep / tokens of arguments and answers / questions to a person. SkyPrep takes 100 calls a minute: what needs more of them goes on over several calls of ours, which are not counted here, where the pretend academy has no limit.",
      rows,
    },
    missed,
  };
}
