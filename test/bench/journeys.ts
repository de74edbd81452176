import { journeys } from "../journeys/all.ts";
import { played, titleOf } from "../journeys/journey.ts";
import type { Part, Row } from "./figures.ts";

/** What each of the everyday jobs costs, played on the sandbox. */
export async function journeyCosts(): Promise<Part> {
  const rows: Row[] = [];
  for (const journey of journeys) {
    const { calls, api, tokens, questions } = await played(journey, { strict: false });
    const { within = {} } = journey;
    const asked = [
      within.calls !== undefined ? `≤ ${within.calls} calls` : "",
      within.api !== undefined ? `≤ ${within.api} to SkyPrep` : "",
      within.tokens !== undefined ? `≤ ${within.tokens} tokens` : "",
    ].filter(Boolean);
    rows.push([
      `${journey.job}. ${titleOf(journey)}`,
      `${calls} / ${api} / ${tokens} / ${questions}`,
      asked.join(", "),
    ]);
  }
  return {
    title: "Journeys",
    about:
      "The 39 everyday jobs of an administrator, played through a real client on the sandbox (test/journeys/): calls of ours / to SkyPrep / tokens of arguments and answers / questions to a person.",
    rows,
  };
}
