import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { exampleOf } from "../../../src/catalogue/catalogue.ts";
import { openAcademy } from "../../support/academy.ts";
import { consequenceIn, tools } from "../../support/catalogue.ts";

const SKYPREP_SECTIONS = "essentials";
/** Enough for every example. */
const few = 60;
const open = (env: Record<string, string> = {}, more = {}) =>
  openAcademy({ env: { SKYPREP_SECTIONS, ...env }, ...more });
const wayOf = (effect: string) => (effect === "read" ? "read_operation" : "write_operation");
/** Made anew by each call. */
const told = ({ text, structured, isError }: { text: string; structured: unknown; isError: boolean }) =>
  JSON.stringify({ text, structured, isError }).replace(
    /skyprep-state-\w+|otp=\w+|test\d{8}|token=[\w-]+/g,
    "…",
  );

describe("essentials", () => {
  it("lists the jobs, the reads most used and three tools that reach the rest, for at most 4,000 tokens", async () => {
    const academy = await open();
    const listed = (await academy.client.listTools()).tools;
    const names = listed.map(({ name }) => name);
    const cost = listed.reduce(
      (sum, { name, description, inputSchema }) =>
        sum + countTokens(JSON.stringify({ name, description, inputSchema })),
      0,
    );

    expect(names.slice(-3)).toEqual(["find_operation", "read_operation", "write_operation"]);
    for (const job of academy.jobs.keys()) expect(names).toContain(job);
    for (const name of names.filter((one) => tools.has(one))) {
      expect(tools.get(name)?.operation.effect, name).toBe("read");
    }
    expect(names.length).toBeGreaterThan(15);
    expect(cost).toBeLessThanOrEqual(4_000);
    await academy.close();
  });

  it("is not offered where every operation is a tool of its own", async () => {
    const academy = await openAcademy();
    const names = (await academy.client.listTools()).tools.map(({ name }) => name);

    expect(names.filter((name) => name.endsWith("_operation"))).toEqual([]);
    await expect(academy.call("read_operation", { operation: "get_program" })).rejects.toThrow(
      /Unknown tool/,
    );
    await academy.close();
  });

  it("does not take an operation by a name it does not list", async () => {
    const academy = await open();

    const refused = await academy.call("destroy_course", { course_id: 202 });

    expect(refused).toMatchObject({
      isError: true,
      text: expect.stringMatching(/SKYPREP_SECTIONS.*\n?.*write_operation/),
    });
    expect((await academy.call("get_skills")).text).toMatch(/read_operation with operation "get_skills"/);
    await expect(academy.call("no_such_tool")).rejects.toThrow(/Unknown tool/);
    await academy.close();
  });

  it.each([...tools.values()])("answers $name as its own tool does", async (tool) => {
    const [own, through] = [await openAcademy({ people: few }), await open({}, { people: few })];
    const given = exampleOf(tool);

    const direct = await own.call(tool.name, given);
    const reached = await through.call(wayOf(tool.operation.effect), {
      operation: tool.name,
      arguments: given,
    });

    expect(told(reached)).toBe(told(direct));
    const other = tool.operation.effect === "read" ? "write_operation" : "read_operation";
    const refused = await through.call(other, { operation: tool.name, arguments: given });
    expect(refused).toMatchObject({ isError: true });
    expect(refused.text).toMatch(/called nothing; nothing was sent/);
    await own.close();
    await through.close();
  });

  it.each(
    [...tools.values()].filter(
      ({ operation }) =>
        consequenceIn(operation)?.when === undefined &&
        consequenceIn(operation)?.kind !== "many" &&
        consequenceIn(operation),
    ),
  )("asks a person about $name, in both eras, and sends nothing on a no", async (tool) => {
    for (const mode of ["legacy", "auto"] as const) {
      let asked = 0;
      const academy = await open(
        {},
        {
          mode,
          people: few,
          person: () => {
            asked += 1;
            return { action: "decline" };
          },
        },
      );

      const reply = await academy.call("write_operation", {
        operation: tool.name,
        arguments: exampleOf(tool),
      });

      expect(asked, reply.text).toBe(1);
      expect(reply.outcome).toBe("declined");
      expect(reply.text).toMatch(/nothing was sent|was not sent/i);
      await academy.close();
    }
  });

  it("takes a code given for the very call, and no other", async () => {
    const academy = await open({}, { formless: true });
    const removal = { operation: "remove_user_from_course", arguments: { user_id: 101, course_id: 201 } };

    const first = await academy.call("write_operation", removal);
    const { confirm } = (first.structured as { asked: { confirm: string } }).asked;
    const elsewhere = await academy.call("write_operation", {
      ...removal,
      arguments: { user_id: 102, course_id: 201 },
      confirm,
    });

    expect(first.outcome).toBe("waiting");
    expect(elsewhere.isError).toBe(true);
    const again = await academy.call("write_operation", removal);
    const code = (again.structured as { asked: { confirm: string } }).asked.confirm;
    expect((await academy.call("write_operation", { ...removal, confirm: code })).text).toMatch(/Done/);
    await academy.close();
  });

  it("writes down what was done under the operation's own name", async () => {
    const academy = await open();
    await academy.call("write_operation", {
      operation: "update_course",
      arguments: { course_id: 201, active: false },
    });

    expect((await academy.call("list_changes")).text).toMatch(/update_course|Change a course/);
    await academy.close();
  });

  it("hides a password given inside the arguments, whatever is wrong with the call", async () => {
    const lines: string[] = [];
    const academy = await open({ SKYPREP_LOG: "debug" }, { say: (line: string) => void lines.push(line) });
    const secret = "hunter2-hunter2";
    const inner = { user_id: 101, password: secret };
    for (const [way, operation, given] of [
      ["write_operation", "update_user", inner],
      ["read_operation", "update_user", inner],
      ["write_operation", "no_such", JSON.stringify(inner)],
      ["write_operation", "update_user", `{"password":"${secret}"`],
    ] as const) {
      const { text } = await academy.call(way, { operation, arguments: given });
      expect(text).not.toContain(secret);
    }

    expect(lines.length).toBeGreaterThanOrEqual(4);
    expect(lines.join("\n")).not.toContain(secret);
    await academy.close();
  });

  it("hides write_operation where it only reads, and refuses to change anything", async () => {
    const academy = await open({ SKYPREP_READ_ONLY: "true" });
    const names = (await academy.client.listTools()).tools.map(({ name }) => name);

    expect(names).toContain("read_operation");
    expect(names).not.toContain("write_operation");
    expect(await academy.call("write_operation", { operation: "destroy_course" })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/only reads \(SKYPREP_READ_ONLY\)/),
    });
    expect((await academy.call("read_operation", { operation: "destroy_course" })).text).toMatch(/read only/);
    await academy.close();
  });

  it.each([
    ["read_operation", {}, /There is no operation ""/],
    ["read_operation", { operation: "constructor" }, /There is no operation "constructor".*find_operation/],
    [
      "read_operation",
      { operation: "get_user", user_id: 101 },
      /"user_id": what the operation takes goes into arguments/,
    ],
    ["read_operation", { operation: "get_user", arguments: [101] }, /arguments must be an object/],
    [
      "read_operation",
      { operation: "get_user", arguments: { user: 101 } },
      /"user" is not an argument of get_user/,
    ],
    ["read_operation", { operation: "get_user", confirm: "x" }, /"confirm"/],
  ])("says what is wrong: %s %j", async (way, given, said) => {
    const academy = await open();

    const reply = await academy.call(way, given);

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(said);
    await academy.close();
  });

  it("takes arguments written as text", async () => {
    const academy = await open();

    const reply = await academy.call("read_operation", {
      operation: "get_skill",
      arguments: '{"skill_id":"801"}',
    });

    expect(reply.text).not.toMatch(/must be an object/);
    await academy.close();
  });
});
