import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { files, source } from "../../scripts/imports.ts";
import { jobs } from "../../src/jobs/index.ts";
import { type Assumption, assumptions, parts } from "../../src/skyprep/assumptions.ts";
import { openQuestions } from "../../src/skyprep/assumptions-open.ts";
import { sections } from "../../tools/index.ts";

const all: Readonly<Record<string, Assumption>> = { ...assumptions, ...openQuestions };
const facts = readFileSync(new URL("../../docs/skyprep-api.md", import.meta.url), "utf8");

/** A passage of the facts that says that nobody knows → the questions that it opens. */
const passages: readonly (readonly [string, ...string[]])[] = [
  ["check it on a live account"],
  ["every value here is [inferred]", "repeats-are-harmless"],
  ["Effect on progress history unstated", "removal-from-a-course-keeps-history"],
  ["Replace or add: unstated", "catalog-enrollments-replace"],
  ["looks like the older name of learning path", "bundles-are-learning-paths"],
  ["primary_instructor_user_id, name, session_type [inferred]", "sessions-take-what-they-show"],
  ["surely a user and a course identifier", "progress-is-made-of-a-person-and-a-course"],
  ["presumably the same id mix as #64", "items-are-set-as-they-are-read"],
  ["may be slow on all_*", "whole-reports-may-be-slow"],
  ['undocumented: "status and data', "reports-have-states"],
  ["need a browser session", "report-links-need-a-browser"],
  ["group id name unstated", "group-reports-take-user-group-id"],
  ["user_group_id [inferred])", "group-reports-take-user-group-id"],
  ["client-supplied dedupe key", "points-take-a-key"],
  ["presumably all settable", "manager-flags-can-be-set"],
  ["works without login, as its name says", "public-certificates-need-no-login"],
  ["that the API does the same is", "enrolling-mails"],
  ["API names are the U keys", "profile-fields-keep-their-names"],
  ["empties a field or is ignored", "empty-text-empties"],
  ["high for CSV, [inferred] for API", "passwords-have-eight"],
  ["key_type value and date parameter are unknown", "links-can-end-at-a-time"],
  ["completion-date filters exist; names unstated", "completion-filters-by-analogy"],
  ["completion_date_less_than | page L2599 for existence; names [inferred]", "completion-filters-by-analogy"],
  ["page L2595 | name unknown", "logins-filter-records"],
  ["user filter exists; name user_id", "people-filter-records"],
  ["the full list is unknown", "four-kinds-are-moved"],
  ["opening a login link can add to the bill", "signing-in-counts"],
  ["Error body shape: documented nowhere", "errors-are-text"],
  ["branch is untested [src TS-SITE; status unknown]", "unknown-is-404"],
  ["404 for unknown ids, 404 for unknown route", "unknown-is-404", "errors-are-text", "key-opens-all"],
  ["Rate-limit status: unknown", "limit-is-429"],
  ["429 is the natural guess", "limit-is-429"],
  ["Safe client reading order", "errors-are-text", "writes-answer", "records-are-bare"],
  ["likely but unproven", "json-is-read"],
  ["user_ids[]=1&user_ids[]=2` [inferred]", "three-lists-in-brackets", "lists-by-comma"],
  ["presumably one acct_key each", "subplatforms-have-keys"],
  ["YYYY-MM-DD is the safest to send", "days-can-be-sent"],
  ["shape undocumented; do not use"],
  ["max unstated) + page from 1", "progress-pages"],
  ["otherwise unstated. Unpaged", "records-may-move-between-pages"],
  ["dedupe by id [inferred]", "records-may-move-between-pages"],
  ["defaults unstated (the page implies all)", "people-come-whole"],
  [
    "stop when a page repeats the same first id",
    "other-lists-come-whole",
    "people-come-whole",
    "filters-filter",
  ],
  ["State names, final body and retention are undocumented", "reports-have-states"],
  ["POST with headers or form fields is safest", "a-report-is-polled-with-keys"],
  ["host is not the configured API host", "a-report-is-polled-with-keys"],
  ["Handle [inferred]: JSON object", "reports-have-states"],
  ["may not be enough for group enrolments", "group-courses-end-as-not-applicable"],
  ["not as a set_status value", "archiving-by-api", "archived-are-listed"],
  ["negative when late", "late-days-are-negative"],
  ["login_status/disabled flag", "logins-end-by-date"],
  ["parent parameter unknown", "groups-take-a-parent"],
  ["update_user password is plausible", "passwords-have-eight"],
  ["**no sample at all**", "groups-are-updated-by-what"],
  ["all unconfirmed"],
  ["unconfirmed: "],
];

