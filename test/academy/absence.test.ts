import { describe, expect, it } from "vitest";
import { toolName } from "../../src/catalogue/catalogue.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Incoming, Outgoing, Send } from "../../src/skyprep/send.ts";
import { connect, noon } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";

const session = { name: toolName("get_instructor_led_training_timeslot") };
type Said = readonly [status: number, body: string];
const page = "<!DOCTYPE html><html><head><title>Oops</title></head><body>Something</body></html>";
const bytes = (text: string) => new TextEncoder().encode(text);

interface Behaviour {
  /** What an unknown one is answered with; `owner`: the account's owner. */
  readonly unknown?: Said | "owner";
  /** Every answer of a route. */
  readonly always?: Readonly<Record<string, Said>>;
  readonly before?: (request: Outgoing) => void;
}

/** The sandbox, where nobody found is told in another way. */
async function academyOf({ unknown, always = {}, before }: Behaviour) {
  const sandbox = createSandbox({
    now: () => noon,
    tables: seededTables,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  const sent: string[] = [];
  const send: Send = async (request, signal): Promise<Incoming> => {
    sent.push(request.route);
    before?.(request);
    const fixed = always[request.route];
    if (fixed) return { status: fixed[0], contentType: "", body: bytes(fixed[1]) };
    const came = await sandbox.send(request, signal);
    if (came.status !== 404 || unknown === undefined) return came;
    if (unknown === "owner") return sandbox.send({ ...request, body: "user_id=100" }, signal);
    return { status: unknown[0], contentType: "", body: bytes(unknown[1]) };
  };
  const connected = await connect(send, { SKYPREP_SANDBOX: "true" }, { person: agreeing });
  const people = (login: string) =>
    [...sandbox.world.people.values()].filter(({ email }) => email.toLowerCase() === login);
  return { ...connected, sandbox, sent, people };
}

const dialects: Readonly<Record<string, Said | "owner">> = {
  "a 404 that says so": [404, "User not found"],
  '200 {"message":"error"}': [200, '{"message":"error"}'],
  "a 404 with a web page": [404, page],
  "a web page on 200": [200, page],
  "a 404 without a word": [404, ""],
  "a 422": [422, "Unprocessable Entity"],
  "a 422 as JSON": [422, '{"errors":["is invalid"]}'],
  "an empty list": [200, "[]"],
  null: [200, "null"],
  "{}": [200, "{}"],
  "no body": [200, ""],
  "{error} on 200": [200, '{"error":"something went wrong"}'],
  "the account's owner": "owner",
};
const casey = { login: "casey@example.com", first_name: "Casey", last_name: "Newhire", groups: ["303"] };

describe.each(Object.entries(dialects))("where somebody unknown is %s", (_, unknown) => {
  it("onboards a hire, once, and tells of an unknown person that there is none", async () => {
    const academy = await academyOf({ unknown });

    const reply = await academy.call("onboard_person", casey);
    const nobody = await academy.call("get_user", { user_email: "nobody@example.com" });
    const number = await academy.call("get_user", { user_id: 999_999 });
    const plan = await academy.call("plan_enrollment", {
      people: ["nobody@example.com"],
      courses: ["210"],
    });
    await academy.close();

    expect(reply.isError, reply.text).toBe(false);
    expect(reply.text).toMatch(/newly created: person \d+ casey@example.com: 2 done/);
    expect(academy.people("casey@example.com")).toHaveLength(1);
    expect(academy.sent.filter((route) => route === "create_user")).toHaveLength(1);
    for (const { isError, text } of [nobody, number]) {
      expect(isError).toBe(true);
      expect(text).toMatch(/User not found|get_users lists none of that (login|number)/);
      expect(text).toMatch(/list or find them first/);
    }
    expect(plan.text).toMatch(/nobody@example.com[\s\S]*not found/);
  });

  it("tells of a number that nothing has that there is none, and shows what is there", async () => {
    const academy = await academyOf({ unknown });

    const shown = await academy.call("get_user", { user_id: 101 });
    const looked = academy.sent.filter((route) => route === "get_users");
    const numbers = [
      await academy.call("get_course", { course_id: 999_999 }),
      await academy.call("get_user_group", { user_group_id: 999_999 }),
      await academy.call("get_learning_path", { learning_path_id: 999_999 }),
      await academy.call(session.name, { instructor_led_training_timeslot_id: 999_999 }),
    ];
    const gone = await academy.call("destroy_user_group", { user_group_id: 303 });
    await academy.close();

    expect(shown.text).toMatch(/avery@example.com/);
    expect(looked).toEqual([]);
    for (const { text } of numbers) expect(text).toMatch(/not found|lists none of that number/);
    expect(gone.text).toMatch(/verified: yes/);
  });
});

describe("what is no absence", () => {
  it.each([
    ["a refusal of the key", [403, "Forbidden"]],
    ["words about the key", [200, '{"error":"API key not found"}']],
    ["a lack of permission", [200, '{"message":"You do not have permission"}']],
    ["SkyPrep's own trouble", [500, "Internal error"]],
  ] as const)("%s creates nobody", async (_, said) => {
    const academy = await academyOf({ always: { get_user: said } });

    const reply = await academy.call("onboard_person", casey);
    await academy.close();

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/Nobody was onboarded/);
    expect(academy.sent).not.toContain("create_user");
  });

  it.each([
    ["cannot be read", [403, "Forbidden"]],
    ["is a page", [200, page]],
    ["is empty, which no account is", [200, "[]"]],
    ["has rows without a login", [200, '[{"id":1,"user_id":1,"email":""}]']],
    ["has logins blotted out", [200, '[{"id":1,"user_id":1,"email":"a***@example.com"}]']],
  ] as const)("where the list %s, nobody is created", async (_, list) => {
    const academy = await academyOf({ unknown: [200, '{"message":"error"}'], always: { get_users: list } });

    const reply = await academy.call("onboard_person", casey);
    await academy.close();

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/Nobody was onboarded/);
    expect(academy.sent).not.toContain("create_user");
  });

  it.each(Object.entries(dialects).filter(([, said]) => said !== "owner" && !/not found/.test(said[1])))(
    "somebody in the list who is answered with %s is there, and could not be read",
    async (_, said) => {
      const academy = await academyOf({ always: { get_user: said as Said } });

      const reply = await academy.call("onboard_person", { ...casey, login: "avery@example.com" });
      const shown = await academy.call("get_user", { user_id: 101 });
      await academy.close();

      expect(reply.isError).toBe(true);
      expect(academy.sent).not.toContain("create_user");
      expect(shown.isError).toBe(true);
      expect(shown.text).toMatch(/though get_users lists user_id 101/);
    },
  );

  it("somebody made in between is found, and nobody made beside them", async () => {
    const unknown = [200, '{"message":"error"}'] as const;
    const academy = await academyOf({
      unknown,
      before: ({ route }) => {
        const known = academy.sandbox.world.people.get(101);
        if (route === "get_users" && known) known.email = "casey@example.com";
      },
    });

    const reply = await academy.call("onboard_person", casey);
    await academy.close();

    expect(reply.text).toMatch(/person 101/);
    expect(academy.sent).not.toContain("create_user");
  });

  it("a login that a record of another login shows elsewhere is not free", async () => {
    const record = { id: 101, user_id: 101, email: "other@example.com", notification_email: casey.login };
    const academy = await academyOf({ always: { get_user: [200, JSON.stringify(record)] } });

    const reply = await academy.call("onboard_person", casey);
    await academy.close();

    expect(reply.isError).toBe(true);
    expect(academy.sent).not.toContain("create_user");
  });
});
