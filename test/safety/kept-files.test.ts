import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { connect, liveAccount, noon } from "../support/academy.ts";
import { seededTables } from "../support/seeded.ts";

const key = liveAccount.SKYPREP_API_KEY;
/** As it stands in the header of a login: what comes plainly is hidden before anything is made of it. */
const encoded = Buffer.from(`x:${key}`).toString("base64");

/** An account whose own words hold its key: pasted into a course's name, a group's, and a person's name. */
async function withKeyInNames() {
  const sandbox = createSandbox({
    now: () => noon,
    strict: false,
    people: 60,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: (about) => {
      const tables = seededTables(about);
      for (const course of tables.courses.values()) course.name = `${course.name} ${encoded}`;
      for (const group of tables.groups.values()) group.name = `${group.name} ${encoded}`;
      for (const person of tables.people.values()) person.last_name = `${person.last_name} ${encoded}`;
      for (const report of tables.savedReports.values()) report.name = `${encoded} ${report.name}`;
      return tables;
    },
    apiKey: key,
    domain: liveAccount.SKYPREP_ACCT_KEY,
  });
  return connect(sandbox.send, liveAccount);
}

it.each([
  ["training_status", { show: "overdue", by: ["group"] }],
  ["training_status", { show: "overdue", by: ["group"], save: "page" }],
  ["export_report", { report: "all_users" }],
  ["access_review", { save: "page" }],
  ["chase", {}],
])("what %s keeps holds no key of the account: %j", async (tool, args) => {
  const { call, close } = await withKeyInNames();

  const reply = await call(tool, args);

  const file = /(\/\S+\.(?:csv|html|txt))/.exec(reply.text)?.[1];
  const kept = readFileSync(file ?? reply.text, "utf8");
  expect(kept).toContain("•••");
  for (const text of [kept, reply.text])
    expect(text).not.toMatch(new RegExp(`${key}|${encoded.slice(4, -4)}`));
  await close();
});

it("the name of a report that is kept holds none, on disk or in a list", async () => {
  const { call, client, close } = await withKeyInNames();

  const reply = await call("get_saved_advanced_report", { saved_advanced_report_id: 1001 });

  const file = /(\/\S+)\.csv/.exec(reply.text)?.[1];
  const beside = readFileSync(`${file ?? reply.text}.json`, "utf8");
  const kept = (await client.listResources()).resources.at(-1);
  for (const text of [beside, JSON.stringify(kept)]) {
    expect(text).toContain("•••");
    // An address is in small letters.
    expect(text).not.toMatch(new RegExp(`${key}|${encoded.slice(4, -4)}`, "i"));
  }
  await close();
});
