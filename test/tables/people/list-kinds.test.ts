import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPeopleList } from "../../../src/tables/people.ts";
import { openAcademy } from "../../support/academy.ts";

const env = { SKYPREP_STRUCTURED: "true", SKYPREP_REVEAL: "personal" };
const open = (more: Record<string, string> = {}) => openAcademy({ people: 60, env: { ...env, ...more } });
type Academy = Awaited<ReturnType<typeof open>>;

const active = ({ sandbox }: Academy) =>
  [...sandbox.world.people.values()].filter(({ login_status }) => login_status !== "disabled");
const rowsOf = (academy: Academy) =>
  active(academy).map(({ id, email, first_name, last_name }) => [String(id), email, first_name, last_name]);
const csvOf = (header: string, rows: readonly (readonly string[])[]) =>
  [header, ...rows.map((row) => row.join(","))].join("\n");
const learner = (academy: Academy, n: number) => {
  const one = active(academy).filter(({ role }) => role === "learner")[n];
  if (one === undefined) throw new Error("nobody there");
  return one;
};

interface Counts {
  rows: Record<"total" | "here" | "new" | "gone" | "repeated" | "not_matched", number>;
  people: Record<"with_access" | "in_list" | "leave" | "left", number>;
}

it("ends the access of whom a row says to be gone, on the day it says, and creates nobody who left", async () => {
  const academy = await open();
  const [gone, later] = [learner(academy, 3), learner(academy, 4)];
  const rows = rowsOf(academy).map(([, email = "", first = "", last = ""]) => [
    email,
    first,
    last,
    email === gone.email ? "Terminated" : "Active",
    email === later.email ? "12/31/2026" : "",
  ]);
  rows.push(["long.gone@example.com", "Long", "Gone", "Terminated", "01/02/2020"]);

  const { structured, text } = await academy.call("plan_roster", {
    csv: csvOf("Work Email,First Name,Last Name,Status,Termination Date", rows),
  });
  await academy.call("apply_plan", { plan: String(structured?.plan) });

  const { rows: count, people } = structured as unknown as Counts;
  expect(structured).toMatchObject({ joiners: 0, leavers: 2, changed: 0 });
  expect(text).toMatch(new RegExp(`${gone.id} [^\\n]*Status: Terminated`));
  expect(count.here + count.new + count.gone + count.repeated + count.not_matched).toBe(count.total);
  expect(people.in_list + people.leave + people.left).toBe(people.with_access);
  // The last moment of the day, where the academy is.
  const halfADay = 43_200_000;
  const endOf = (id: number) =>
    new Date((academy.sandbox.world.people.get(id)?.access_end_date ?? 0) - halfADay)
      .toISOString()
      .slice(0, 10);
  expect([endOf(gone.id), endOf(later.id)]).toEqual(["2026-11-23", "2026-12-31"]);
  await academy.close();
});

it("refuses by row what means two people, and then ends nobody's access", async () => {
  const academy = await open();
  const [one, other] = [learner(academy, 3), learner(academy, 4)];
  const rows = rowsOf(academy)
    .filter(([id]) => id !== String(learner(academy, 6).id))
    .map((row) =>
      row[0] === String(one.id) ? [row[0] ?? "", row[1] ?? "", other.first_name, other.last_name] : row,
    );

  const { structured, text } = await academy.call("plan_roster", {
    csv: csvOf("SkyPrep ID,Email,First Name,Last Name", rows),
  });

  expect(structured).toMatchObject({ joiners: 0, leavers: 0, changed: 0, left_out_total: 1 });
  expect(text).toMatch(/^[^\n]*1 of \d+ rows could not be matched/);
  expect(text).toMatch(/its login and its name mean two people/);
  await academy.close();
});

