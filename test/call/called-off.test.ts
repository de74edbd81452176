import { describe, expect, it } from "vitest";
import { exampleOf, type Tool } from "../../src/catalogue/catalogue.ts";
import { changesOf, readLines } from "../../src/journal/entry.ts";
import { journalFolder } from "../../src/journal/journal.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { createFakePages } from "../guard/asked/fake-pages.ts";
import { connect, liveAccount, noon } from "../support/academy.ts";
import { tools } from "../support/catalogue.ts";
import { quiet } from "../support/clock.ts";
import { agreeing } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";
import { temporaryFolder } from "../support/temporary.ts";

type Moment = "before SkyPrep did it" | "after SkyPrep did it" | "while it is looked after";

/** Calls a write, calls it off at that moment, and gives what the journal says of it, and how often it was sent. */
async function calledOff({ name, route, operation, shape }: Tool, moment: Moment) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    people: 60,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const state = temporaryFolder("state");
  const client = new AbortController();
  let sent = 0;
  const send: Send = async (request, signal) => {
    const own = request.route === route;
    const last = moment === "while it is looked after" ? sent > 0 : own;
    if (own) sent += 1;
    if (!last) return sandbox.send(request, signal);
    if (moment === "after SkyPrep did it") await sandbox.send(request, new AbortController().signal);
    client.abort();
    return new Promise((_, reject) => {
      const stop = () => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop);
    });
  };
  const env = { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state };
  const academy = await connect(send, env, { person: agreeing });

  const call = academy.client.callTool(
    { name, arguments: exampleOf({ operation, shape }) },
    { signal: client.signal },
  );
  await call.catch(() => {});
  // Whatever is still written down is written.
  await academy.end();
  await academy.close();
  await quiet();
  const changes = changesOf(await readLines(journalFolder(state), () => true));
  return { sent, outcomes: changes.map(({ outcome }) => outcome) };
}

const writes = [...tools.values()].filter(({ operation }) => operation.effect !== "read");
/** What is the same for all of them is seen on some. */
const some = writes.filter((_, index) => index % 6 === 0);
const bare = writes.filter(({ operation }) => operation.output.as === "done").slice(0, 6);
const named = (all: readonly Tool[]) => all.map((tool) => [tool.name, tool] as const);

describe("a write called off when it was sent stands as unknown, never as not sent", () => {
  it.each([
    ...named(writes).map((one) => [...one, "before SkyPrep did it"] as const),
    ...named(some).map((one) => [...one, "after SkyPrep did it"] as const),
  ])("%s", async (_, tool, moment) => {
    const { sent, outcomes } = await calledOff(tool, moment);

    expect(sent).toBe(1);
    expect(outcomes).toEqual([expect.objectContaining({ is: "unknown" })]);
    expect(JSON.stringify(outcomes)).not.toMatch(/nothing was sent/i);
  });
});

describe("a write that was answered and called off while it is looked after stands as it was answered", () => {
  it.each(named(bare))("%s", async (_, tool) => {
    const { sent, outcomes } = await calledOff(tool, "while it is looked after");

    expect(sent).toBe(1);
    expect(outcomes).toEqual([{ is: "done" }]);
  });
});

it("a write called off while it waits for its turn is not sent, and stands as not sent", async () => {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    people: 60,
    apiKey: liveAccount.SKYPREP_API_KEY,
    domain: liveAccount.SKYPREP_ACCT_KEY,
  });
  const sent: string[] = [];
  const state = temporaryFolder("state");
  const client = new AbortController();
  const academy = await connect(
    async (request, signal) => {
      sent.push(request.route);
      return sandbox.send(request, signal);
    },
    { ...liveAccount, SKYPREP_STATE_DIR: state, SKYPREP_CALLS_PER_MINUTE: "1", SKYPREP_TIMEOUT: "100" },
    {
      pause: (_, signal) => {
        client.abort();
        return new Promise((__, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    },
  );
  await academy.call("create_course", { name: "First" });
  const call = academy.client.callTool(
    { name: "create_course", arguments: { name: "Second" } },
    { signal: client.signal },
  );

  await expect(call).rejects.toThrow();
  await academy.end();
  await academy.close();

  const changes = changesOf(await readLines(journalFolder(state), () => true));
  expect(sent).toEqual(["create_course"]);
  expect(changes.map(({ outcome }) => outcome)).toEqual([
    expect.objectContaining({ is: "done" }),
    { is: "failed", why: "Nothing was sent." },
  ]);
});

it.each(["get_user", "get_user_group", "get_manager_permissions_from_user_group"])(
  "called off while %s is read, a call asks nobody, and the same call then asks with all that can be read",
  async (route) => {
    const sandbox = createSandbox({
      tables: seededTables,
      now: () => noon,
      people: 60,
      callsPerMinute: Number.POSITIVE_INFINITY,
    });
    const client = new AbortController();
    const send: Send = async (request, signal) => {
      if (request.route !== route || client.signal.aborted) return sandbox.send(request, signal);
      client.abort();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    const { pages, put } = createFakePages();
    // What stands there is not kept: it is read for the question alone.
    const academy = await connect(send, { SKYPREP_SANDBOX: "true", SKYPREP_KEEP_DAYS: "0" }, { pages });
    const call = {
      name: "assign_manager_to_user_group",
      arguments: { user_id: 102, user_group_id: 301, can_add_users: true },
    };
    await academy.client.callTool(call, { signal: client.signal }).catch(() => {});
    await quiet();
    const before = put.length;

    await academy.call(call.name, call.arguments);
    await academy.close();

    expect(before).toBe(0);
    expect(put.map(({ question }) => question.facts.join("\n"))).toEqual([
      expect.not.stringContaining("could not be read"),
    ]);
  },
);
