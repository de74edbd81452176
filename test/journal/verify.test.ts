import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LinePlace, seal, textOf } from "../../src/journal/entry.ts";
import { verify } from "../../src/journal/verify.ts";
import { fileOf, intent, newPlace, opened, textIn } from "./world.ts";

/** Five intents and nothing wrong. */
async function five() {
  const { folder, journal } = opened();
  for (let id = 1; id <= 5; id += 1) await journal.intend(intent({ arguments: { id, note: "as it was" } }));
  const change = (edit: (lines: string[]) => string[]) =>
    writeFileSync(fileOf(folder), `${edit(textIn(folder).trimEnd().split("\n")).join("\n")}\n`);
  return { folder, journal, change };
}

const at = (number: number, edit: (line: string) => string) => (lines: string[]) =>
  lines.map((line, index) => (index === number - 1 ? edit(line) : line));
const swap = ([a = "", b = "", c = "", ...rest]: string[]) => [a, c, b, ...rest];

describe("verifying", () => {
  it("finds a team's line whole that says nothing of a client of the identity provider, as they did before", async () => {
    const { folder, journal } = opened();
    await journal.ready();
    // As an earlier server wrote it, to the byte.
    const line =
      '{"version":1,"seq":1,"at":"2026-11-23T10:00:00.000Z","line":"intent","tool":"destroy_user","account":"sandbox","arguments":{"user_id":101},"targets":[],"agreed":"page","approver":"ben@example.com","client":"raw","person":"ana@example.com","replica":"r1","trace":"00000000000000000000000000000000","salt":"a salt","sealed":"86f82520da2e3560e87ac310e970e155439e6bb00a37af7ee39b2541a57d3cfb","prev":"0000000000000000000000000000000000000000000000000000000000000000","hash":"cdea7a60169c2ba45cb8a9b96de4736a520f0e46547bd1c08bb3b30ea96f45e4"}';
    writeFileSync(fileOf(folder), `${line}\n`);
    await journal.intend(intent());

    expect(await verify(folder)).toMatchObject({ lines: 2, breaks: [] });
  });

  it.each<[string, (lines: string[]) => string[], { seq: number; why: string }[]]>([
    [
      "an edited tool",
      at(2, (line) => line.replace("destroy_user", "get_user")),
      [{ seq: 2, why: "it was edited" }],
    ],
    [
      "edited arguments",
      at(2, (line) => line.replace("as it was", "as it was not")),
      [{ seq: 2, why: "what it says was done, and on whom, was edited" }],
    ],
    [
      "an edited target",
      at(2, (line) => line.replace("Avery Learner", "Jordan Manager")),
      [{ seq: 2, why: "what it says was done, and on whom, was edited" }],
    ],
    [
      "a question put in",
      at(2, (line) => line.replace('"agreed"', '"question":"Delete?","agreed"')),
      [{ seq: 2, why: "what it says was done, and on whom, was edited" }],
    ],
    [
      "a broken seal",
      at(2, (line) => line.replace(/"salt":"[^"]*",/, "")),
      [{ seq: 2, why: "what it says was done, and on whom, was edited" }],
    ],
    [
      "an edited number",
      at(2, (line) => line.replace('"seq":2', '"seq":9')),
      [{ seq: 2, why: "it was edited" }],
    ],
    [
      "a name said twice, of which readers take the last",
      at(2, (line) => line.replace('"tool"', '"tool":"get_user","tool"')),
      [{ seq: 2, why: "it was edited" }],
    ],
    ["a removed line", (lines) => lines.toSpliced(1, 1), [{ seq: 3, why: "line 2 is missing before it" }]],
    [
      "removed lines",
      (lines) => lines.toSpliced(1, 2),
      [{ seq: 4, why: "lines 2 to 3 are missing before it" }],
    ],
    ["the first line removed", (lines) => lines.slice(1), [{ seq: 2, why: "line 1 is missing before it" }]],
    [
      "lines that changed places",
      swap,
      [
        { seq: 3, why: "line 2 is missing before it" },
        { seq: 2, why: "it stands after line 3: it was copied or moved" },
      ],
    ],
    [
      "a line copied",
      (lines) => lines.toSpliced(3, 0, lines[0] ?? ""),
      [{ seq: 1, why: "it stands after line 3: it was copied or moved" }],
    ],
    ["a line made unreadable", at(2, () => "{"), [{ seq: 2, why: "it cannot be read" }]],
    [
      "every line made unreadable",
      (lines) => lines.map(() => "{"),
      [
        ...[1, 2, 3, 4].map((seq) => ({ seq, why: "it cannot be read" })),
        { seq: 0, why: "the 5 lines after it, the last, are missing" },
      ],
    ],
    [
      "a cut tail",
      (lines) => lines.slice(0, 3),
      [{ seq: 3, why: "the 2 lines after it, the last, are missing" }],
    ],
    [
      "a last line cut",
      (lines) => lines.slice(0, 4),
      [{ seq: 4, why: "the line after it, the last, is missing" }],
    ],
  ])("finds %s, and says it once", async (_, edit, breaks) => {
    const { folder, change } = await five();

    change(edit);

    expect((await verify(folder)).breaks).toEqual(breaks);
  });

  it("finds a line written anew with hash and seal that fit it", async () => {
    const { folder, change } = await five();

    change(
      at(3, (line) => {
        const { seq, at, prev, salt } = JSON.parse(line) as LinePlace;
        return textOf(seal({ line: "intent", ...intent({ tool: "get_user" }) }, { seq, at, prev, salt }));
      }),
    );

    expect((await verify(folder)).breaks).toEqual([
      { seq: 4, why: "it does not follow from the line before it" },
    ]);
  });

  it("finds a head that is gone, or of another journal", async () => {
    const { folder } = await five();
    const head = join(folder, "journal.head");

    writeFileSync(head, readFileSync(head, "utf8").replace(/"hash":"./, '"hash":"_'));
    expect((await verify(folder)).breaks).toEqual([
      { seq: 5, why: "it is not the line that journal.head names" },
    ]);

    rmSync(head);
    expect((await verify(folder)).breaks).toEqual([
      { seq: 5, why: "journal.head is gone; whether lines after it are missing cannot be told" },
    ]);
  });

  it("finds a file that is gone", async () => {
    const { folder } = await five();
    rmSync(fileOf(folder));

    expect(await verify(folder)).toEqual({
      lines: 0,
      forgotten: 0,
      breaks: [{ seq: 0, why: "the 5 lines after it, the last, are missing" }],
    });
  });

  it("tells a last line that was not finished from a break", async () => {
    const { folder, journal } = await five();
    const size = textIn(folder).length;
    const head = readFileSync(join(folder, "journal.head"));
    await journal.finish(1, { is: "done" }, 1);
    truncateSync(fileOf(folder), size + 10);
    writeFileSync(join(folder, "journal.head"), head);

    expect(await verify(folder)).toEqual({ lines: 5, forgotten: 0, torn: 10, breaks: [] });
  });

  it("has nothing to say of a folder that is not there", async () => {
    expect(await verify(join(newPlace(), "none"))).toEqual({ lines: 0, forgotten: 0, breaks: [] });
  });
});

describe("a journal whose end was cut", () => {
  it("says for ever that lines are missing, and goes on behind them", async () => {
    const { folder, journal, change } = await five();
    change((lines) => lines.slice(0, 3));

    const made = await journal.intend(intent());

    expect(made).toEqual({ seq: 7 });
    expect(await verify(folder)).toEqual({
      lines: 5,
      forgotten: 0,
      breaks: [{ seq: 6, why: "2 lines are missing before it: the file had been cut" }],
    });
  });

  it("says so too where the whole file is gone", async () => {
    const { folder, journal } = await five();
    rmSync(fileOf(folder));

    expect(await journal.intend(intent())).toEqual({ seq: 7 });
    expect((await verify(folder)).breaks).toEqual([
      { seq: 6, why: "5 lines are missing before it: the file had been cut" },
    ]);
  });

  it("says so too where its head went with it", async () => {
    const { folder, journal, change } = await five();
    change((lines) => lines.slice(0, 3));
    rmSync(join(folder, "journal.head"));

    expect(await journal.intend(intent())).toEqual({ seq: 5 });
    expect((await verify(folder)).breaks).toEqual([
      {
        seq: 4,
        why: "journal.head was gone when it was written; whether lines before it are missing cannot be told",
      },
    ]);
  });

  it("loses nothing where a line before was made longer or shorter", async () => {
    for (const note of ["as it was once", "as"]) {
      const { folder, journal, change } = await five();
      change(at(2, (line) => line.replace("as it was", note)));

      expect(await journal.intend(intent())).toEqual({ seq: 6 });
      expect(await verify(folder)).toMatchObject({ lines: 6, breaks: [{ seq: 2 }] });
    }
  });
});

it.each([
  [2, 0],
  [3, 1],
])("lines of writers that died before the head was told, %i of them, are %i breaks", async (n, breaks) => {
  const { folder, journal } = opened();
  await journal.intend(intent());
  const head = join(folder, "journal.head");
  const early = readFileSync(head);
  for (let more = 0; more < n; more++) await journal.intend(intent());
  writeFileSync(head, early);

  expect((await verify(folder)).breaks).toHaveLength(breaks);
});
