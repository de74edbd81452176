import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";

/** What a column or a line says of whether somebody is gone, as administrators' lists say it; nobody of a list loses access by a slip. */
let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeAll(async () => {
  academy = await openAcademy({
    people: 40,
    env: { SKYPREP_STRUCTURED: "true", SKYPREP_REVEAL: "personal" },
  });
});
afterAll(() => academy.close());

/** Everybody of the academy; one of them, Linh Carter, has another cell than the others. */
const one = "linh.carter@example.com";
const people = () =>
  [...academy.sandbox.world.people.values()].filter(({ login_status }) => login_status !== "disabled");
const listWith = (header: string, others: string, own: string) =>
  [
    `Email,First Name,Last Name,${header}`,
    ...people().map(
      ({ email, first_name, last_name }) =>
        `${email},${first_name},${last_name},${email === one ? own : others}`,
    ),
  ].join("\n");

async function planned(csv: string) {
  const { structured, text } = await academy.call("plan_roster", { csv, max_leavers_percent: 100 });
  const leave = (structured?.lose_access ?? []) as string[];
  const { rows } = structured as { rows: { here: number; not_matched: number; gone: number } };
  return { leave, rows, text };
}

describe("columns that say something else keep everybody", () => {
  for (const [header, others, own] of [
    ["MFA", "Enabled", "Disabled"],
    ["Email notifications", "Enabled", "Disabled"],
    ["License Status", "Active", "Expired"],
    ["Leave - End Date", "", "2026-01-31"],
    ["Probation: End Date", "", "2026-01-31"],
    ["Visa - End Date", "", "2026-01-31"],
    ["Course: Status", "Completed", "Expired"],
    ["Training / Status", "Passed", "Failed"],
    ["Status", "Passed", "Expired"],
    ["Statut", "En cours", "Terminé"],
    ["Estado", "En curso", "Terminado"],
    ["Employment Status: Date", "2020-01-01", "2021-01-01"],
    ["Active", "t", "t"],
    ["Benefits", "Active", "Terminated"],
    ["Notes", "", "left-handed; returns in May"],
    ["Status", "Active", "Not terminated"],
    ["Status", "Active", "Pending termination"],
    ["Status", "Active", "Retirement eligible"],
  ] as const) {
    it(`${header}: ${own} beside ${others}`, async () => {
      const { leave, rows, text } = await planned(listWith(header, others, own));

      expect(leave, text).toEqual([]);
      expect(rows, text).toMatchObject({ here: 40, not_matched: 0 });
    });
  }
});

describe("what may say either ends nobody's access, and is named", () => {
  for (const [header, others, own] of [
    ["Contract", "Permanent", "Expired"],
    ["Status", "Active", "Inactive - On Leave"],
    ["Status", "Active", "Terminated - Rehired"],
    ["Status", "Active", "Active - terminated"],
    ["Termination Reason", "", "Voluntary"],
    ["Comments", "see HR", "terminated"],
    ["Notes", "", "Left the company in October"],
  ] as const) {
    it(`${header}: ${own} beside ${others}`, async () => {
      const { leave, text } = await planned(listWith(header, others, own));

      expect(leave, text).toEqual([]);
      expect(text).toMatch(/^[^\n]*1 of 40 rows could not be matched/);
      expect(text).toContain(own);
    });
  }
});

describe("who is said to be gone is gone", () => {
  for (const [header, others, own] of [
    ["Active", "t", "f"],
    ["Status", "Employee", "Employee terminated"],
    ["Status", "Contractor", "Contractor - Terminated"],
    ["Status", "Active", "Terminated - eligible for rehire"],
    ["Status", "Active", "No longer employed"],
    ["Left company", "No", "Yes"],
    ["LWD", "", "2026-10-01"],
    ["Block credential", "False", "True"],
    ["Termination Reason,Status", ",Active", "Voluntary,Terminated"],
  ] as const) {
    it(`${header}: ${own} beside ${others}`, async () => {
      const { leave, text } = await planned(listWith(header, others, own));

      expect(leave, text).toEqual(["121 Linh Carter"]);
    });
  }

  it("in a table without a header", async () => {
    const { leave, text } = await planned(
      people()
        .map(
          ({ email, first_name, last_name }) =>
            `${first_name} ${last_name}\t${email}\t${email === one ? "Terminated" : "Active"}`,
        )
        .join("\n"),
    );
    expect(leave, text).toEqual(["121 Linh Carter"]);
  });

  it("behind an address on a line", async () => {
    const { leave, text } = await planned(
      people()
        .map(({ email }) => `${email} - ${email === one ? "Terminated" : "Active"}`)
        .join("\n"),
    );
    expect(leave, text).toEqual(["121 Linh Carter"]);
  });
});
