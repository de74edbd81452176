import { PassThrough } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { pairsAsMaps } from "../../src/call/check/interpret.ts";
import { alsoRedacting, createRedaction, writable } from "../../src/call/redaction/redact.ts";
import { isWrite } from "../../src/call/write/write.ts";
import type { Property } from "../../src/catalogue/schema.ts";
import { runJournal } from "../../src/cli/journal.ts";
import { withTeamJournal } from "../../src/journal/database/team-journal.ts";
import { readLines, readsBack } from "../../src/journal/entry.ts";
import { journalFolder } from "../../src/journal/journal.ts";
import type { Intent } from "../../src/journal/line.ts";
import { verify } from "../../src/journal/verify.ts";
import { openAcademy } from "../support/academy.ts";
import { tools } from "../support/catalogue.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { avery, intent, opened } from "./world.ts";

const writes = [...tools.values()].filter(isWrite);

/** Every word that a line is made of, and what lines are written with. */
const vocabulary = [
  ..."line seq at intent outcome asked gap tool account arguments targets kind agreed question pairs undoes before".split(
    " ",
  ),
  ..."of made why ms said by sealed salt forgotten prev hash id login name person course group missing true".split(
    " ",
  ),
  ..."irreversible removing credential power many form page code nobody done failed unknown partly".split(
    " ",
  ),
  ..."yes no cancelled wrong expired changed sandbox user_id user_email role admin learner password ssn".split(
    " ",
  ),
  ...'2026 111 1 0 11 2026-11-23 T12:00 Z " \\ \\\\ : , { } [ ] u00 ": ," • ••• null false e'.split(" "),
];

/** Free text, or told in confidence. */
const mayBeBlotted = (name: string, property: Property | undefined): boolean =>
  property === undefined ||
  /^(password|ssn)$/.test(name) ||
  property.items?.properties !== undefined ||
  (property.type === "string" && !property.enum && !/email|date/.test(name)) ||
  (property.items?.type === "string" && !property.items.enum);

