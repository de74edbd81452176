import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Send } from "../../../src/skyprep/send.ts";
import { answering, connect, liveAccount } from "../../support/academy.ts";
import { expectPrivate } from "../../support/private-files.ts";

const folder = () => mkdtempSync(join(tmpdir(), "skyprep-reports-"));

async function reporting(
  body: string | Uint8Array,
  args: Record<string, unknown> = {},
  env: Record<string, string> = {},
) {
  const { send } = answering(body);
  // Its own, so that the file outlives the server: closing it takes a borrowed one away.
  const academy = await connect(send, { ...liveAccount, SKYPREP_STATE_DIR: folder(), ...env });
  const reply = await academy.call("get_report", { report_type: "all_users", ...args });
  await academy.close();
  return reply;
}

/** Where a reply says the whole report is. */
const fileOf = ({ structured }: { structured: Record<string, unknown> | undefined }) =>
  (structured as { export: { file: string; uri: string; bytes: number } }).export;

/** An asynchronous report that is ready after so many polls. */
async function collecting(states: string[], ready: string) {
  let polls = 0;
  const send: Send = async () => {
    const state = states[Math.min(polls, states.length - 1)];
    const body = polls < states.length ? JSON.stringify({ status: state }) : ready;
    polls += 1;
    return { status: 200, contentType: "", body: new TextEncoder().encode(body) };
  };
  const academy = await connect(send, liveAccount);
  const told: string[] = [];
  const result = await academy.client.callTool(
    { name: "get_async_report", arguments: { process_queue_item_id: 1 } },
    { onprogress: ({ message }) => void told.push(message ?? "") },
  );
  await academy.close();
  const text = (result.content as { text?: string }[])[0]?.text ?? "";
  return {
    text,
    structured: result.structuredContent as Record<string, unknown>,
    isError: result.isError,
    polls,
    told,
  };
}

describe("a report that is being made", () => {
  it("is waited for, and how far it is is told", async () => {
    const { structured, polls, told } = await collecting(["queued", "processing"], "id,name\n1,A");

    expect(polls).toBe(3);
    expect(told).toEqual(["The report is queued.", "The report is processing."]);
    expect(structured).toMatchObject({ columns: ["id", "name"], rows: [["1", "A"]], total: 1 });
  });

  it.each(["queued", "pending", "processing", "working", "in_progress"])(
    "is asked for again when still %s after 45 s",
    async (state) => {
      const { text, structured, polls, isError } = await collecting(Array(100).fill(state), "");

      expect(polls).toBe(12);
      expect(isError).toBeFalsy();
      expect(text).toMatch(
        new RegExp(`Not ready yet \\(${state}\\)\\. Call get_async_report again with the same number`),
      );
      expect(structured).toMatchObject({ ready: false, status: state, next: expect.stringMatching(/again/) });
    },
  );

  it.each(["failed", "Error", "cancelled"])("that %s is an error", async (state) => {
    expect((await collecting([state], "")).isError).toBe(true);
  });

  it.each([
    ["CSV", "\ufeffid,name\r\n1,A\r\n"],
    ["CSV inside JSON", JSON.stringify({ status: "complete", data: "id,name\n1,A" })],
    ["CSV under another name", JSON.stringify({ state: "done", csv: "id,name\n1,A" })],
    ["columns and rows", JSON.stringify({ columns: ["id", "name"], rows: [[1, "A"]] })],
  ])("comes as %s", async (_, body) => {
    expect((await collecting([], body)).structured).toMatchObject({
      columns: ["id", "name"],
      rows: [["1", "A"]],
    });
  });

  it.each(["processing", '"queued"', '{"report":{"status":"processing"}}'])(
    "is waited for when all it says is %s",
    async (body) => {
      expect((await collecting([], body)).text).toMatch(/Not ready yet/);
    },
  );

  it.each(["", "success", "{}", '{"strange":1}', "[]", "null"])("is not made up from %j", async (body) => {
    const { isError, text } = await collecting([], body);

    expect(isError).toBe(true);
    expect(text).toMatch(/could not be read/);
  });
});

