import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readCsv } from "../../../src/tables/csv.ts";
import { noon } from "../../support/academy.ts";
import { callIn } from "../shared/people-desk.ts";
import { type Academy, createAcademy } from "../shared/plan-academy.ts";

const day = 86_400_000;
const chase = (args: Record<string, unknown> = {}) => ["chase", args] as const;
type Structured = Record<string, unknown> | undefined;
const fileIn = (structured: Structured, name: "export" | "table") =>
  readFileSync(String((structured?.[name] as { file?: string } | undefined)?.file), "utf8");

/** By manager: person and course of what is overdue, of people and managers who can sign in. */
function owed({ world }: Academy, days = -1): Map<number, string[]> {
  const here = (id: number) => {
    const one = world.people.get(id);
    const end = one?.access_end_date ?? null;
    return one !== undefined && one.login_status !== "disabled" && (end === null || end > noon);
  };
  const until = days < 0 ? noon : noon + (days + 17 / 24) * day;
  const open = [...world.progress.values()].filter(
    ({ status, deadline_date: at, user_id }) =>
      ["not-started", "in-progress", "failed"].includes(status) && at !== null && at < until && here(user_id),
  );
  const all = new Map<number, Set<string>>();
  for (const { user_id: manager, user_group_id } of world.managerships.values()) {
    if (!here(manager)) continue;
    const members = world.groups.get(user_group_id)?.members;
    for (const row of open) {
      if (row.user_id === manager || !members?.has(row.user_id)) continue;
      all.set(manager, (all.get(manager) ?? new Set()).add(`${row.user_id} ${row.course_id}`));
    }
  }
  return new Map([...all].map(([manager, rows]) => [manager, [...rows].sort()]));
}

async function rowsIn(structured: Structured, world: Academy["world"]) {
  const { columns, rows } = readCsv(fileIn(structured, "table"));
  const at = (name: string) => columns.indexOf(name);
  const all = new Map<number, string[]>();
  for (const row of rows) {
    const login = row[at("manager_login")];
    const manager = [...world.people.values()].find(({ email }) => email === login)?.id ?? 0;
    all.set(manager, [...(all.get(manager) ?? []), `${row[at("person")]} ${row[at("course_id")]}`].sort());
  }
  all.delete(0);
  return all;
}

it.each([undefined, 14])(
  "writes each manager of what their people owe, as the academy has it: %s days",
  async (days) => {
    const academy = createAcademy();

    const reply = await callIn(academy, chase({ ...(days !== undefined && { days }) }));

    expect(reply.isError, reply.text).toBe(false);
    const wanted = owed(academy, days);
    expect(await rowsIn(reply.structured, academy.world)).toEqual(wanted);
    expect(reply.structured).toMatchObject({ total: wanted.size, sent: false });
    expect(reply.text).toMatch(/SkyPrep's API sends no reminders, and nothing was sent/);
    const letters = fileIn(reply.structured, "export");
    for (const manager of wanted.keys()) expect(letters).toContain(`<${academy.login(manager)}>`);
    expect(academy.writes()).toEqual([]);
  },
);

it("has nobody in it who cannot sign in, as person or as manager", async () => {
  const academy = createAcademy();
  const [[boss, rows]] = [...owed(academy)] as [[number, string[]]];
  const person = Number(rows[0]?.split(" ")[0]);
  const other = academy.world.people.get(person);
  const manager = academy.world.people.get(boss);
  if (other) other.login_status = "disabled";
  if (manager) manager.access_end_date = noon - day;

  const reply = await callIn(academy, chase());

  const letters = fileIn(reply.structured, "export");
  const table = fileIn(reply.structured, "table");
  expect(letters).not.toContain(academy.login(boss));
  expect(table).not.toContain(`,${academy.login(person)},`);
  expect(await rowsIn(reply.structured, academy.world)).toEqual(owed(academy));
  expect(reply.text).toMatch(/whose manager cannot sign in any more, in no letter/);
});

it("writes in each manager's own language, or in the one that was asked for", async () => {
  const academy = createAcademy();
  const [first, second] = [...owed(academy).keys()].map((id) => academy.world.people.get(id));
  if (first) first.profile.language = "de";
  if (second) second.profile.language = "pt-BR";

  const own = await callIn(academy, chase());
  const letters = fileIn(own.structured, "export");
  const french = await callIn(academy, chase({ language: "French", manager: String(first?.id) }));

  expect(letters).toMatch(/Guten Tag [^\n]*,\n[\s\S]*überfällig/);
  expect(letters).toMatch(/Olá [^\n]*,\n[\s\S]*de atraso/);
  expect(letters).toMatch(/Hello [^\n]*,\n[\s\S]*days overdue/);
  expect(french.text).toMatch(/^\[sandbox\] 1 letter [\s\S]*Bonjour [\s\S]*jours? de retard/);
});

const friendly =
  "Subject: Hi {manager}\n{#each}\n* {name} https://lms.example.com/c/{course_id} {days}\n{/each}\n";

it("takes a text of the operator's own by its name, and never a path", async () => {
  const academy = createAcademy();
  const folder = join(academy.state, "templates");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "friendly.txt"), friendly);
  writeFileSync(join(folder, "broken.txt"), "Subject: x\n{#each}\n{nam}\n");
  writeFileSync(join(academy.state, "secret.txt"), friendly);

  const own = await callIn(academy, chase({ template: "friendly" }));
  const broken = await callIn(academy, chase({ template: "broken.txt" }));
  const none = await callIn(academy, chase({ template: "freindly" }));
  const paths = ["../secret", "/etc/passwd", "..\\secret", ".hidden", "a/b", "con"];

  expect(fileIn(own.structured, "export")).toMatch(
    /Subject: Hi [^\n]*\n\n(?:\* [^\n]* https:\/\/lms\.example\.com\/c\/\d+ \d+\n)+/,
  );
  expect(broken.text).toMatch(
    /Template broken, one part stands between[\s\S]*Template broken, line 3: \{nam\} is not known/,
  );
  expect(none.text).toMatch(/no template “freindly” in templates\/ of the state folder; there are: friendly/);
  for (const template of paths) {
    const { text: said, isError } = await callIn(academy, chase({ template }));
    expect(said, template).toMatch(/not a path/);
    expect(isError).toBe(true);
  }
  for (const { isError } of [broken, none]) expect(isError).toBe(true);
});

