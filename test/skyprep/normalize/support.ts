import type { Api } from "../../../src/skyprep/api.ts";
import { assumptions } from "../../../src/skyprep/assumptions.ts";
import { createLearnt } from "../../../src/skyprep/normalize/learnt.ts";
import { createListSpellings } from "../../../src/skyprep/normalize/learnt-lists.ts";
import type { NormalizeWorld } from "../../../src/skyprep/normalize/normalize-world.ts";
import { inPageForm } from "../../../src/skyprep/normalize/page-form.ts";
import { createStatusSpelling, seeingStatuses } from "../../../src/skyprep/normalize/statuses.ts";
import { createSightings } from "../../../src/skyprep/sightings.ts";
import { sections } from "../../../tools/index.ts";

export const records = new Map(Object.values(sections).flatMap((section) => Object.entries(section)));

/** The layer before an academy that answers these, in their order; what was seen beside it. */
export function layer(...answers: unknown[]) {
  const told: string[] = [];
  const sightings = createSightings((id, how) => told.push(`${id} ${how}`));
  const world: NormalizeWorld = {
    records,
    sightings,
    learnt: createLearnt(),
    lists: createListSpellings(sightings),
    now: () => 0,
    patienceMs: 1_000,
  };
  const sent: string[] = [];
  const api: Api = async (route) => {
    sent.push(route);
    return { is: "json", value: answers.length > 1 ? answers.shift() : answers[0], bytes: 2 };
  };
  const normal = inPageForm(seeingStatuses(api, createStatusSpelling(world.learnt)), world);
  const read = async (route: string) => {
    const reading = await normal(route, "", AbortSignal.timeout(5_000));
    if (reading.is !== "json") throw new Error(reading.is);
    return reading;
  };
  return { read, value: async (route: string) => (await read(route)).value, world, told, sent };
}

export { assumptions };
