import type { Api } from "../api.ts";
import { spellingIds } from "./id-spelling.ts";
import { spellingLists } from "./list-spelling.ts";
import { withMembers } from "./members.ts";
import type { NormalizeWorld } from "./normalize-world.ts";
import { inPageForm } from "./page-form.ts";
import { knowingPeople } from "./people-left-out.ts";
import { createStatusSpelling, seeingStatuses } from "./statuses.ts";
import { wholeLists } from "./whole-lists.ts";

/**
 * SkyPrep as its page describes it, whatever the real one turns out to be: what comes is brought into the page's form
 * here, once, before lists, jobs, guard or policy see any of it. What cannot be brought into it stays as it came.
 */
export function createNormalizedApi(api: Api, world: NormalizeWorld): Api {
  const spelling = createStatusSpelling(world.learnt);
  const asCame = seeingStatuses(api, spelling);
  const inForm = spellingIds(inPageForm(spellingLists(asCame, world), world), world);
  return withMembers(knowingPeople(wholeLists(inForm, world, spelling), world), world);
}