it("takes a bare id for SkyPrep's number only where the names fit", async () => {
  const academy = await open();
  const ours = rowsOf(academy).map(([id = "", , first = "", last = ""]) => [id, first, last]);
  const theirs = ours.map(([id = ""], n) => [id, ...(ours[(n + 5) % ours.length] ?? []).slice(1)]);

  const fits = await academy.call("plan_roster", { csv: csvOf("id,First Name,Last Name", ours) });
  const other = await academy.call("plan_roster", { csv: csvOf("id,First Name,Last Name", theirs) });

  expect(fits.text).toMatch(/the list and SkyPrep agree/);
  expect(other.structured).toMatchObject({ changed: 0, joiners: 0, leavers: 0 });
  const enrolled = await academy.call("plan_enrollment", {
    csv: csvOf("id,First Name,Last Name", theirs),
    courses: ["207"],
  });
  expect(other.text).toMatch(/HR's own/);
  expect(enrolled.text).toMatch(/HR's own/);
  expect(other.text).not.toMatch(/agree/);
  await academy.close();
});

it("shows what is there and what would be, and keeps personal values to itself unless they are revealed", async () => {
  const academy = await open();
  const { email } = learner(academy, 3);
  const csv = csvOf("Email,Job Title,Mobile", [[email, "Chief", "+49 30 1234"]]);

  const revealed = await academy.call("plan_roster", { csv, leavers: "ignore" });
  await academy.close();
  const discreet = await open({ SKYPREP_REVEAL: "" });
  const masked = await discreet.call("plan_roster", { csv, leavers: "ignore" });
  const file = (masked.structured?.export as { file?: string } | undefined)?.file ?? "";

  expect(revealed.text).toMatch(/title “[^”]*” → “Chief”, cell “[^”]*” → “\+49 30 1234”/);
  expect(masked.text).toMatch(/title “[^”]*” → “Chief”, cell \(personal\)/);
  expect(`${masked.text}${JSON.stringify(masked.structured)}${readFileSync(file, "utf8")}`).not.toMatch(
    /30 1234/,
  );
  await discreet.close();
});

it("leaves damaged cells as they are and names them", async () => {
  const academy = await open();
  const login = "sio.brien@example.com";
  const kept = {
    first_name: "José",
    last_name: "O'Brien",
    cell: "15551000100",
    zip: "02134",
    card_no: "00042",
    title: "3-12",
    address: "R&D Lane",
  };
  await academy.call("create_user", { email: login, ...kept });
  const damaged = [
    ["First Name", "JosÃ©"],
    ["First Name", "Jos?"],
    ["First Name", "Jose"],
    ["First Name", "#N/A"],
    ["Last Name", "########"],
    ["Cell", "1.5551E+10"],
    ["Zip", "2134"],
    ["Employee ID", "42"],
    ["Employee ID", "42.0"],
    ["Title", "12-Mar"],
    ["Title", "=A1&B1"],
  ];
  const same = [
    ["Employee ID", '"=""00042"""'],
    ["Last Name", "O&#39;Brien"],
    ["Last Name", "O’BRIEN"],
    ["First Name", "José".normalize("NFD")],
    ["Address", "R&amp;D Lane"],
    ["Title", "'3-12"],
  ];

  for (const [head, cell] of damaged) {
    const { structured, text } = await academy.call("plan_roster", {
      csv: `Email,${head}\n${login},${cell}`,
      leavers: "ignore",
    });
    expect([cell, structured?.changed, structured?.suspects]).toEqual([cell, 0, 1]);
    expect(text).toContain("row 2 ");
  }
  for (const [head, cell] of same) {
    const { structured } = await academy.call("plan_roster", {
      csv: `Email,${head}\n${login},${cell}`,
      leavers: "ignore",
    });
    expect([cell, structured?.changed, structured?.suspects]).toEqual([cell, 0, 0]);
  }
  await academy.close();
});

it("says which columns of a list plan_enrollment does not use", async () => {
  const academy = await open();

  const { text, structured } = await academy.call("plan_enrollment", {
    csv: "Email,Course,Group,Manager\navery@example.com,201,Sales,Bo\n",
    courses: ["207"],
  });

  expect(structured).toMatchObject({ people: 1 });
  expect(text).toMatch(/Not used: Course; Group; Manager/);
  await academy.close();
});

it("says of a part that it is not whole, and never that all agrees", async () => {
  const academy = await open();
  const rows = rowsOf(academy).map((row) => row.slice(1));

  for (const leavers of ["ignore", "end access"]) {
    const { text, structured } = await academy.call("plan_roster", {
      csv: `${csvOf("Email,First Name,Last Name", rows)}\n(12 more rows)`,
      leavers,
    });

    expect(structured).toMatchObject({ leavers: 0 });
    expect(text).toMatch(/^[^\n]*Nothing to do, but the list was not read whole/);
    expect(text).toMatch(/says that there are more/);
  }
  const { text } = await academy.call("plan_roster", {
    csv: `${csvOf("Email,First Name,Last Name", rows.slice(1))}\n(12 more rows)`,
  });
  expect(text).toMatch(/so nobody's access ends \(1 seemed to leave\): /);
  await academy.close();
});

describe("headers of other programs", () => {
  const today = "2026-11-23";
  const known = "login,first_name,last_name,card_no,title,status".split(",");

  it.each([
    ["BambooHR", "Work Email,First name,Last name,Employee #,Job title,Status"],
    [
      "Workday",
      "Work Email - Primary,Legal First Name,Legal Last Name,Employee ID,Business Title,Worker Status",
    ],
    ["ADP", "Work Contact: Work Email,First Name,Last Name,Associate ID,Job Title,Position Status"],
    ["UKG", "Primary Email,First Name,Last Name,Employee Number,Job,Employee Status"],
    [
      "Google",
      "Email Address [Required],First Name [Required],Last Name [Required],Employee ID,Employee Title,Status [READ ONLY]",
    ],
    [
      "a German office",
      "E-Mail geschäftlich,Vorname,Name,Personalnummer,Stellenbezeichnung,Mitarbeiterstatus",
    ],
    ["a French office", "Adresse électronique,Prénom,Nom,Matricule,Poste,Statut"],
    ["a Spanish office", "Correo electronico,Nombre,Apellidos,Número de empleado,Puesto,Situación"],
    ["an Italian office", "E-mail aziendale,Nome,Cognome,Matricola,Mansione,Stato"],
    ["a Brazilian office", "E-mail corporativo,Nome,Sobrenome,Matrícula,Cargo,Situação"],
    ["a Dutch office", "Zakelijk e-mailadres,Voornaam,Achternaam,Personeelsnummer,Functie,Status medewerker"],
  ])("are understood as %s writes them", async (_, header) => {
    const { columns } = await readPeopleList(`${header}\na@x.io,Ann,Lee,E1,Boss,Active`, { today });

    expect(columns.map(({ meaning }) => meaning)).toEqual(known);
  });
});
