import {
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { codeAllowed } from "../../../src/guard/policy/approval-policy.ts";
import { digest } from "../../../src/reply/cursor.ts";
import { journalCommand } from "../../state/morning.ts";
import { cases } from "./cases.ts";
import { codeIn, endAll, installation } from "./processes.ts";

afterEach(endAll);

/** One of each operation is enough. */
const coded = cases.filter(
  ({ kind, tool }, n) => codeAllowed.includes(kind) && cases.findIndex((one) => one.tool === tool) === n,
);
const removal = coded.find(({ tool }) => tool.name === "remove_user_from_user_group");
if (removal === undefined) throw new Error("no removal among the cases");

describe("a question that is answered with a code in another process", () => {
  it.each(coded)("$title: is done, once", async (one) => {
    const place = await installation(one);
    const code = await place.asked(one);

    await place.answered(one, code);
    const again = await place.answered(one, code);

    expect(again.text).toMatch(/wrong, used, too old/);
    expect(place.sent).toEqual([one.tool.route]);
  });

  it("is looked at again: what changed meanwhile is asked anew", async () => {
    const place = await installation(removal);
    const code = await place.asked(removal);
    for (const group of place.world.groups.values()) group.name += " II";

    const reply = await place.answered(removal, code);

    expect(reply.text).toMatch(/confirm: "/);
    expect(reply.text).not.toContain(code);
    expect(place.sent).toEqual([]);
  });

  it("is over after ten minutes", async () => {
    const place = await installation(removal);
    const code = await place.asked(removal);
    await place.clock.run(600_000);

    const reply = await place.answered(removal, code);

    expect(reply.text).toMatch(/wrong, used, too old/);
    expect(place.sent).toEqual([]);
  });

  it("is burnt by a wrong code, and by another call", async () => {
    const place = await installation(removal);
    const first = await place.asked(removal);
    await place.answered(removal, first.startsWith("A") ? `B${first.slice(1)}` : `A${first.slice(1)}`);
    const wrong = await place.answered(removal, first);
    const second = await place.asked(removal);
    const other = coded.find(({ tool }) => tool.name !== removal.tool.name) ?? removal;
    await place.answered(other, second);
    const foreign = await place.answered(removal, second);

    expect([wrong.text, foreign.text]).toEqual([
      expect.stringMatching(/wrong, used, too old/),
      expect.stringMatching(/wrong, used, too old/),
    ]);
    expect(place.sent).toEqual([]);
  });

  it("asked again, is a new question: the code of the first is good no more", async () => {
    const place = await installation(removal);
    const first = await place.asked(removal);
    const second = await place.asked(removal);

    const old = await place.answered(removal, first);

    expect(second).not.toBe(first);
    expect(old.isError).toBe(true);
    expect(place.sent).toEqual([]);
  });

  it("counts once where two processes bring the code at the same time", async () => {
    const place = await installation(removal);
    const code = await place.asked(removal);

    const both = await Promise.all([place.answered(removal, code), place.answered(removal, code)]);

    expect(place.sent).toEqual([removal.tool.route]);
    expect(both.filter(({ text }) => /^(\[sandbox\] )?Done/.test(text))).toHaveLength(1);
  });

  it("asked by two processes that both live, is the question of the later one alone", async () => {
    const place = await installation(removal);
    const [first, second] = [await place.open(), await place.open()];
    const old = (await place.ask(first, removal)).confirm;
    const { confirm } = await place.ask(second, removal);
    const call = (server: typeof first, code: string) =>
      server.call(removal.tool.name, { ...removal.args, confirm: code });

    const replaced = await call(first, old);
    const before = [...place.sent];
    const done = await call(second, codeIn(replaced));
    const late = await call(second, confirm);

    expect(before).toEqual([]);
    expect(done.isError, done.text).toBe(false);
    expect(late.text).not.toMatch(/Done/);
    expect(place.sent).toEqual([removal.tool.route]);
  });

  it("counts once where the process that asked still lives, and gets the code too", async () => {
    const place = await installation(removal);
    const first = await place.open();
    const { confirm } = await place.ask(first, removal);

    const elsewhere = await place.answered(removal, confirm);
    const here = await first.call(removal.tool.name, { ...removal.args, confirm });

    expect(elsewhere.isError, elsewhere.text).toBe(false);
    expect(here.text).not.toMatch(/Done/);
    expect(place.sent).toEqual([removal.tool.route]);
  });

  it("is marked as used before the journal says that it is about to be done", async () => {
    const place = await installation(removal);
    const code = await place.asked(removal);
    const folder = join(place.state, "approvals", "sandbox");
    const found: { mark: bigint; intent: bigint; left: string[] }[] = [];
    place.atSending.push(() => {
      const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
      const stat = (...path: string[]) => statSync(join(...path), { bigint: true });
      found.push({
        mark: stat(folder, names.find((name) => name.endsWith(".used.json")) ?? "").mtimeNs,
        intent: stat(place.state, "journal", "journal.jsonl").mtimeNs,
        left: names.filter((name) => !name.endsWith(".used.json")),
      });
    });

    await place.answered(removal, code);

    expect(found).toHaveLength(1);
    expect(found[0]?.left).toEqual([]);
    expect(Number(found[0]?.intent) - Number(found[0]?.mark)).toBeGreaterThanOrEqual(0);
  });

  it("is shown to nobody by the process that has only its code", async () => {
    const place = await installation(removal);
    const confirm = await place.asked(removal);
    const server = await place.open();
    const { name } = removal.tool;

    const [, plain] = await Promise.all([
      server.call(name, { ...removal.args, confirm }),
      server.call(name, { ...removal.args }),
    ]);

    if (plain.text.includes("confirm:")) expect(plain.text).toMatch(/the group “Sales Team” \(301\)/);
    expect(place.sent.length).toBeLessThanOrEqual(1);
  });

  it("is tried 15 times an hour over all processes, then no code of another process counts", async () => {
    const place = await installation(removal);
    for (let n = 0; n < 15; n++) await place.answered(removal, "AAAA-AAAA");
    const code = await place.asked(removal);

    const shut = await place.answered(removal, code);
    await place.clock.run(3_600_000);
    const later = await place.answered(removal, await place.asked(removal));

    expect(shut.text).toMatch(/15 wrong confirm codes/);
    expect(later.isError, later.text).toBe(false);
    expect(place.sent).toEqual([removal.tool.route]);
  });

  it("is none with SKYPREP_CONFIRM=human: nothing is kept", async () => {
    const place = await installation(removal, { SKYPREP_CONFIRM: "human" });
    const server = await place.open();

    await server.call(removal.tool.name, removal.args);

    expect(readdirSync(place.state)).not.toContain("approvals");
  });
});

describe("a stored question that somebody touched is asked anew, in one sentence, and nothing is sent", () => {
  const folderOf = (state: string, account = "sandbox") => join(state, "approvals", account);
  const entryIn = (folder: string) =>
    join(folder, readdirSync(folder).find((name) => /^[0-9a-f]{32}\.json$/.test(name)) ?? "");
  const edited =
    /^The question that this code was given for was edited, copied, or is of another account or version: it counts for nothing, and the person is asked anew\.$/m;
  const change = (how: (entry: Record<string, unknown>) => object) => (state: string) => {
    const path = entryIn(folderOf(state));
    writeFileSync(path, JSON.stringify(how(JSON.parse(readFileSync(path, "utf8")))));
  };

  it.each<[what: string, touch: (state: string) => void]>([
    ["its time", change((entry) => ({ ...entry, until: Number(entry.until) + 1 }))],
    ["its version", change((entry) => ({ ...entry, version: 2 }))],
    ["its end", (state) => truncateSync(entryIn(folderOf(state)), 100)],
    ["nothing, but written anew", change((entry) => entry)],
    [
      "where it stands",
      (state) => {
        const path = entryIn(folderOf(state));
        renameSync(path, path.replace(/[0-9a-f]{32}/, "0".repeat(32)));
      },
    ],
    [
      "its folder, copied over",
      (state) => {
        cpSync(folderOf(state), `${state}-copy`, { recursive: true, preserveTimestamps: true });
        rmSync(folderOf(state), { recursive: true });
        cpSync(`${state}-copy`, folderOf(state), { recursive: true, preserveTimestamps: true });
      },
    ],
  ])("%s", async (_, touch) => {
    const place = await installation(removal);
    const code = await place.asked(removal);
    touch(place.state);

    const reply = await place.answered(removal, code);
    const next = codeIn(reply);
    await place.answered(removal, next);

    expect(reply.text).toMatch(edited);
    expect(next).not.toBe(code);
    // Once it was asked anew, it is answered as any other.
    expect(place.sent).toEqual([removal.tool.route]);
  });

  const live = { SKYPREP_SANDBOX: "false", SKYPREP_API_KEY: "a-key-4711", SKYPREP_ACCT_KEY: "a.example.com" };
  it.each<[what: string, there: Record<string, string>, here: Record<string, string>]>([
    ["a pretend academy of another size", { SKYPREP_SANDBOX_USERS: "400" }, {}],
    ["another key", live, { ...live, SKYPREP_API_KEY: "another-4711" }],
    ["another setting of what is kept", {}, { SKYPREP_KEEP_DAYS: "0" }],
  ])("from %s", async (_, there, here) => {
    const place = await installation(removal);
    const code = await place.asked(removal, there);

    const reply = await place.answered(removal, code, here);

    expect(reply.text).toMatch(edited);
    expect(place.sent).toEqual([]);
  });

  it("from another account, in its own folder or under the names of this one", async () => {
    const other = { ...live, SKYPREP_ACCT_KEY: "b.example.com" };
    for (const isNamed of [false, true]) {
      const place = await installation(removal);
      const code = await place.asked(removal, live);
      if (isNamed) await place.asked(removal, other);
      const [from, to] = ["a", "b"].map((one) => folderOf(place.state, digest(`${one}.example.com`)));
      const files = (folder = "") => readdirSync(folder).filter((name) => name.endsWith(".json"));
      const names = isNamed ? files(to) : files(from);
      for (const [n, name] of files(from).entries())
        cpSync(join(from ?? "", name), join(to ?? "", names[n] ?? ""));

      const reply = await place.answered(removal, code, other);

      expect(reply.text).toMatch(edited);
      expect(place.sent).toEqual([]);
    }
  });

  it("not at all of a live account, with the same key: it goes on", async () => {
    const place = await installation(removal);
    const code = await place.asked(removal, live);

    const done = await place.answered(removal, code, live);

    expect(done.isError, done.text).toBe(false);
    expect(place.sent).toEqual([removal.tool.route]);
  });

  it.each<[what: string, putBack: (copy: string, state: string) => void]>([
    [
      "the whole state folder is put back as it was before",
      (copy, state) => {
        rmSync(state, { recursive: true });
        cpSync(copy, state, { recursive: true, preserveTimestamps: true });
      },
    ],
    [
      "its files alone are put back over what is there",
      (copy, state) => cpSync(folderOf(copy), folderOf(state), { recursive: true, preserveTimestamps: true }),
    ],
  ])("used already, where %s", async (_, putBack) => {
    const place = await installation(removal);
    const code = await place.asked(removal);
    const copy = `${place.state}-copy`;
    cpSync(place.state, copy, { recursive: true, preserveTimestamps: true });
    await place.answered(removal, code);
    place.world.groups.get(301)?.members.add(101);
    putBack(copy, place.state);

    const reply = await place.answered(removal, code);

    expect(reply.text).toMatch(edited);
    expect(place.sent).toEqual([removal.tool.route]);
  });
});

describe("what stands in the state folder of a question", () => {
  it("is neither its code nor anything that names whom it is about", async () => {
    const place = await installation(removal);
    const code = await place.asked(removal);
    const folder = join(place.state, "approvals", "sandbox");
    const text = readdirSync(folder).map((name) => `${name} ${readFileSync(join(folder, name), "utf8")}`);

    expect(text.length).toBeGreaterThan(0);
    for (const secret of [code, code.replace("-", ""), "http", "127.0.0.1", "@"])
      expect(text.join("\n")).not.toContain(secret);
  });

  it("is erased with whoever is forgotten, and asked anew; what was used stays used", async () => {
    const place = await installation(removal);
    const used = await place.asked(removal);
    await place.answered(removal, used);
    place.world.groups.get(301)?.members.add(101);
    const code = await place.asked(removal);
    const folder = join(place.state, "approvals", "sandbox");

    await journalCommand(["forget", "avery@example.com"], place.state);

    expect(readdirSync(folder).filter((name) => !/^(.*\.used|wrong)\.json$/.test(name))).toEqual([]);
    expect(readdirSync(folder).filter((name) => /\.used\.json$/.test(name))).toHaveLength(1);
    expect((await place.answered(removal, code)).text).toMatch(/wrong, used, too old/);
    expect(place.sent).toEqual([removal.tool.route]);
  });

  it("by a newer version does not make the folder a newer program's: it is asked anew", async () => {
    const place = await installation(removal);
    await place.asked(removal);
    const folder = join(place.state, "approvals", "sandbox");
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), "utf8");
      writeFileSync(join(folder, name), text.replace('"version":1', '"version":2'));
    }

    const code = await place.asked(removal);
    await place.answered(removal, code);

    expect(place.sent).toEqual([removal.tool.route]);
  });
});
