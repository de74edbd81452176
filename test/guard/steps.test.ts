import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { WriteStep } from "../../src/call/write/job-writes.ts";
import type { Job } from "../../src/jobs/job.ts";
import { refuse } from "../../src/reply/reply.ts";
import { type AcademyOptions, openAcademy } from "../support/academy.ts";
import { type Form, type FormResult, yes } from "../support/person.ts";

/** A job that means to do these steps, and then does those. */
const jobOf = (steps: WriteStep[], then: WriteStep[] = steps): Job => ({
  title: "Tidy up",
  description: "A job for tests.",
  effect: "change",
  idempotent: false,
  input: z.strictObject({ confirm: z.string().optional() }),
  async run({ confirm }, _, inner) {
    const agreed = await inner.agree({
      asks: "Tidy up?",
      facts: ["Two things go."],
      steps,
      code: confirm as string | undefined,
    });
    if (!("run" in agreed)) return agreed;
    const replies: string[] = [];
    for (const step of then) replies.push((await agreed.run(steps.find((one) => one === step) ?? step)).text);
    return { outcome: "done" as const, text: replies.join("\n") };
  },
});

async function open(job: Job, answer: (form: Form) => FormResult = yes, options: AcademyOptions = {}) {
  const asked: Form[] = [];
  const academy = await openAcademy({
    jobs: { tidy_up: job },
    person: (form) => {
      asked.push(form);
      return answer(form);
    },
    ...options,
  });
  return { ...academy, asked };
}

const leave: WriteStep = { tool: "remove_user_from_user_group", args: { user_id: 102, user_group_id: 301 } };
const expire: WriteStep = { tool: "update_user", args: { user_id: 102, access_end_date: "2026-11-30" } };
const erase: WriteStep = { tool: "destroy_user", args: { user_id: 105 } };
const rename: WriteStep = { tool: "update_course", args: { course_id: 201, name: "Start" } };

