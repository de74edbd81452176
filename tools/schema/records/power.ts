import { z } from "zod";
import { kind } from "../answer.ts";
import { amount, date, flag, Id, idOrNull, numbers, words } from "../values.ts";
import { person, personalFields } from "./people.ts";

const permissions = z.object({ id: idOrNull, user_role_id: idOrNull, dataset_ids: numbers });
export const PowerUser = kind(
  "power user",
  "power users",
  { ...person, power_user_permissions: permissions.nullish().catch(undefined) },
  ["id", "display_name", "email", "power_user_permissions"],
  {
    prepare: liftPermissions,
    personal: personalFields,
    repeats: { user_ids: ["user_id", "id"] },
  },
);
/** Listing them puts the permissions on the person, making them one level deeper (skyprep-api §1.4, row 14). */
function liftPermissions(answer: unknown): unknown {
  const { user_permission: made, ...user } = (answer ?? {}) as Record<
    string,
    Record<string, unknown> | undefined
  >;
  return made?.power_user_permissions
    ? { ...user, power_user_permissions: made.power_user_permissions }
    : answer;
}

/** What a role permits, by area: “users assigned”. Names and values are SkyPrep's own words; anything else is left out. */
const word = /^[a-z][a-z_]{0,30}$/;
const granted = z
  .record(z.string(), z.unknown())
  .transform((areas) =>
    Object.fromEntries(
      Object.entries(areas).filter(
        (entry): entry is [string, string] => word.test(entry[0]) && word.test(String(entry[1])),
      ),
    ),
  );

export const UserRole = kind(
  "user role",
  "user roles",
  {
    id: Id,
    name: words,
    description: words,
    permissions: granted.nullish().catch(undefined),
    powers_count: amount,
  },
  ["id", "name", "description", "permissions", "powers_count"],
);
const scope = z.object({ static_id_list: numbers, all: flag }).nullish().catch(undefined);
export const Dataset = kind(
  "dataset",
  "datasets",
  {
    id: Id,
    name: words,
    dataset_summary: z
      .object({ users: amount, courses: amount, user_groups: amount })
      .nullish()
      .catch(undefined),
    dataset_scopes: z.object({ users_dataset: scope, courses_dataset: scope }).nullish().catch(undefined),
    created_at: date,
    updated_at: date,
  },
  ["id", "name", "dataset_summary"],
);
