import { expect, it } from "vitest";
import type { Send } from "../../../src/skyprep/send.ts";
import { type Call, connect } from "../../support/academy.ts";
import { often } from "../../support/long.ts";
import { seeded } from "../../support/seed.ts";
import { type Name, staff } from "./names.ts";
import { distance, plain, type Query, queries } from "./queries.ts";

const people = often({ long: 20_000, short: 5_000 });
const each = 25;

/** People as near to what was typed as the one meant, or nearer: nobody could tell them apart by it. */
function asNear({ text, forms, target }: Query & { target: number }, names: readonly Name[]) {
  const typed = plain(text);
  const far = (at: number, most: number) =>
    Math.min(
      ...forms.map((form) => {
        const said = saidAs(form, names)[at] ?? "";
        return Math.abs(said.length - typed.length) > most ? most + 1 : distance(typed, said, most);
      }),
    );
  const own = far(target, 20);
  const distances = names.map((_, at) => far(at, own));
  return {
    equal: new Set(distances.flatMap((d, at) => (d === own ? [at] : []))),
    nearer: distances.some((d) => d < own),
  };
}
const said = new Map<Query["forms"][number], string[]>();
function saidAs(form: Query["forms"][number], names: readonly Name[]): string[] {
  const known = said.get(form) ?? names.map((name) => plain(form(name)));
  said.set(form, known);
  return known;
}

/** Whoever comes first, and all who are said to fit as well, page by page. */
async function answered(call: Call, text: string): Promise<number[]> {
  const found: number[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const { structured } = await call("find", {
      text,
      kind: "person",
      ...(cursor && { cursor }),
    });
    const page = structured as { items: { id: number }[]; equally: number; next_cursor?: string };
    found.push(...page.items.map(({ id }) => id - 101));
    cursor = page.next_cursor;
    more = cursor !== undefined && found.length < page.equally;
    if (!more) return found.slice(0, page.equally);
  }
  return found;
}

/**
 * A query counts as answered where the one meant comes first; where several are equally near by edit distance
 * (of the same name, mostly), where one of them comes first and the reply says that so many fit equally well,
 * the one meant among them. Queries whose typo made them the name of somebody else are not counted, and drawn
 * anew.
 */
it(`finds the right one of ${people} people first, with typos, initials, names swapped and accents dropped`, async () => {
  const random = seeded("find");
  const rows = staff(people, random);
  const names = rows.map(({ first_name, last_name }) => ({ first: first_name, last: last_name }) as Name);
  const body = new TextEncoder().encode(JSON.stringify(rows));
  const send: Send = async () => ({ status: 200, contentType: "application/json", body });
  const { call, close } = await connect(send, { SKYPREP_SANDBOX: "true" });
  const seen = new Map<string, { n: number; alone: number; first: number; among: number; wrong: string[] }>();
  let others = 0;

  for (const query of queries(names, each * 2, random)) {
    const of = seen.get(query.how) ?? { n: 0, alone: 0, first: 0, among: 0, wrong: [] };
    seen.set(query.how, of);
    if (of.n === each) continue;
    const { equal, nearer } = asNear(query, names);
    if (nearer) {
      others += 1;
      continue;
    }
    of.n += 1;
    const at = await answered(call, query.text);
    if (equal.size === 1) of.alone += 1;
    if (equal.size === 1 && at[0] === query.target) of.first += 1;
    else if (at[0] === query.target) of.among += 1;
    else if (equal.size > 1 && equal.has(at[0] ?? -1) && at.length > 1 && at.includes(query.target)) {
      of.among += 1;
    } else
      of.wrong.push(
        `${query.text} for ${JSON.stringify(names[query.target])}, not ${JSON.stringify(names[at[0] ?? -1])}`,
      );
  }
  await close();

  const all = [...seen.values()];
  const sum = (of: "n" | "alone" | "first" | "among") => all.reduce((total, one) => total + one[of], 0);
  const table = [...seen].map(
    ([how, { n, alone, first, among }]) =>
      `${how}: ${first} of ${alone} first; ${among} of ${n - alone} that fit several, said so`,
  );
  const figures = `${sum("first")} of ${sum("alone")} alone, ${sum("among")} of ${sum("n") - sum("alone")} with others; ${others} drawn anew\n${table.join("\n")}`;
  process.stderr.write(`${figures}\n`);
  const wrong = all.flatMap((one) => one.wrong).join("\n");
  expect(sum("n")).toBe(200);
  expect((sum("first") + sum("among")) / 200, `${figures}\n${wrong}`).toBeGreaterThanOrEqual(0.95);
  expect(sum("first") / sum("alone"), `${figures}\n${wrong}`).toBeGreaterThanOrEqual(0.95);
}, 120_000);
