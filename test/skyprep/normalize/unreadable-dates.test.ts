import { describe, expect, it } from "vitest";
import { isGone, someoneIn } from "../../../src/jobs/shared/people-index.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { isSurelyOver, isSurelyToCome, isUnreadable } from "../../../src/text/instant.ts";
import { connect, liveAccount, noon } from "../../support/academy.ts";

const progress = {
  id: 901,
  user_id: 101,
  course_id: 201,
  status: "in-progress",
  updated_at: "2026-11-01T09:00:00.000-05:00",
};

/** An academy of these records alone. */
const recording =
  (...rows: unknown[]): Send =>
  async ({ route, body }) => {
    const isFirst = new URLSearchParams(body).get("page") === "1";
    const answer = route === "get_course_progresses" && isFirst ? rows : [];
    return {
      status: 200,
      contentType: "application/json",
      body: new TextEncoder().encode(JSON.stringify(answer)),
    };
  };

const status = async (...rows: unknown[]) => {
  const academy = await connect(recording(...rows), liveAccount);
  const { text, structured } = await academy.call("training_status", {});
  await academy.close();
  return { text, structured };
};

describe("a date that cannot be read", () => {
  it("is said to be one, where the deadline of a record depends on it", async () => {
    const { text, structured } = await status({ ...progress, computed_deadline_date: "05/06/2026" });

    expect(structured).toMatchObject({ overdue: 0, unreadable_dates: 1 });
    expect(text).toContain("overdue: at least 0");
    expect(text).toContain(
      "1 record has a deadline or an end that could not be read: whether they are overdue",
    );
  });

  it("is not one where another date of the same answer shows the order", async () => {
    const { structured } = await status(
      { ...progress, computed_deadline_date: "05/06/2026" },
      { ...progress, id: 902, computed_deadline_date: "05/30/2026" },
    );

    expect(structured).toMatchObject({ overdue: 2 });
    expect(structured).not.toHaveProperty("unreadable_dates");
  });

  it("ends nobody's access", () => {
    const person = (access_end_date: unknown) => {
      const one = someoneIn({ id: 101, email: "a@example.com", access_end_date });
      if (one === undefined) throw new Error("nobody");
      return isGone(one, noon);
    };

    expect(["05/06/2026", "soon", null, ""].map(person)).toEqual([false, false, false, false]);
    expect(["2026-11-20", "2026-11-20T09:00:00.000-05:00"].map(person)).toEqual([true, true]);
    // On its last day, and on the day after it as long as it is that day somewhere.
    expect(["2026-11-23", "2026-11-22T23:59:59", "2026-11-22"].map(person)).toEqual([false, true, true]);
  });

  it("is neither over nor to come, and not nothing", () => {
    expect([isSurelyOver("05/06/2026", noon), isSurelyToCome("05/06/2027", noon)]).toEqual([false, false]);
    expect(["05/06/2026", null, "", "2026-05-01"].map(isUnreadable)).toEqual([true, false, false, false]);
  });
});
