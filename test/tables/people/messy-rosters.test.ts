import { expect, it } from "vitest";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import { connect, noon } from "../../support/academy.ts";
import { often } from "../../support/long.ts";
import { chanceFrom, type Honest, harmful, harmless, languages, pick } from "../../support/messy-list.ts";
import { seededTables } from "../../support/seeded.ts";

/** Each kind at least once; MESSY=500 asks for more than the long form. */
const runs = Number(process.env.MESSY ?? often({ long: 48, short: 24 }));

/** An academy, and HR's honest list of it: two people left, one is new, one has another job. */
async function academyAndList() {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    people: 160,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const named = [
    ["José", "Núñez"],
    ["Zoë", "O'Brien"],
    ["Jürgen", "Groß"],
    ["Mary-Ann", "van der Berg"],
  ];
  const people = [...sandbox.world.people.values()].filter(({ login_status }) => login_status !== "disabled");
  named.forEach(([first_name = "", last_name = ""], n) => {
    Object.assign(people[40 + n] ?? {}, { first_name, last_name });
  });
  for (const one of people.slice(60, 64)) one.profile.title = "Health – Safety";
  const plain = people.filter(({ role }) => role !== "admin");
  const gone = [plain[30], plain[75]].map((one) => one?.email ?? "");
  const mover = plain[50]?.email ?? "";
  const stay = people.filter(({ email }) => !gone.includes(email));
  const list: Honest = {
    header: languages[0] ?? [],
    rows: [
      ...stay.map(({ email, first_name, last_name, profile }) => [
        email,
        first_name,
        last_name,
        email === mover ? "Chief of Health, Safety and Fire" : (profile.title ?? ""),
      ]),
      ["zoe.newhire@example.com", "Zoe", "Newhire", "Clerk"],
    ],
  };
  const server = await connect(sandbox.send, {
    SKYPREP_SANDBOX: "true",
    SKYPREP_STRUCTURED: "true",
    SKYPREP_REVEAL: "personal",
  });
  const kept = new Set(stay.map(({ id }) => id));
  const known = new Map(people.map((one) => [one.id, one]));
  const values = new Set(list.rows.flat().concat(""));
  return { server, list, gone, kept, known, values };
}

interface Planned {
  joining?: string[];
  changes?: { who: string; values: { field: string; old: string; new: string }[] }[];
  lose_access?: string[];
}

const numberIn = (text: string) => Number(text.split(" ")[0]);

it("no roster, however spoilt, ends the access of anyone whom the honest list keeps, makes anyone up or writes a damaged value", async () => {
  const { server, list, kept, values } = await academyAndList();
  const chance = chanceFrom(20_261_123);
  const names = Object.keys(harmful);
  const wrong: string[] = [];

  for (let n = 0; n < runs; n++) {
    const kind = names[n % names.length] ?? "";
    const csv = harmful[kind]?.(list, chance) ?? "";
    const { structured, isError } = await server.call("plan_roster", { csv, max_leavers_percent: 100 });
    if (isError) continue;
    const { joining = [], changes = [], lose_access = [] } = (structured ?? {}) as Planned;
    for (const one of lose_access)
      if (kept.has(numberIn(one))) wrong.push(`${kind} ${n}: ${one} loses access`);
    for (const one of joining)
      if (one !== "zoe.newhire@example.com") wrong.push(`${kind} ${n}: ${one} is created`);
    for (const { who, values: own } of changes)
      for (const { field, new: value } of own)
        if (!values.has(value)) wrong.push(`${kind} ${n}: ${who} ${field} becomes ${value}`);
  }

  expect(wrong).toEqual([]);
  await server.close();
}, 600_000);

it("harmless spellings of a list plan exactly what the honest list plans", async () => {
  const { server, list, gone } = await academyAndList();
  const chance = chanceFrom(4_711);
  const names = Object.keys(harmless);
  const wrong: string[] = [];

  for (let n = 0; n < runs; n++) {
    const kind = names[n % names.length] ?? "";
    const csv = harmless[kind]?.(list, chance) ?? "";
    const { structured, text } = await server.call("plan_roster", { csv });
    const { joining = [], changes = [], lose_access = [] } = (structured ?? {}) as Planned;
    const is =
      joining.join() === "zoe.newhire@example.com" &&
      lose_access.length === gone.length &&
      changes.length === 1;
    if (!is)
      wrong.push(
        `${kind} ${n}: joins ${joining.slice(0, 3)}; leave ${lose_access.length}; changes ${changes.length}; ${text.slice(0, 400)}`,
      );
  }

  expect(wrong).toEqual([]);
  await server.close();
}, 600_000);

it("no list of people, however spoilt, loses anyone unsaid in plan_enrollment", async () => {
  const { server, list } = await academyAndList();
  const chance = chanceFrom(99);
  const kinds = { ...harmless, ...harmful };
  const names = Object.keys(kinds);
  const wrong: string[] = [];

  for (let n = 0; n < Math.max(runs, names.length); n++) {
    const kind = names[n % names.length] ?? "";
    const rows = list.rows.slice(3, 30).filter(([login]) => login !== undefined);
    const some = { ...list, rows };
    const csv = kinds[kind]?.(some, chance) ?? "";
    const { structured, text } = await server.call("plan_enrollment", {
      csv,
      courses: [pick(["207", "240"], chance)],
    });
    const heard = Number(structured?.people ?? 0);
    const cut = /ellipsis|disagrees|cut in/.test(kind) ? 9 : 0;
    const named = Number(
      structured?.left_out_total ?? (structured?.left_out as unknown[] | undefined)?.length ?? 0,
    );
    const listed = text.split("\n").filter((line) => /^row \d+ “/.test(line)).length;
    const said =
      Math.max(named, listed) +
      (/counted once: rows? ([\d, –]+)/.exec(text) ? 1 : 0) +
      (/Addresses not used/.test(text) ? 1 : 0) +
      (/may not be whole/.test(text) ? 1 : 0);
    if (heard + said < rows.length - cut)
      wrong.push(`${kind} ${n}: ${heard} of ${rows.length}, ${said} said; ${text.slice(0, 300)}`);
  }

  expect(wrong).toEqual([]);
  await server.close();
}, 600_000);
