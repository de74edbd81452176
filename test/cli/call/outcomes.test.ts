import { describe, expect, it } from "vitest";
import type { Pages } from "../../../src/guard/channels/approval-channels.ts";
import { Unreachable } from "../../../src/skyprep/response.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { liveAccount } from "../../support/academy.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { academySend, type Came, skyprep } from "./calling.ts";

const json =
  (status: number, value: unknown, more: object = {}): Send =>
  async () => ({
    status,
    contentType: "application/json",
    body: new TextEncoder().encode(JSON.stringify(value)),
    ...more,
  });
const live = { SKYPREP_SANDBOX: "", ...liveAccount };
const out = async (): Promise<never> => {
  throw new Unreachable("SkyPrep could not be reached.", "Try again.", "no");
};
const lost: Send = async (request, ...rest) => {
  if (request.route === "create_course") throw new Unreachable("The connection was lost.", "Look.", "maybe");
  return academySend()(request, ...rest);
};
const taken = ["remove_user_from_user_group", "--user-id", "101", "--user-group-id", "301"];

describe("the exit code of call", () => {
  const cases: readonly [string, number, string, () => Promise<Came>][] = [
    [
      "is 0 where it is done",
      0,
      "done",
      () => skyprep(["call", "create_course", "--name", "Snakes", "--json"]),
    ],
    [
      "is 0 where a read is answered",
      0,
      "done",
      () => skyprep(["call", "get_user", "--user-id", "101", "--json"]),
    ],
    [
      "is 1 where there is no such thing",
      1,
      "failed",
      () => skyprep(["call", "get_user", "--user-id", "99999", "--json"]),
    ],
    [
      "is 1 where SkyPrep says no",
      1,
      "failed",
      () =>
        skyprep(["call", "create_course", "--name", "Snakes", "--json"], {
          send: json(422, { error: "is taken" }),
          env: live,
        }),
    ],
    ["is 2 where an argument is missing", 2, "refused", () => skyprep(["call", "create_course", "--json"])],
    [
      "is 2 where an argument cannot be meant so",
      2,
      "refused",
      () => skyprep(["call", "get_course", "--course-id", "0", "--json"]),
    ],
    [
      "is 2 where a setting leaves the tool out",
      2,
      "refused",
      () => skyprep(["--read-only", "call", "create_course", "--name", "Snakes", "--json"]),
    ],
    ["is 3 where a question waits", 3, "waiting", () => skyprep(["call", ...taken, "--json"])],
    [
      "is 3 where nobody can be asked",
      3,
      "refused",
      () => skyprep(["call", "destroy_course", "--course-id", "202", "--json"]),
    ],
    [
      "is 3 where unattended refuses it",
      3,
      "refused",
      () => skyprep(["--confirm", "unattended", "call", ...taken, "--json"]),
    ],
    [
      "is 3 where unattended refuses a job",
      3,
      "refused",
      () =>
        skyprep([
          "--confirm",
          "unattended",
          "call",
          "offboard_person",
          "--person",
          "avery@example.com",
          "--json",
        ]),
    ],
    [
      "is 3 where a confirm code is wrong",
      3,
      "refused",
      () => skyprep(["call", ...taken, "--confirm", "AAAA-BBBB", "--json"]),
    ],
    [
      "is 4 where a write's answer was lost",
      4,
      "unknown",
      () => skyprep(["call", "create_course", "--name", "Snakes", "--json"], { send: lost }),
    ],
    [
      "is 75 where SkyPrep cannot be reached",
      75,
      "failed",
      () => skyprep(["call", "get_courses", "--json"], { send: out, env: live }),
    ],
    [
      "is 75 where a job cannot read",
      75,
      "refused",
      () => skyprep(["call", "training_status", "--group", "Sales Team", "--json"], { send: out, env: live }),
    ],
    [
      "is 75 where a write was not let in",
      75,
      "refused",
      () =>
        skyprep(["call", "create_course", "--name", "Snakes", "--json"], {
          send: json(429, "too many", { retryAfter: 900 }),
          env: live,
        }),
    ],
    [
      "is 75 where SkyPrep is down",
      75,
      "failed",
      () => skyprep(["call", "get_courses", "--json"], { send: json(503, "down"), env: live }),
    ],
  ];
  it.each(cases)("%s", async (_, code, outcome, call) => {
    const came = await call();

    expect(came.json().outcome, came.out + came.err).toBe(outcome);
    expect(came.code, came.out).toBe(code);
  });

  it("is 75 where the minute's calls are used up", async () => {
    const state = temporaryFolder("call");
    const env = { ...live, SKYPREP_STATE_DIR: state, SKYPREP_CALLS_PER_MINUTE: "1", SKYPREP_TIMEOUT: "5" };
    const send = json(200, []);

    await skyprep(["call", "get_courses"], { send, env });
    const second = await skyprep(["call", "get_user_groups", "--json"], { send, env });

    expect(second).toMatchObject({ code: 75, out: expect.stringContaining("limit of calls a minute") });
  });

  it("is 4 where a job is done in part", async () => {
    const inner = academySend();
    const send: Send = async (request, ...rest) =>
      /enroll/.test(request.route)
        ? {
            status: 422,
            contentType: "application/json",
            body: new TextEncoder().encode('{"error":"no seats"}'),
          }
        : inner(request, ...rest);

    const came = await skyprep(
      [
        "call",
        "onboard_person",
        "--login",
        "new@example.com",
        "--first-name",
        "New",
        "--last-name",
        "Hire",
        "--courses",
        "202",
        "--json",
      ],
      { send },
    );

    expect(came.json().outcome, came.out).toBe("partly");
    expect(came.code).toBe(4);
  });
});

