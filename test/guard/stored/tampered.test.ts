import { createHash, createHmac } from "node:crypto";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestsOf, type Open } from "../../../src/guard/question/pending-approvals.ts";
import { createStoredApprovals } from "../../../src/guard/question/stored-approvals.ts";
import { stampedFiles } from "../../../src/state/files/shared-folder.ts";
import { noon } from "../../support/academy.ts";
import { memoryFolder } from "../../support/stamped.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const code = "K7QF-2MXD";
const call = "a call";
type Folder = ReturnType<typeof memoryFolder>;

const questionOf = (id: string, own: string, known = code): Open => ({
  question: {
    id,
    kind: "removing",
    tool: "remove_user_from_user_group",
    facts: ["Take person 101 out of group 301?"],
    stored: [],
    expiresAt: noon + 600_000,
  },
  call: own,
  binding: digestsOf({ person: [101, "zoe@example.com"], group: [301, "Sales Team"] }),
  counts: { members: 12 },
  args: { user_id: 101 },
  code: known,
});

const storeIn = (
  folder: Folder,
  { secret = "the key", academy = "an academy", under = "", now = noon, ended = false } = {},
) =>
  createStoredApprovals({
    files: folder.seenBy(),
    secret,
    academy,
    under,
    isOver: async () => ended,
    now: () => now,
  });

/** A folder with one question that waits, and its files by what they are. */
async function waiting() {
  const folder = memoryFolder();
  await storeIn(folder).keep(questionOf("question-1", call));
  const names = [...folder.files.keys()];
  const entry = names.find((name) => /^[0-9a-f]{32}\.json$/.test(name)) ?? "";
  const seal = names.find((name) => name.endsWith(".seal.json")) ?? "";
  const textOf = (name: string) => folder.files.get(name)?.text ?? "";
  /** Written over with the stamp that was there: by somebody who can do what no file system lets a program do. */
  const slip = (name: string, text: string) =>
    void folder.files.set(name, { text, stamp: folder.files.get(name)?.stamp ?? "" });
  return { folder, entry, seal, textOf, slip };
}
const isOpen = (found: unknown) => typeof found === "object";

