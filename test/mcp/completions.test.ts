import { describe, expect, it } from "vitest";
import { createDirectory, type Directory } from "../../src/academy/directory.ts";
import type { Caller } from "../../src/call/job-context.ts";
import { openAcademy } from "../support/academy.ts";
import { type Era, eras, failure, nobody, openEdge } from "./edge.ts";

const echoing: Directory = { ...nobody, complete: async (kind, text) => [`${kind}:${text}`] };

describe.each(eras)("completing (%s)", (era) => {
  it("what a template leaves open", async () => {
    const { complete } = await openEdge({ directory: echoing }, era);

    const offered = [
      await complete("skyprep://users/{user_id}", "user_id", "av"),
      await complete("skyprep://courses/{course_id}", "course_id", "saf"),
      await complete("skyprep://reports/{report_id}", "report_id", ""),
      await complete("skyprep://users{?cursor,search}", "search", "av"),
      await complete("skyprep://users/{user_id}", "login", "av"),
      await complete("skyprep://account", "x", ""),
    ];

    expect(offered).toEqual([["person:av"], ["course:saf"], ["report:"], [], [], []]);
  });

  it("what a prompt asks for", async () => {
    const { complete } = await openEdge({ directory: echoing }, era);

    const offered = [
      await complete("onboard_hire", "group", "sal"),
      await complete("onboard_hire", "path", "man"),
      await complete("offboard_leaver", "person", "av"),
      await complete("offboard_leaver", "last_day", "2026"),
      await complete("offboard_leaver", "constructor", ""),
    ];

    expect(offered).toEqual([["group:sal"], ["path:man"], ["person:av"], [], []]);
  });

  it("refuses a prompt or template that is not there", async () => {
    const { complete } = await openEdge({}, era);

    const errors = [
      await failure(complete("fire_everybody", "person", "a")),
      await failure(complete("skyprep://payments/{id}", "id", "a")),
    ];

    expect(errors.map(({ code }) => code)).toEqual([-32602, -32602]);
  });
});

describe("a kept export", () => {
  it("is completed by part of its id or name", async () => {
    const kept = ["audit-2026", "people-2026"].map((id) => ({
      id,
      name: `Report ${id}`,
      bytes: 1,
      createdAt: 0,
      type: "text/csv" as const,
    }));
    const exports = { list: async () => kept, read: async () => undefined };
    const { complete } = await openEdge({ exports });

    const offered = await complete("skyprep://exports/{export_id}", "export_id", "Report au");

    expect(offered).toEqual(["audit-2026"]);
  });
});

/** The edge before a whole academy: its calls, its lists, its people. */
async function openAcademyEdge(mode: Era) {
  const academy = await openAcademy();
  const call: Caller = async (tool, args) => {
    const { text, structured, isError } = await academy.call(tool, args as Record<string, unknown>);
    return {
      text,
      ...(structured && { structured }),
      outcome: isError ? ("failed" as const) : ("done" as const),
    };
  };
  const directory = createDirectory({
    list: async (tool) => (await academy.call(tool, { limit: 500 })).structured?.items as unknown[],
    after: () => () => {},
  });
  const offered = (tool: string) => academy.catalogue.tools.has(tool);
  return openEdge({ call, directory, offered, sandbox: true }, mode);
}

describe.each(eras)("before an academy (%s)", (era) => {
  it("a person found while typing can be read, and so can their name", async () => {
    const { complete, read } = await openAcademyEdge(era);

    const [login = ""] = await complete("skyprep://users/{user_id}", "user_id", "avery@exa");
    const byNumber = await read("skyprep://users/101");
    const byLogin = await read(`skyprep://users/${encodeURIComponent(login)}`);

    expect(login).toBe("avery@example.com");
    expect(byNumber).toMatch(/^\[sandbox\] Person 101: /);
    expect(byLogin).toBe(byNumber);
  });

  it("following the next address to the end meets everybody once", async () => {
    const { read } = await openAcademyEdge(era);

    const ids: string[] = [];
    let uri: string | undefined = "skyprep://users";
    while (uri) {
      const text = await read(uri);
      ids.push(...[...text.matchAll(/^(\d+)\t/gm)].map(([, id = ""]) => id));
      uri = /^Next page: (\S+)$/m.exec(text)?.[1];
    }

    expect([ids.length, new Set(ids).size]).toEqual([302, 302]);
  });

  it("the account, courses and saved reports can be read", async () => {
    const { read } = await openAcademyEdge(era);

    const texts = [
      await read("skyprep://account"),
      await read("skyprep://courses?search=orientation"),
      await read("skyprep://reports"),
    ];

    expect(texts[0]).toContain("users_count");
    expect(texts[1]).toMatch(/orientation/i);
    expect(texts[2]).toContain("saved_report");
  });
});
