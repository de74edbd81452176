import { expect, it } from "vitest";
import type { Need } from "../../tools/schema/operation.ts";
import { jobTools, tools } from "../support/catalogue.ts";

/** What happens without it, said of the argument itself; a flag that says `true: …` is not that without. */
const saysIt = /\belse\b|\bonly\b|\bif\b|^true: |left out/i;
/** Said of all that may be left out, once for the tool. */
const saysItOfAll =
  /left out (?:stays?|filters|is SkyPrep's)|those left out stay|the rest stays|no lists: only reads/;

const alsoFine: Readonly<Record<string, string>> = {
  cursor: "goes on from the reply that gave it; every list begins at its beginning",
  confirm: "the code of a question; without one the person is asked",
};
/** Of one tool. */
const alsoFineHere: Readonly<Record<string, string>> = {
  "get_report.course_id": "report_type says which numbers it takes",
  "get_report.exam_id": "report_type says which numbers it takes",
  "get_report.user_group_id": "report_type says which numbers it takes",
  "generate_async_report.course_id": "report_type says which numbers it takes",
  "generate_async_report.exam_id": "report_type says which numbers it takes",
  "generate_async_report.user_group_id": "report_type says which numbers it takes",
  "get_course_item_progress.course_id": "the other way to name the record, with the person",
  "set_course_item_progress.course_id": "the other way to name the record, with the person",
};

/** Of which one is needed: the refusal says so, and leaving all of them out does nothing. */
const neededTogether = (needs: readonly Need[]): readonly string[] =>
  needs.flatMap((need) => Object.values(need).flat());

const all = [
  ...[...tools.values()].map(({ name, shape, operation }) => ({ name, shape, ...operation })),
  ...[...jobTools.values()].map(({ name, shape, job }) => ({ name, shape, person: undefined, ...job })),
];

const untold = all.flatMap(({ name, shape: { plain }, description, person, needs = [] }) => {
  const required = new Set(plain.required ?? []);
  const fine = new Set([
    ...(person === undefined ? [] : ["user_id", "user_email"]),
    ...neededTogether(needs),
    ...Object.keys(alsoFine),
  ]);
  return Object.entries(plain.properties)
    .filter(([one]) => !required.has(one) && !fine.has(one))
    .filter(([, property]) => !saysIt.test(property.description ?? "") && !saysItOfAll.test(description))
    .map(([one, property]) => [`${name}.${one}`, property.description] as const);
});

it("every optional parameter says what happens without it, itself or its tool for all, or has a reason not to", () => {
  expect(untold.filter(([one]) => alsoFineHere[one] === undefined)).toEqual([]);
});

it("no reason is kept for a parameter that has none to give", () => {
  expect(Object.keys(alsoFineHere).sort()).toEqual(untold.map(([one]) => one).sort());
});

it("nothing optional is called needed without its condition, and of each list of pairs it says what both are", () => {
  for (const { name, shape } of all) {
    const required = new Set(shape.plain.required ?? []);
    for (const [one, { description = "", items }] of Object.entries(shape.plain.properties)) {
      if (!required.has(one))
        expect(description, `${name}.${one}`).not.toMatch(/\bneeded\b(?! (?:if|with|where))|\brequired\b/i);
      if (items?.properties?.is?.type === "string" && items.properties.field?.enum === undefined)
        expect(description, `${name}.${one}`).toMatch(/\bfield\b[\s\S]*\bis\b/);
    }
  }
});
