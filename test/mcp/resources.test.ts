import { ResourceNotFoundError } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import type { Directory } from "../../src/academy/directory.ts";
import type { ExportType, KeptExports } from "../../src/mcp/kept-exports.ts";
import type { ToolSource } from "../../src/mcp/resource-records.ts";
import { eras, failure, nobody, openEdge } from "./edge.ts";

const finding = (...found: { id: number; label: string }[]): Directory => ({
  ...nobody,
  find: async () => found,
});
const avery = { id: 101, label: "Avery Learner (avery@example.com)" };
const keeping = (
  text: string,
  { id = "audit-2026", type = "text/csv" }: { id?: string; type?: ExportType } = {},
): KeptExports => ({
  list: async () => [
    {
      id,
      name: "Audit",
      bytes: Buffer.byteLength(text),
      createdAt: Date.UTC(2026, 10, 23),
      type,
    },
  ],
  read: async (asked) => (asked === id ? { text, type } : undefined),
});
const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => `${n},person-${n}@example.com,passed`).join("\n");

describe.each(eras)("resources (%s)", (era) => {
  it("lists the account, people, courses and reports, and what is kept", async () => {
    const { client } = await openEdge({ exports: keeping("a,b\n1,2") }, era);

    const { resources } = await client.listResources();

    expect(resources.map(({ uri }) => uri)).toEqual([
      "skyprep://account",
      "skyprep://users",
      "skyprep://courses",
      "skyprep://reports",
      "skyprep://exports/audit-2026",
    ]);
    expect(resources.every((one) => one.title && one.description)).toBe(true);
    expect(resources.map(({ mimeType }) => mimeType)).toEqual([
      "text/plain",
      "text/plain",
      "text/plain",
      "text/plain",
      "text/csv",
    ]);
    expect(resources.at(-1)).toMatchObject({
      title: "Audit",
      size: 7,
      annotations: { lastModified: "2026-11-23T00:00:00.000Z" },
    });
  });

  it("lists a template for each thing that has a number, and for searching", async () => {
    const { client } = await openEdge({}, era);

    const { resourceTemplates } = await client.listResourceTemplates();

    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "skyprep://users{?cursor,search}",
      "skyprep://users/{user_id}",
      "skyprep://courses{?cursor,search}",
      "skyprep://courses/{course_id}",
      "skyprep://reports/{report_id}",
      "skyprep://exports/{export_id}",
    ]);
    expect(resourceTemplates.every((one) => one.title && one.description && one.mimeType)).toBe(true);
  });

  it("reads a person by number", async () => {
    const { read, asked } = await openEdge({}, era);

    const text = await read("skyprep://users/101");

    expect(text).toBe('get_user {"user_id":101}');
    expect(asked).toEqual([{ tool: "get_user", args: { user_id: 101 } }]);
  });

  it("says that an address is not there with the protocol's own error", async () => {
    const { refusal, codes } = await openEdge({}, era);

    const error = await refusal("skyprep://payments");

    expect(error).toBeInstanceOf(ResourceNotFoundError);
    expect(error.data).toEqual({ uri: "skyprep://payments" });
    expect(codes).toEqual([era === "legacy" ? -32002 : -32602]);
  });

  it("says so, too, of a number that SkyPrep does not know, and cuts what is long", async () => {
    const text = "SkyPrep answered 404: User not found";
    const call = async () => ({ outcome: "failed" as const, text, missing: true as const });
    const { refusal, codes } = await openEdge({ call }, era);

    const error = await refusal("skyprep://users/999999");
    const long = await refusal(`skyprep://payments/${"z".repeat(5_000)}`);

    expect(error.message).toMatch(/User not found/);
    expect(codes).toEqual(codes.map(() => (era === "legacy" ? -32002 : -32602)));
    expect(JSON.stringify([long.message, long.data]).length).toBeLessThan(600);
  });
});

describe("an address", () => {
  it("arrives percent-encoded", async () => {
    const texts: string[] = [];
    const directory: Directory = {
      ...nobody,
      find: async (kind, text) => {
        texts.push(`${kind} ${text}`);
        return [avery];
      },
    };
    const { read, asked } = await openEdge({ directory });

    await read("skyprep://users/Andr%C3%A9%20M%2FS");

    expect(texts).toEqual(["person André M/S"]);
    expect(asked).toEqual([{ tool: "get_user", args: { user_id: 101 } }]);
  });

  it.each([
    "skyprep://users/../courses",
    "skyprep://users/101/courses",
    "skyprep://users/",
    "skyprep://users/101#x",
    "skyprep://users/%00",
    "skyprep://users/%E2%80%AE101",
    "skyprep://users/%zz",
    "skyprep://exports/..%2F..%2Fetc%2Fpasswd",
    "skyprep://exports/%2e%2e",
    "skyprep://exports/AUDIT-2026",
    "skyprep://Users",
    "skyprep:account",
    "skyprep://account/1",
    "file:///etc/passwd",
    `skyprep://users/${"a".repeat(3_000)}`,
    "",
  ])("that leads nowhere is not followed: %s", async (uri) => {
    const read: string[] = [];
    const exports: KeptExports = {
      list: async () => [],
      read: async (id) => {
        read.push(id);
        return { text: "secret", type: "text/csv" as const };
      },
    };
    const directory: Directory = {
      ...nobody,
      find: async (_kind, text) => {
        read.push(text);
        return [avery];
      },
    };
    const { refusal, asked } = await openEdge({ exports, directory });

    const error = await refusal(uri);

    expect(error.code).toBe(-32602);
    expect([asked, read]).toEqual([[], []]);
  });

  it("hands cursor and search to the list, and nothing else", async () => {
    const { read, refusal, asked } = await openEdge();

    await read("skyprep://users?cursor=AQ-_%3D&search=avery%20l");
    await read("skyprep://courses?cursor=&search=");
    const error = await refusal("skyprep://users?fields=ssn");

    expect(asked).toEqual([
      { tool: "get_users", args: { cursor: "AQ-_=", search: "avery l" } },
      { tool: "get_courses", args: {} },
    ]);
    expect(error.message).toContain("it takes cursor and search");
  });

  it.each(["skyprep://users?search=a&search=b", "skyprep://users?search=%zz", "skyprep://account?x=1"])(
    "with a query that cannot be read is refused: %s",
    async (uri) => {
      const { refusal, asked } = await openEdge();

      const error = await refusal(uri);

      expect(error.code).toBe(-32602);
      expect(asked).toEqual([]);
    },
  );
});