describe("a job", () => {
  it("asks once for all its steps, the strictest kind first, and then does each", async () => {
    const academy = await open(jobOf([leave, expire, erase, rename]));

    const { text } = await academy.call("tidy_up");

    expect(academy.asked).toHaveLength(1);
    const [form] = academy.asked;
    expect(form?.phrase).toBe("ruby.jacobs@example.com");
    expect(form?.message).toMatch(
      /Tidy up\?\nTwo things go\.\nNot all of this can be undone\. .*\nRemove “Jordan Manager” \(jordan@example\.com\) from the group “Sales Team” \(301\):/,
    );
    expect(form?.message).toMatch(
      /^Let “Jordan Manager” .* sign in only until 30 Nov 2026: [\s\S]*^Delete “Ruby Jacobs”/m,
    );
    expect(text.match(/Done/g)).toHaveLength(4);
    expect(academy.sandbox.world.people.has(105)).toBe(false);
    expect(academy.sandbox.world.groups.get(301)?.members.has(102)).toBe(false);
    await academy.close();
  });

  it("asks in its answer in the 2026 era, and is begun again with what was said", async () => {
    const academy = await open(jobOf([leave, rename]), yes, { mode: "auto" });

    const { text } = await academy.call("tidy_up");

    expect(academy.asked).toHaveLength(1);
    expect(text.match(/Done/g)).toHaveLength(2);
    expect(academy.sandbox.world.groups.get(301)?.members.has(102)).toBe(false);
    await academy.close();
  });

  it("does not ask where no step deserves it", async () => {
    const academy = await open(jobOf([rename]));

    expect((await academy.call("tidy_up")).text).toMatch(/Done/);
    expect(academy.asked).toEqual([]);
    await academy.close();
  });

  it.each([
    [10, undefined],
    [11, /And 1 more step/],
    [12, /And 2 more steps/],
  ])("of %i steps that are asked about names ten, and counts the rest", async (n, rest) => {
    const steps = Array.from({ length: n }, (_, index) => ({
      tool: "remove_user_from_user_group",
      args: { user_id: 103 + index, user_group_id: 301 },
    }));
    const academy = await open(jobOf(steps), () => ({ action: "decline" }));

    await academy.call("tidy_up");
    await academy.close();

    const message = academy.asked[0]?.message ?? "";
    expect(message.match(/^Remove “[^”]+” \([^)]+\) from/gm)).toHaveLength(10);
    if (rest === undefined) expect(message).not.toMatch(/And \d+ more/);
    else expect(message).toMatch(rest);
  });

  it("sends nothing on a no", async () => {
    const academy = await open(jobOf([rename, leave]), () => ({ action: "decline" }));

    expect((await academy.call("tidy_up")).text).toMatch(/said no/);
    expect(academy.sandbox.world.courses.get(201)?.name).toBe("New Hire Orientation");
    expect(academy.sandbox.world.groups.get(301)?.members.has(102)).toBe(true);
    await academy.close();
  });

  it("is refused a step that was not on the list, or one that was done already", async () => {
    const other: WriteStep = { tool: "destroy_course", args: { course_id: 202 } };
    const academy = await open(jobOf([leave], [leave, leave, other]));

    const { text } = await academy.call("tidy_up");

    expect(text.match(/nobody agreed to it/g)).toHaveLength(2);
    expect(academy.sandbox.world.courses.has(202)).toBe(true);
    await academy.close();
  });

  it("knows people again whose login an earlier step of its own changed, and nobody else", async () => {
    const steps: WriteStep[] = [
      { tool: "update_user", args: { user_id: 102, email: "jordan.new@example.com" } },
      leave,
    ];
    const people = [{ id: 102, login: "jordan@example.com" }];
    const [own, other] = [
      await open(jobOf(steps)),
      await open(jobOf(steps.map((step) => ({ ...step, people })))),
    ];
    const jordan = other.sandbox.world.people.get(102);
    if (jordan) jordan.email = "somebody@example.com";

    const done = await own.call("tidy_up");
    const strange = await other.call("tidy_up");

    expect(done.text.match(/Done/g)).toHaveLength(2);
    expect(strange.text.match(/number and login do not belong together any more/g)).toHaveLength(2);
    expect(other.sandbox.world.groups.get(301)?.members.has(102)).toBe(true);
    await own.close();
    await other.close();
  });

  it("gives a part of a step only out of that step, and the step no more after that", async () => {
    const one: WriteStep = { tool: "mass_enroll", args: { user_ids: [101, 102], course_ids: [203] } };
    const other: WriteStep = { tool: "mass_enroll", args: { user_ids: [103, 104], course_ids: [204] } };
    const part = { user_ids: [101], course_ids: [203] };
    const replies: string[] = [];
    const halving: Job = {
      ...jobOf([]),
      async run(_, __, inner) {
        const agreed = await inner.agree({ asks: "Enroll?", steps: [one, other] });
        if (!("run" in agreed)) return agreed;
        const of = async (what: Promise<{ text: string }>) => replies.push((await what).text);
        await of(agreed.part(other, part));
        await of(agreed.part(one, { ...part, course_ids: [204] }));
        await of(agreed.part(one, { ...part, user_ids: [101, 103] }));
        await of(agreed.part({ ...one }, part));
        await of(agreed.part(one, part));
        await of(agreed.part(one, part));
        await of(agreed.run(one));
        await of(agreed.run(other));
        await of(agreed.run(other));
        return { outcome: "done", text: "over" };
      },
    };
    const academy = await open(halving);

    await academy.call("tidy_up");

    expect(replies.map((text) => /nobody agreed to it/.test(text))).toEqual([
      ...[true, true, true, true],
      ...[false, true, true],
      ...[false, true],
    ]);
    await academy.close();
  });

  it("is bound to its steps: an answer to another list counts for nothing", async () => {
    let steps = [leave];
    const moving: Job = { ...jobOf([]), run: (args, world, inner) => jobOf(steps).run(args, world, inner) };
    const academy = await open(moving, yes, { formless: true, person: undefined as never });

    const asked = await academy.call("tidy_up");
    const code = (asked.structured?.asked as { confirm?: string } | undefined)?.confirm;
    expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    steps = [leave, { tool: "remove_user_from_course", args: { user_id: 101, course_id: 201 } }];
    const refused = await academy.call("tidy_up", { confirm: code });

    expect(refused.text).toMatch(/confirm code is wrong/);
    expect(academy.sandbox.world.groups.get(301)?.members.has(102)).toBe(true);
    await academy.close();
  });

  it("asks about many enrollments by their sum", async () => {
    const enroll = (from: number): WriteStep => ({
      tool: "mass_enroll",
      args: { user_ids: Array.from({ length: 20 }, (_, n) => from + n), course_ids: [203] },
    });
    const academy = await open(jobOf([enroll(101), enroll(121)]));

    await academy.call("tidy_up");

    expect(academy.asked.map(({ message }) => message)).toEqual([
      expect.stringMatching(/In all this makes 40 enrollments; people may be emailed\./),
    ]);
    await academy.close();
  });

  it("counts its deletions together: two are refused where one an hour is allowed", async () => {
    const steps = [erase, { tool: "destroy_user", args: { user_id: 120 } }];
    const academy = await open(jobOf(steps), yes, { env: { SKYPREP_MAX_DELETIONS: "1" } });

    const { isError, text } = await academy.call("tidy_up");

    expect(isError).toBe(true);
    expect(text).toMatch(/SKYPREP_MAX_DELETIONS/);
    expect(academy.asked).toEqual([]);
    await academy.close();
  });

  it.each([10, 9])(
    "affects all people of its steps, each once: %i are allowed where ten are",
    async (most) => {
      const enroll = (user_ids: number[], course: number): WriteStep => ({
        tool: "mass_enroll",
        args: { user_ids, course_ids: [course] },
      });
      const steps = [
        enroll([101, 102, 103, 104, 105], 203),
        enroll([104, 105, 106, 107, 108], 203),
        { tool: "update_user", args: { user_id: 109, title: "Clerk" } },
        {
          tool: "update_user",
          args: { user_email: "ruby.jacobs@example.com", title: "Clerk" },
          people: [{ id: 105, login: "ruby.jacobs@example.com" }],
        },
        { tool: "create_user", args: { email: "Casey@example.com", first_name: "Casey", last_name: "New" } },
        { tool: "mass_enroll", args: { user_emails: ["casey@example.com"], course_ids: [203] } },
        leave,
      ];
      const academy = await open(jobOf(steps), yes, { env: { SKYPREP_MAX_PEOPLE: String(most) } });

      const { text } = await academy.call("tidy_up");

      if (most === 10) expect(text.match(/Done/g)?.length).toBe(steps.length);
      else {
        expect(text).toMatch(/This reaches 10 people; one call may reach 9/);
        expect(academy.asked).toEqual([]);
      }
      await academy.close();
    },
  );

  it("counts people whom no step asks about, and one who is asked about twice once", async () => {
    const retitle = (user_id: number): WriteStep => ({
      tool: "update_user",
      args: { user_id, title: "Clerk" },
    });
    for (const [steps, people] of [
      [[retitle(103), retitle(104), retitle(106)], 3],
      [[leave, expire], 1],
    ] as const) {
      const academy = await open(jobOf([...steps]), yes, { env: { SKYPREP_MAX_PEOPLE: "2" } });

      const { text } = await academy.call("tidy_up");

      if (people > 2) expect(text).toMatch(/This reaches 3 people; one call may reach 2/);
      else expect(text.match(/Done/g)).toHaveLength(steps.length);
      await academy.close();
    }
  });

  it("says of a membership that all of it can be given back, with no condition", async () => {
    const academy = await open(jobOf([leave]), () => ({ action: "decline" }));

    await academy.call("tidy_up");
    await academy.close();

    expect(academy.asked[0]?.message).toMatch(/^This can be undone(, but .* may not come back)?\.$/m);
  });

  it("asks anew when what a step is about has changed while the question was open", async () => {
    let first = true;
    const academy = await open(jobOf([leave]), (form) => {
      if (first) {
        const person = academy.sandbox.world.people.get(102);
        if (person) person.role = "admin";
      }
      first = false;
      return yes(form);
    });

    await academy.call("tidy_up");

    expect(academy.asked).toHaveLength(2);
    await academy.close();
  });

  it("is done where its steps are no tools by themselves: who offers a job offers what it is made of", async () => {
    const academy = await open(jobOf([rename, leave]), yes, { env: { SKYPREP_SECTIONS: "jobs" } });

    expect((await academy.call("tidy_up")).text.match(/Done/g)).toHaveLength(2);
    expect(academy.asked).toHaveLength(1);
    expect((await academy.call(leave.tool, leave.args)).text).toMatch(/which SKYPREP_SECTIONS leaves out/);
    await academy.close();
  });

  it("is refused whole where a step is no operation that writes", async () => {
    const read: WriteStep = { tool: "get_user", args: { user_id: 101 } };
    const academy = await open(jobOf([rename, read]), yes);

    expect((await academy.call("tidy_up")).text).toBe(
      `[sandbox] ${refuse("tidy_up needs get_user, which is not offered here; nothing was sent.").text}`,
    );
    expect(academy.sandbox.world.courses.get(201)?.name).toBe("New Hire Orientation");
    await academy.close();
  });

  it("knows that whom an earlier step makes is not there yet, and names them as they were given", async () => {
    const casey = { email: "Casey@example.com", first_name: "Casey", last_name: "Newhire" };
    const create: WriteStep = { tool: "create_user", args: casey };
    const link: WriteStep = { tool: "get_login_key", args: { user_email: "casey@example.com" } };
    const academy = await open(jobOf([create, link]));
    const other = await open(
      jobOf([{ tool: "create_user", args: { ...casey, email: "dana@example.com" } }, link]),
    );

    const { text } = await academy.call("tidy_up");
    const refused = await other.call("tidy_up");

    expect(text.match(/Done/g)).toHaveLength(2);
    expect(academy.asked[0]?.message).toMatch(/^New here: “Casey Newhire” \(Casey@example\.com\)\.$/m);
    expect(refused.text).toMatch(/There is no person casey@example.com/);
    await academy.close();
    await other.close();
  });
});
