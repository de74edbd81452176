import { describe, expect, it } from "vitest";
import { alike } from "../../../src/call/write/alike.ts";
import { createSandbox, type SandboxOptions } from "../../../src/sandbox/server/sandbox.ts";
import { connect, noon } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

const newYork = "America/New_York";
const [no, open] = [false, undefined];

describe("a date given, beside what is shown", () => {
  it.each([
    ["a day and an instant of it", "2026-11-23", "2026-11-23T23:59:59.999-05:00", true, true],
    ["a day and its midnight in UTC", "2026-11-23", "2026-11-23T00:00:00Z", true, true],
    ["a day and its end in UTC", "2026-11-23", "2026-11-24T04:59:59.999Z", true, open],
    ["a day and the next one's end in UTC", "2026-11-23", "2026-11-25T04:59:59.999Z", no, no],
    ["a day and a later moment of the next in UTC", "2026-11-23", "2026-11-24T05:00:00Z", no, open],
    ["another day there", "2026-11-23", "2026-11-24T00:00:00-05:00", no, no],
    ["an instant in two zones", "2026-12-15T09:00:00-05:00", "2026-12-15T14:00:00.000Z", true, true],
    ["an instant an hour off", "2026-12-15T09:00:00-05:00", "2026-12-15T15:00:00.000Z", no, no],
    ["an instant and a clock without a zone", "2026-12-15T14:00:00Z", "2026-12-15T09:00:00", true, open],
    ["a clock of another hour", "2026-12-15T14:00:00Z", "2026-12-15T10:00:00", no, open],
    ["a clock of another day", "2026-12-15T14:00:00Z", "2026-12-17T10:00:00", no, no],
    ["an instant and its day, which shows no time", "2026-12-16T02:00:00Z", "2026-12-15", open, open],
    ["an instant and another day", "2026-12-16T02:00:00Z", "2026-12-18", no, no],
    ["a day and nothing to be read", "2026-11-23", "soon", no, no],
  ])("%s", (_, given, shown, there, anywhere) => {
    expect(alike(given, shown, newYork)).toBe(there);
    expect(alike(given, shown, undefined)).toBe(anywhere);
  });

  it("and what is no date is as before", () => {
    expect(alike(true, 1, undefined)).toBe(true);
    expect(alike("12", 12, undefined)).toBe(true);
    expect(alike("", 0, undefined)).toBe(false);
  });
});

const forms = ["utc", "epoch", "zoneless", "days", "american"] as const;

describe.each(forms)("where dates are %s", (form) => {
  it.each([
    ["the day", "2026-12-31", true],
    ["another day", "2027-03-01", false],
  ])("a last day of access is held against what is shown: %s", async (_, shown, isSo) => {
    const dialect: NonNullable<SandboxOptions["dialect"]> = { "dates-are-iso": form };
    const sandbox = createSandbox({
      tables: seededTables,
      now: () => noon,
      callsPerMinute: Number.POSITIVE_INFINITY,
      dialect,
    });
    const academy = await connect(
      (request, signal) => {
        const body =
          request.route === "update_user" ? request.body.replace("2026-12-31", shown) : request.body;
        return sandbox.send({ ...request, body }, signal);
      },
      { SKYPREP_SANDBOX: "true" },
      { person: agreeing },
    );
    await academy.call("get_users", {});

    const reply = await academy.call("update_user", { user_id: 101, access_end_date: "2026-12-31" });
    await academy.close();

    if (isSo) expect(reply.text).not.toMatch(/verified: no/);
    else expect(reply.text).toMatch(/verified: no/);
  });
});
