import type { Client } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import { Unreachable } from "../../../src/skyprep/response.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, noon } from "../../support/academy.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

type Says = (route: string, pass: () => ReturnType<Send>) => ReturnType<Send>;
const body = (text: string, status = 200) => ({
  status,
  contentType: "",
  body: new TextEncoder().encode(text),
});
const page = "<!DOCTYPE html><html><body>Please sign in</body></html>";

/** The pretend academy, answering as it likes. */
async function academyThat(says: Says, env: Record<string, string> = {}) {
  const sandbox = createSandbox({
    tables: seededTables,
    now: () => noon,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const sent: string[] = [];
  const academy = await connect(
    (request, signal) => {
      sent.push(request.route);
      return says(request.route, () => sandbox.send(request, signal));
    },
    { SKYPREP_SANDBOX: "true", ...env },
    { person: agreeing },
  );
  return { ...academy, sandbox, sent };
}
/** 101 is in course 201 already. */
const again = { user_id: 101, course_id: 201 };

it.each([
  ["a failure", () => Promise.resolve(body('{"message":"failure"}'))],
  ["silence", () => Promise.reject(new Unreachable("The connection ended.", "Try again.", "maybe"))],
])("does not take what was so before for the work of a call that is answered by %s", async (_, says) => {
  const academy = await academyThat((route, pass) => (route === "enroll_user_in_course" ? says() : pass()));

  const reply = await academy.call("enroll_user_in_course", again);
  await academy.close();

  expect(reply.isError).toBe(true);
  expect(reply.text).not.toMatch(/Done|verified: yes/);
  expect(reply.text).toMatch(/Not verified: get_user_courses shows 201, as it did before the call/);
});

it("says which part of what was asked for no read shows", async () => {
  const academy = await academyThat((_, pass) => pass());

  const reply = await academy.call("enroll_user_in_course", {
    user_id: 101,
    course_id: 210,
    course_enrollment_expiration_date: "2027-12-31",
  });
  await academy.close();

  expect(reply.isError).toBe(false);
  expect(reply.text).toMatch(/verified: in part \(get_user_courses shows 210, but not course_enrollment_exp/);
});

it("looks at a few of many who were enrolled at once, and says so", async () => {
  const user_ids = [101, 102, 120, 121, 122, 123];
  const good = await academyThat((_, pass) => pass());
  const done = await good.call("mass_enroll", { user_ids, course_ids: [240] });
  await good.close();
  const lying = await academyThat((route, pass) =>
    route === "mass_enroll" ? Promise.resolve(body('{"message":"success"}')) : pass(),
  );
  const undone = await lying.call("mass_enroll", { user_ids, course_ids: [240] });
  await lying.close();

  expect(done.text).toMatch(/Done: .*\nverified: in part \(looked at 2 of 6 people/);
  expect(undone.text).toMatch(/verified: no \(get_user_courses does not show 240 for person 1\d\d/);
});

it("says wrong key where reads before and after get a web page as well, and counts the call", async () => {
  const academy = await academyThat(async () => body(page), {
    SKYPREP_CONFIRM: "off",
    SKYPREP_MAX_DELETIONS: "1",
  });

  const first = await academy.call("destroy_course", { course_id: 202 });
  const second = await academy.call("destroy_course", { course_id: 203 });
  await academy.close();

  expect(first.text).toMatch(/web page[\s\S]*is unknown[\s\S]*SKYPREP_API_KEY/);
  expect(second.text).toMatch(/1 deletion an hour is the limit/);
});

it("does not blame the key for a web page where reads are answered", async () => {
  const academy = await academyThat((route, pass) =>
    route === "create_course" ? Promise.resolve(body(page)) : pass(),
  );

  const reply = await academy.call("create_course", { name: "New" });
  await academy.close();

  expect(reply.isError).toBe(true);
  expect(reply.text).toMatch(/is unknown: do not repeat it/);
  expect(reply.text).not.toMatch(/SKYPREP_API_KEY/);
});

it("quotes nothing of JSON that was cut: it may hold what must not leave", async () => {
  const cut = await academyThat(() => Promise.resolve(body('[{"id":101,"ssn":"123-45-6789"')));

  const { text } = await cut.call("get_users", {});
  await cut.close();

  expect(text).toMatch(/could not be read: broken JSON came/);
  expect(text).not.toMatch(/123-45/);
});

it.each(['"Not authorized"', "7", "true"])("does not take %s for a list of nobody", async (said) => {
  const academy = await academyThat((route, pass) =>
    route === "get_users" ? Promise.resolve(body(said)) : pass(),
  );

  const reply = await academy.call("get_users", {});
  await academy.close();

  expect(reply.isError).toBe(true);
  expect(reply.text).toContain(said.replaceAll('"', ""));
});

it.each(["null", "7", '"Not authorized"', "[]", '{"id":999,"email":"x@example.com"}'])(
  "creates nobody because the look-up was answered %s",
  async (said) => {
    const academy = await academyThat((route, pass) =>
      route === "get_user" ? Promise.resolve(body(said)) : pass(),
    );

    const hired = await academy.call("onboard_person", {
      login: "avery@example.com",
      first_name: "Avery",
      last_name: "Learner",
    });
    const gone = await academy.call("offboard_person", { person: "avery@example.com" });
    await academy.close();

    expect(hired.text).toMatch(/could not be read/);
    expect(gone.text).toMatch(/could not be read/);
    expect(academy.sent.filter((route) => !route.startsWith("get_"))).toEqual([]);
  },
);

it.each(["User not found", '{"message":"User not found"}', '{"error":"Couldn\'t find User"}'])(
  "takes %s for what it says: there is nobody",
  async (said) => {
    const academy = await academyThat((route, pass) =>
      route === "get_user" ? Promise.resolve(body(said)) : pass(),
    );

    const reply = await academy.call("offboard_person", { person: "nobody@example.com" });
    await academy.close();

    expect(reply.text).toMatch(/There is no person nobody@example.com/);
  },
);

it("tells a job's every step what a look found: a success that nothing bears out is not done", async () => {
  const academy = await academyThat((route, pass) =>
    /^(update_user|remove_|destroy_)/.test(route) ? Promise.resolve(body('{"message":"success"}')) : pass(),
  );

  const reply = await academy.call("offboard_person", { person: "jordan@example.com" });
  await academy.close();

  expect(reply.isError).toBe(true);
  expect(reply.text).toMatch(/: 5 unknown, 1 not tried\./);
  expect(reply.text).toMatch(/SkyPrep said success, but get_user shows access_end_date: nothing/);
});

it("writes a call that its client called off after it was sent down as unknown", async () => {
  let arrived = () => {};
  const here = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let answer = () => {};
  const academy = await academyThat(async (route, pass) => {
    if (route !== "create_course") return pass();
    arrived();
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    throw new Unreachable("The connection ended.", "Try again.", "maybe");
  });
  const stop = new AbortController();
  const client: Client = academy.client;
  const call = client.callTool({ name: "create_course", arguments: { name: "x" } }, { signal: stop.signal });
  const calledOff = expect(call).rejects.toThrow();

  await here;
  stop.abort();
  await calledOff;
  answer();
  let ended = "unknown";
  // Until what became of it is written down, too.
  for (let tries = 0; ended === "unknown" && tries < 100; tries++) {
    await new Promise(setImmediate);
    const { structured } = await academy.call("list_changes", {});
    ended = (structured?.items as { ended: string }[] | undefined)?.[0]?.ended ?? "none";
  }
  await academy.close();

  expect(ended).toMatch(/^unknown: ./);
});
