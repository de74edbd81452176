import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/journal/verify.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { Unreachable } from "../../src/skyprep/response.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { policyFile } from "../policy/policed.ts";
import { connect, noon } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { expectPrivate } from "../support/private-files.ts";
import { seededTables } from "../support/seeded.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** An academy that outlives the processes before it, which share a state folder. */
function house() {
  const state = temporaryFolder("run");
  const { send, world } = createSandbox({
    now: () => noon,
    people: 100,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
  });
  const sent: string[] = [];
  const counted: Send = async (request, ...rest) => {
    sent.push(request.route);
    return send(request, ...rest);
  };
  const open = (run: string | undefined, { through = counted, at = noon, env = {} } = {}) =>
    connect(
      through,
      { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state, ...(run && { SKYPREP_RUN: run }), ...env },
      { person: agreeing, clock: { now: () => at, after: () => () => {} } },
    );
  const count = (route: string) => sent.filter((one) => one === route).length;
  return { state, world, open, count, counted, send };
}

describe("a run", () => {
  it("that is started twice for the same input does everything once, and answers as it did", async () => {
    const { open, count } = house();
    const night = async () => {
      const server = await open("night");
      const replies = [
        await server.call("create_course", { name: "Snakes" }),
        await server.call("update_user", { user_id: 104, title: "Chief" }),
        await server.call("update_user", { user_id: 104, title: "Captain" }),
      ];
      await server.close();
      return replies;
    };

    const [first, second] = [await night(), await night()];

    expect(second.map(({ outcome }) => outcome)).toEqual(["done", "done", "done"]);
    expect(second[0]?.structured).toMatchObject({ already: true, change: 1, made: first[0]?.structured?.id });
    expect([count("create_course"), count("update_user")]).toEqual([1, 2]);
  });

  it("tells a second time from a repetition: in, out and in again are three changes", async () => {
    const { open, world } = house();
    const who = { user_id: 102, user_group_id: 303 };
    const night = async () => {
      const server = await open("night");
      await server.call("enroll_user_in_user_group", who);
      await server.call("enroll_user_in_user_group", who);
      await server.call("remove_user_from_user_group", who);
      await server.call("enroll_user_in_user_group", who);
      await server.close();
    };

    await night();
    const after = world.groups.get(303)?.members.has(102);
    await night();

    expect([after, world.groups.get(303)?.members.has(102)]).toEqual([true, true]);
  });

  it("does again what failed, what was undone, and what another run did", async () => {
    const { open, count } = house();
    const [one, other] = [await open("one"), await open("other")];

    await one.call("create_course", { name: "Snakes" });
    const undone = await one.call("undo_change", { change: 1 });
    expect(undone.outcome, undone.text).toBe("done");
    await one.call("create_course", { name: "Snakes" });
    await other.call("create_course", { name: "Snakes" });
    await Promise.all([one.close(), other.close()]);

    expect(count("create_course")).toBe(3);
  });

  it("tells calls apart that differ in a secret only, and keeps none of it", async () => {
    const { open, count, state } = house();
    const server = await open("night");

    await server.call("update_user", { user_id: 104, password: "Hunter2-first" });
    await server.call("update_user", { user_id: 104, password: "Hunter2-second" });
    await server.call("update_user", { user_id: 104, password: "Hunter2-second" });
    await server.close();

    expect(count("update_user")).toBe(2);
    expect(readFileSync(join(state, "journal", "journal.jsonl"), "utf8")).not.toContain("Hunter2");
  });

  it("knows a call again however it spells whom it means", async () => {
    const { open, count, world } = house();
    const login = world.people.get(141)?.email ?? "";
    const other = world.people.get(142)?.email ?? "";
    const spellings = [{ user_id: 141 }, { user_email: login }, { user_email: ` ${login.toUpperCase()} ` }];
    const writes: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ["create_gamification_transaction", { amount: 5 }],
      ["enroll_user_in_course", { course_id: 203 }],
      ["update_user", { title: "Chief" }],
    ];
    for (const [tool, args] of writes) {
      for (const [nth, order] of [spellings, spellings.toReversed()].entries()) {
        const server = await open(`${tool}-${nth}`);
        const before = count(tool);
        for (const who of order) {
          const { outcome, text } = await server.call(tool, { ...args, ...who });
          expect(outcome, text).toBe("done");
        }
        await server.close();
        expect([tool, count(tool) - before]).toEqual([tool, 1]);
      }
    }
    const server = await open("lists");
    for (const who of [
      { user_ids: [141, 142] },
      { user_ids: [142, 141, 141] },
      { user_emails: [other, login.toUpperCase()] },
    ]) {
      for (const course_ids of [
        [201, 203],
        [203, 201],
      ]) {
        const { outcome, text } = await server.call("mass_enroll", { ...who, course_ids });
        expect(outcome, text).toBe("done");
      }
    }
    await server.call("create_gamification_transaction", { user_email: login, amount: 5 });
    await server.call("create_gamification_transaction", { user_email: other, amount: 5 });
    await server.close();

    expect(count("mass_enroll")).toBe(1);
    expect(count("create_gamification_transaction")).toBe(4);
  });

  it("knows a call again about somebody who has another login since, or is gone", async () => {
    const { open, count, world } = house();
    const [renamed, gone] = [141, 142].map((id) => world.people.get(id)?.email ?? "");
    for (let night = 0; night < 2; night++) {
      const server = await open("night");
      const replies = [
        await server.call("update_user", { user_email: renamed, email: "anew@example.com" }),
        await server.call("destroy_user", { user_email: gone }),
      ];
      await server.close();
      for (const { outcome, text } of replies) expect(outcome, text).toBe("done");
    }

    expect([count("update_user"), count("destroy_user")]).toEqual([1, 1]);
  });

  it("tells in, out and in again apart under any spelling", async () => {
    const { open, world } = house();
    const who = { user_id: 102, user_group_id: 303 };
    const login = { user_email: world.people.get(102)?.email, user_group_id: 303 };
    const server = await open("night");
    await server.call("enroll_user_in_user_group", who);
    await server.call("remove_user_from_user_group", login);
    await server.call("enroll_user_in_user_group", who);
    await server.close();

    expect(world.groups.get(303)?.members.has(102)).toBe(true);
  });

  it("does not send what may be done already while whom it names cannot be read", async () => {
    const { open, counted, count, world } = house();
    const login = world.people.get(141)?.email;
    const blind: Send = async (request, ...rest) => {
      if (request.route === "get_user") throw new Unreachable("Out of reach.", "Wait.", "no");
      return counted(request, ...rest);
    };
    const server = await open("night", { through: blind });
    const first = await server.call("enroll_user_in_course", { user_email: login, course_id: 203 });
    const second = await server.call("enroll_user_in_course", { user_id: 141, course_id: 203 });
    const again = await server.call("enroll_user_in_course", { user_email: login, course_id: 203 });
    await server.close();
    const later = await open("night");
    const third = await later.call("enroll_user_in_course", { user_id: 141, course_id: 203 });
    await later.close();

    expect(count("enroll_user_in_course"), first.text).toBe(1);
    expect(second.text).toMatch(/was not sent: whom it names could not be read/);
    expect([again.structured?.already, third.structured?.already], third.text).toEqual([true, true]);
  });

  it("looks for what a lost answer left, and does not repeat it", async () => {
    const { open, counted, count, send } = house();
    const proofs = /^get_(courses?|.*enrollments.*|course_progress.*)$/;
    const loses: Send = async (request, ...rest) => {
      if (/^(create_course|enroll_user_in_course)$/.test(request.route)) {
        await counted(request, ...rest);
        throw new Unreachable("The connection was lost.", "Look.", "maybe");
      }
      // Nothing tells what became of it, once it was sent.
      if (count("create_course") + count("enroll_user_in_course") > 0 && proofs.test(request.route))
        throw new Unreachable("Out of reach.", "Wait.", "no");
      return send(request, ...rest);
    };
    const enrolling = { user_id: 105, course_id: 203 };
    const first = await open("night", { through: loses });
    const lost = [
      await first.call("create_course", { name: "Snakes" }),
      await first.call("enroll_user_in_course", enrolling),
    ];
    await first.close();

    const second = await open("night");
    const looked = [
      await second.call("create_course", { name: "Snakes" }),
      await second.call("enroll_user_in_course", enrolling),
    ];
    await second.close();

    expect(lost[0]?.outcome).toBe("unknown");
    expect([count("create_course"), count("enroll_user_in_course")]).toEqual([1, 1]);
    for (const { outcome, text } of looked) expect(["done", "unknown"], text).toContain(outcome);
    expect(looked[1]?.outcome, looked[1]?.text).toBe("done");
  });

  it("sends again what reads show was not done, once it cannot be on its way any more", async () => {
    const { open, send, count } = house();
    const swallows: Send = async (request, ...rest) => {
      if (request.route === "enroll_user_in_user_group")
        throw new Unreachable("The connection was lost.", "Look.", "maybe");
      return send(request, ...rest);
    };
    const who = { user_id: 102, user_group_id: 303 };
    const first = await open("night", { through: swallows });
    await first.call("enroll_user_in_user_group", who);
    await first.close();

    const soon = await open("night", { at: noon + 5_000 });
    const early = await soon.call("enroll_user_in_user_group", who);
    await soon.close();
    const later = await open("night", { at: noon + 120_000 });
    const late = await later.call("enroll_user_in_user_group", who);
    await later.close();

    expect([early.outcome, late.outcome], early.text).toEqual(["unknown", "done"]);
    expect(count("enroll_user_in_user_group")).toBe(1);
  });

  it("is listed by its name, and says of each change of which run it is", async () => {
    const { open } = house();
    for (const run of ["one", "two", undefined]) {
      const server = await open(run);
      await server.call("create_course", { name: `Of ${run}` });
      await server.close();
    }

    const server = await open(undefined);
    const [one, all, none] = [
      await server.call("list_changes", { run: "one" }),
      await server.call("list_changes"),
      await server.call("list_changes", { run: "three" }),
    ];
    await server.close();

    expect(one.structured).toMatchObject({ total: 1, items: [{ run: "one", on: "new Of one" }] });
    expect(all.structured?.total).toBe(3);
    expect(none.text).toMatch(/^0 changes|Nothing was changed in a run called “three”/m);
  });

  it("is not said to have changed nothing where a policy shows nothing of it", async () => {
    const { open } = house();
    const server = await open("night");
    await server.call("update_user", { user_id: 104, title: "Chief" });
    await server.close();
    const policed = await open(undefined, { env: { SKYPREP_POLICY: policyFile({ groups: [301] }) } });
    const reply = await policed.call("list_changes", { run: "night" });
    await policed.close();

    expect(reply.text).toContain("Nothing that this policy shows was changed in a run called “night”.");
    expect(reply.text).not.toContain("Nothing was changed");
  });

  it("is undone as far as it goes, newest first, with one question, and says what stays and why", async () => {
    const { state, open, world, send } = house();
    const title = world.people.get(104)?.profile.title;
    const server = await open("night");
    await server.call("update_user", { user_id: 104, title: "Chief" });
    await server.call("update_user", { user_id: 104, title: "Captain" });
    await server.call("create_course", { name: "Snakes" });
    await server.call("destroy_user", { user_id: 120 });
    await server.close();
    const questions: string[] = [];
    const undoing = await connect(
      send,
      { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state },
      {
        person: (form) => {
          questions.push(form.message);
          return agreeing(form);
        },
      },
    );

    const reply = await undoing.call("undo_change", { run: "night" });
    const again = await undoing.call("undo_change", { run: "night" });
    await undoing.close();

    expect(questions).toHaveLength(1);
    expect(reply.outcome, reply.text).toBe("partly");
    expect(reply.text).toMatch(/change 7[\s\S]*change 5[\s\S]*change 3[\s\S]*|undone/);
    expect(reply.text).toMatch(/Delete a person.*not undone.*cannot be undone/);
    expect(world.people.get(104)?.profile.title).toBe(title);
    expect(again.outcome, again.text).toBe("partly");
    expect(again.text).toMatch(/Nothing of run|already/);
    expect((await verify(join(state, "journal"))).breaks).toEqual([]);
  });

  it("keeps what it came to in figures and names of tools, for its owner's eyes only", async () => {
    const { state, open } = house();
    const server = await open("night");
    await server.call("create_course", { name: "Snakes" });
    await server.call("create_course", { name: "Snakes" });
    await server.call("destroy_course", { course_id: 202 });
    await server.call("update_user", { user_email: "avery@example.com", title: "Chief" });
    await server.call("get_user", { user_id: 1 });
    await server.close();

    const file = join(state, "runs", "night.json");
    const text = readFileSync(file, "utf8");

    expectPrivate(file);
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      run: "night",
      planned: 4,
      done: 3,
      asked: 1,
      skipped: 1,
      tools: {
        create_course: { done: 1, skipped: 1 },
        destroy_course: { done: 1 },
        update_user: { done: 1 },
      },
    });
    expect(JSON.parse(text).calls).toBeGreaterThan(3);
    expect(text).not.toMatch(/avery|Snakes|@/);
  });

  it("takes no name that could be another file's", async () => {
    for (const run of ["../x", "a/b", ".hidden", "a b", "x".repeat(70)]) {
      const { open } = house();
      const server = await open(run);
      const reply = await server.call("get_program");
      await server.close();

      expect(reply.text).toMatch(/SKYPREP_RUN: write letters/);
    }
  });
});
