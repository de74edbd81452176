import { ResourceNotFoundError } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { eras, finding, keeping, openEdge } from "./edge.ts";

const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => `${n},person-${n}@example.com,passed`).join("\n");

describe("a whole text", () => {
  it("is read in pages that together are all of it", async () => {
    const text = `id,email,status\n${rows(3_000)}`;
    const { read } = await openEdge({ exports: keeping(text) });

    const parts: string[] = [];
    let uri: string | undefined = "skyprep://exports/audit-2026";
    while (uri) {
      const [, body = "", next]: RegExpMatchArray = /^(.*?)(?:\nNext page: (\S+) \(.*\))?$/s.exec(
        await read(uri),
      ) as RegExpMatchArray;
      expect(body.length).toBeLessThanOrEqual(30_000);
      parts.push(body);
      uri = next;
    }

    expect(parts.length).toBe(4);
    expect(parts.join("\n")).toBe(text);
  });

  it.each(["日本🙂".repeat(10_000), "🙂".repeat(20_000), `a${"🙂".repeat(20_000)}`])(
    "keeps to the size of a reply where its letters are long, and cuts none in half",
    async (text) => {
      const { read } = await openEdge({ exports: keeping(text) });

      const parts: string[] = [];
      let uri: string | undefined = "skyprep://exports/audit-2026";
      while (uri) {
        const page = await read(uri);
        expect(Buffer.byteLength(page)).toBeLessThanOrEqual(40_000);
        const [, body = "", next] = /^(.*?)(?:\nNext page: (\S+) \(.*\))?$/s.exec(page) ?? [];
        expect(Buffer.from(body).toString()).toBe(body);
        parts.push(body);
        uri = next;
      }

      expect(parts.join("")).toBe(text);
    },
  );

  it("is short: one page, as it is", async () => {
    const { read } = await openEdge({ exports: keeping("id,name\n1,A\n") });

    expect(await read("skyprep://exports/audit-2026")).toBe("id,name\n1,A\n");
  });

  it.each(["offset=-1", "offset=1e3", "offset=90", "cursor=AQ"])("has no page at %s", async (query) => {
    const { refusal } = await openEdge({ exports: keeping("id,name\n1,A\n") });

    const error = await refusal(`skyprep://exports/audit-2026?${query}`);

    expect(error.code).toBe(-32602);
    expect(error.message).toMatch(/offset/);
  });

  it("of a report is the copy that was kept, and goes on in it", async () => {
    const text = `id,email,status\n${rows(2_000)}`;
    const call = async () => ({
      outcome: "done" as const,
      text: "Audit: 2000 rows; 20 shown",
      structured: { rows: [], export: { id: "audit-2026" } },
    });
    const { read } = await openEdge({ call, exports: keeping(text) });

    const page = await read("skyprep://reports/1001");

    expect(page.startsWith("id,email,status\n0,person-0@example.com,passed\n")).toBe(true);
    expect(page.split("\n").at(-1)).toMatch(/^Next page: skyprep:\/\/exports\/audit-2026\?offset=\d+ /);
  });

  it("of a report that was not kept is the reply", async () => {
    const { read, asked } = await openEdge({ directory: finding({ id: 1002, label: "All Users" }) });

    const page = await read("skyprep://reports/all%20users?offset=0");

    expect(page).toBe('get_saved_advanced_report {"saved_advanced_report_id":1002}');
    expect(asked.length).toBe(1);
  });

  it("says that it is the sandbox's", async () => {
    const { read } = await openEdge({ exports: keeping("id\n1"), sandbox: true });

    expect(await read("skyprep://exports/audit-2026")).toBe("[sandbox]\nid\n1");
  });

  it("that is gone is not found", async () => {
    const { refusal } = await openEdge();

    const error = await refusal("skyprep://exports/audit-2025");

    expect(error).toBeInstanceOf(ResourceNotFoundError);
    expect(error.message).toContain("get the report again");
  });
});

describe.each(eras)("a kept page (%s)", (era) => {
  const html = `<!doctype html>\n<p>${"of a hundred people ".repeat(20)}</p>\n`.repeat(200);
  const kept = keeping(html, { id: "training-by-group-1", type: "text/html" });
  const uri = "skyprep://exports/training-by-group-1";

  it("is listed as HTML, with how it becomes a file", async () => {
    const { client } = await openEdge({ exports: kept }, era);

    const { resources } = await client.listResources();

    expect(resources.at(-1)).toMatchObject({ uri, mimeType: "text/html", size: html.length });
    expect(resources.at(-1)?.description).toContain("?whole=true");
  });

  it("is the file to the letter for whoever asks for that, of the pretend academy, too", async () => {
    const { client } = await openEdge({ exports: kept, sandbox: true }, era);

    const { contents } = await client.readResource({ uri: `${uri}?whole=true` });

    const [one] = contents as { mimeType: string; text: string }[];
    expect([contents.length, one?.mimeType, one?.text === html]).toEqual([1, "text/html", true]);
  });

  it("is read in parts of a reply's size by whoever only reads, which say where the next and the file are", async () => {
    const { client } = await openEdge({ exports: kept }, era);

    const parts: string[] = [];
    let next: string | undefined = uri;
    while (next) {
      const [one] = (await client.readResource({ uri: next })).contents as {
        mimeType: string;
        text: string;
      }[];
      const [, body = "", to, whole]: RegExpMatchArray =
        /^(.*?)(?:\n<!-- Next page: (\S+) \(\d+ characters in all\); the file itself: (\S+) -->)?$/s.exec(
          one?.text ?? "",
        ) as RegExpMatchArray;
      expect(one?.mimeType).toBe("text/html");
      expect(Buffer.byteLength(one?.text ?? "")).toBeLessThanOrEqual(40_000);
      expect(whole).toBe(to && `${uri}?whole=true`);
      parts.push(body);
      next = to;
    }

    expect(parts.length).toBeGreaterThan(2);
    expect(parts.join("\n") === html).toBe(true);
  });

  it.each(["whole=false", "whole=true&offset=1", "whole=1"])("has nothing at %s", async (query) => {
    const { refusal } = await openEdge({ exports: kept }, era);

    expect((await refusal(`${uri}?${query}`)).message).toContain("whole takes true");
  });

  it("alone is read whole: a report is not", async () => {
    const { refusal } = await openEdge({ exports: keeping("id,name\n1,A\n") }, era);

    const error = await refusal("skyprep://exports/audit-2026?whole=true");

    expect(error.code).toBe(-32602);
    expect(error.message).toContain("whole is for pages");
  });
});