it("takes no text through a link", async () => {
  const academy = createAcademy();
  const folder = join(academy.state, "templates");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(academy.state, "secret.txt"), friendly);
  symlinkSync(join(academy.state, "secret.txt"), join(folder, "linked.txt"));

  const linked = await callIn(academy, chase({ template: "linked" }));

  expect(linked.text).toMatch(/could not be read \(a symbolic link stands in its place\)/);
  expect(linked.isError).toBe(true);
});

it("says that nothing is owed, and what is wrong with the call", async () => {
  const academy = createAcademy();
  for (const row of academy.world.progress.values()) row.deadline_date = null;

  const nothing = await callIn(academy, chase());
  const wrong = await callIn(academy, chase({ language: "Klingon", group: "Jugglers" }));

  expect(nothing.isError).toBe(false);
  expect(nothing.text).toMatch(/No letter is needed, of everyone: nothing is overdue/);
  expect(wrong.text).toMatch(/no group “Jugglers”[\s\S]*language is one of en, de/);
  expect(wrong.isError).toBe(true);
});

it("takes the only manager near a name and says so, counts for one nobody who is not theirs", async () => {
  const academy = createAcademy();
  const late = academy.world.progress.get([...academy.world.progress.keys()][0] ?? 0);
  const person = late && academy.world.people.get(late.user_id);
  if (late) Object.assign(late, { status: "in-progress", deadline_date: noon - day });
  if (person) person.login_status = "disabled";

  const all = await callIn(academy, chase());
  const near = await callIn(academy, chase({ manager: "Jordan" }));

  expect(all.text).toMatch(/Left out: \d+ records? of people who cannot sign in/);
  expect(near.isError, near.text).toBe(false);
  expect(near.text).toMatch(/^\[sandbox\] 1 letter/);
  expect(near.text).toContain("“Jordan” was read as person 102 Jordan Manager.");
  expect(near.text).not.toMatch(/Left out/);
});

it("says of somebody who manages nobody, or cannot sign in, that this is why", async () => {
  const academy = createAcademy();
  const [[boss] = [0]] = [...owed(academy)];
  const manager = academy.world.people.get(boss);
  if (manager) manager.access_end_date = noon - day;

  const learner = await callIn(academy, chase({ manager: "101" }));
  const gone = await callIn(academy, chase({ manager: String(boss) }));

  expect(learner.text).toMatch(
    /No letter is needed to .+: they are no manager in SkyPrep, and manage nobody\./,
  );
  expect(gone.text).toMatch(/No letter is needed to .+: they cannot sign in any more\./);
});