describe("a stored question that was edited is never a yes", () => {
  it("nor where any one byte of it is another, or is missing, or the rest is", async () => {
    const { folder, entry, seal, textOf, slip } = await waiting();
    expect(isOpen(await storeIn(folder).answered(call, code))).toBe(true);
    const all = folder.texts();
    let tried = 0;

    for (const name of [entry, seal]) {
      const text = textOf(name);
      for (let n = 0; n < text.length; n++) {
        const flipped = String.fromCharCode(text.charCodeAt(n) ^ 1);
        for (const other of [
          text.slice(0, n) + flipped + text.slice(n + 1),
          text.slice(0, n) + text.slice(n + 1),
          text.slice(0, n),
        ]) {
          const stamps = new Map(folder.files);
          slip(name, other);
          const found = await storeIn(folder).answered(call, code);
          expect(isOpen(found), `${name} ${n} ${other}`).toBe(false);
          folder.files.clear();
          for (const [one, stamped] of stamps) folder.files.set(one, stamped);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(1_000);
    expect(folder.texts()).toEqual(all);
    expect(isOpen(await storeIn(folder).answered(call, code))).toBe(true);
  });

  const sha = (text: string) => createHash("sha256").update(text).digest("base64url");
  const known = "AAAA-AAAA";
  const edits: [what: string, edit: (entry: Record<string, unknown>) => Record<string, unknown>][] = [
    ["its time is put off", (entry) => ({ ...entry, until: noon + 86_400_000 })],
    ["its kind is another", (entry) => ({ ...entry, kind: "many" })],
    ["it was a credential's", (entry) => ({ ...entry, kind: "credential" })],
    ["its tool is another", (entry) => ({ ...entry, tool: "destroy_user" })],
    ["what it was about is another", (entry) => ({ ...entry, bound: [] })],
    ["its counts are higher", (entry) => ({ ...entry, counts: { members: 1_000 } })],
    ["its id is new", (entry) => ({ ...entry, id: "question-2" })],
    ["its settings are others", (entry) => ({ ...entry, under: sha("") })],
    ["it is of a later version", (entry) => ({ ...entry, version: 2 })],
    ["it has a field more", (entry) => ({ ...entry, answer: "yes" })],
    ["its code is a digest of a known one", (entry) => ({ ...entry, code: sha("AAAAAAAA") })],
    [
      "its code is keyed with what stands in the folder",
      (entry) => ({
        ...entry,
        code: createHmac("sha256", String(entry.call))
          .update(JSON.stringify(["code", entry.id, "AAAAAAAA"]))
          .digest("base64url"),
      }),
    ],
  ];
  it.each(edits)("nor where %s, with its seal or another", async (_, edit) => {
    for (const stamped of [true, false])
      for (const sealed of [true, false]) {
        const { folder, entry, seal, textOf, slip } = await waiting();
        const text = JSON.stringify(edit(JSON.parse(textOf(entry)) as Record<string, unknown>));
        if (stamped) folder.write(entry, text);
        else slip(entry, text);
        if (sealed) slip(seal, JSON.stringify({ version: 1, seal: sha(text) }));

        for (const typed of [code, known]) {
          const found = await storeIn(folder).answered(call, typed);
          expect(isOpen(found)).toBe(false);
          if (typed === code) expect(found).toBe("edited");
        }
      }
  });

  it("nor under another name, by the code of another, or by a code whose question was for another call", async () => {
    const { folder, entry, seal, textOf, slip } = await waiting();
    const store = storeIn(folder);
    await store.keep(questionOf("question-2", "another call", known));
    const names = [...folder.files.keys()];
    const other = names.find((name) => /^[0-9a-f]{32}\.json$/.test(name) && name !== entry) ?? "";
    const mixed = JSON.stringify({
      ...(JSON.parse(textOf(entry)) as object),
      code: (JSON.parse(textOf(other)) as { code: string }).code,
    });
    slip(entry, mixed);
    expect(await storeIn(folder).answered(call, known)).toBe("edited");

    slip(entry, textOf(other));
    slip(seal, textOf(other.replace(".json", ".seal.json")));
    expect(isOpen(await storeIn(folder).answered(call, known))).toBe(false);
  });

  it("nor where it is of another account, or was put with another key or other settings", async () => {
    for (const other of [{ academy: "another academy" }, { secret: "another key" }, { under: "others" }]) {
      const { folder } = await waiting();
      const own = [...folder.texts().values()];
      const found = await storeIn(folder, other).answered(call, code);
      expect(isOpen(found)).toBe(false);
      // Where it would stand for the other one.
      const theirs = memoryFolder();
      await storeIn(theirs, other).keep(questionOf("question-1", call));
      const to = [...theirs.files.keys()];
      for (const [n, text] of own.entries()) theirs.write(to[n] ?? "", text);
      expect(await storeIn(theirs, other).answered(call, code)).toBe("edited");
    }
  });
});

describe("an older copy, put back", () => {
  it.each(["used", "burnt", "answered wrongly"])(
    "after it was %s, counts for nothing, with its mark or without",
    async (how) => {
      const { folder } = await waiting();
      const copy = folder.texts();
      const store = storeIn(folder);
      if (how === "answered wrongly") await store.answered(call, "AAAA-AAAA");
      else {
        const found = await store.answered(call, code);
        if (typeof found !== "object") throw new Error("it was good");
        if (how === "used") expect(await store.use(found)).toBe(true);
        else await store.burn(found);
      }

      folder.putBack(new Map([...folder.texts(), ...copy]));
      expect(isOpen(await storeIn(folder).answered(call, code))).toBe(false);
      folder.putBack(copy);
      expect(await storeIn(folder).answered(call, code)).toBe("edited");
    },
  );

  it("counts for nothing even where its stamp is the same, by its mark and by the journal", async () => {
    const { folder } = await waiting();
    const files = new Map(folder.files);
    const store = storeIn(folder);
    const found = await store.answered(call, code);
    if (typeof found !== "object") throw new Error("it was good");
    expect(await store.use(found)).toBe(true);
    const marks = new Map(folder.files);

    for (const [name, one] of files) folder.files.set(name, one);
    expect(await storeIn(folder).answered(call, code)).toBeUndefined();
    expect([...marks.keys()]).toEqual(["question-1.used.json"]);
    folder.files.clear();
    for (const [name, one] of files) folder.files.set(name, one);
    expect(await storeIn(folder, { ended: true }).answered(call, code)).toBeUndefined();
  });

  it("is not used where it was put there while the question was looked at again", async () => {
    const { folder } = await waiting();
    const copy = folder.texts();
    const store = storeIn(folder);
    const found = await store.answered(call, code);
    if (typeof found !== "object") throw new Error("it was good");

    folder.putBack(copy);

    expect(await store.use(found)).toBe(false);
  });
});

it.each(["approvals", "approvals/sandbox"])(
  "is not kept through a link in the place of %s",
  async (place) => {
    const [state, elsewhere] = [temporaryFolder("stored"), temporaryFolder("elsewhere")];
    mkdirSync(dirname(join(state, place)), { recursive: true });
    symlinkSync(elsewhere, join(state, place));
    const store = createStoredApprovals({
      files: stampedFiles(join(state, "approvals", "sandbox"), { name: "approvals", levels: 2 }),
      secret: "the key",
      academy: "an academy",
      under: "",
      isOver: async () => false,
      now: () => noon,
    });

    expect(await store.keep(questionOf("question-1", call))).toBe(false);
    expect(readdirSync(elsewhere)).toEqual([]);
  },
);

it("what is too much to be kept dies with its process, and nothing is left of it", async () => {
  const folder = join(temporaryFolder("stored"), "approvals", "sandbox");
  const store = createStoredApprovals({
    files: stampedFiles(folder, { name: "approvals", levels: 2 }),
    secret: "the key",
    academy: "an academy",
    under: "",
    isOver: async () => false,
    now: () => noon,
  });
  const parts = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${n} person`, n]));

  const kept = await store.keep({ ...questionOf("question-1", call), binding: digestsOf(parts) });

  expect(kept).toBe(false);
  expect(await store.answered(call, code)).toBeUndefined();
});

it("what is over is swept with the next that is kept, marks too", async () => {
  const { folder } = await waiting();
  const store = storeIn(folder);
  const found = await store.answered(call, code);
  if (typeof found === "object") await store.use(found);
  await store.keep(questionOf("question-2", "another call"));

  const later = storeIn(folder, { now: noon + 700_000 });
  await later.keep({ ...questionOf("question-3", "a third"), code: "BBBB-BBBB" });

  expect([...folder.files.keys()].filter((name) => name !== "wrong.json")).toHaveLength(2);
});