describe("a report", () => {
  const csv = [
    "SkyPrep ID,Email,SSN,Cell,Certificate Link,Note",
    '1,avery@example.com,123-45-6789,555-0101,https://x/?view_key=abc,"=HYPERLINK(""http://evil"")"',
    "2,jordan@example.com,,,,-12.5",
  ].join("\n");

  it("is kept as a file of one's own and linked, with its first rows", async () => {
    const state = folder();
    const reply = await reporting(csv, {}, { SKYPREP_STATE_DIR: state });

    const { file, uri } = fileOf(reply);
    expect(reply.text).toMatch(/^Report all_users: 2 rows, 3 columns; 2 shown\./);
    expect(reply.text).toContain(file);
    expect(uri).toMatch(/^skyprep:\/\/exports\/[a-z0-9-]+$/);
    expectPrivate(file, dirname(file));
    expect(dirname(dirname(file))).toBe(join(state, "exports"));
    expect(readdirSync(dirname(file))).toHaveLength(2);
  });

  it("leaves secrets out of file and reply, and personal columns until revealed", async () => {
    const reply = await reporting(csv);
    const file = readFileSync(fileOf(reply).file, "utf8");

    for (const text of [reply.text, JSON.stringify(reply.structured), file]) {
      expect(text).not.toMatch(/123-45|view_key|555-0101/);
    }
    expect(reply.text).toMatch(/Hidden as personal: Cell/);
    expect(reply.text).toMatch(/Never shown: SSN, Certificate Link/);
    const revealed = await reporting(csv, {}, { SKYPREP_REVEAL: "personal" });
    expect(revealed.text).toMatch(/555-0101/);
    expect(revealed.text).not.toMatch(/123-45/);
  });

  it("cannot run in a spreadsheet", async () => {
    const reply = await reporting(csv);
    const file = readFileSync(fileOf(reply).file, "utf8");

    expect(file).toContain("'=HYPERLINK");
    expect(file).toMatch(/,-12\.5$/m);
  });

  it("comes with a resource link of its size", async () => {
    const { send } = answering(csv);
    const academy = await connect(send, liveAccount);
    const result = await academy.client.callTool({
      name: "get_report",
      arguments: { report_type: "all_users" },
    });

    const [, link] = result.content as unknown as Record<string, unknown>[];
    const { bytes, uri } = (result.structuredContent as { export: { bytes: number; uri: string } }).export;
    expect(link).toMatchObject({ type: "resource_link", uri, mimeType: "text/plain", size: bytes });
    await academy.close();
  });

  it("is read again as a resource, whole and without what never leaves", async () => {
    const { send } = answering(csv);
    const academy = await connect(send, liveAccount);
    const { structured } = await academy.call("get_report", { report_type: "all_users" });
    const { uri } = fileOf({ structured });

    const { contents } = await academy.client.readResource({ uri });
    const { resources } = await academy.client.listResources();

    expect(contents[0]).toMatchObject({
      uri,
      text: expect.stringMatching(/^SkyPrep ID,Email,Note\n1,avery@example.com/),
    });
    expect(JSON.stringify(contents)).not.toMatch(/123-45|view_key|555-0101/);
    expect(resources.map((one) => one.uri)).toContain(uri);
    await academy.close();
  });

  it("bears a name that is one plain line, wherever it stands", async () => {
    const name = "Quarter\u202e\n<b>one</b>\u001b[31m";
    const { send } = answering(JSON.stringify({ name, columns: ["id"], rows: [[1]] }));
    const academy = await connect(send, liveAccount);

    const result = await academy.client.callTool({
      name: "get_saved_advanced_report",
      arguments: { saved_advanced_report_id: 1 },
    });

    expect((result.content as { name?: string }[])[1]?.name).toBe("Quarter one [31m");
    await academy.close();
  });

  it("says which tool answers questions on it, and takes none itself", async () => {
    const rows = Array.from({ length: 50 }, (_, n) => `${n},p${n}@example.com`);
    const reply = await reporting(["ID,Email", ...rows].join("\n"));
    const asked = await reporting(csv, { where: { email: "avery@example.com" } });

    expect(reply.text).toMatch(/^Report all_users: 50 rows, 2 columns; 20 shown\. export_report answers/);
    expect(asked).toMatchObject({ isError: true, text: expect.stringMatching(/where/) });
    const alone = await reporting(["ID,Email", ...rows].join("\n"), {}, { SKYPREP_SECTIONS: "reports" });
    expect(alone.text).toMatch(/20 shown\. The whole is in the file\./);
    expect(alone.structured).toMatchObject({ columns: ["ID", "Email"], total: 50 });
  });

  it("of one account is not there for another, nor for the sandbox", async () => {
    const state = folder();
    const { send } = answering(csv);
    const open = (env: Record<string, string>) =>
      connect(send, { ...liveAccount, SKYPREP_STATE_DIR: state, ...env });
    const mine = await open({});
    const { uri } = fileOf(await mine.call("get_report", { report_type: "all_users" }));

    for (const env of [{ SKYPREP_ACCT_KEY: "other.example.com" }, { SKYPREP_SANDBOX: "true" }] as Record<
      string,
      string
    >[]) {
      const other = await open(env);
      await expect(other.client.readResource({ uri })).rejects.toThrow(/no export/);
      await other.close();
    }
    expect((await mine.client.readResource({ uri })).contents).toHaveLength(1);
    await mine.close();
  });

  it("is shown as far as it goes, with what is wrong and where", async () => {
    const reply = await reporting("id,name\n1,A\n2\n3,C,extra\n");

    expect(reply.structured).toMatchObject({ total: 3 });
    expect(reply.text).toMatch(/Row 3 has 1 cell, the header 2.*Row 4 has 3 cells/s);
  });

  it("keeps an Excel file without reading it", async () => {
    const reply = await reporting(new Uint8Array([0x50, 0x4b, 3, 4, 1, 2]), { format: "xlsx" });

    const { file, bytes } = fileOf(reply);
    expect(reply.text).toMatch(/an Excel file, not read here/);
    expect(bytes).toBe(6);
    expect(file).toMatch(/\.xlsx$/);
    expect(readFileSync(file)).toHaveLength(6);
  });

  it("says of an Excel file, read as a resource, where a person can open it", async () => {
    const { send } = answering(new Uint8Array([0x50, 0x4b, 3, 4, 1, 2]));
    const academy = await connect(send, liveAccount);
    const reply = await academy.call("get_report", { report_type: "all_users", format: "xlsx" });
    const { uri, file } = fileOf(reply);

    const { contents } = await academy.client.readResource({ uri });

    expect((contents[0] as { text: string }).text).toContain(file);
    await academy.close();
  });

  it("is still shown when its file cannot be kept, and says where it could not be", async () => {
    const state = join(folder(), "occupied");
    writeFileSync(state, "a file stands here");
    const reply = await reporting(csv, {}, { SKYPREP_STATE_DIR: state });

    expect(reply.isError).toBe(false);
    expect(reply.text).toMatch(/could not be kept in .*occupied.*SKYPREP_STATE_DIR/s);
    expect(reply.structured).toMatchObject({ total: 2 });
  });
});
