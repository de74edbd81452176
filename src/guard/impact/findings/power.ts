import {
  type Args,
  type BoundedReads,
  isAboveLearner,
  type Row,
  rightsIn,
  Unread,
} from "../../../academy/reads.ts";
import { and, reading, statusWords } from "../../../text/english.ts";
import type { Find } from "./finding.ts";

const roleNames: Readonly<Record<string, string>> = {
  learner: "learner",
  manager: "manager",
  content_manager: "content manager",
  admin: "administrator",
};
export const roleOf = (role: unknown): string => roleNames[String(role)] ?? "of another role";

/** What a person or a record is now, where the arguments do not say it (given.ts says those). */
export const changes: Find = async ({ args, seen }) => {
  const row = seen.person?.row;
  const facts =
    row && args.set_status === undefined && args.role === undefined
      ? [`Their role is ${roleOf(row.role)}.`]
      : [];
  if (seen.newcomer && args.send_login_information === true)
    facts.push("They will be mailed how to sign in.");
  return { facts };
};

const mostPermissions = 20;

/** Power-user rights, as they are. */
export const powers: Find = async ({ args, look, seen }) => {
  const rows = await look.rows("get_power_users", {});
  const ids = [args.user_ids ?? seen.person?.id]
    .flat()
    .filter((one): one is number => typeof one === "number");
  const stands = ids.map((id) => `Person ${id} ${powersOf(rows.find((row) => Number(row.id) === id))} now.`);
  const facts = stands.slice(0, 5);
  if (ids.length > 5)
    facts.push(
      `What ${reading(ids.length - 5, { one: "the other one has", many: (n) => `the other ${n} have` })} now was not listed.`,
    );
  const permissions = seen.role?.row?.permissions;
  if (typeof permissions === "object" && permissions !== null) {
    const words = Object.entries(permissions).map(
      ([what, how]) => `${statusWords(what)} ${statusWords(how)}`,
    );
    const [told, rest] = [words.slice(0, mostPermissions), words.length - mostPermissions];
    facts.push(`The role permits: ${told.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}.`);
  }
  return { facts, stands };
};

function powersOf(row: Row | undefined): string {
  const own = (row?.power_user_permissions ?? row?.user_permission) as Row | undefined;
  const inner = (own?.power_user_permissions ?? own) as Row | undefined;
  if (inner === undefined) return "has no power-user rights";
  const datasets = [inner.dataset_ids].flat().filter((one) => Number.isInteger(Number(one)));
  return `has role ${Number(inner.user_role_id)} over ${datasets.length > 0 ? `${datasets.length === 1 ? "dataset" : "datasets"} ${and(datasets.map(String))}` : "no dataset"}`;
}

const flagWords: Readonly<Record<string, string>> = {
  can_add_users: "create people",
  can_receive_notifications: "be notified",
  can_edit_course_progress: "edit progress",
  can_remove_users: "remove people",
  can_add_existing_users: "add existing people",
  can_manage_all_group_users_courses: "manage members' courses",
  can_add_courses_to_user_group: "add courses",
  can_remove_courses_from_user_group: "remove courses",
  can_edit_user_password: "set passwords",
};
const flagsOf = (from: Args, wanted: boolean): string[] =>
  Object.entries(flagWords).flatMap(([name, words]) => (isOn(from[name]) === wanted ? [words] : []));
function isOn(value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return value === true || value === "true" || value === "1" || value === 1;
}

/** What a manager may do in a group: now, and after. */
export const permissions: Find = async ({ args, look, seen }) => {
  const { person, group } = seen;
  const known = person?.id !== undefined && group?.id !== undefined;
  const facts = person?.row ? [`Their role is ${roleOf(person.row.role)}.`] : [];
  const now = known ? await rightsNow(look, Number(person.id), Number(group.id)) : "unread";
  if (now === "unread") facts.push("What they may do now could not be read.");
  else if (now === undefined) facts.push("They do not manage this group now.");
  else facts.push(`They may now: ${and(flagsOf(now, true)) || "nothing that is listed"}.`);
  const [allowed, forbidden] = [flagsOf(args, true), flagsOf(args, false)];
  if (allowed.length > 0) facts.push(`Will be allowed: ${and(allowed)}.`);
  if (forbidden.length > 0) facts.push(`Will be forbidden: ${and(forbidden)}.`);
  if (now === "unread") return { facts, unread: true };
  return { facts, stands: [now !== undefined && flagsOf(now, true)] };
};

/** What they would be allowed is known all the same, and is what is agreed to. */
async function rightsNow(
  look: BoundedReads,
  person: number,
  group: number,
): Promise<Row | "unread" | undefined> {
  try {
    return await rightsIn(look.one, person, group);
  } catch (error) {
    if (error instanceof Unread) return "unread";
    throw error;
  }
}

const lasting: Readonly<Record<string, string>> = { daily: "until midnight UTC", otl: "once" };

/** What a link or keys open. */
export const link: Find = async ({ args, seen }) => {
  if (seen.course !== undefined) {
    return {
      facts: [args.count === undefined ? "As many keys as SkyPrep makes." : `${args.count} asked for.`],
    };
  }
  const row = seen.person?.row;
  const until = lasting[String(args.key_type)] ?? "for as long as the link lasts";
  const facts = row
    ? [
        `Their role is ${roleOf(row.role)}.`,
        `Whoever holds it is that ${isAboveLearner(row) ? roleOf(row.role) : "person"} ${until}.`,
      ]
    : [
        "Nobody has this login: a new person will be created.",
        `Whoever holds the link is that person ${until}.`,
      ];
  if (args.user_groups !== undefined)
    facts.push("They will also be put in the groups named here, with all that comes with them.");
  return { facts };
};
