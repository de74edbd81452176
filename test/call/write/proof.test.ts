import { describe, expect, it } from "vitest";
import { exampleOf } from "../../../src/catalogue/catalogue.ts";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import { Unreachable } from "../../../src/skyprep/response.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, noon, openAcademy } from "../../support/academy.ts";
import { reads, tools } from "../../support/catalogue.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

const writes = [...tools.values()].flatMap((tool) =>
  tool.operation.effect === "read" ? [] : [{ tool, proof: tool.operation.proof }],
);
const tested = writes.filter(({ proof }) => proof.test !== undefined);
const bare = tested.filter(({ tool }) => tool.operation.output.as === "done");

describe("what a write left is looked at", () => {
  it("by a read that there is, for every write", () => {
    expect(writes.filter(({ proof }) => !reads.has(proof.read)).map(({ tool }) => tool.name)).toEqual([]);
  });

  it.each(bare.map(({ tool }) => tool.name))("%s: a bare success is verified", async (name) => {
    const academy = await openAcademy();
    const tool = tools.get(name);
    if (tool === undefined) throw new Error(name);

    const reply = await academy.call(name, exampleOf(tool));
    await academy.close();

    expect(reply.text).toMatch(
      /^\[sandbox\] Done: [\s\S]*verified: (yes|no .*perhaps it also comes through a group)/,
    );
    expect(reply.structured).toMatchObject({ done: true });
  });

  it.each(bare.map(({ tool }) => tool.name))("%s: a success that did nothing is found out", async (name) => {
    const tool = tools.get(name);
    if (tool === undefined) throw new Error(name);
    const academy = await lying(tool.route, () => ({ status: 200, body: '{"message":"success"}' }));

    const reply = await academy.call(name, exampleOf(tool));
    await academy.close();

    expect(reply.structured).toMatchObject({ done: true });
    // Where the example changes nothing, there is nothing to be found out.
    if (!/verified: yes/.test(reply.text)) expect(reply.text).toMatch(/verified: no \(get_\w+ /);
  });
});

/** The sandbox, but for one route. */
async function lying(route: string, answer: () => { status: number; body: string } | Error, pass = false) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const sent: string[] = [];
  const send: Send = async (request, signal) => {
    sent.push(request.route);
    if (request.route !== route) return sandbox.send(request, signal);
    if (pass) await sandbox.send(request, signal);
    const said = answer();
    if (said instanceof Error) throw said;
    return { status: said.status, contentType: "", body: new TextEncoder().encode(said.body) };
  };
  const academy = await connect(send, { SKYPREP_SANDBOX: "true" }, { person: agreeing });
  return { ...academy, sandbox, sent };
}
const lost = () =>
  new Unreachable("The connection ended before an answer came (ECONNRESET).", "Try again.", "maybe");

describe("a write whose answer was lost", () => {
  const newcomer = { email: "casey@example.com", first_name: "Casey", last_name: "Newhire" };

  it.each([
    ["create_user", newcomer, /get_user shows person \d+ with this login/],
    ["enroll_user_in_course", { user_id: 101, course_id: 210 }, /get_user_courses shows 210/],
    ["enroll_user_in_courses", { user_id: 101, course_ids: [210, 211] }, /get_user_courses shows 210, 211/],
    ["enroll_user_in_user_group", { user_id: 101, user_group_id: 303 }, /shows 303/],
  ])("%s is found to be done, sent once", async (name, args, found) => {
    const academy = await lying(name, lost, true);

    const reply = await academy.call(name, args);
    await academy.close();

    expect(reply.isError, reply.text).toBe(false);
    expect(reply.text).toMatch(found);
    expect(reply.text).toMatch(/verified: yes/);
    expect(academy.sent.filter((route) => route === name)).toHaveLength(1);
  });

  it.each([
    ["create_user", newcomer, /verified: no \(get_user finds nobody with this login\)/],
    [
      "enroll_user_in_course",
      { user_id: 101, course_id: 210 },
      /verified: no \(get_user_courses does not show 210\)/,
    ],
  ])("%s is said not to be found, and stays unknown", async (name, args, found) => {
    const academy = await lying(name, lost);

    const reply = await academy.call(name, args);
    await academy.close();

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/is unknown: do not repeat it before get_\w+ shows/);
    expect(reply.text).toMatch(found);
    expect(reply.structured).toMatchObject({ outcome: "unknown", verified: "no" });
  });

  it.each([
    [0, /verified: yes/],
    ["1", /verified: no/],
  ])(
    "a flag is looked at in the digits, too, that SkyPrep writes in places: %j",
    async (active, verified) => {
      const sandbox = createSandbox({
        tables: seededTables,
        now: () => noon,
        callsPerMinute: Number.POSITIVE_INFINITY,
      });
      let sent = false;
      const send: Send = async (request, signal) => {
        const answer = await sandbox.send(request, signal);
        if (request.route === "update_course") sent = true;
        if (!sent) return answer;
        const record = JSON.parse(new TextDecoder().decode(answer.body as Uint8Array));
        const said = request.route === "get_course" ? { ...record, active } : { message: "success" };
        return { ...answer, body: new TextEncoder().encode(JSON.stringify(said)) };
      };
      const academy = await connect(send, { SKYPREP_SANDBOX: "true" }, { person: agreeing });

      const { text } = await academy.call("update_course", { course_id: 201, active: false });
      await academy.close();

      expect(text).toMatch(verified);
    },
  );

  it("does not take somebody who was there for the one to be made", async () => {
    const academy = await lying("create_user", lost);

    const reply = await academy.call("create_user", { ...newcomer, email: "avery@example.com" });
    await academy.close();

    expect(reply.text).toMatch(
      /verified: no \(get_user shows person 101 with this login, who was there before\)/,
    );
  });

  it("does not look up again who a person is, whose number and login are known", async () => {
    const { sent, call, close } = await lying("none", () => ({ status: 500, body: "" }));
    for (const [name, args] of [
      ["enroll_user_in_course", { user_id: 103, course_id: 240 }],
      ["enroll_user_in_user_group", { user_email: "avery@example.com", user_group_id: 303 }],
    ] as const) {
      sent.length = 0;

      const { text } = await call(name, args);

      expect(text).toMatch(/verified: yes/);
      expect(
        sent.filter((route) => route === "get_user"),
        name,
      ).toHaveLength(1);
    }
    await close();
  });

  it("names the read that would tell where none is looked at", async () => {
    const academy = await lying("create_course", lost);

    const reply = await academy.call("create_course", { name: "New" });
    await academy.close();

    expect(reply.text).toMatch(/is unknown: do not repeat it before get_courses shows/);
    expect(academy.sent).toEqual(["create_course"]);
  });

  it("is done where a removal, tried again, finds nothing there any more", async () => {
    let first = true;
    const sandbox = createSandbox({
      tables: seededTables,
      now: () => noon,
      callsPerMinute: Number.POSITIVE_INFINITY,
    });
    const academy = await connect(
      async (request, signal) => {
        const answer = await sandbox.send(request, signal);
        if (request.route !== "destroy_course" || !first) return answer;
        first = false;
        throw lost();
      },
      { SKYPREP_SANDBOX: "true" },
      { person: agreeing },
    );

    const reply = await academy.call("destroy_course", { course_id: 202 });
    await academy.close();

    expect(reply.isError).toBe(false);
    expect(reply.text).toMatch(/Done: Delete a course. The first answer was lost/);
    expect(reply.text).not.toMatch(/tries/);
    expect(reply.structured).toMatchObject({ done: true, tries: 2 });
  });
});
