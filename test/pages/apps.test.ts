import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { jobs } from "../../src/jobs/index.ts";
import { apps } from "../../src/pages/apps.ts";
import { connectAs, type RunningTeam, team } from "../http/team.ts";
import { openAcademy } from "../support/academy.ts";
import { showingApps } from "../support/showing-apps.ts";

const addresses = Object.values(apps).map(({ address }) => address);
const byGroup = { by: "group", show: "overdue" };
const shows = { extensions: showingApps };
const modes = ["legacy", "auto"] as const;

/** What goes over the wire, byte for byte; each academy here keeps its files in a folder of its own. */
const bytes = (value: unknown) => JSON.stringify(value).replaceAll(/skyprep-state-\w+/g, "skyprep-state");

describe("a host that shows apps", () => {
  it("is told in every list which app shows what a tool answers, whatever it declares", async () => {
    const expected = Object.entries(jobs).flatMap(([name, { board }]) =>
      board !== undefined && board in apps ? [[name, apps[board as keyof typeof apps].address] as const] : [],
    );
    expect(expected).toContainEqual(["training_status", "ui://skyprep/board"]);

    for (const mode of modes)
      for (const declares of [false, true]) {
        const academy = await openAcademy({ mode, ...(declares && shows), people: 30 });
        const { tools } = await academy.client.listTools();
        const named = tools.flatMap(({ name, _meta }) => {
          const { resourceUri } = (_meta?.ui ?? {}) as { resourceUri?: string };
          return resourceUri === undefined ? [] : [[name, resourceUri]];
        });
        expect(named).toEqual(expected);
        await academy.close();
      }
  });

  it.each(modes)(
    "finds each app in its list and reads it, in one page that needs no other (%s)",
    async (mode) => {
      const academy = await openAcademy({ mode, ...shows, people: 30 });
      const { resources } = await academy.client.listResources();
      const listed = resources.filter(({ uri }) => uri.startsWith("ui://"));
      const named = new Set(prebuiltTools.map(({ _meta }) => _meta?.ui?.resourceUri));

      expect(listed.map(({ uri }) => uri)).toEqual(addresses.filter((one) => named.has(one)));
      for (const { uri, mimeType, _meta } of listed) {
        const { contents } = await academy.client.readResource({ uri });
        const [page] = contents as { uri: string; mimeType: string; text: string; _meta: unknown }[];
        expect(page).toMatchObject({ uri, mimeType: "text/html;profile=mcp-app", _meta });
        expect({ mimeType, _meta }).toEqual({
          mimeType: "text/html;profile=mcp-app",
          _meta: { ui: { csp: {}, prefersBorder: true } },
        });
        const text = page?.text ?? "";
        expect(text).toMatch(/^<!doctype html>/);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200_000);
        expect(text).toContain("default-src 'none'");
        expect(text.match(/(src|href)=|url\(|@import|https?:\/\/(?!www\.w3\.org\/)/g)).toBeNull();
      }
      await academy.close();
    },
  );

  it("is given what a reply has to show beside its text, in both eras", async () => {
    for (const mode of modes) {
      const academy = await openAcademy({ mode, ...shows, people: 60 });
      const { _meta } = await academy.client.callTool({ name: "training_status", arguments: byGroup });

      expect(_meta?.["skyprep/board"]).toMatchObject({ kind: "training", title: "Training by group" });
      await academy.close();
    }
  });

  it("finds no app where settings leave out every tool it would show", async () => {
    const academy = await openAcademy({ ...shows, env: { SKYPREP_SECTIONS: "courses" }, people: 30 });
    const { resources } = await academy.client.listResources();

    expect(resources.filter(({ uri }) => uri.startsWith("ui://"))).toEqual([]);
    await expect(academy.client.readResource({ uri: "ui://skyprep/board" })).rejects.toThrow(/no resource/i);
    await academy.close();
  });
});

