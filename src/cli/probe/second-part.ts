import { randomBytes } from "node:crypto";
import type { MadeKind, ProbeLeft, ProbeMade } from "../../state/probe-left.ts";
import { errorForm, idOf, isData, isGood, type RawAnswer, recordOf, rowsOf, textIn } from "./answer.ts";
import type { ProbeQuestion } from "./ask.ts";
import type { Verdicts } from "./seen.ts";
import { isIt, lookFor, type ProbeAsking, things } from "./things.ts";

/** Every route that the second part may send to, and no other. */
export const writeRoutes: ReadonlySet<string> = new Set([
  "create_user",
  "update_user",
  "create_course",
  "create_user_group",
  "create_learning_path",
  "enroll_user_in_courses",
  ...Object.values(things).map(({ destroy }) => destroy),
]);

export interface ProbeWrites {
  /** Reads, and the writes above. */
  readonly ask: ProbeAsking;
  /** Writes one down in the journal, sends it, and writes down what became of it. */
  readonly write: (question: ProbeQuestion, target: ProbeMade) => Promise<RawAnswer>;
  readonly yes: (question: string) => Promise<boolean>;
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
  readonly left: ProbeLeft;
  /** A digest of the account. */
  readonly account: string;
  /** Throws where somebody told it to end: between two steps, never within one. */
  readonly goOn: () => void;
}

export const introduction = `The second part makes a learner, two courses, a group and a learning path under names of its own, changes and enrolls
the learner, looks, and removes all of it again. A seat of your plan may be used, and a mail may be sent, to an address
at example.invalid that reaches nobody. Each step is asked first. Begin?`;

/** Long enough for whatever shows a write late. */
const lateMs = 5_000;

/** What only writes can show. What it makes it removes again, as far as it is let. */
export async function secondPart(world: ProbeWrites): Promise<Verdicts> {
  const { yes, say } = world;
  if (!(await yes(introduction))) {
    say("Nothing was made.");
    return {};
  }
  const token = randomBytes(6).toString("hex");
  const seen: { -readonly [Id in keyof Verdicts]: Verdicts[Id] } = {};
  const make = (kind: MadeKind, mark: string, question: ProbeQuestion, asks: string) =>
    makeOne(world, { kind, mark, question, asks }, seen);
  try {
    // A capital among its letters: whether it stays one is seen.
    const login = `skyprep-mcp-probe-${token.slice(0, 6)}${token.slice(6).toUpperCase()}Q@example.invalid`;
    const learner = await make(
      "learner",
      login,
      {
        route: "create_user",
        form: {
          email: login,
          first_name: "skyprep-mcp",
          last_name: "probe",
          role: "learner",
          email_notifications: "false",
          send_login_information: "false",
        },
      },
      `Make the learner ${login}?`,
    );
    const named = (n: number) => `skyprep-mcp probe ${token}${n}`;
    const course = (n: number) =>
      make(
        "course",
        named(n),
        { route: "create_course", form: { name: named(n), active: "false" } },
        `Make the course “${named(n)}”, inactive?`,
      );
    const [first, second] = [await course(1), await course(2)];
    if (learner?.id !== undefined) await changed(world, learner, seen);
    const courses = [first?.id, second?.id];
    if (learner?.id !== undefined && courses.every((id) => id !== undefined))
      await enrolled(world, { learner, courses: courses as string[] }, seen);
    if (courses.every((id) => id !== undefined))
      await make(
        "group",
        named(3),
        { route: "create_user_group", form: { name: named(3), course_ids: courses.join(", ") } },
        `Make the group “${named(3)}” with both courses?`,
      ).then((group) => blanks(world, group, seen));
    await make(
      "path",
      named(4),
      { route: "create_learning_path", form: { name: named(4), description: "skyprep-mcp probe" } },
      `Make the learning path “${named(4)}”?`,
    );
  } finally {
    // As it is written down: also what was sent and not answered.
    const made = (await world.left.of(world.account)).filter(({ mark }) =>
      mark.toLowerCase().includes(token),
    );
    await removeAll(world, made.reverse(), seen);
  }
  return seen;
}

