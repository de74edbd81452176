import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { ownChain, verifyRows } from "../../../src/journal/database/chains.ts";
import { createJournalRows } from "../../../src/journal/database/journal-rows.ts";
import { postgresState } from "../../../src/state/postgres/postgres-state.ts";
import { describeWithPostgres, type FreshDatabase, freshDatabase } from "../../support/postgres.ts";
import { here } from "../../support/postgres-cluster.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const page = readFileSync(new URL("../../../docs/team-server.md", import.meta.url), "utf8");
const shown = /### Backup and restore\n([\s\S]*?)\n### /.exec(page)?.[1] ?? "";

describeWithPostgres("a backup, made and put back as the page says", () => {
  let before: FreshDatabase;
  let after: FreshDatabase;
  beforeAll(async () => {
    before = await freshDatabase();
    after = await freshDatabase({ migrated: false });
  });

  /** The page's own line, with these programs and this database. */
  function follow(start: string, { url }: FreshDatabase, dump: string): void {
    const line = shown.split("\n").find((one) => one.startsWith(start)) ?? "";
    expect(line, "on the page").not.toBe("");
    const script = line
      .replace(/^\w+/, (program) => join(here?.bin ?? "", program))
      .replace("skyprep.dump", dump);
    execFileSync("/bin/sh", ["-ec", script], { env: { SKYPREP_DATABASE_URL: url }, stdio: "pipe" });
  }

  it("has the journal whole, the plans and the reports, and no question that waits", async () => {
    const of = { academy: "acme", random: randomUUID };
    const database = before.open();
    const journal = createJournalRows({ ...of, database, keepMs: 0, pause: async () => {} });
    await journal.note({
      question: "q-12345678",
      account: "acme",
      tool: "destroy_user",
      kind: "removing",
      said: "asked",
    });
    const state = postgresState({ ...of, database });
    const plan = await state.plans("acme").keep({ steps: 1 }, "new");
    await state.stamped("approvals", "acme").put("0123.json", "a question");
    const dump = join(temporaryFolder("backup"), "team.dump");

    follow("pg_dump", before, dump);
    follow("pg_restore", after, dump);
    follow("psql", after, dump);

    const there = after.open();
    const restored = postgresState({ ...of, database: there });
    expect(await verifyRows(there, { academy: "acme", chain: ownChain })).toMatchObject({
      lines: 1,
      breaks: [],
    });
    expect(await restored.plans("acme").read(plan)).toMatchObject({ plan: { steps: 1 }, state: "new" });
    expect(await restored.stamped("approvals", "acme").names()).toEqual([]);
    expect(await state.stamped("approvals", "acme").names()).toEqual(["0123.json"]);
  });
});
