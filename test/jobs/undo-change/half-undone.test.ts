import { describe, expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";
import { yes } from "../../support/person.ts";
import { academy, last, questions, strict, undoing } from "./undoing.ts";

undoing();

describe("a question says which half can be undone", () => {
  const promiseIn = (question = "") =>
    question
      .split("\n")
      .filter((line) => /undone|put back|lost|come back/.test(line))
      .join("\n");

  it("a certificate that is reset, with the dates that are lost: before, when it is undone, and after", async () => {
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "passed" });
    const row = academy.sandbox.world.progress.get(901);
    Object.assign(row ?? {}, {
      completion_date: Date.UTC(2026, 2, 1, 12),
      expiration_date: Date.UTC(2027, 2, 1, 12),
      commencement_date: Date.UTC(2026, 1, 1, 12),
    });
    questions.splice(0);
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "not-started" });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(questions).toHaveLength(2);
    for (const question of questions)
      expect(question).toMatch(
        /completed 1 Mar 2026, valid until 1 (Feb|Mar) 2027, begun 1 Feb 2026, 100% done/,
      );
    expect(promiseIn(questions[0])).toMatch(/^The status can be put back, but what goes with it may be lost/);
    expect(questions[1]).toMatch(
      /Undo change \d+, “Set a person's status in a course”, for “[^”]+” \(\S+\) and the course “[^”]+” \(\d+\)\?[\s\S]*for longer than was earned/,
    );
    expect(reply.text).toMatch(/was undone in part\.[\s\S]*Not as before: completed: "2026-03-01/);
    expect(reply.text).toMatch(/^verified: no$/m);
    expect(reply.text).not.toMatch(/verified: yes/);
  });

  it("of training that was opened, how far it was, even one percent", async () => {
    Object.assign(academy.sandbox.world.progress.get(901) ?? {}, {
      status: "in-progress",
      percent_viewed: 1,
      commencement_date: null,
      completion_date: null,
      expiration_date: null,
    });
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "not-started" });

    expect(promiseIn(questions[0])).toMatch(/may be lost or get a new date: 1% done\./);
  });

  it("marking complete and taking that back asks nobody", async () => {
    Object.assign(academy.sandbox.world.progress.get(901) ?? {}, {
      status: "not-started",
      percent_viewed: 0,
      commencement_date: null,
    });
    await academy.call("update_course_progress", { course_progress_id: 901, set_status: "passed" });

    expect(questions).toEqual([]);
  });

  it.each([
    [
      { title: "Chief", password: "a-long-passphrase" },
      "The job can be put back; the password cannot: SkyPrep does not show what it was.",
    ],
    [
      { access_end_date: "2027-12-31" },
      "The last day of access cannot be put back: nothing was set before, and nothing can be cleared from here.",
    ],
    [
      { password: "a-long-passphrase" },
      "The password cannot be put back: SkyPrep does not show what it was.",
    ],
    [{ role: "learner" }, "This can be undone."],
  ])("of %o", async (args, says) => {
    const manager = { role: "manager", access_end_date: null, profile: { title: "Lead" } };
    Object.assign(academy.sandbox.world.people.get(102) ?? {}, manager);
    await academy.call("update_user", { user_id: 102, ...args });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(promiseIn(questions[0])).toBe(says);
    expect(reply.isError).toBe(/cannot be put back/.test(says));
    expect(/Not put back: the password cannot/.test(reply.text)).toBe(/put back.*cannot: /.test(says));
  });

  it("of a word where yes or no is set, that it cannot be put back", async () => {
    Object.assign(academy.sandbox.world.courses.get(201) ?? {}, { active: "on weekdays" });
    await academy.call("update_course", { course_id: 201, active: false });

    const reply = await academy.call("undo_change", { change: await last() });

    expect(promiseIn(questions[0])).toMatch(
      /^The on\/off setting cannot be put back: what was there before cannot be set\.$/,
    );
    expect(reply.isError).toBe(true);
  });

  it("none, where nothing is kept; and of a job, the same as of its steps", async () => {
    const bare = await openAcademy({
      strict,
      env: { SKYPREP_KEEP_DAYS: "0" },
      person: (form) => {
        questions.push(form.message);
        return yes(form);
      },
    });
    await bare.call("update_user", { user_id: 102, role: "admin" });
    await bare.close();
    await academy.call("offboard_person", { person: "jordan@example.com" });

    expect(promiseIn(questions[0])).toMatch(/^This cannot be undone: what is there now is not saved\.$/);
    expect(questions[1]).toMatch(
      /Not all of this can be undone\. The last day of access cannot be put back: /,
    );
  });
});
