import { cpSync, rmSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import { connect, noon } from "../../support/academy.ts";
import { isLong, patience } from "../../support/long.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { academyOf, domain, key, newProbe } from "./bench.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Each in a server that starts for it: what one has learnt the next does not know. */
const asked: readonly (readonly [string, Record<string, unknown>])[] = [
  ["find", { query: "avery" }],
  ["get_users", { limit: 20 }],
  ["get_courses", { limit: 20 }],
  ["training_status", { show: "overdue" }],
  ["training_status", { login: "avery@example.com" }],
  ["plan_enrollment", { group: "Sales Team", courses: ["Fire Safety"] }],
  ["access_review", {}],
  ["account_overview", {}],
];

/** Calls to SkyPrep, and what each was answered. */
async function cost(dialect: Dialect, probed: string | undefined) {
  const replies: string[] = [];
  let calls = 0;
  for (const [name, args] of asked) {
    const folder = temporaryFolder("saves");
    folders.push(folder);
    if (probed !== undefined) cpSync(probed, folder, { recursive: true });
    const { send } = academyOf({ dialect });
    const client = await connect(
      (request, signal) => {
        calls += 1;
        return send(request, signal);
      },
      {
        SKYPREP_API_KEY: key,
        SKYPREP_ACCT_KEY: domain,
        SKYPREP_STATE_DIR: folder,
        SKYPREP_CALLS_PER_MINUTE: "10000",
      },
      { clock: { now: () => noon, after: () => () => {} } },
    );
    replies.push(
      (await client.call(name, args)).text.replace(/\b[0-9a-f]{8,}\b|test\d+/g, "…").replaceAll(folder, ""),
    );
    await client.close();
  }
  return { calls, replies };
}

const academies: [string, Dialect, boolean][] = [
  ["as assumed", {}, false],
  ["people by 25", { "people-come-whole": "by-25" }, true],
  ["people by 100", { "people-come-whole": "by-100" }, false],
  ["other lists by 25", { "other-lists-come-whole": "by-25" }, true],
  [
    "both by 25, records capped",
    { "people-come-whole": "by-25", "other-lists-come-whole": "by-25", "progress-pages": "capped" },
    true,
  ],
  ["records from page 0", { "progress-pages": "from-zero" }, false],
];

it.each(academies.filter(([, , fewer]) => isLong || fewer))(
  "what a probe saw costs no call and no answer: %s",
  { timeout: patience },
  async (title, dialect, fewer) => {
    const probe = newProbe(academyOf({ dialect }).send);
    await probe.run();

    const without = await cost(dialect, undefined);
    const having = await cost(dialect, probe.stateFolder);
    probe.close();

    process.stderr.write(`${title}: ${without.calls} calls without, ${having.calls} with\n`);
    expect(having.replies).toEqual(without.replies);
    expect(having.calls).toBeLessThanOrEqual(without.calls);
    if (fewer) expect(having.calls).toBeLessThan(without.calls);
  },
);