describe("call, wrongly used", () => {
  it.each([
    [["call", "traning_status"], "training_status"],
    [["call", "enrol_user_in_course"], "enroll_user_in_course"],
    [["call", "get_user", "--usr-id", "101"], "--user-id"],
    [["call", "training_status", "--grup", "Sales Team"], "--group"],
    [["call", "--jsno", "get_user"], "--json"],
    [["call", "get_user", "--args", '{"user_idd": 101}'], "user_id"],
    [["--read-onyl", "call", "get_program"], "SKYPREP|setting"],
  ])("names the nearest of what it does not know: %j", async (words, nearest) => {
    const { code, out, err } = await skyprep(words);

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(new RegExp(nearest));
  });

  it.each([
    [["call"]],
    [["call", "get_user", "101"]],
    [["call", "get_user", "--user-id"]],
    [["call", "get_user", "--user-id", "1", "--user-id", "2"]],
    [["call", "get_user", "--args", "{"]],
    [["call", "get_user", "--args", "[1]"]],
    [["call", "get_user", "--args", "nowhere.json"]],
    [["call", "get_user", "--args", '{"user_id":1}', "--user-id", "2"]],
    [["call", "get_user", "--args", "-"]],
    [["call", "get_user", "--sandbox", "--user-id", "101"]],
    [["call", "create_user", "--custom-fields", "Region"]],
  ])("says what is wrong with %j, and calls nothing", async (words) => {
    const { code, out, err } = await skyprep(words, { send: async () => Promise.reject(new Error("sent")) });

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.length).toBeGreaterThan(20);
  });

  it("answers a program in JSON all the same", async () => {
    const { json } = await skyprep(["call", "traning_status", "--json"]);

    expect(json()).toMatchObject({
      outcome: "refused",
      data: null,
      text: expect.stringContaining("training_status"),
    });
  });

  it("does not run where nobody is asked, and says why", async () => {
    const { code, err } = await skyprep(["--confirm", "off", "call", "get_program"]);

    expect(code).toBe(2);
    expect(err).toMatch(/unattended/);
  });
});

describe("a secret", () => {
  const secret = "Hunter2-very-secret";

  it.each([
    [["--password", secret]],
    [[`--password=${secret}`]],
    [["--ssn", "078-05-1120"]],
    [["--args", JSON.stringify({ email: "x@example.com", password: secret })]],
    [["--extra", `new_password=${secret}`]],
  ])("is refused on the command line, and printed nowhere: %j", async (words) => {
    const { code, out, err } = await skyprep(["call", "create_user", "--email", "x@example.com", ...words]);

    expect(code).toBe(2);
    expect(err).toMatch(/stdin/);
    expect(out + err).not.toMatch(/Hunter2|078-05/);
  });

  it("is taken from stdin", async () => {
    const args = { email: "x@example.com", first_name: "X", last_name: "Y", password: secret };

    const { code, out, err } = await skyprep(["--log", "debug", "call", "create_user", "--args", "-"], {
      piped: JSON.stringify(args),
    });

    expect(code, out + err).toBe(0);
    expect(out + err).not.toContain("Hunter2");
  });
});

