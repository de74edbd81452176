import { afterAll, beforeAll, expect, it } from "vitest";
import { openAcademy } from "../support/academy.ts";

let academy: Awaited<ReturnType<typeof openAcademy>>;
beforeAll(async () => {
  academy = await openAcademy({ env: { SKYPREP_CALLS_PER_MINUTE: "10000" } });
});
afterAll(() => academy.close());

/** What is told of an error fits on a screen. */
const most = 3_000;
const long = (text: string) => text.repeat(Math.ceil(6_000 / text.length));

const errorOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (result) => JSON.stringify(result),
    (error: Error) => error.message,
  );

it("no tool repeats a long argument, or a long name of one, in what it says is wrong", async () => {
  const { tools } = await academy.client.listTools();
  const told: string[] = [];
  for (const { name, inputSchema } of tools) {
    const names = Object.keys(inputSchema.properties ?? {});
    const each = (value: unknown) => Object.fromEntries(names.map((key) => [key, value]));
    const cases: Record<string, unknown>[] = [
      {
        [long("qz")]: 1,
        ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${n} ${"x".repeat(90)}`, n])),
      },
      each(long("qz")),
      each(`7 ${long("qz")}`),
    ];
    for (const [n, args] of cases.entries()) {
      const result = await academy.client.callTool({ name, arguments: args });
      const text = (result.content as { text?: string }[]).map((part) => part.text ?? "").join("\n");
      if (result.isError === true && (text.length > most || /(?:qz){130}/.test(text)))
        told.push(`${name} ${n}`);
    }
  }

  expect(told).toEqual([]);
});

it("no address, name of a tool, a prompt or an argument is repeated whole", async () => {
  const { client } = academy;
  const errors = await Promise.all([
    errorOf(client.callTool({ name: long("tool"), arguments: {} })),
    errorOf(client.getPrompt({ name: long("prompt") })),
    ...[
      long("a"),
      `skyprep://${long("b")}`,
      `skyprep://users/${long("c")}`,
      `skyprep://courses/${long("9")}`,
      `skyprep://exports/${long("d")}`,
      `skyprep://users?cursor=${long("e")}`,
      `skyprep://users?${long("f=g&")}`,
      `skyprep://reports/11?offset=${long("1")}`,
    ].map((uri) => errorOf(client.readResource({ uri }))),
    errorOf(
      client.complete({
        ref: { type: "ref/resource", uri: long("skyprep://") },
        argument: { name: long("h"), value: long("i") },
      }),
    ),
    errorOf(
      client.complete({ ref: { type: "ref/prompt", name: long("j") }, argument: { name: "k", value: "l" } }),
    ),
  ]);

  expect(errors.every((text) => text.length > 0)).toBe(true);
  expect(errors.map((text) => text.length).filter((length) => length > 400)).toEqual([]);
});
