/*
 * Which tests are left to `npm run test:rest`, which runs before anything lands (.ci/run), so that `npm test` is waited
 * for gladly. A name is a file's without `.test.ts`, or a folder's with a slash behind it; what is named nowhere is of
 * `npm test`.
 */

/** Wait for what users wait for: browsers, databases, proxies, the program as built, packages as installed. */
export const systems = [
  "bench/team/",
  "docs/worked-examples",
  "examples/night",
  "guard/approval/browser",
  "guard/approval/connections",
  "guard/asked/replicas",
  "guard/asked/replicas-jobs",
  "guard/stored/crash",
  "http/approvals",
  "http/approvals-page",
  "http/approvals-signed-in",
  "http/approvals-strangers",
  "http/asked-elsewhere",
  "http/canaries",
  "http/canaries-signed-in",
  "http/identity/journaled",
  "http/kept-pages",
  "http/login-browser",
  "http/program",
  "http/replica-clock",
  "http/replicas",
  "http/signed-out",
  "http/taken-away",
  "install/",
  "journal/database/",
  "journal/ports",
  "journal/processes",
  "journal/team-command",
  "kill/",
  "pages/apps-in-bad-hosts",
  "pages/apps-shown",
  "pages/in-chromium",
  "program/",
  "skyprep/egress/flood",
  "skyprep/wire/network",
  "skyprep/wire/proxy",
  "state/ports/",
  "state/postgres/",
  "team/",
  "walks",
];

/** Put the same to every operation, fault, size, spelling or order of events; files beside them put it to one. */
export const sweeps = [
  "academy/absence",
  "call/left-out",
  "call/operations/examples",
  "call/operations/persons",
  "call/read/paging",
  "call/redaction/secret-arguments",
  "call/write/uncertain",
  "catalogue/essentials/essentials",
  "cli/call/every-tool",
  "cli/probe/dialects",
  "cli/probe/saves",
  "cli/probe/uses",
  "cli/probe/writes",
  "dialects/dialects",
  "faults/",
  "fuzz/",
  "guard/asked/at-once",
  "guard/asked/changed",
  "guard/asked/codes",
  "guard/asked/outlives",
  "guard/asked/pages",
  "guard/asked/states",
  "guard/asked/strange-forms",
  "guard/model",
  "guard/replicas-model",
  "jobs/apply-plan/call-deadline",
  "jobs/apply-plan/crash",
  "jobs/apply-plan/refused",
  "jobs/export-report/questions",
  "jobs/find/ranking",
  "jobs/find/search-index",
  "jobs/merge-people/merge",
  "jobs/offboard-person/faults",
  "jobs/session-roster/faults",
  "jobs/training-status/agrees",
  "jobs/training-status/background",
  "jobs/training-status/big",
  "jobs/training-status/by",
  "jobs/training-status/cache-file",
  "jobs/training-status/seen-at-once",
  "jobs/undo-change/every-change",
  "jobs/undo-change/undo-promise",
  "journal/blinded",
  "journal/crash",
  "journeys/mornings",
  "mcp/structured",
  "mutants/",
  "pages/training-page",
  "policy/ask",
  "policy/dimensions",
  "policy/injection",
  "policy/jobs",
  "policy/people",
  "policy/surfaces",
  "safety/leaks",
  "sandbox/dialect/variants",
  "skyprep/egress/schedules",
  "skyprep/normalize/other-academies",
  "skyprep/normalize/same-replies",
  "skyprep/normalize/whole-lists",
  "skyprep/wire/bodies",
  "soak/",
  "tables/people/messy-rosters",
  "tables/people/sizes",
  "words/long",
  "words/printed",
];

/** What hangs on whether SkyPrep knows what its page does not name: run in an academy that does, and in one that does not. */
export const both = [
  "test/jobs/access-review/*.test.ts",
  "test/jobs/account-overview/*.test.ts",
  "test/jobs/apply-plan/*.test.ts",
  "test/jobs/export-report/*.test.ts",
  "test/jobs/find/find.test.ts",
  "test/jobs/merge-people/*.test.ts",
  "test/jobs/offboard-person/*.test.ts",
  "test/jobs/onboard-person/*.test.ts",
  "test/jobs/plan-enrollment/*.test.ts",
  "test/jobs/plan-roster/*.test.ts",
  "test/jobs/recertify/*.test.ts",
  "test/jobs/session-roster/*.test.ts",
  "test/jobs/shared/{people,plan}-*.test.ts",
  "test/jobs/training-status/*.test.ts",
  "test/jobs/undo-change/*.test.ts",
  "test/call/operations/*.test.ts",
  "test/journeys/*.test.ts",
];

/** These send the very same calls to the one as to the other, as their lists showed (test/README.md). */
const sameCalls = [
  "test/jobs/access-review/review.test.ts",
  "test/jobs/account-overview/overview.test.ts",
  "test/jobs/apply-plan/*.test.ts",
  "test/jobs/export-report/*.test.ts",
  "test/jobs/find/find.test.ts",
  "test/jobs/offboard-person/*.test.ts",
  "test/jobs/plan-enrollment/*.test.ts",
  "test/jobs/plan-roster/roster.test.ts",
  "test/jobs/recertify/*.test.ts",
  "test/jobs/session-roster/*.test.ts",
  "test/jobs/shared/plan-*.test.ts",
  "test/jobs/training-status/{change-pagination,headline}.test.ts",
  "test/jobs/undo-change/{half-undone,not-undone}.test.ts",
];

/** Of the same calls, and of the longest, the strict half runs with `npm run faults`. */
export const leftToFaults = process.env.LONG
  ? []
  : [
      ...sameCalls,
      "test/jobs/merge-people/merge.test.ts",
      "test/jobs/training-status/agrees.test.ts",
      "test/jobs/training-status/background.test.ts",
      "test/jobs/training-status/big.test.ts",
      "test/jobs/training-status/by.test.ts",
      "test/jobs/training-status/cache-file.test.ts",
      "test/jobs/training-status/seen-at-once.test.ts",
      "test/jobs/undo-change/every-change.test.ts",
      "test/journeys/mornings.test.ts",
      "test/call/operations/persons.test.ts",
    ];

/** As the runner takes them. */
const filesOf = (names: readonly string[]): string[] =>
  names.map((name) => (name.endsWith("/") ? `test/${name}**/*.test.ts` : `test/${name}.test.ts`));

export const systemFiles = filesOf(systems);
export const sweepFiles = filesOf(sweeps);
/** Sweeps that are run both ways. */
export const sweepsOfBoth = sweepFiles.filter((file) => both.includes(file.replace(/[^/]+$/, "*.test.ts")));
