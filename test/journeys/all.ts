import { account } from "./account.ts";
import { enrolling } from "./enrolling.ts";
import type { Journey } from "./journey.ts";
import { people } from "./people.ts";
import { rights } from "./rights.ts";
import { sessions } from "./sessions.ts";
import { training } from "./training.ts";

/** In the order of skyprep-api §5. */
export const journeys: readonly Journey[] = [
  ...account,
  ...enrolling,
  ...people,
  ...rights,
  ...sessions,
  ...training,
].sort((a, b) => a.job - b.job);
