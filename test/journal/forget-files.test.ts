import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { runJournal } from "../../src/cli/journal.ts";
import { withTeamJournal } from "../../src/journal/database/team-journal.ts";
import { journalFolder } from "../../src/journal/journal.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { statePlaces } from "../../src/state/state-places.ts";
import { connect } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { intent, newPlace, openIn } from "./world.ts";

const canary = { id: 777, login: "quilla.canary@example.com", name: "Quilla Canary" };
const [first, last] = canary.name.split(" ") as [string, string];
const told = /quilla|canary/i;

/** Everything that stands in a folder, names of files included; of workbooks, what is packed in them. */
function traces(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((one) => {
    if (!one.isFile()) return told.test(one.name) ? [one.name] : [];
    const path = join(one.parentPath, one.name);
    return told.test(one.name) || told.test(readFileSync(path, "utf8")) || path.endsWith(".xlsx")
      ? [path]
      : [];
  });
}

/** A workbook of one part, as any program packs it. */
function workbook(text: string): Buffer {
  const [name, data] = [Buffer.from("xl/sharedStrings.xml"), Buffer.from(text)];
  const packed = deflateRawSync(data);
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(data), 0);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(data.length, 8);
  const local = Buffer.concat([
    Buffer.from("PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0", "latin1"),
    sizes,
    Buffer.from([name.length, 0, 0, 0]),
    name,
    packed,
  ]);
  const central = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0", "latin1"),
    sizes,
    Buffer.from([name.length, 0]),
    Buffer.alloc(16),
    name,
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** A workbook whose list of parts does not begin as one. */
function spoilt(book: Buffer): Buffer {
  book.write("PK\x01\x09", book.lastIndexOf(Buffer.from("PK\x01\x02", "latin1")), "latin1");
  return book;
}

/** One canary of each form in each form of file, in every place. */
const forms: Record<string, string | Buffer> = {
  "login.json": JSON.stringify({ steps: [{ user_email: canary.login.toUpperCase() }] }),
  "name.json": JSON.stringify({ said: [`${canary.id} ${canary.name}`] }),
  "fields.json": JSON.stringify({ people: [{ id: canary.id, first_name: first, last_name: last }] }),
  "both.json": JSON.stringify({
    people: [
      { name: canary.name, login: canary.login },
      { name: "Mary Quill", login: "mary@example.com" },
    ],
  }),
  "table.csv": `User ID,First Name,Last Name,Login\n777,${first},${last},${canary.login}\n`,
  "names.csv": `User ID,Last Name,First Name\n777,${last},${first}\n`,
  "lines.jsonl": `{"version":1}\n{"people":{"777":["${canary.name}","${canary.login}"]}}\n`,
  "page.txt": `Delete person 777 (${canary.login})?`,
  "page.html": `<p>Name as stored: "${canary.name}"</p>`,
  "half.json.part": `{"name":"${canary.name}`,
  "book.xlsx": workbook(`<sst><si><t>${first}</t></si><si><t>${last}</t></si></sst>`),
  "torn.xlsx": Buffer.from("no workbook at all"),
  // Its list of parts is none: what else it holds cannot be told.
  "odd.xlsx": spoilt(workbook("<sst><si><t>Mary Quill</t></si></sst>")),
  [`${canary.login}.json`]: "{}",
};
const others: Record<string, string | Buffer> = {
  "other.json": JSON.stringify({ people: [{ id: 7771, name: "Mary Quill", login: "mary@example.com" }] }),
  "other.csv": "User ID,Name\n777,Mary Quill\n",
  "other.xlsx": workbook("<sst><si><t>Mary Quill</t></si></sst>"),
};

function planted() {
  const state = newPlace();
  const put = (place: string, name: string, content: string | Buffer) => {
    mkdirSync(dirname(join(state, place, name)), { recursive: true });
    writeFileSync(join(state, place, name), content);
  };
  const folders = Object.values(statePlaces).filter((one) => !one.includes("."));
  for (const folder of [...folders, "exports/shelf", "jobs/shelf/plans", "journal/before/stray"])
    for (const [name, content] of Object.entries({ ...forms, ...others })) put(folder, name, content);
  const files = Object.values(statePlaces).filter((one) => one.includes("."));
  for (const file of files) put("", file, JSON.stringify({ calls: [1] }));
  return { state, folders, files };
}

