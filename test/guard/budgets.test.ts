import { afterEach, describe, expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { type Around, connect, noon } from "../support/academy.ts";
import { reads } from "../support/catalogue.ts";
import { type Form, yes } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";
import { temporaryFolder } from "../support/temporary.ts";

const anHour = 3_600_000;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** One academy and one state folder, for as many processes as a test wants. */
function shared(settings: Record<string, string> = {}) {
  let time = noon;
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => time,
    people: 120,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const sent: string[] = [];
  const asked: Form[] = [];
  const send: Send = async (request, signal) => {
    if (!reads.has(request.route)) sent.push(request.route);
    return sandbox.send(request, signal);
  };
  const env = {
    SKYPREP_SANDBOX: "true",
    SKYPREP_STATE_DIR: temporaryFolder("state"),
    ...settings,
  };
  return {
    sent,
    asked,
    world: sandbox.world,
    later: (ms: number) => {
      time += ms;
    },
    async open(more: Record<string, string> = {}, around: Around = {}) {
      const academy = await connect(
        send,
        { ...env, ...more },
        {
          clock: { now: () => time, after: () => () => {} },
          person: (form) => {
            asked.push(form);
            return yes(form);
          },
          ...around,
        },
      );
      closing.push(academy.close);
      return academy;
    },
  };
}

const erase = (n: number) => ({ course_id: 201 + n });

describe("deletions", () => {
  it("are refused past the hour's limit before anybody is asked, over a restart, with the setting that raises it", async () => {
    const { open, sent, asked } = shared({ SKYPREP_MAX_DELETIONS: "3" });
    const first = await open();
    for (let n = 0; n < 3; n++) await first.call("destroy_course", erase(n));
    const second = await open();

    const reply = await second.call("destroy_course", erase(3));

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/3 deletions an hour.*SKYPREP_MAX_DELETIONS/);
    expect(asked).toHaveLength(3);
    expect(sent).toEqual(Array(3).fill("destroy_course"));
  });

  it("are 25 unless set otherwise, and may go on when the hour is over", async () => {
    const { open, sent, later } = shared();
    const academy = await open();
    for (let n = 0; n < 26; n++) await academy.call("destroy_course", erase(n));
    expect(sent).toHaveLength(25);

    later(anHour + 1);
    await academy.call("destroy_course", erase(30));

    expect(sent).toHaveLength(26);
  });

  it("do not count what a person refused, nor what SkyPrep refused", async () => {
    const { open, sent } = shared({ SKYPREP_MAX_DELETIONS: "1" });
    const academy = await open({}, { person: () => ({ action: "decline" }) });
    await academy.call("destroy_course", erase(0));
    const other = await open();

    await other.call("destroy_course", erase(1));

    expect(sent).toEqual(["destroy_course"]);
  });

  it("hold with SKYPREP_CONFIRM=off too, of two processes at once", async () => {
    const { open, sent } = shared({ SKYPREP_MAX_DELETIONS: "4", SKYPREP_CONFIRM: "off" });
    const [one, two] = [await open(), await open()];

    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? one : two).call("destroy_course", erase(n))),
    );

    expect(sent).toHaveLength(4);
    expect(replies.filter(({ isError }) => isError)).toHaveLength(6);
  });
});

describe("grants of power", () => {
  it("are counted by person, and refused past the hour's limit", async () => {
    const { open, sent } = shared({ SKYPREP_MAX_GRANTS: "3" });
    const academy = await open();
    const grant = (user_ids: number[]) =>
      academy.call("create_or_update_power_users", { user_ids, user_role_id: 601, dataset_ids: [701] });
    await grant([103, 104]);

    const reply = await grant([105, 106]);

    expect(reply.text).toMatch(/3 grants of power an hour.*SKYPREP_MAX_GRANTS/);
    expect((await grant([105])).isError).toBe(false);
    expect(sent).toHaveLength(2);
  });
});

