import { z } from "zod";
import { createReads, type Reads } from "../../academy/reads.ts";
import type { JobContext } from "../../call/job-context.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { and, cleanText } from "../../text/english.ts";
import { fullName } from "../../text/full-name.ts";
import { likeness, tidied } from "../../text/typed.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { peopleCalled, personCalled, targetsCalled } from "../shared/called.ts";
import { confirm, field, whole } from "../shared/input-fields.ts";
import { inWords, personNamed, targetsNamed } from "../shared/name-targets.ts";
import { isGone, type Someone } from "../shared/people-index.ts";
import type { PlanTarget } from "../shared/plan.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { countsInWords, tell } from "../steps/outcome-text.ts";
import { type JobStep, runSteps, type StepOutcome } from "../steps/run-steps.ts";
import { managing } from "./manager.ts";
import { whoIs } from "./newcomer.ts";
import { joinsAtOnce, joinsOneByOne, stillWanted } from "./onboard-steps.ts";

const text = z.string().trim().min(1).max(255);
const names = (words: string, example: string) =>
  whole(field(z.array(text).min(1).max(50), words, [example])).optional();

const input = z.strictObject({
  login: field(text, "Login, usually their address", "casey@example.com"),
  first_name: field(text, "Needed if new", "Casey").optional(),
  last_name: field(text, "Needed if new", "Newhire").optional(),
  groups: names("To join: names or numbers; else none", "303"),
  courses: names("Only besides the groups' own: names, codes or numbers", "210"),
  paths: names("Learning paths, likewise; else none", "402"),
  manager: field(
    text,
    "Who gets rights over the one group named (has role manager): name, login or number; else nobody",
    "102",
  ).optional(),
  welcome: field(
    z.enum(["mail", "link"]),
    "mail: sign-in mailed if new; link: sign-in link to hand over; else neither",
    "mail",
  ).optional(),
  confirm,
});
type OnboardArgs = z.output<typeof input>;

/** Somebody new, with all they need on their first day; or what they lack, where they are here already. */
export const onboard_person = defineJob({
  title: "Onboard a person",
  description:
    "A new hire in one call: creates the account unless it is there, adds groups, courses, paths and manager they lack; may mail them. A manager or link asks first. Repeats add what is lacking, but link makes another. Account alone: create_user. Several: plan_roster, leavers ignore.",
  searchHint:
    "new hire, new employee or colleague starts, onboarding, joiner, set up a new starter with everything, create a login and enroll, welcome mail",
  effect: "add",
  // Whoever asks for a link is given another one each time.
  idempotent: false,
  input,
  run: (args, world, inner) => refuseOnReadFailure("Nobody was onboarded", () => onboard(args, world, inner)),
});

/** All that is to be done, and what is so already. */
interface Onboarding {
  readonly person: Someone | undefined;
  readonly login: string;
  /** As it was given, where they are new. */
  readonly name: string;
  /** What they are put in. */
  readonly into: readonly PlanTarget[];
  readonly namesakes: readonly Someone[];
  readonly jobSteps: readonly JobStep[];
  readonly already: readonly StepOutcome[];
  readonly notes: readonly string[];
  readonly link: JobStep | undefined;
}