interface Making {
  readonly kind: MadeKind;
  readonly mark: string;
  readonly question: ProbeQuestion;
  readonly asks: string;
}
type Open = { -readonly [Id in keyof Verdicts]: Verdicts[Id] };

/** Undefined: it was not wanted, or refused. */
async function makeOne(world: ProbeWrites, { kind, mark, question, asks }: Making, seen: Open) {
  const { goOn, yes, left, account, write, say } = world;
  goOn();
  if (!(await yes(asks))) return undefined;
  goOn();
  const wanted: ProbeMade = { account, kind, mark };
  await left.put(wanted);
  const answer = await write(question, wanted);
  if (isRefused(answer)) {
    say(`    refused: no ${kind} was made.`);
    await left.drop(wanted);
    // Without a blank behind the comma it was taken.
    if (kind === "group" && seen["lists-by-comma"] === "holds") seen["lists-by-comma"] = "no-blanks";
    return undefined;
  }
  noteAnswer(answer, seen);
  const record = recordOf(answer)?.record;
  const told = isIt(record, wanted) ? idOf(record) : undefined;
  let found = await lookFor(told === undefined ? wanted : { ...wanted, id: told }, world.ask);
  if (found === undefined && isGood(answer)) {
    await world.pause(lateMs);
    found = await lookFor(told === undefined ? wanted : { ...wanted, id: told }, world.ask);
    if (found !== undefined) seen["writes-show-at-once"] = "later";
  } else if (found !== undefined) seen["writes-show-at-once"] ??= "holds";
  const id = told ?? idOf(found);
  const made: ProbeMade = id === undefined ? wanted : { ...wanted, id };
  await left.put(made);
  if (kind === "learner" && found !== undefined) {
    const kept = textIn(found, "email");
    seen["logins-keep-their-case"] =
      kept === mark ? "holds" : kept === mark.toLowerCase() ? "lowered" : "otherwise";
  }
  say(id === undefined ? `    sent; it was not seen yet` : `    made`);
  return made;
}

/** SkyPrep read it and said no; what was lost, or cannot be understood, may have been done. */
const isRefused = (answer: RawAnswer): boolean =>
  (answer.status >= 400 && answer.status < 500 && answer.status !== 408) ||
  (isGood(answer) && ["error", "errors", "error_message"].includes(errorForm(answer) ?? ""));

function noteAnswer(answer: RawAnswer, seen: Open): void {
  if (!isGood(answer)) return;
  if (answer.status === 204) seen["writes-answer"] = "204";
  else if (answer.is === "empty") seen["writes-answer"] = "empty";
  else if (isData(answer)) seen["writes-answer"] ??= "holds";
}

async function changed({ goOn, yes, write, ask, pause, say }: ProbeWrites, learner: ProbeMade, seen: Open) {
  goOn();
  if (!(await yes("Change the learner's title?"))) return;
  const title = "skyprep-mcp probe";
  const isThere = async () => textIn(await lookFor(learner, ask), "title") === title;
  noteAnswer(await write({ route: "update_user", form: { user_email: learner.mark, title } }, learner), seen);
  if (await isThere()) {
    seen["writes-show-at-once"] ??= "holds";
    return say("    changed, and seen at once");
  }
  await pause(lateMs);
  if (!(await isThere())) return say("    not seen to be changed");
  seen["writes-show-at-once"] = "later";
  say("    changed, and seen some seconds later");
}

interface Enrolling {
  readonly learner: ProbeMade;
  readonly courses: readonly string[];
}

