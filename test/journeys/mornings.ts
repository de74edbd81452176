import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import type { Reply } from "../support/academy.ts";
import { type Desk, type Journey, played, type Row } from "./journey.ts";

/** What a question cost once what is kept was read: calls of ours, calls to SkyPrep, tokens of both sides. */
export interface Counter {
  readonly call: Desk["call"];
  /** What somebody did before the question came up: not counted. */
  readonly earlier: Desk["call"];
  readonly spent: () => Spent;
}

export interface Spent {
  readonly calls: number;
  readonly api: number;
  readonly tokens: number;
  readonly questions: number;
}

/** A question that used to take a morning, of an academy of any size. */
export interface Morning {
  readonly asks: string;
  /** Makes it so before anything is asked. */
  readonly given?: Journey["given"];
  /** Throws where the answer, or the academy afterwards, is not as it should be. */
  readonly play: (desk: Desk & Counter) => Promise<void>;
  readonly within: { readonly calls: number; readonly tokens: number; readonly questions?: number };
}

/** Counts from here on. */
export function counting(desk: Desk): Desk & Counter {
  let calls = 0;
  let tokens = 0;
  let api = 0;
  let questions = 0;
  return {
    ...desk,
    earlier: desk.call,
    async call(name, args) {
      calls += 1;
      const before = { api: desk.sent.length, questions: desk.asked.length };
      const reply = await desk.call(name, args);
      api += desk.sent.length - before.api;
      questions += desk.asked.length - before.questions;
      tokens += countTokens(JSON.stringify(args ?? {})) + countTokens(reply.text);
      return reply;
    },
    spent: () => ({ calls, api, tokens, questions }),
  };
}

/** Plays them one after the other in one academy, with training read before, and says what each cost. */
export async function spentOn(
  all: readonly Morning[],
  { people, strict }: { readonly people: number; readonly strict: boolean },
): Promise<readonly Spent[]> {
  const spent: Spent[] = [];
  const journey: Journey = {
    job: 0,
    asks: all.map(({ asks }) => asks).join(" "),
    people,
    given(world) {
      for (const { given } of all) given?.(world);
    },
    async play(desk) {
      await warmed(desk);
      for (const { play } of all) {
        const counter = counting(desk);
        await play(counter);
        spent.push(counter.spent());
      }
    },
  };
  // So many people at once are more than one call may reach unless somebody allows it.
  await played(journey, { strict, isTimed: true, settings: { SKYPREP_MAX_PEOPLE: "20000" } });
  return spent;
}

/** Training was read before, as it is every morning after the first. */
export async function warmed({ call, wait }: Desk): Promise<void> {
  for (let asks = 0; asks < 20; asks++) {
    const { structured } = await call("training_status");
    const { ask_again_in_seconds: seconds } = (structured?.reading ?? {}) as Record<string, number>;
    if (seconds === undefined) return;
    await wait(seconds);
  }
  throw new Error("never all read");
}

type World = Desk["world"];
type Progress = ReturnType<World["progress"]["of"]>[number];

const dayMs = 86_400_000;
const isOpen = ({ status }: Progress) => ["not-started", "in-progress", "failed"].includes(status);
const canSignIn = (world: World, id: number) => {
  const person = world.people.get(id);
  return person?.login_status !== "disabled" && (person?.access_end_date ?? world.now() + 1) > world.now();
};
const lateOf = (world: World) =>
  [...world.progress.values()].filter(
    (row) =>
      isOpen(row) &&
      row.deadline_date !== null &&
      row.deadline_date < world.now() &&
      canSignIn(world, row.user_id),
  );
const userGroups = (world: World) => [...world.groups.values()].filter(({ type }) => type === "user");
const nameOf = (world: World, id: number) => {
  const person = world.people.get(id);
  return `${id} ${person?.first_name} ${person?.last_name}`;
};

/** As one would write it down: whoever manages a group somebody is in, but nobody themselves. */
export function managersOf(world: World, person: number): string[] {
  const own = new Set(
    [...world.managerships.values()]
      .filter(
        ({ user_id, user_group_id }) =>
          user_id !== person && world.groups.get(user_group_id)?.members.has(person),
      )
      .map(({ user_id }) => nameOf(world, user_id)),
  );
  return own.size === 0 ? ["(no manager)"] : [...own];
}