describe("people", () => {
  it("reached through a group count: one call too large is refused before anybody is asked", async () => {
    const { open, sent, asked, world } = shared({ SKYPREP_MAX_PEOPLE: "10" });
    const academy = await open();
    expect(world.groups.get(301)?.members.size).toBeGreaterThan(10);

    for (const [name, args] of [
      ["add_course_to_user_group", { user_group_id: 301, course_id: 230 }],
      ["destroy_user_group", { user_group_id: 301 }],
      ["mass_enroll", { user_ids: Array.from({ length: 11 }, (_, n) => 101 + n), course_ids: [201] }],
    ] as const) {
      const reply = await academy.call(name, args);
      expect(reply.text, name).toMatch(/one call may reach 10.*SKYPREP_MAX_PEOPLE/);
    }
    expect(asked).toEqual([]);
    expect(sent).toEqual([]);
  });

  it.each([
    ["through a path", "add_course_to_learning_path", { learning_path_id: 402, course_id: 230 }],
    ["in a group that goes", "destroy_user_group", { user_group_id: 301 }],
    ["on a path that goes", "destroy_learning_path", { learning_path_id: 402 }],
    ["in a course that goes", "destroy_course", { course_id: 202 }],
  ])("are counted where they are %s, asked about or not", async (_, name, args) => {
    for (const confirm of ["ask", "unattended", "off"]) {
      const { open, sent, asked } = shared({ SKYPREP_MAX_PEOPLE: "10", SKYPREP_CONFIRM: confirm });
      const academy = await open();

      const reply = await academy.call(name, args);

      expect(reply.text, confirm).toMatch(/one call may reach 10.*SKYPREP_MAX_PEOPLE/);
      expect([asked, sent], confirm).toEqual([[], []]);
    }
  });

  it.each(["ask", "off"])(
    "named in a list are allowed up to the setting, not one more, however long the list, mode %s",
    async (confirm) => {
      const most = 1_500;
      const { open, sent } = shared({ SKYPREP_MAX_PEOPLE: String(most), SKYPREP_CONFIRM: confirm });
      const academy = await open();
      const ids = (n: number) => Array.from({ length: n }, (_, one) => 1_001 + one);
      const logins = (n: number) => ids(n).map((id) => `p${id}@example.com`);
      const groups = (user_ids: number[]) => ({ name: "Everybody", course_ids: [201], user_ids });

      for (const [name, args] of [
        ["mass_enroll", { user_ids: ids(most + 1), course_ids: [201] }],
        ["mass_enroll", { user_emails: logins(most + 1), course_ids: [201] }],
        ["create_user_group", groups(ids(most + 1))],
        ["create_learning_path", groups(ids(most + 1))],
      ] as const) {
        const reply = await academy.call(name, args);
        expect(reply.text, name).toMatch(/reaches 1501 people; one call may reach 1500.*SKYPREP_MAX_PEOPLE/);
      }
      expect(sent).toEqual([]);
      await academy.call("mass_enroll", { user_ids: [...ids(most), ...ids(7)], course_ids: [201] });
      await academy.call("mass_enroll", { user_emails: logins(most), course_ids: [201] });
      // Let through both; nobody here has such a number, and each is tried in the three spellings of a list.
      expect(sent).toEqual(Array.from({ length: 6 }, () => "mass_enroll"));
    },
  );

  it("whose registrations go are counted", async () => {
    const { open, sent } = shared({ SKYPREP_MAX_PEOPLE: "2", SKYPREP_CONFIRM: "off" });
    const academy = await open();
    const reply = await academy.call("destroy_ilt_timeslot_registrations", {
      instructor_led_training_timeslot_registration_ids: [521, 522, 523],
    });

    expect(reply.text).toMatch(/one call may reach 2.*SKYPREP_MAX_PEOPLE/);
    expect(sent).toEqual([]);
  });

  it("who are taken from one group of many are one", async () => {
    const { open, sent } = shared({ SKYPREP_MAX_PEOPLE: "10" });
    const academy = await open();

    await academy.call("remove_user_from_user_group", { user_id: 102, user_group_id: 301 });

    expect(sent).toEqual(["remove_user_from_user_group"]);
  });
});

describe("enrolling many", () => {
  it("one by one is not asked about until 25 in an hour, and then it is", async () => {
    const { open, sent, asked } = shared();
    const academy = await open();
    for (let n = 0; n < 25; n++)
      await academy.call("enroll_user_in_course", { user_id: 101 + n, course_id: 203 });
    expect(asked).toEqual([]);

    await academy.call("enroll_user_in_course", { user_id: 130, course_id: 203 });

    expect(asked).toHaveLength(1);
    expect(asked[0]?.message).toMatch(
      /25 other enrollments were made in the last hour without anyone being asked/,
    );
    expect(sent).toHaveLength(26);
  });

  it("counts each pair, and forgets them after the hour", async () => {
    const { open, asked, later } = shared();
    const academy = await open();
    const user_ids = Array.from({ length: 5 }, (_, n) => 101 + n);
    await academy.call("mass_enroll", { user_ids, course_ids: [201, 202, 203, 204, 205] });
    expect(asked).toEqual([]);

    later(anHour + 1);
    await academy.call("mass_enroll", { user_ids, course_ids: [206, 207] });
    expect(asked).toEqual([]);
    await academy.call("mass_enroll", { user_ids, course_ids: [206, 207, 208, 209] });

    expect(asked).toHaveLength(1);
  });

  it("does not count what was asked about", async () => {
    const { open, asked } = shared();
    const academy = await open();
    const user_ids = Array.from({ length: 30 }, (_, n) => 101 + n);
    await academy.call("mass_enroll", { user_ids, course_ids: [201] });
    expect(asked).toHaveLength(1);

    await academy.call("mass_enroll", { user_ids: [101], course_ids: [203] });

    expect(asked).toHaveLength(1);
  });

  it("goes on unasked where nobody is there to be asked; nothing else does", async () => {
    const { open, sent, asked } = shared({ SKYPREP_CONFIRM: "unattended" });
    const academy = await open();
    const user_ids = Array.from({ length: 40 }, (_, n) => 101 + n);

    await academy.call("mass_enroll", { user_ids, course_ids: [201] });
    const reply = await academy.call("destroy_course", erase(1));

    expect(asked).toEqual([]);
    expect(sent).toEqual(["mass_enroll"]);
    expect(reply.text).toMatch(/needs a person's yes.*unattended/);
  });
});
