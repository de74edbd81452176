import { describe, expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";

/** A cell that a program spoilt overwrites nothing; a good one is written. */
async function written(header: string, good: string, cell: string, names: readonly [string, string]) {
  const academy = await openAcademy({
    people: 30,
    env: { SKYPREP_STRUCTURED: "true", SKYPREP_REVEAL: "personal" },
  });
  const all = [...academy.sandbox.world.people.values()];
  const one = all[20];
  if (one === undefined) throw new Error("nobody there");
  const places = { Title: "title", Zip: "zip", Phone: "phone", "Employee ID": "user_identifier" } as const;
  Object.assign(one.profile, { [places[header as keyof typeof places] ?? "none"]: good });
  const quoted = `"${cell.replaceAll('"', '""')}"`;
  const rows = all.map(({ email, first_name, last_name }) =>
    email === one.email
      ? `${email},${names[0] || first_name},${names[1] || last_name},${quoted}`
      : `${email},${first_name},${last_name},`,
  );
  const { structured, text } = await academy.call("plan_roster", {
    csv: [`Email,First Name,Last Name,${header}`, ...rows].join("\n"),
    max_leavers_percent: 100,
  });
  await academy.close();
  const changes = (structured?.changes ?? []) as { values: { new: string }[] }[];
  return {
    values: changes.flatMap(({ values }) => values.map((value) => value.new)),
    leave: (structured?.lose_access ?? []) as string[],
    text,
  };
}

describe("nothing is written of", () => {
  for (const [header, good, cell] of [
    ["Title", "Café – Señor", "Caf\\u00e9 \\u2013 Se\\u00f1or"],
    ["Title", "Café – Señor", "Caf%C3%A9 %E2%80%93 Se%C3%B1or"],
    ["Title", "Café – Señor", "Caf=C3=A9"],
    ["Title", "Café – Señor", "CafŽ Ð Se–or"],
    ["Title", "Chief", "0"],
    ["Title", "Chief", "TRUE"],
    ["Title", "Chief", "FALSCH"],
    ["Title", "Chief", "<b>Chief</b>"],
    ["Title", "Chief", "(personal)"],
    ["Title", "Chief", "[redacted]"],
    ["Title", "Chief", "C****"],
    ["Employee ID", "00421", "$421.00"],
    ["Employee ID", "00421", "421%"],
    ["Employee ID", "00421", "#00421"],
    ["Zip", "02134", "2,134"],
    ["Zip", "02134", "2.134"],
    ["Employee ID", "12345", "12,345"],
    ["Phone", "+1 617 555 0100", "-4938"],
    ["Phone", "+1 617 555 0100", "1 617 555 0100"],
    ["Title", "Chief", "Chief_x000D_"],
  ] as const) {
    it(`${header} “${cell}” where ${good} stands`, async () => {
      const { values, text } = await written(header, good, cell, ["", ""]);
      expect(values, text).toEqual([]);
    });
  }
  for (const names of [
    ["TRUE", ""],
    ["L.", "C"],
    ["L***", "C***"],
    ["(personal)", ""],
    ["", "Carter*"],
  ] as const) {
    it(`a name “${names.join(" ")}”`, async () => {
      const { values, text } = await written("Title", "Chief", "", names);
      expect(values, text).toEqual([]);
    });
  }
});

describe("what is good is written", () => {
  for (const [header, good, cell] of [
    ["Title", "Chief", "Head of C++ & C#"],
    ["Title", "Chef de café", "Chef de cafés"],
    ["Title", "Chief", "True North Lead"],
    ["Zip", "02134", "90210"],
    ["Phone", "+1 617 555 0100", "+1 617 555 0199"],
    ["Employee ID", "00421", "00422"],
  ] as const) {
    it(`${header} “${cell}” where ${good} stands`, async () => {
      const { values, text } = await written(header, good, cell, ["", ""]);
      expect(values, text).toEqual([cell]);
    });
  }
});

it("a remark behind a name says who is gone, and is no part of it", async () => {
  const gone = await written("Title", "Chief", "", ["", "Carter (Terminated)"]);
  expect(gone.leave).toHaveLength(1);
  expect(gone.values).toEqual([]);
  const here = await written("Title", "Chief", "", ["Linh", "Carter (on leave)"]);
  expect(here.leave).toEqual([]);
  expect(here.values).toEqual([]);
});
