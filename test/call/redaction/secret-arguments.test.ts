import { describe, expect, it } from "vitest";
import {
  alsoRedacting,
  createRedaction,
  isSecretArgument,
  mostOfASecret,
  secretArguments,
  withoutSecrets,
} from "../../../src/call/redaction/redact.ts";
import { connect, liveAccount, openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";

const secret = "Hunter2-hunter2!x";
const person = { email: "casey@example.com", first_name: "Casey", last_name: "N" };

/** A live account before whatever answer is set, and everything it says, on stderr too. */
async function listening() {
  const lines: string[] = [];
  const answer = { body: "success", status: 200 };
  const sent: string[] = [];
  const academy = await connect(
    async ({ route }) => {
      sent.push(route);
      const { body, status } = answer;
      return { status, contentType: "application/json", body: new TextEncoder().encode(body) };
    },
    {
      ...liveAccount,
      SKYPREP_LOG: "debug",
      SKYPREP_CONFIRM: "off",
      SKYPREP_CALLS_PER_MINUTE: "10000",
      SKYPREP_STRUCTURED: "true",
    },
    { say: (line) => lines.push(line) },
  );
  async function saying(name: string, args: Record<string, unknown>) {
    lines.length = 0;
    sent.length = 0;
    const reply = await academy
      .call(name, args)
      .catch(({ message }: Error) => ({ isError: true, text: message }));
    return { reply, sent: [...sent], said: `${JSON.stringify(reply)}\n${lines.join("\n")}` };
  }
  return { answer, saying, close: academy.close };
}

describe("a secret that is longer than any", () => {
  const long = [501, 20_000, 1_000_000];

  it.each(long)(
    "of %i characters is refused by name, at once, in any place, and nothing is sent",
    async (length) => {
      const password = `${secret}${"x".repeat(length)}`;
      const { saying, close } = await listening();
      for (const [name, args] of [
        ["create_user", { ...person, password }],
        ["update_user", { user_id: 111, password, title: password.slice(0, 255) }],
        ["get_courses", { password }],
        ["write_operation", { operation: "update_user", arguments: { user_id: 111, password } }],
        [
          "write_operation",
          { operation: "update_user", arguments: JSON.stringify({ user_id: 1, password }) },
        ],
        ["write_operation", { operation: password, arguments: { password } }],
        ["find", { text: "x", password }],
        ["update_user", { user_id: 111, extra: { password } }],
        ["update_user", { user_id: 111, extra: JSON.stringify({ ssn: password }) }],
        ["update_user", { user_id: 111, ssn: [[password]] }],
        ["update_user", { user_id: 111, extra: [{ field: "password", is: password }] }],
        ["update_user", { user_id: 111, custom_fields: [{ value: password, name: "SSN" }] }],
        ["update_user", { user_id: 111, extra: JSON.stringify([{ field: "ssn", is: password }]) }],
        [
          "write_operation",
          { operation: "update_user", arguments: JSON.stringify([{ field: "password", is: password }]) },
        ],
      ] as const) {
        const { reply, sent, said } = await saying(name, args);

        expect(reply.isError).toBe(true);
        if (!/Unknown tool/.test(reply.text)) expect(reply.text).toMatch(/password|ssn/i);
        expect(said).not.toMatch(/hunter2|xxxx/i);
        expect(sent).toEqual([]);
      }
      await close();
    },
  );

  it("says what it may be instead", async () => {
    const { saying, close } = await listening();
    const { reply } = await saying("create_user", { ...person, password: "x".repeat(20_000) });
    await close();

    expect(reply.text).toContain("password must be text of 8 to 128 characters");
  });

  it("is one that no argument could hold anyway, and at the limit the tool itself says so", async () => {
    for (const { shape } of tools.values()) {
      for (const [name, { limits }] of shape.details)
        if (isSecretArgument(name) && limits.type === "string")
          expect(Number(limits.maxLength)).toBeLessThanOrEqual(mostOfASecret);
    }
    expect(secretArguments({ password: "x".repeat(mostOfASecret) }).secrets).toHaveLength(1);
    expect(secretArguments({ password: "x".repeat(mostOfASecret + 1) })).toEqual({
      secrets: [],
      tooMuch: ["password"],
    });
    const twenty = (more: number) =>
      Array.from({ length: 20 + more }, (_, n) => ({ password: `secret-${n}` }));
    expect(secretArguments(twenty(0)).secrets).toHaveLength(20);
    expect(secretArguments(twenty(1)).tooMuch).toEqual(["password"]);
  });
});

describe("what is told in confidence", () => {
  it("is found wherever it stands, and masked there in a log", () => {
    const raw = {
      password: " abc ",
      list: [{ SSN: 123456789 }, { New_Password: "n" }],
      text: '{"arguments":{"passwd":"p","more":"{\\"ssn\\":\\"q\\"}"}}',
      password_expiration_date: "2027-01-01",
      can_edit_user_password: true,
      extra: { ssn: null, city: "Boston" },
      custom_fields: [
        { field: "Passphrase", is: "r-r" },
        { is: ["s-s"], field: "SSN" },
        { name: "pwd", value: 4711 },
        '{"field":"ssn","is":"t-t"}',
      ],
    };

    expect([...secretArguments(raw).secrets].sort()).toEqual([
      "123456789",
      "4711",
      "abc",
      "n",
      "p",
      "q",
      "r-r",
      "s-s",
      "t-t",
    ]);
    const log = JSON.stringify(withoutSecrets(raw));
    expect(log).not.toMatch(/abc|12345|"n"|\\"p\\"|\\"q|r-r|s-s|t-t|4711/);
    expect(log).toMatch(/2027-01-01.*Boston/);
  });

  it("never comes back in a refusal of ours, as a value or as a name, whole or cut", async () => {
    const { saying, close } = await listening();
    for (const [name, args] of [
      ["create_user", { ...person, password: secret, [secret]: 1 }],
      ["create_user", { ...person, password: secret, [`${"n".repeat(55)}${secret}`]: 1 }],
      ["create_user", { ...person, password: secret, role: secret, access_end_date: secret }],
      ["create_user", { ...person, password: secret, extra: { [`${"n".repeat(58)}_login_${secret}`]: "x" } }],
      [
        "create_user",
        { ...person, password: secret, custom_fields: { [`${"n".repeat(58)}${secret}`]: "x" } },
      ],
      ["update_user", { user_id: secret, password: secret }],
      ["update_user", { user_id: 111, extra: [{ field: "password", is: secret }] }],
      [
        "update_user",
        {
          user_id: 111,
          extra: [
            { field: secret, is: "x" },
            { field: "ssn", is: secret },
          ],
        },
      ],
      [
        "update_user",
        {
          user_id: 111,
          custom_fields: [
            { field: `${"n".repeat(58)}${secret}`, is: "x" },
            { field: `${"n".repeat(58)}${secret}`, is: "y" },
            { field: "SSN", is: secret },
          ],
        },
      ],
      ["write_operation", { operation: `${"n".repeat(58)}${secret}`, arguments: { password: secret } }],
      [
        "write_operation",
        { operation: "create_user", [`${"n".repeat(58)}${secret}`]: 1, arguments: { password: secret } },
      ],
      [
        "write_operation",
        { operation: "create_user", arguments: { ...person, password: secret, role: secret } },
      ],
    ] as const) {
      const { said, reply, sent } = await saying(name, args);

      expect(reply.isError).toBe(true);
      expect(sent).toEqual([]);
      expect(said).not.toMatch(/hunter/i);
    }
    await close();
  });

  it.each([422, 404, 200])(
    "is not repeated with SkyPrep's words on status %i, wherever they are cut short",
    async (status) => {
      const { answer, saying, close } = await listening();
      for (const before of [
        100, 125, 136, 140, 144, 148, 152, 180, 184, 188, 192, 196, 222, 226, 230, 234, 238,
      ]) {
        const words = `${"n".repeat(before)} ${secret} is too weak`;
        for (const body of [
          JSON.stringify({ error: words }),
          JSON.stringify({ error: { password: [words] } }),
          JSON.stringify({ message: words }),
          JSON.stringify({ id: 5, message: words }),
          JSON.stringify(words),
          words,
        ]) {
          Object.assign(answer, { body, status });
          const { said, sent } = await saying("create_user", { ...person, password: secret });
          expect(sent, said).toContain("create_user");
          expect(said, body).not.toMatch(/hunt/i);
        }
      }
      await close();
    },
  );

  it("is not in the echo of what was done either, where that is cut", async () => {
    const academy = await openAcademy();
    for (let length = 290; length < 400; length += 5) {
      const { text, isError } = await academy.call("update_user", {
        user_id: 111,
        password: secret,
        title: "t".repeat(200),
        address: `${"a".repeat(length - 240)} ${secret} and more`,
      });
      expect(isError, text).toBe(false);
      expect(text).not.toMatch(/hunt/i);
    }
    await academy.close();
  });

  it("of one to three characters is hidden as a word of its own in what SkyPrep says, and numbers stay whole", async () => {
    const { answer, saying, close } = await listening();
    Object.assign(answer, { body: '{"error":"ssn 12 is taken by person 1234"}', status: 422 });
    const { reply } = await saying("create_user", { ...person, ssn: "12" });
    await close();

    expect(reply.text).toContain("ssn ••• is taken by person 1234");
  });

  it.each(["done", "success", "update_user", "user_id", "111", "true", "tool"])(
    "changes nothing of what becomes of a call where it is a word of ours: %s",
    async (ssn) => {
      const academy = await openAcademy({ env: { SKYPREP_STRUCTURED: "true" } });
      const reply = await academy.call("update_user", { user_id: 111, ssn, title: "x" });
      const plain = await academy.call("update_user", { user_id: 111, ssn: "zzzz", title: "x" });
      await academy.close();

      expect(reply.isError).toBe(false);
      expect(Object.keys(reply.structured ?? {})).toEqual(Object.keys(plain.structured ?? {}));
    },
  );

  it("makes no text slow to look through", () => {
    const { inWords } = alsoRedacting(createRedaction({ anywhere: ["test-key-4711-secret"] }), [
      `${"a".repeat(499)}b`,
      "…".repeat(400),
    ]);
    const time = (text: string) => {
      const began = performance.now();
      inWords(text);
      return performance.now() - began;
    };
    for (const unit of ["a", "…", "a…", `${"a".repeat(499)}…`, "b", "\\"]) {
      const [short, long] = [20_000, 160_000].map((n) => unit.repeat(n / unit.length));
      time(short ?? "");
      const [first, second] = [time(short ?? ""), time(long ?? "")];
      // Eight times the text; time on a loaded machine is no exact thing.
      expect(second).toBeLessThan(Math.max(2_000, 40 * first));
    }
  });
});
