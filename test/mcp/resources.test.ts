import { ResourceNotFoundError } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import type { Directory } from "../../src/academy/directory.ts";
import type { KeptExports } from "../../src/mcp/kept-exports.ts";
import type { ToolSource } from "../../src/mcp/resource-records.ts";
import { eras, failure, finding, keeping, nobody, openEdge } from "./edge.ts";

const avery = { id: 101, label: "Avery Learner (avery@example.com)" };

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
