import { expect, it } from "vitest";
import { createSandbox, type SandboxOptions } from "../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Outgoing } from "../../../src/skyprep/send.ts";
import { connect, noon } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

type Dialect = NonNullable<SandboxOptions["dialect"]>;
const apart: Dialect = { "archived-are-listed": "left-out" };

/** An academy in which every question is heard, and agreed to. */
async function open(
  dialect: Dialect,
  instead: (request: Outgoing) => Incoming | undefined = () => undefined,
) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
    dialect,
  });
  const sent: string[] = [];
  const asked: string[] = [];
  const academy = await connect(
    async (request, signal) => {
      if (request.route === "get_course_progresses") sent.push(request.body);
      return instead(request) ?? sandbox.send(request, signal);
    },
    { SKYPREP_SANDBOX: "true" },
    {
      person: (form) => {
        asked.push(form.message);
        return agreeing(form);
      },
    },
  );
  const { world } = sandbox;
  /** Learners with archived records, those with most of them first, and one with none. */
  const learners = [...world.people.values()].filter(({ role }) => role === "learner");
  const archived = (id: number) => world.progress.of(id).filter(({ status }) => status === "archived").length;
  const some = learners.filter(({ id }) => archived(id) > 0).sort((a, b) => archived(b.id) - archived(a.id));
  const none = learners.find(({ id }) => archived(id) === 0 && world.progress.of(id).length > 0);
  const [{ id: one = 0, email = "" } = {}, { id: other = 0 } = {}] = some;
  return { ...academy, world, sent, asked, archived, one, email, other, none: none?.id ?? 0 };
}
type Open = Awaited<ReturnType<typeof open>>;

const asksOf = async (academy: Open, name: string, args: Record<string, unknown>) => {
  const reply = await academy.call(name, args);
  expect(reply.text).not.toMatch(/not sent/);
  return academy.asked.at(-1) ?? "";
};
const looks = ({ sent }: Open) => sent.filter((body) => /status=archived/.test(body));

it.each([
  ["destroy_user", ({ one }: Open) => ({ user_id: one })],
  [
    "move_training_data",
    ({ one, none }: Open) => ({
      source_user_id: one,
      target_user_id: none,
      inclusion_list: ["course_progresses"],
    }),
  ],
  [
    "destroy_course",
    ({ world, one }: Open) => ({
      course_id: world.progress.of(one).find(({ status }) => status === "archived")?.course_id,
    }),
  ],
  ["merge_people", ({ one, none }: Open) => ({ from: String(one), into: String(none) })],
  ["merge_people", ({ one, none }: Open) => ({ from: String(none), into: String(one), delete: true })],
] as const)("%s counts archived records, too, where they are listed by themselves", async (name, args) => {
  const [ordinary, other] = [await open({}), await open(apart)];

  const wanted = await asksOf(ordinary, name, args(ordinary));
  const question = await asksOf(other, name, args(other));
  await ordinary.close();
  await other.close();

  expect(wanted).toMatch(/\d archived/);
  expect(question).toBe(wanted);
});

it("asks nothing more where they stand among the others, and two small things once where none did", async () => {
  const shown = await open({});
  await asksOf(shown, "destroy_user", { user_id: shown.one });
  await asksOf(shown, "destroy_user", { user_id: shown.none });
  await shown.close();
  const academy = await open({});
  await asksOf(academy, "destroy_user", { user_id: academy.none });
  await asksOf(academy, "destroy_user", { user_id: academy.one });
  await academy.close();

  expect(looks(shown)).toEqual([]);
  expect(looks(academy)).toEqual(["status=archived&per_page=1"]);
  expect(academy.sent.filter((body) => /updated_at_greater_than/.test(body))).toHaveLength(1);
});

it("says that they could not be counted where they cannot be asked for", async () => {
  const refusing = (request: Outgoing): Incoming | undefined =>
    request.route === "get_course_progresses" && /status=archived/.test(request.body)
      ? { status: 500, contentType: "text/plain", body: new TextEncoder().encode("down") }
      : undefined;
  const academy = await open(apart, refusing);

  const question = await asksOf(academy, "destroy_user", { user_id: academy.one });
  await academy.close();

  expect(question).toMatch(/at least \d+ course enrollments? \([^)]*; archived ones could not be counted\)/);
});

it("does not delete whom archived records may be left with after a move", async () => {
  const academy = await open(apart);
  const { one, none, world } = academy;
  const reply = await academy.call("merge_people", { from: String(one), into: String(none), delete: true });
  await academy.close();

  // Whatever stayed with them, they stayed, too.
  expect(world.people.has(one), reply.text).toBe(world.progress.of(one).length > 0);
});