/** What says that something is not known. */
const doubts =
  /\[inferred|\bunknown\b(?! (?:ids?|route|users?)\b)|\bunstated\b|undocumented|documented nowhere|\bunproven\b|\bunconfirmed\b|\*\*no sample at all\*\*/g;
/** Without the list that is made of the tables, and the appendix. */
const told = facts
  .replace(/<!-- open: [\s\S]*?<!-- \/open -->/, "")
  .replace(/^## 6\..*$/m, "")
  .replace(/^## Appendix A[\s\S]*/m, "");

describe("the table of assumptions", () => {
  it("has a name for every open question of the facts", () => {
    const open = [...told.matchAll(doubts)].filter(({ index, 0: word }) => {
      const around = told.slice(Math.max(0, index - 130), index + word.length + 130);
      return !passages.some(([passage]) => around.includes(passage));
    });

    expect(open.map(({ index }) => told.slice(index - 60, index + 60))).toEqual([]);
    expect([...told.matchAll(doubts)].length).toBeGreaterThan(40);
  });

  it("is asked by passages that are there, under names that are there", () => {
    for (const [passage, ...ids] of passages.filter(([one]) => !/unconfirmed/.test(one))) {
      expect(told.includes(passage), passage).toBe(true);
      for (const id of ids) expect(Object.keys(all), passage).toContain(id);
    }
  });

  it("would not let a new doubt pass", () => {
    const added = `${told}\n- Courses can be copied by copy_course [inferred].`;
    const last = [...added.matchAll(doubts)].at(-1);
    const around = added.slice((last?.index ?? 0) - 130);

    expect(passages.some(([passage]) => around.includes(passage))).toBe(false);
  });

  it("says of each what leans on it, by a name that is there", () => {
    const known = new Set<string>([
      ...Object.values(sections).flatMap((section) => Object.keys(section)),
      ...Object.keys(jobs),
      ...parts,
    ]);
    const strange = Object.entries(all).flatMap(([id, { needs }]) =>
      needs.filter((need) => !known.has(need)).map((need) => `${id}: ${need}`),
    );

    expect(strange).toEqual([]);
  });

  it("names each but once, and cites sections that are there", () => {
    const sectionsThere = new Set(
      [...facts.matchAll(/^#+ (\d+(?:\.\d+)*)\.? /gm)].map(([, number]) => number),
    );
    for (const [id, { source: cited }] of Object.entries(all))
      for (const [, section] of cited.matchAll(/§(\d+(?:\.\d+)*)/g))
        expect(sectionsThere.has(section ?? ""), `${id}: ${section}`).toBe(true);

    expect(Object.keys(all)).toHaveLength(
      Object.keys(assumptions).length + Object.keys(openQuestions).length,
    );
  });

  it("has no way of being otherwise that neither the academy, the probe nor the product looks at", () => {
    const code = files
      .filter((file) => !/skyprep\/assumptions/.test(file))
      .map(source)
      .join("\n");
    const unused = Object.entries<Assumption>(assumptions)
      .filter(([, { otherwise }]) => Object.keys(otherwise).length > 0)
      .filter(([id]) => !code.includes(`"${id}"`));

    expect(unused.map(([id]) => id)).toEqual([]);
    for (const { otherwise } of Object.values<Assumption>(openQuestions)) expect(otherwise).toEqual({});
  });
});