describe("a word that the journal itself uses, told in confidence,", () => {
  it("blots out nothing but free text of any write, and the line reads back as what is sent", () => {
    const words = [...vocabulary, ...writes.map(({ name }) => name)];
    for (const tool of writes) {
      const { properties } = tool.shape.plain;
      // Behind the edge, a list of {field, is} is the map it stands for.
      const { args: all } = pairsAsMaps(
        Object.fromEntries(
          Object.keys(properties).map((name) => [name, tool.shape.details.get(name)?.example]),
        ),
        tool.shape,
      );
      for (const word of words) {
        const { inWords } = alsoRedacting(createRedaction({ anywhere: [] }), [word]);
        const args = { ...all, password: word, ssn: word, extra: { city: word, note: `about ${word}.` } };

        const shown = writable(args, tool, inWords);

        const kept = Object.keys(args).filter((name) => !mayBeBlotted(name, properties[name]));
        const differs = kept.filter((name) => !isDeepStrictEqual(shown[name], args[name as "ssn"]));
        const line: Intent = { ...intent({ tool: tool.name }), arguments: shown, agreed: "nobody", pairs: 1 };
        const faults = [
          ...differs,
          ...(shown.password === "•••" && shown.ssn === "•••" ? [] : ["a secret stays"]),
          ...(isDeepStrictEqual(Object.keys(shown), Object.keys(args)) ? [] : ["a name is gone"]),
          ...(readsBack({ line: "intent", ...line }) ? [] : ["it does not read back"]),
        ];
        if (faults.length > 0) expect({ tool: tool.name, word, faults }).toMatchObject({ faults: [] });
      }
    }
  });

  it("leaves a change in the file, in `journal show`, in list_changes, and the chain whole", async () => {
    const state = temporaryFolder("blinded");
    const academy = await openAcademy({
      env: { SKYPREP_STATE_DIR: state, SKYPREP_CONFIRM: "off", SKYPREP_MAX_GRANTS: "1000" },
    });
    const whole = { access_end_date: "2020-01-01", role: "manager" as const };

    for (const word of vocabulary) {
      const reply = await academy.call("update_user", {
        user_id: 111,
        ssn: word,
        title: `a ${word} b`,
        ...whole,
      });
      expect(reply.isError, reply.text).toBe(false);
    }
    const list = await academy.call("list_changes", { limit: 1 });
    await academy.close();

    const intents = (await readLines(journalFolder(state), ({ line }) => line === "intent")) as Intent[];
    expect(intents).toHaveLength(vocabulary.length);
    for (const one of intents) {
      const { account, tool, kind, agreed, targets } = one;
      expect({ account, tool, agreed, targets: targets.map(({ id }) => id) }).toEqual({
        account: "sandbox",
        tool: "update_user",
        agreed: "nobody",
        targets: [111],
      });
      expect(kind).toBeDefined();
      expect(one.arguments).toMatchObject({ user_id: 111, ssn: "•••", ...whole });
    }
    expect(list.text).toContain(`${vocabulary.length} changes`);
    const { breaks, lines } = await verify(journalFolder(state));
    expect(breaks).toEqual([]);
    expect(lines).toBeGreaterThanOrEqual(2 * vocabulary.length);
    const stdout = new PassThrough();
    await runJournal(["show", "--limit", "1000"], {
      stdout,
      say: () => {},
      stateFolder: state,
      withTeam: async () => withTeamJournal,
    });
    expect(
      stdout
        .read()
        .toString()
        .match(/update_user on person/g),
    ).toHaveLength(vocabulary.length);
  });

  it.each(["power", "kind", "nobody", "intent", "done", "sandbox", "outcome", "admin"])(
    "%s buys no grant beyond the hour's",
    async (word) => {
      const academy = await openAcademy({ env: { SKYPREP_MAX_GRANTS: "2" } });

      const replies = [];
      for (const user_id of [111, 112, 113])
        replies.push(await academy.call("update_user", { user_id, role: "admin", ssn: word }));
      await academy.close();

      expect(replies.map(({ isError }) => isError)).toEqual([false, false, true]);
      expect(replies[2]?.text).toMatch(/SKYPREP_MAX_GRANTS|grants of power/);
    },
  );

  it.each(["irreversible", "nobody", "arguments", "account", "destroy_user", "person", "targets"])(
    "%s as a PIN hides no change either",
    async (word) => {
      const state = temporaryFolder("blinded");
      const academy = await openAcademy({ env: { SKYPREP_STATE_DIR: state, SKYPREP_APPROVAL_PIN: word } });

      await academy.call("destroy_user", { user_id: 111 });
      await academy.close();

      const lines = await readLines(journalFolder(state), () => true);
      expect(lines.map(({ line }) => line)).toEqual(["asked", "asked", "intent", "outcome"]);
      expect(lines[2]).toMatchObject({
        tool: "destroy_user",
        kind: "irreversible",
        arguments: { user_id: 111 },
      });
      expect((await verify(journalFolder(state))).breaks).toEqual([]);
    },
  );

  it("is not in the journal in any free text, nor as a name that the caller chose", async () => {
    const state = temporaryFolder("blinded");
    const academy = await openAcademy({ env: { SKYPREP_STATE_DIR: state } });

    await academy.call("update_user", {
      user_id: 111,
      ssn: "hunter2x77",
      title: "was HUNTER2x77",
      extra: { hunter2x77: "x", another_hunter2x77: "y", note: "hunter2x77" },
    });
    await academy.close();

    const [one] = (await readLines(journalFolder(state), ({ line }) => line === "intent")) as Intent[];
    expect(JSON.stringify(one)).not.toMatch(/hunter2/i);
    expect(Object.values(one?.arguments.extra as object)).toEqual(["x", "y", "•••"]);
  });
});

describe("a line that would not read back", () => {
  it.each([
    ["an agreement of no kind", { agreed: "•••" }],
    ["a kind of no kind", { kind: "•••" }],
    ["a number that is none", { pairs: Number.NaN }],
    ["a name of its own", { "•••": "x" }],
    ["a target of no kind", { targets: [{ ...avery, kind: undefined }] }],
  ])("is refused before anything is written: %s", async (_, more) => {
    const { journal, folder } = opened();

    const intended = await journal.intend({ ...intent(), ...more } as Intent);

    expect(intended).toEqual({ refused: expect.stringMatching(/could not be read back/) });
    expect(await readLines(folder, () => true)).toEqual([]);
  });

  it("ends a change in no way that nobody can read", async () => {
    const { journal } = opened();
    const intended = await journal.intend(intent());
    if ("refused" in intended) throw new Error(intended.refused);

    await expect(journal.finish(intended.seq, { is: "•••" } as never, 1)).rejects.toThrow(
      /cannot be written/,
    );
    await journal.finish(intended.seq, { is: "done" }, 1);

    expect((await journal.changes("sandbox"))[0]?.outcome).toEqual({ is: "done" });
  });
});
