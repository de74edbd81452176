import { account } from "./account.ts";
import { catalog } from "./catalog.ts";
import { courseProgress } from "./course-progress.ts";
import { courses } from "./courses.ts";
import { gamification } from "./gamification.ts";
import { instructorLedTraining } from "./instructor-led-training.ts";
import { learningPaths } from "./learning-paths.ts";
import { managers } from "./managers.ts";
import { materials } from "./materials.ts";
import { payments } from "./payments.ts";
import { powerUsers } from "./power-users.ts";
import { reports } from "./reports.ts";
import type { Section } from "./schema/operation.ts";
import { skills } from "./skills.ts";
import { userGroups } from "./user-groups.ts";
import { users } from "./users.ts";

/** The sections in the page's order; their names are what SKYPREP_SECTIONS takes. */
export const sections = {
  account,
  users,
  "power-users": powerUsers,
  courses,
  catalog,
  "user-groups": userGroups,
  "learning-paths": learningPaths,
  "instructor-led-training": instructorLedTraining,
  "course-progress": courseProgress,
  reports,
  gamification,
  skills,
  managers,
  materials,
  payments,
} satisfies Record<string, Section>;