export function tally(keys: readonly string[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const key of keys) all[key] = (all[key] ?? 0) + 1;
  return all;
}

/** A column of the figures, by the first. */
export function figureIn({ structured }: Pick<Reply, "structured">, name: string): Record<string, number> {
  const { columns, rows } = (structured ?? {}) as { columns: string[]; rows: Row[][] };
  const at = columns.indexOf(name);
  assert.ok(at > 0, `there is a column ${name} in ${columns}`);
  return Object.fromEntries(rows.map((row) => [String(row[0]), Number(row[at])]));
}

/** Of the file that a reply names, as it stands on this computer. */
const linesOf = ({ structured }: Pick<Reply, "structured">): string[] => {
  const { file } = ((structured ?? {}) as { export: { file: string } }).export;
  return readFileSync(file, "utf8").trim().split("\n");
};

const month = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/New_York",
  year: "numeric",
  month: "2-digit",
});

/** Those that change the academy come last. */
export const mornings: readonly Morning[] = [
  {
    asks: "Who manages whom?",
    within: { calls: 2, tokens: 3_000 },
    async play({ world, call, sent }) {
      const first = await call("access_review", { kind: "manager" });
      const before = sent.length;
      const again = await call("access_review", { kind: "manager" });

      const known = tally([...world.managerships.values()].map(({ user_id }) => String(user_id)));
      for (const { structured } of [first, again]) {
        const rows = (structured?.items ?? []) as { id: number; manages: string }[];
        const managing = rows.filter(({ manages }) => manages !== "none");
        assert.deepEqual(
          Object.fromEntries(managing.map(({ id, manages }) => [String(id), manages.split("; ").length])),
          known,
        );
      }
      assert.deepEqual(sent.slice(before), [], "nothing was asked of SkyPrep again");
    },
  },
  {
    asks: "A list for each manager of who is overdue.",
    within: { calls: 1, tokens: 1_500 },
    async play({ world, call }) {
      const reply = await call("training_status", { by: ["manager"], show: "overdue" });

      const late = lateOf(world);
      assert.deepEqual(
        figureIn(reply, "overdue"),
        tally(late.flatMap(({ user_id }) => managersOf(world, user_id))),
      );
      assert.equal(reply.structured?.total, late.length);
      const [header = "", ...rows] = linesOf(reply);
      assert.match(header, /^manager,user_id,name,login/);
      assert.equal(rows.length, late.length);
      const listed = rows.map((row) => row.split(",").slice(0, 2));
      for (const [manager, id] of listed)
        assert.equal(manager, managersOf(world, Number(id)).join("; "), `of ${id}`);
    },
  },
  {
    asks: "A ready letter to each manager who has somebody late.",
    within: { calls: 1, tokens: 1_500 },
    async play({ world, call }) {
      const reply = await call("chase");

      const leads = new Set(
        lateOf(world)
          .flatMap(({ user_id }) => managersOf(world, user_id))
          .filter((one) => one !== "(no manager)"),
      );
      assert.ok(leads.size > 5);
      assert.equal(reply.structured?.total, leads.size);
    },
  },
  {
    asks: "How do the groups compare?",
    within: { calls: 1, tokens: 600 },
    async play({ world, call }) {
      const reply = await call("training_status", { by: ["group"] });

      const here = [...world.progress.values()].filter(({ user_id }) => canSignIn(world, user_id));
      for (const [figure, holds] of [
        ["records", () => true],
        ["passed", ({ status }: Progress) => status === "passed"],
        ["open", isOpen],
      ] as const) {
        const found = figureIn(reply, figure);
        for (const { id, name, members } of userGroups(world)) {
          const own = here.filter((row) => members.has(row.user_id) && holds(row)).length;
          assert.equal(found[`${id} ${name}`] ?? 0, own, `${figure} of ${name}`);
        }
      }
      const gone = [...world.people.keys()].filter((id) => !canSignIn(world, id));
      assert.ok(gone.length > 0);
      assert.match(reply.text, /^\(cannot sign in\)\t\d+/m);
    },
  },
  {
    asks: "For the board: passes by group and month, as a table and a file.",
    within: { calls: 1, tokens: 1_000 },
    async play({ world, call }) {
      const reply = await call("training_status", { by: ["group", "month"] });

      const passes = [...world.progress.values()].filter(
        ({ user_id, status, completion_date }) =>
          status === "passed" && completion_date !== null && canSignIn(world, user_id),
      );
      const monthOf = ({ completion_date }: Progress) => month.format(completion_date ?? 0).slice(0, 7);
      const groups = userGroups(world);
      const cells = tally(
        passes.flatMap((row) =>
          groups
            .filter(({ members }) => members.has(row.user_id))
            .map(({ id, name }) => `${id} ${name},${monthOf(row)}`),
        ),
      );
      const [header = "", ...rows] = linesOf(reply);
      const at = header.split(",").indexOf("passed");
      const found = rows.map((row) => row.split(",")).filter(([, of]) => /^\d{4}-\d\d$/.test(of ?? ""));
      assert.deepEqual(
        Object.fromEntries(
          found.map((row) => [`${row[0]},${row[1]}`, Number(row[at])]).filter(([, n]) => n !== 0),
        ),
        cells,
      );
      assert.equal([reply.structured?.columns].flat().at(-1), month.format(world.now()).slice(0, 7));
    },
  },
  {
    asks: "Everybody in Asia Pacific takes Data Privacy Essentials.",
    within: { calls: 2, tokens: 400 },
    async play({ world, call }) {
      const planned = await call("plan_enrollment", {
        where: { ca_0: "Asia Pacific", status: "access" },
        courses: ["205"],
      });
      await call("apply_plan", { plan: String(planned.structured?.plan) });

      const meant = [...world.people.values()].filter(
        ({ id, profile }) => profile.ca_0 === "Asia Pacific" && canSignIn(world, id),
      );
      assert.equal(planned.structured?.people, meant.length);
      assert.ok(meant.length > 10);
      for (const { id } of meant)
        assert.ok(
          world.progress.of(id).some(({ course_id }) => course_id === 205),
          `${id} is in`,
        );
      const others = [...world.people.values()].filter((one) => !meant.includes(one));
      assert.ok(others.some(({ id }) => !world.progress.of(id).some(({ course_id }) => course_id === 205)));
    },
  },
  {
    asks: "A hundred people were planned into the wrong course this morning: take that back.",
    within: { calls: 1, tokens: 1_500, questions: 1 },
    given({ progress, enrollments }) {
      for (const row of [...progress.values()]) if (row.course_id === 240) progress.delete(row.id);
      for (const own of enrollments.values()) own.delete(240);
    },
    async play({ world, call, earlier }) {
      const people = [...world.people.values()]
        .filter(({ id, role }) => role === "learner" && canSignIn(world, id))
        .slice(0, 100)
        .map(({ id }) => String(id));
      const planned = await earlier("plan_enrollment", { people, courses: ["240"] });
      const plan = String(planned.structured?.plan);
      await earlier("apply_plan", { plan });
      const has = () => [...world.enrollments.values()].filter((own) => own.has(240)).length;
      assert.equal(has(), 100);

      await call("undo_change", { plan });

      assert.equal(has(), 0);
    },
  },
  {
    asks: "Forty people have not signed in for a year: close their accounts.",
    within: { calls: 2, tokens: 1_500, questions: 1 },
    given(world) {
      const learners = [...world.people.values()].filter(
        ({ id, role }) => role === "learner" && canSignIn(world, id),
      );
      for (const one of world.people.values()) one.last_login = world.now() - dayMs;
      for (const one of learners.slice(10, 50)) one.last_login = world.now() - 400 * dayMs;
    },
    async play({ world, call, asked }) {
      const dormant = [...world.people.values()].filter(
        ({ last_login }) => (last_login ?? 0) < world.now() - 365 * dayMs,
      );
      assert.equal(dormant.length, 40);

      const planned = await call("offboard_people", { where: { dormant_days: "365" } });
      const done = await call("apply_plan", { plan: String(planned.structured?.plan) });

      for (const { id, email } of dormant) {
        assert.ok(asked.at(-1)?.includes(email), `${email} is named in the question`);
        const end = world.people.get(id)?.access_end_date ?? 0;
        assert.equal(
          new Date(end).toISOString().slice(0, 10),
          "2026-11-24",
          `${id} has no access after today`,
        );
        assert.deepEqual(
          userGroups(world).filter(({ members }) => members.has(id)),
          [],
          `${id} is in no group`,
        );
      }
      assert.equal(done.structured?.finished, true);
      assert.equal(done.structured?.failed, 0);
    },
  },
];