/** Two courses in one text, without a blank. */
async function enrolled(
  { goOn, yes, write, ask, pause, say }: ProbeWrites,
  { learner, courses }: Enrolling,
  seen: Open,
) {
  goOn();
  if (!(await yes("Enroll the learner in both courses?"))) return;
  const form = { user_id: learner.id ?? "", course_ids: courses.join(",") };
  const answer = await write({ route: "enroll_user_in_courses", form }, learner);
  const count = async () => {
    const rows =
      rowsOf(await ask({ route: "get_user_courses", form: { user_email: learner.mark } }))?.rows ?? [];
    return rows.filter((row) => courses.includes(idOf(row) ?? "")).length;
  };
  let there = await count();
  if (there < 2 && !isRefused(answer)) {
    await pause(lateMs);
    there = await count();
  }
  if (there === 2) seen["lists-by-comma"] = "holds";
  else seen["lists-by-comma"] = there === 1 ? "blanks" : "brackets";
  say(`    in ${there} of 2 courses`);
}

/** The same with a blank behind the comma; what was refused is known already. */
async function blanks({ ask }: ProbeWrites, group: ProbeMade | undefined, seen: Open): Promise<void> {
  if (group === undefined || seen["lists-by-comma"] !== "holds") return;
  const record = recordOf(
    await ask({ route: "get_user_group", form: { user_group_id: group.id ?? "" } }),
  )?.record;
  const courses = Array.isArray(record?.courses) ? record.courses : [];
  if (courses.length < 2 && record !== undefined && isIt(record, group)) seen["lists-by-comma"] = "otherwise";
}

/**
 * Removes what was made, each asked first: only what still has its number and its mark. What is not removed, or not
 * seen to be gone, stays written down for the next run.
 */
export async function removeAll(
  world: ProbeWrites,
  made: readonly ProbeMade[],
  seen: Open = {},
): Promise<void> {
  const { say } = world;
  const remaining: ProbeMade[] = [];
  let failure: unknown;
  for (const one of made) {
    const isGone = await removeOne(world, one, seen).catch((error: unknown) => {
      failure ??= error;
      return false;
    });
    if (!isGone) remaining.push(one);
  }
  if (remaining.length === 0) return say("Nothing is left of it.");
  say("Left in the academy, and written down; the next probe asks again:");
  for (const { kind, mark, id } of remaining)
    say(`    the ${kind} ${mark}${id === undefined ? "" : ` (number ${id})`}`);
  if (failure !== undefined) throw failure;
}

/** Whether it is gone. */
async function removeOne(world: ProbeWrites, made: ProbeMade, seen: Open): Promise<boolean> {
  const { ask, left, pause, say, write, yes } = world;
  const { destroy, number } = things[made.kind];
  const found = (await lookFor(made, ask)) ?? (await pause(lateMs).then(() => lookFor(made, ask)));
  if (found === undefined) {
    say(`    the ${made.kind} ${made.mark} was not found under its own name and number: nothing was sent.`);
    // It may be on a page that was not read: who looks in the academy knows.
    if (!(await yes("Strike it from what is written down?"))) return false;
    await left.drop(made);
    return true;
  }
  if (!(await yes(`Remove the ${made.kind} ${made.mark}?`))) return false;
  const id = idOf(found) ?? "";
  // The page names a login alone for a person (skyprep-api §1.3).
  const form: Record<string, string> =
    made.kind === "learner" ? { user_email: textIn(found, "email") ?? made.mark } : { [number]: id };
  const answer = await write({ route: destroy, form }, { ...made, id });
  noteAnswer(answer, seen);
  let still = await lookFor({ ...made, id }, ask);
  if (still !== undefined) {
    await pause(lateMs);
    still = await lookFor({ ...made, id }, ask);
  }
  if (still !== undefined || isRefused(answer) || answer.is === "none") return false;
  await left.drop(made);
  if (made.kind === "learner") await noteDeleted(world, { ...made, id }, seen);
  say("    removed");
  return true;
}

async function noteDeleted({ ask }: ProbeWrites, made: ProbeMade, seen: Open): Promise<void> {
  const rows = rowsOf(await ask({ route: "get_users", form: {} }))?.rows;
  if (rows === undefined || rows.length === 0) return;
  if (rows.some((row) => idOf(row) === made.id)) seen["deleted-are-gone"] = "listed";
  // In pages, they may be on another one.
  else if (rows.length !== 25 && rows.length !== 100) seen["deleted-are-gone"] = "holds";
}