describe("a host that declares nothing", () => {
  const calls = [
    { name: "training_status", arguments: byGroup },
    { name: "training_status", arguments: { show: "overdue" } },
    { name: "session_roster", arguments: { session: "511" } },
    { name: "access_review", arguments: {} },
    { name: "plan_enrollment", arguments: { group: "Sales Team", courses: ["201"] } },
    { name: "find", arguments: { text: "avery" } },
    { name: "get_users", arguments: {} },
    { name: "no_arguments_fit", arguments: {} },
  ];

  it.each(modes)("gets every reply byte for byte as one that does, but for the board (%s)", async (mode) => {
    const academies = [
      await openAcademy({ mode, env: { SKYPREP_STRUCTURED: "false" } }),
      await openAcademy({ mode, ...shows, env: { SKYPREP_STRUCTURED: "false" } }),
    ] as const;
    const boards: string[] = [];
    for (const call of calls) {
      const [plain, shown] = await Promise.all(
        academies.map(({ client }) =>
          client.callTool(call).catch((error: Error) => ({ error: error.message })),
        ),
      );
      const { _meta: { "skyprep/board": board, ...meta } = {}, ...rest } = (shown ?? {}) as {
        _meta?: Record<string, unknown>;
      };
      if (board !== undefined) boards.push(call.name);

      expect(bytes(plain)).not.toContain("skyprep/board");
      expect(bytes(sorted(plain))).toBe(
        bytes(sorted({ ...rest, ...(Object.keys(meta).length > 0 && { _meta: meta }) })),
      );
    }
    expect(boards.slice(0, 2)).toEqual(["training_status", "training_status"]);
    for (const { close } of academies) await close();
  });

  it("pays nothing for apps: the list is as it was but for the address, and resources are", async () => {
    for (const mode of modes) {
      const [plain, shown] = [
        await openAcademy({ mode, people: 30 }),
        await openAcademy({ mode, ...shows, people: 30 }),
      ];
      const lists = [await plain.client.listResources(), await shown.client.listResources()] as const;

      expect(bytes(lists[0])).not.toContain("ui://");
      expect(bytes(lists[0].resources)).toBe(
        bytes(lists[1].resources.filter(({ uri }) => !uri.startsWith("ui://"))),
      );
      expect(bytes(await plain.client.listTools())).toBe(bytes(await shown.client.listTools()));
      await plain.close();
      await shown.close();
    }
  });
});

/** By key: where a reply has `_meta` in it does not matter to anybody. */
const sorted = (value: unknown) =>
  Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)));

describe("a team's server", () => {
  let running: RunningTeam;
  beforeAll(async () => {
    running = await team({
      people: {
        reader: [{ academy: "acme", scopes: ["read"] }],
        writer: [{ academy: "acme", scopes: ["write"] }],
        nobody: [],
      },
    });
  });
  afterAll(() => running.end());

  it.each(["2025", "2026"] as const)(
    "shows boards and apps to clients of %s that declare them",
    async (era) => {
      const [shown, plain] = [
        await connectAs(running, "reader", { era, apps: true }),
        await connectAs(running, "reader", { era }),
      ];
      const call = { name: "training_status", arguments: byGroup };

      expect((await shown.callTool(call))._meta?.["skyprep/board"]).toMatchObject({ kind: "training" });
      expect((await plain.callTool(call))._meta?.["skyprep/board"]).toBeUndefined();
      const [theirs, others] = [await shown.listResources(), await plain.listResources()];
      expect(theirs.resources.map(({ uri }) => uri)).toContain("ui://skyprep/board");
      expect(bytes(others)).not.toContain("ui://");
      const page = await shown.readResource({ uri: "ui://skyprep/board" });
      expect(page.contents[0]).toMatchObject({ mimeType: "text/html;profile=mcp-app" });
      // A page is the same for everybody; what it may be kept for is said in the era that says so.
      expect(page.ttlMs).toBe(era === "2026" ? 3_600_000 : undefined);
      await shown.close();
      await plain.close();
    },
  );

  it("names in a reader's list only apps of tools a reader may call", async () => {
    const reader = await connectAs(running, "reader", { apps: true });
    const { tools } = await reader.listTools();
    const { resources } = await reader.listResources();
    const named = new Set(
      tools.flatMap(({ _meta }) => (_meta?.ui as { resourceUri?: string } | undefined)?.resourceUri ?? []),
    );

    expect(resources.map(({ uri }) => uri).filter((uri) => uri.startsWith("ui://"))).toEqual(
      addresses.filter((one) => named.has(one)),
    );
    await reader.close();
  });
});
