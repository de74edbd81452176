import { rightsIn } from "../../../academy/manager-rights.ts";
import {
  type Args,
  type BoundedReads,
  isAboveLearner,
  Missing,
  type Row,
  Unread,
} from "../../../academy/reads.ts";
import { and, reading, statusWords } from "../../../text/english.ts";
import { dayInWords, momentInWords } from "../../../text/zone.ts";
import { called, calledAll, type Naming, personName, type Thing } from "../subjects.ts";
import { type Find, type FindingContext, thingsIn } from "./finding.ts";
import { spanOf } from "./lesser.ts";

const roleNames: Readonly<Record<string, string>> = {
  learner: "learner",
  manager: "manager",
  content_manager: "content manager",
  admin: "administrator",
};
export const roleOf = (role: unknown): string => roleNames[String(role)] ?? "of another role";

/** “an administrator”, where a sentence makes somebody one. */
export const aRole = (role: unknown): string => {
  const name = roleOf(role);
  return name === "of another role"
    ? "a person of another role"
    : `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
};

const powerOf: Readonly<Record<string, string>> = {
  manager: "a manager manages the groups assigned to them",
  content_manager: "a content manager makes and changes courses",
  admin: "an administrator controls everything in the account",
};
const or = (words: readonly string[]): string => and(words).replace(/ and (?=[^,]*$)/, " or ");
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What a person or a record is now, where the arguments do not say it (question-text.ts says those). */
export const changes: Find = async ({ args, seen, naming }) => {
  const row = seen.person?.row;
  const power = powerOf[String(args.role)];
  const facts: string[] = [];
  if (row)
    facts.push(
      power === undefined || args.role === row.role
        ? `They are ${args.role === undefined ? "" : "currently "}${aRole(row.role)}.`
        : `They are currently ${aRole(row.role)}; ${power}.`,
    );
  else if (seen.newcomer && power !== undefined) facts.push(`${capital(power)}.`);
  if (seen.newcomer && args.send_login_information === true)
    facts.push("They will be emailed how to sign in.");
  const record = seen.progress?.row;
  if (record && args.set_status === undefined)
    facts.push(`What it records is lost: ${progressInWords(record)}.`);
  return { first: spanOf(args, seen, naming).first, facts };
};

/** “passed, 100% done, completed 24 Sep 2026”. */
function progressInWords(row: Row): string {
  const day = (name: string, words: string) => {
    const said = typeof row[name] === "string" ? dayInWords(row[name]) : undefined;
    return said === undefined ? [] : [`${words} ${said}`];
  };
  const done = Number(row.percent_viewed);
  return [
    statusWords(row.status),
    ...(row.percent_viewed !== null && Number.isFinite(done) ? [`${done}% done`] : []),
    ...day("completion_date", "completed"),
    ...day("expiration_date", "valid until"),
  ].join(", ");
}

const mostPermissions = 20;

/** Of many, so many are told one by one. */
const mostTold = 5;

/** Power-user rights, as they are. */
export const powers: Find = async ({ args, look, seen, naming }) => {
  const rows = await look.rows("get_power_users", {});
  const ids = [args.user_ids ?? args.user_id ?? seen.person?.id]
    .flat()
    .filter((one): one is number => typeof one === "number");
  // Whose they are was not read: of nobody nothing can be said.
  if (ids.length === 0) throw new Unread("whose rights they are was not read");
  const own = (id: number) => rows.find((row) => Number(row.id) === id);
  const all = ids.map((id) => ({ id, held: heldBy(own(id)) }));
  const have = all.flatMap(({ id, held }) => (held === undefined ? [] : [{ id, held }]));
  const places = await placesOf(
    have.map(({ held }) => held),
    { look, seen },
  );
  const words = (held: Held) => heldInWords(held, places, naming);
  const stands = all.map(({ id, held }) => [id, held?.role, held?.datasets]);
  const facts: string[] = [];
  if (ids.length === 1)
    facts.push(
      ...all.map(({ held }) =>
        held === undefined
          ? "They currently have no power-user rights."
          : `They currently have ${words(held)}.`,
      ),
    );
  else {
    for (const { id, held } of have.slice(0, mostTold))
      facts.push(`${capital(nameIn(id, own(id), seen, naming))} has ${words(held)} now.`);
    const left = have.length - mostTold;
    if (left > 0)
      facts.push(
        `What ${reading(left, { one: "the other one has", many: (n) => `the other ${n} have` })} now was not listed.`,
      );
    const without = ids.length - have.length;
    if (have.length === 0)
      facts.push(
        reading(ids.length, {
          one: "",
          two: "Neither has power-user rights now.",
          many: () => "None of them has power-user rights now.",
        }),
      );
    else if (without > 0)
      facts.push(
        reading(without, {
          one: "The other one has no power-user rights now.",
          many: (n) => `The other ${n} have no power-user rights now.`,
        }),
      );
  }
  const permissions = seen.role?.row?.permissions;
  if (typeof permissions === "object" && permissions !== null) {
    const words = Object.entries(permissions).map(
      ([what, how]) => `${permissionWords(what)} ${permissionWords(how)}`,
    );
    const [told, rest] = [words.slice(0, mostPermissions), words.length - mostPermissions];
    facts.push(`The role permits: ${told.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}.`);
  }
  return { facts, stands };
};

/** Words of SkyPrep's, which may hold digits; what could say anything is none of them. */
function permissionWords(value: unknown): string {
  const word = String(value ?? "");
  return /^[A-Za-z0-9][A-Za-z0-9_ -]{0,40}$/.test(word)
    ? word.replace(/[-_]+/g, " ").trim()
    : "something that cannot be shown here";
}

interface Held {
  readonly role: number;
  readonly datasets: readonly number[];
}

/** What a power user has, by number. */
function heldBy(row: Row | undefined): Held | undefined {
  const own = (row?.power_user_permissions ?? row?.user_permission) as Row | undefined;
  const inner = (own?.power_user_permissions ?? own) as Row | undefined;
  if (inner === undefined) return undefined;
  const datasets = [inner.dataset_ids].flat().filter((one) => Number.isInteger(Number(one)));
  return { role: Number(inner.user_role_id), datasets: datasets.map(Number) };
}

/** Roles and datasets by their number, as far as they could be read. */
type Places = ReadonlyMap<string, Thing>;

async function placesOf(
  held: readonly Held[],
  { look, seen }: Pick<FindingContext, "look" | "seen">,
): Promise<Places> {
  const known = new Map<string, Thing>();
  const keep = (kind: string, things: readonly Thing[]) => {
    for (const one of things) known.set(`${kind} ${one.id}`, one);
  };
  keep("power-user role", seen.role?.things ?? []);
  keep("dataset", seen.datasets?.things ?? []);
  const wanted = [
    ["power-user role", "get_user_roles", held.map(({ role }) => role)],
    ["dataset", "get_datasets", held.flatMap(({ datasets }) => datasets)],
  ] as const;
  for (const [kind, route, ids] of wanted) {
    if (ids.every((id) => known.has(`${kind} ${id}`))) continue;
    try {
      keep(kind, thingsIn(await look.rows(route, {}), kind));
    } catch (error) {
      if (!(error instanceof Unread || error instanceof Missing)) throw error;
    }
  }
  return known;
}

function heldInWords({ role, datasets }: Held, places: Places, naming: Naming): string {
  const thing = (kind: string, id: number): Thing => places.get(`${kind} ${id}`) ?? { kind, id };
  const over = datasets.map((id) => thing("dataset", id));
  return `${called(thing("power-user role", role), naming)} over ${over.length === 0 ? "no dataset" : calledAll(over, naming)}`;
}

/** By the name that the list of power users gives, or that was read with the call. */
function nameIn(id: number, row: Row | undefined, seen: FindingContext["seen"], naming: Naming): string {
  const read = seen.people?.things.find((one) => one.id === id);
  const login = typeof row?.email === "string" ? row.email : undefined;
  const own = row && { kind: "person", id, name: personName(row), ...(login !== undefined && { login }) };
  return called((read?.name === undefined ? own : read) ?? { kind: "person", id }, naming);
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
  const facts: string[] = [];
  const [allowed, forbidden] = [flagsOf(args, true), flagsOf(args, false)];
  if (allowed.length > 0) facts.push(`They will be allowed to ${and(allowed)}.`);
  if (forbidden.length > 0) facts.push(`They will not be allowed to ${or(forbidden)}.`);
  const now = known ? await rightsNow(look, Number(person.id), Number(group.id)) : "unread";
  if (now === "unread") facts.push("What they can currently do could not be read.");
  else if (now === undefined) facts.push("They do not currently manage this group.");
  else
    facts.push(
      `In this group they can currently ${and(flagsOf(now, true)) || "do nothing that SkyPrep lists"}.`,
    );
  // Whoever manages groups is a manager: only another role is news.
  if (person?.row && person.row.role !== "manager") facts.push(`They are ${aRole(person.row.role)}.`);
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

/** How long a link lasts: SkyPrep's day ends at midnight UTC, whatever the academy's clock says then. */
function lasting(kind: string, now: number, zone: string | undefined): string {
  if (kind === "otl") return "for one sign-in";
  if (kind !== "daily") return "for as long as the link lasts";
  const midnight = new Date((Math.floor(now / dayMs) + 1) * dayMs).toISOString();
  return zone === undefined ? "until midnight UTC" : `until ${momentInWords(midnight, zone)}`;
}
const dayMs = 86_400_000;

/** What a link or keys open. */
export const link: Find = async ({ args, seen, now, naming }) => {
  if (seen.course !== undefined) {
    const facts = ["Whoever has a key can enroll in the course without anybody being asked."];
    if (args.count === undefined) facts.push("SkyPrep decides how many keys it makes.");
    return { facts };
  }
  const row = seen.person?.row;
  const until = lasting(String(args.key_type), now, naming.zone);
  const above =
    row && isAboveLearner(row)
      ? `, who ${row.role === "learner" ? "has more power than a learner" : `is ${aRole(row.role)}`},`
      : "";
  const facts =
    row || args.autocreate !== true
      ? [`Whoever holds the link can act as ${row ? "this person" : "them"}${above} ${until}.`]
      : [
          `Nobody has this login: a new person would be created, and whoever holds the link can act as them ${until}.`,
        ];
  if (args.user_groups !== undefined)
    facts.push("They will also be put in the groups named below, with all that comes with those.");
  return { facts };
};