async function onboard(asked: OnboardArgs, world: JobWorld, inner: JobContext): Promise<Reply> {
  const planned = await plan(asked, createReads(world.read, inner.signal), world, inner.signal);
  if ("wrong" in planned) return refuse("Nobody was onboarded; nothing was sent.", ...planned.wrong);
  const { person, jobSteps, notes, link, namesakes } = planned;
  const login = cleanText(planned.login);
  const known = { login, ...(person && { person: person.id }), created: false };
  if (jobSteps.length === 0) {
    const first = `Nothing to do: ${person ? inWords(person) : login} has it all already.`;
    return tell({ first, outcomes: planned.already, notes, besides: known });
  }
  const agreement = await inner.agree({
    asks:
      person === undefined
        ? `Onboard ${personCalled({ login, name: planned.name })} with a new account?`
        : `Onboard ${personCalled(person)}, who already has an account?`,
    them: person?.id ?? login,
    facts: [
      ...(namesakes.length > 0
        ? [
            `Somebody with that name already has an account under another login: ${peopleCalled(namesakes)}. If it is the same person, this makes a second account.`,
          ]
        : []),
      ...doneTo(planned, asked),
      // After a line about their manager, “them” alone could be either.
      ...(link !== undefined && jobSteps.some(({ step }) => step.tool === "assign_manager_to_user_group")
        ? [`The sign-in link is for ${personCalled(person ?? { login, name: planned.name })}.`]
        : []),
    ],
    steps: jobSteps.map(({ step }) => step),
    // A second account beside the first is worth a question: their training would be in two places.
    deserves: namesakes.length > 0 ? "many" : undefined,
    code: asked.confirm,
  });
  if (!("run" in agreement)) return agreement;
  const { outcomes, replies } = await runSteps(jobSteps, agreement, inner);
  const all = [...outcomes, ...planned.already];
  const made = person === undefined && outcomes[0]?.is === "done";
  const id = made && jobSteps[0] ? Number(replies.get(jobSteps[0])?.structured?.id) : person?.id;
  const url = link && replies.get(link)?.structured?.url;
  const whom = person ? inWords(person) : `${made && id ? `person ${id} ` : ""}${login}`;
  return tell({
    first: `${made ? "Onboarded, newly created" : "Onboarded"}: ${whom}: ${countsInWords(all)}.`,
    outcomes: all,
    lines: typeof url === "string" ? [`Sign-in link, which signs its holder in as them: ${url}`] : [],
    notes,
    besides: {
      login,
      ...(id && { person: id }),
      created: made,
      ...(typeof url === "string" && { sign_in_link: url }),
    },
  });
}

/** “Their account is created, and they are emailed how to sign in and added to the group …”. */
function doneTo({ person, into }: Onboarding, { welcome }: OnboardArgs): string[] {
  const does = [
    ...(person === undefined && welcome === "mail" ? ["emailed how to sign in"] : []),
    ...(into.length > 0 ? [`added to ${targetsCalled(into)}`] : []),
  ];
  const rest = does.length > 0 ? `are ${and(does)}.` : undefined;
  if (person === undefined)
    return [rest === undefined ? "Their account is created." : `Their account is created, and they ${rest}`];
  return rest === undefined ? [] : [`They ${rest}`];
}

/** Everything is looked at first: what is here already is not done again. @throws Unread */
async function plan(
  asked: OnboardArgs,
  reads: Reads,
  world: JobWorld,
  signal: AbortSignal,
): Promise<Onboarding | { readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const notes: string[] = [];
  const naming = { world, reads, signal, wrong, notes };
  const name = nameOf(asked);
  const newcomer = await whoIs(asked.login, [name.first, name.last].filter(Boolean).join(" "), naming);
  const { person, login, namesakes } = newcomer;
  if (newcomer.read) notes.push(`“${cleanText(asked.login).slice(0, 80)}” was read as ${cleanText(login)}.`);
  if (newcomer.wrong) wrong.push(`“${cleanText(login).slice(0, 80)}” cannot be a login: ${newcomer.wrong}.`);
  if (person === undefined && (name.first === undefined || name.last === undefined)) {
    wrong.push(`Nobody has this login: somebody new needs a first_name and a last_name.${name.doubt ?? ""}`);
    if (namesakes.length > 0) wrong.push(calledSo(namesakes));
  }
  if (person === undefined && name.note) notes.push(name.note);
  if (namesakes.length > 0) notes.push(calledSo(namesakes));
  const groups = await targetsNamed("group", asked.groups, naming);
  const courses = await targetsNamed("course", asked.courses, naming);
  const paths = await targetsNamed("path", asked.paths, naming);
  const manager = asked.manager === undefined ? undefined : await personNamed(asked.manager, naming);
  const managed = manager && (await managing({ manager, groups, person }, reads));
  if (managed && "wrong" in managed) wrong.push(managed.wrong);
  if (wrong.length > 0) return { wrong };

  const open = await stillWanted({ groups, courses, paths }, person, reads);
  if (open.wrong.length > 0) return { wrong: open.wrong };
  const create =
    person === undefined
      ? createOf({ ...asked, login, first_name: name.first ?? "", last_name: name.last ?? "" })
      : undefined;
  const joins = person ? joinsOneByOne(person, open.wanted) : joinsAtOnce(login, open.wanted, create);
  const link = asked.welcome === "link" ? linkOf(person, login, create) : undefined;
  return {
    person,
    login,
    name: [name.first, name.last].filter(Boolean).join(" "),
    into: [...open.wanted.groups, ...open.wanted.courses, ...open.wanted.paths],
    namesakes,
    jobSteps: [
      ...(create ? [create] : []),
      ...joins,
      ...(managed && "jobStep" in managed ? [managed.jobStep] : []),
      ...(link ? [link] : []),
    ],
    already: [...open.already, ...(managed && "already" in managed ? [managed.already] : [])],
    notes: [...notes, ...open.notes, ...(person ? notesOn(person, asked, world.now()) : [])],
    link,
  };
}