function forgetting(state: string, onPrint: (text: string) => void = () => {}) {
  const out: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      onPrint(chunk.toString());
      out.push(chunk.toString());
      done();
    },
  });
  const run = runJournal(["forget", canary.login], {
    stdout,
    say: (line) => void out.push(line),
    stateFolder: state,
    withTeam: async () => withTeamJournal,
  });
  return run.then((code) => ({ code, out: out.join("") }));
}

describe("forgetting a person erases them from all that is kept", () => {
  it("in every place of the state folder and every form of file, and nobody else", async () => {
    const { state, folders } = planted();
    const { journal } = openIn(journalFolder(state));
    const target = { kind: "person", ...canary } as const;
    await journal.intend(intent({ targets: [target], arguments: { user_id: canary.id } }), {
      image: { get_user: { id: canary.id, first_name: first, last_name: last } },
    });
    let left: string[] | undefined;

    const { code, out } = await forgetting(state, (text) => {
      if (text.startsWith("Forgotten")) left = traces(state);
    });

    expect(code).toBe(0);
    expect(out).toMatch(/^Forgotten: 1 line masked, 1 image and \d+ other files erased/);
    const kept = left?.filter((path) => !path.endsWith("other.xlsx"));
    expect(kept, "when it said so").toEqual([]);
    for (const folder of folders)
      expect(readdirSync(join(state, folder))).toEqual(expect.arrayContaining(Object.keys(others)));
    expect((await forgetting(state)).code).toBe(1);
  });

  it("where there is no journal, and where a file alone tells what they are called", async () => {
    const state = newPlace();
    mkdirSync(join(state, "exports", "shelf"), { recursive: true });
    for (const name of ["table.csv", "names.csv", "page.html"])
      writeFileSync(join(state, "exports", "shelf", name), forms[name] ?? "");

    expect((await forgetting(state)).code).toBe(0);
    expect(traces(state)).toEqual([]);
  });

  it("not through a link, and not beside its own places", async () => {
    const state = newPlace();
    const elsewhere = newPlace();
    writeFileSync(join(elsewhere, "mine.json"), forms["login.json"] ?? "");
    writeFileSync(join(state, "mine.json"), forms["login.json"] ?? "");
    symlinkSync(elsewhere, join(state, "exports"));

    await forgetting(state);

    expect(traces(elsewhere)).toHaveLength(1);
    expect(traces(state)).toHaveLength(1);
  });

  it("says no such thing where an image cannot be erased", async () => {
    const state = newPlace();
    const { journal, folder } = openIn(journalFolder(state));
    await journal.intend(intent({ targets: [{ kind: "person", ...canary }] }));
    mkdirSync(join(folder, "before", "1.json"), { recursive: true });

    const { code, out } = await forgetting(state);

    expect(code).toBe(1);
    expect(out).not.toMatch(/Forgotten/);
    expect(out).toMatch(/folder stands in the place/);
  });

  it("after a day's work, by what the server itself keeps; and it keeps nothing outside its list", async () => {
    const state = newPlace();
    const sandbox = createSandbox({ people: 60, callsPerMinute: Number.POSITIVE_INFINITY, strict: false });
    const person = sandbox.world.people.get(101);
    Object.assign(person ?? {}, { email: canary.login, first_name: first, last_name: last });
    const academy = await connect(
      sandbox.send,
      { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state },
      { person: agreeing },
    );
    for (const [name, args] of [
      ["update_user", { user_email: canary.login, title: "Chief" }],
      ["plan_enrollment", { people: [canary.login], courses: ["240"] }],
      ["training_status", {}],
      ["export_report", { report_type: "all_users" }],
      ["get_report", { report_type: "all_users" }],
      ["destroy_user", { user_email: canary.login }],
    ] as const)
      await academy.call(name, args);
    await academy.close();
    expect(traces(state).length).toBeGreaterThan(1);

    const { code } = await forgetting(state);

    expect(code).toBe(0);
    expect(traces(state)).toEqual([]);
    const known = new RegExp(`^(${Object.values(statePlaces).join("|").replaceAll(".", "\\.")}|.*\\.lock)$`);
    expect(readdirSync(state).filter((name) => !known.test(name))).toEqual([]);
  });

  it("in places that no part of the program can add to without the list", () => {
    const root = join(import.meta.dirname, "../../src");
    const raw = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !/state[\\/]state-places|journal[\\/]journal\.ts/.test(name))
      .filter((name) =>
        /join\(\s*(config\.|world\.)?state(Folder|Dir)\b/.test(readFileSync(join(root, name), "utf8")),
      );

    expect(raw).toEqual([]);
  });
});
