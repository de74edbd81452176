import type { sections } from "../../../tools/index.ts";
import { account } from "../routes/account.ts";
import { catalog } from "../routes/catalog.ts";
import { courseProgress } from "../routes/course-progress.ts";
import { courses } from "../routes/courses.ts";
import { gamification } from "../routes/gamification.ts";
import { instructorLedTraining } from "../routes/instructor-led-training.ts";
import { learningPaths } from "../routes/learning-paths.ts";
import { managers } from "../routes/managers.ts";
import { materials } from "../routes/materials.ts";
import { payments } from "../routes/payments.ts";
import { powerUsers } from "../routes/power-users.ts";
import { reports } from "../routes/reports.ts";
import { skills } from "../routes/skills.ts";
import { userGroups } from "../routes/user-groups.ts";
import { users } from "../routes/users.ts";
import type { Route } from "./route.ts";

type Sections = typeof sections;
/** Every route some record is about: a record without its sandbox route does not compile. */
type RouteName = { [S in keyof Sections]: keyof Sections[S] }[keyof Sections] & string;

/** Every route of the page, by its name there. */
export const routes = {
  ...account,
  ...users,
  ...powerUsers,
  ...courses,
  ...catalog,
  ...userGroups,
  ...learningPaths,
  ...instructorLedTraining,
  ...courseProgress,
  ...reports,
  ...gamification,
  ...skills,
  ...managers,
  ...materials,
  ...payments,
} satisfies Record<RouteName, Route>;

const byName: ReadonlyMap<string, Route> = new Map(Object.entries(routes));

export function routeNamed(name: string): Route | undefined {
  return byName.get(name);
}