describe("a list", () => {
  it("ends with the address of its next page", async () => {
    const call = async () => ({
      outcome: "done" as const,
      text: "50 of 302 people",
      structured: { items: [], next_cursor: "A+Q=" },
    });
    const { read } = await openEdge({ call });

    const text = await read("skyprep://users?search=l%C3%A9a");

    expect(text.split("\n").at(-1)).toBe("Next page: skyprep://users?search=l%C3%A9a&cursor=A%2BQ%3D");
  });

  it("has no next address at its end", async () => {
    const call = async () => ({ outcome: "done" as const, text: "3 people", structured: { items: [] } });
    const { read } = await openEdge({ call });

    expect(await read("skyprep://users?cursor=AQ")).toBe("3 people");
  });
});

describe("a name in an address", () => {
  it("that nobody has is said, with where to look", async () => {
    const { refusal, asked } = await openEdge();

    const error = await refusal("skyprep://users/zebedee");

    expect(error).toBeInstanceOf(ResourceNotFoundError);
    expect(error.message).toContain('No person has "zebedee"');
    expect(error.message).toContain("get_users");
    expect(asked).toEqual([]);
  });

  it("that several have lists them by number", async () => {
    const many = Array.from({ length: 14 }, (_, n) => ({ id: 201 + n, label: `Safety ${n}` }));
    const { refusal, asked } = await openEdge({ directory: finding(...many) });

    const error = await refusal("skyprep://courses/safety");

    expect(error.message).toContain('"safety" may mean 14');
    expect(error.message).toContain("\n201 Safety 0\n");
    expect(error.message).toContain("and 4 more");
    expect(asked).toEqual([]);
  });
});

describe("what cannot be read", () => {
  it("is the protocol's error with the tool's own words", async () => {
    const call = async () => ({ text: "SkyPrep knows no such course.", outcome: "failed" as const });
    const { refusal } = await openEdge({ call });

    const error = await refusal("skyprep://courses/999");

    expect([error.code, error.message]).toEqual([-32603, "SkyPrep knows no such course."]);
  });

  it("is not listed where its tool is not offered", async () => {
    const offered = (tool: string) => tool === "get_program";
    const { client, refusal } = await openEdge({ offered, call: () => undefined });

    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const error = await refusal("skyprep://users");

    expect(resources.map(({ uri }) => uri)).toEqual(["skyprep://account"]);
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "skyprep://exports/{export_id}",
    ]);
    expect(error).toBeInstanceOf(ResourceNotFoundError);
  });
});

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

describe("cancelling", () => {
  it("reaches the call", async () => {
    let reached: (reason: unknown) => void = () => {};
    const seen = new Promise((resolve) => {
      reached = resolve;
    });
    const stop = new AbortController();
    const { client } = await openEdge({
      call: (_tool, _args, signal) => {
        signal.addEventListener("abort", () => reached(true));
        stop.abort();
        return new Promise(() => {});
      },
    });

    await client.readResource({ uri: "skyprep://account" }, { signal: stop.signal }).catch(() => {});

    expect(await seen).toBe(true);
  });
});

describe("the compiler", () => {
  it("takes no tool that writes, nor an argument that is not there", () => {
    const write = () => {
      // @ts-expect-error a resource only reads
      const source: ToolSource = { tool: "destroy_user" };
      return source;
    };
    const slip = () => {
      // @ts-expect-error get_user has no such argument
      const source: ToolSource = { tool: "get_user", item: { argument: "course_id", kind: "person" } };
      return source;
    };

    expect([write().tool, slip().tool]).toEqual(["destroy_user", "get_user"]);
  });
});

describe("a cache", () => {
  it("may keep what was read for a minute", async () => {
    const { client } = await openEdge({}, "auto");

    const result = await client.readResource({ uri: "skyprep://account" });

    expect(result).toMatchObject({ ttlMs: 60_000, cacheScope: "private" });
    expect(await failure(client.readResource({ uri: "skyprep://nothing" }))).toBeDefined();
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
