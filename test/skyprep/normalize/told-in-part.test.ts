import { expect, it } from "vitest";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";

type Row = Record<string, unknown>;

/** An academy that answers one route otherwise. */
async function otherwise(route: string, change: (row: Row) => Row) {
  const sandbox = createSandbox({
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
  });
  const send: Send = async (request, signal) => {
    const came = await sandbox.send(request, signal);
    if (request.route !== route) return came;
    const value: unknown = JSON.parse(new TextDecoder().decode(came.body));
    const changed = Array.isArray(value) ? value.map(change) : change(value as Row);
    return { ...came, body: new TextEncoder().encode(JSON.stringify(changed)) };
  };
  return connect(send, { SKYPREP_SANDBOX: "true" });
}

it("whoever has a role in words nobody knows is reviewed, and not taken for a learner", async () => {
  const numbers: Row = { admin: 1, content_manager: 2, manager: 3, learner: 4 };
  const { call, close } = await otherwise("get_users", ({ admin, manager, role, ...row }) => ({
    ...row,
    role: numbers[String(role)],
  }));
  const { text } = await call("access_review", { kind: "odd" });
  await close();

  expect(text).toContain("role “1” is none of SkyPrep's");
});

it("whoever has no role at all is said to show none", async () => {
  const { call, close } = await otherwise("get_users", ({ admin, manager, role, ...row }) => row);
  const { text } = await call("access_review", { kind: "odd" });
  await close();

  expect(text).toContain("no role is shown");
});

it("sign-ins on days that cannot be read make a count the least there is", async () => {
  const { call, close } = await otherwise("get_users", (row) => ({ ...row, last_login: "last Tuesday" }));
  const { text } = await call("account_overview");
  await close();

  expect(text).toContain("at least 0 signed in within 30 days");
  expect(text).toMatch(/when \d+ people last signed in: the date could not be read/);
});

it("a group that shows fewer members than it says it has is not told by these", async () => {
  const { call, close } = await otherwise("get_user_group", (row) => {
    const users = row.users as unknown[];
    return { ...row, users: users.slice(0, 10), users_count: users.length };
  });
  const { text } = await call("training_status", { group: "Sales Team" });
  await close();

  expect(text).toContain("does not show the users of group 301");
  expect(text).not.toContain("(10 people)");
});