/** The name in its parts; a whole one where only one part was given, unless it is in doubt which is which. */
function nameOf({ login, first_name, last_name }: OnboardArgs): {
  readonly first?: string | undefined;
  readonly last?: string | undefined;
  readonly note?: string;
  readonly doubt?: string;
} {
  const [first, last] = [first_name, last_name].map((one) => (one === undefined ? undefined : tidied(one)));
  if (first !== undefined && last !== undefined) return { first, last };
  const whole = first ?? last ?? tidied(/^\s*"?([^"<>@]+?)"?\s*</.exec(login)?.[1] ?? "");
  if (!/[\s,，]/.test(whole)) return { first, last };
  const parts = fullName(whole);
  if (parts === undefined) {
    return { first, last, doubt: ` Which part of “${cleanText(whole).slice(0, 80)}” is which?` };
  }
  return {
    ...parts,
    note: `“${cleanText(whole).slice(0, 80)}” was read as first name ${parts.first}, last name ${parts.last}.`,
  };
}

const mostNamesakes = 3;

function calledSo(people: readonly Someone[]): string {
  const shown = people.slice(0, mostNamesakes).map(inWords).join("; ");
  const more = people.length > mostNamesakes ? ` and ${people.length - mostNamesakes} more` : "";
  return `Called so, and here already under another login: ${shown}${more}: is it the same person? Then onboard that login.`;
}

const createOf = ({ login, first_name, last_name, welcome }: OnboardArgs): JobStep => ({
  step: {
    tool: "create_user",
    args: {
      email: login,
      first_name,
      last_name,
      ...(welcome === "mail" && { send_login_information: true }),
    },
  },
  things: [{ what: "person", done: welcome === "mail" ? "created, sign-in mailed" : "created" }],
});

const linkOf = (person: Someone | undefined, login: string, needs: JobStep | undefined): JobStep => ({
  step: {
    tool: "get_login_key",
    args: { ...(person ? { user_id: person.id } : { user_email: login }), key_type: "daily" },
  },
  things: [{ what: "sign-in link", done: "made, good until midnight UTC" }],
  ...(needs && { needs: [needs] }),
});

function notesOn(person: Someone, { first_name, last_name, welcome }: OnboardArgs, now: number): string[] {
  const { row } = person;
  const isOther = (given: string | undefined, shown: unknown) =>
    given !== undefined && likeness(given) !== likeness(String(shown ?? ""));
  const differs = isOther(first_name, row.first_name) || isOther(last_name, row.last_name);
  return [
    `They were here before: ${inWords(person)}; their account was not changed.`,
    ...(differs ? ["Their name here is another than was given: is it the same person?"] : []),
    ...(isGone(person, now)
      ? ["They have no access now: update_user with access_end_date gives it back."]
      : []),
    ...(welcome === "mail"
      ? ["No sign-in was mailed: SkyPrep does that only when it creates somebody."]
      : []),
  ];
}