describe("whoever sits at the terminal", () => {
  it("is asked there, and agrees with the whole word", async () => {
    const { code, out, err } = await skyprep(["call", ...taken], { typed: "yes\n" });

    expect(code).toBe(0);
    expect(err).toMatch(/Remove “Avery Learner”[\s\S]*Type yes to go on/);
    expect(out).not.toMatch(/Type yes/);
  });

  it.each(["y\n", "no\n", "\n", "ok\n", "YES please\n"])("does not agree by typing %j", async (typed) => {
    const { code, out } = await skyprep(["call", ...taken], { typed });

    expect(code).toBe(1);
    expect(out).toMatch(/Nothing was sent/);
  });

  it("types the phrase where one is asked for", async () => {
    const right = await skyprep(["call", "destroy_course", "--course-id", "202"], { typed: "delete 202\n" });
    const wrong = await skyprep(["call", "destroy_course", "--course-id", "202"], { typed: "yes\n" });

    expect([right.code, wrong.code]).toEqual([0, 3]);
  });

  it("is still needed where the terminal was closed", async () => {
    const { code } = await skyprep(["call", ...taken], { typed: "" });

    expect(code).toBe(3);
  });

  it("is in the journal as the terminal, and in the list of changes", async () => {
    const env = { SKYPREP_STATE_DIR: temporaryFolder("call") };
    const send = academySend();

    await skyprep(["call", ...taken], { send, env, typed: "yes\n" });
    const { out } = await skyprep(["call", "list_changes"], { send, env });

    expect(out).toMatch(/by terminal/);
  });

  it("proves no person: where only a person counts, the page asks", async () => {
    const put: string[] = [];
    const pages: Pages = {
      put: async ({ tool }) => {
        put.push(tool);
        return {
          url: "http://127.0.0.1:1/x",
          opened: false,
          answer: Promise.resolve({ said: "yes" }),
          close: () => {},
        };
      },
    };

    const { code, err } = await skyprep(["--confirm", "human", "call", ...taken], { typed: "yes\n", pages });

    expect(put).toEqual(["remove_user_from_user_group"]);
    expect(err).not.toMatch(/Type yes/);
    expect(err).toContain("http://127.0.0.1:1/x");
    expect(code).toBe(0);
  });

  it("is not asked by a page that nobody could open in time", async () => {
    let closed = false;
    const pages: Pages = {
      put: async () => ({
        url: "http://127.0.0.1:1/x",
        opened: false,
        answer: new Promise(() => {}),
        close: () => {
          closed = true;
        },
      }),
    };

    const { code, out } = await skyprep(["call", "destroy_course", "--course-id", "202"], { pages });

    expect({ code, closed }).toEqual({ code: 3, closed: true });
    expect(out).not.toContain("127.0.0.1");
  });
});

describe("what a call prints", () => {
  it("is the reply on stdout and nothing else", async () => {
    const { out, err } = await skyprep(["call", "training_status", "--group", "Sales Team", "--json"]);

    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toMatch(/Reading/);
  });

  it("is not asked for again where its reader is gone: what is done is done", async () => {
    const sent: string[] = [];
    const inner = academySend();
    const send: Send = async (request, ...rest) => {
      sent.push(request.route);
      return inner(request, ...rest);
    };

    const piped = await skyprep(["call", "create_course", "--name", "Snakes"], { send, broken: "EPIPE" });
    const full = await skyprep(["call", "get_courses"], { broken: "ENOSPC" });

    expect(piped.code).toBe(0);
    expect(sent.filter((route) => route === "create_course")).toHaveLength(1);
    expect(full).toMatchObject({ code: 1, err: expect.stringContaining("ENOSPC") });
  });
});
