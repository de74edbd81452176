import { describe, expect, it } from "vitest";
import { exampleOf, lists } from "../../../src/catalogue/catalogue.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, liveAccount, openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";
import { often } from "../../support/long.ts";

type Row = Record<string, unknown>;
type Academy = Pick<Awaited<ReturnType<typeof connect>>, "call">;

async function follow({ call }: Academy, name: string, args: Row): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: unknown;
  do {
    const reply = await call(name, { ...args, ...(cursor !== undefined && { cursor }) });
    expect(reply.isError, reply.text).toBe(false);
    rows.push(...((reply.structured?.items ?? []) as Row[]));
    cursor = reply.structured?.next_cursor;
  } while (cursor !== undefined);
  return rows;
}

const listing = [...tools.values()].filter(({ operation }) => lists(operation));

describe("following the cursors gives each record exactly once", () => {
  it.each(listing.map((tool) => [tool.name, tool] as const))("%s", async (name, tool) => {
    // Enough for several of SkyPrep's own pages, too.
    const academy = await openAcademy({ people: 60 });
    const args = exampleOf(tool);
    const small = await follow(academy, name, { ...args, limit: 3 });
    const large = await follow(academy, name, { ...args, limit: 500 });
    const ids = small.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(small).toEqual(large);
    expect(small.length).toBeGreaterThan(0);
    await academy.close();
  });

  const progress = (count: number): Row[] =>
    Array.from({ length: count }, (_, n) => ({ id: n + 1, user_id: n % 7, status: "passed" }));
  /** SkyPrep's own paging, more or less obeyed. */
  const paged =
    (rows: Row[], { ignorePage = false, ignoreSize = false } = {}): Send =>
    async ({ body }) => {
      const form = new URLSearchParams(body);
      const size = ignoreSize ? rows.length : Number(form.get("per_page"));
      const page = ignorePage ? 1 : Number(form.get("page") ?? 1);
      const answer = rows.slice((page - 1) * size, page * size);
      return { status: 200, contentType: "", body: new TextEncoder().encode(JSON.stringify(answer)) };
    };

  it.each([0, 1, 99, 100, 101, 200, 250, 700])("of %i records that SkyPrep pages", async (count) => {
    for (const limit of [30, 50, 100, 120, 500]) {
      const academy = await connect(paged(progress(count)), liveAccount);
      const rows = await follow(academy, "get_course_progresses", { limit });
      expect(rows.map(({ id }) => id)).toEqual(progress(count).map(({ id }) => id));
      await academy.close();
    }
  });

  it.each([250, 101])("of %i records when SkyPrep returns everything whatever is asked", async (count) => {
    const academy = await connect(
      paged(progress(count), { ignorePage: true, ignoreSize: true }),
      liveAccount,
    );

    const rows = await follow(academy, "get_course_progresses", { limit: 60 });

    expect(rows.map(({ id }) => id)).toEqual(progress(count).map(({ id }) => id));
    await academy.close();
  });

  it("of the one page there is when SkyPrep repeats it", async () => {
    const academy = await connect(paged(progress(250), { ignorePage: true }), liveAccount);

    for (const limit of [50, 100, 500]) {
      const rows = await follow(academy, "get_course_progresses", { limit });
      expect(rows.map(({ id }) => id)).toEqual(progress(100).map(({ id }) => id));
    }
    await academy.close();
  });

  it("of long rows, however the size of a reply cuts the pages", async () => {
    const rows: Row[] = progress(450).map((row) => ({ ...row, course_name: "é".repeat(180) }));
    for (const limit of [90, 100, 200, 500]) {
      const academy = await connect(paged(rows), liveAccount);
      const seen = await follow(academy, "get_course_progresses", { limit });
      expect(seen.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
      await academy.close();
    }
  });

  it("of rows too long for any reply, cut, one or more at a time", async () => {
    const huge = { static_id_list: Array.from({ length: 9_000 }, (_, n) => n), all: false };
    const rows = Array.from({ length: 60 }, (_, n) => ({
      id: n + 1,
      name: "é".repeat(3_000),
      dataset_scopes: { users_dataset: huge },
    }));
    const send: Send = async () => ({
      status: 200,
      contentType: "",
      body: new TextEncoder().encode(JSON.stringify(rows)),
    });
    const academy = await connect(send, liveAccount);

    const seen = await follow(academy, "get_datasets", { fields: ["name", "dataset_scopes"] });

    expect(seen.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    await academy.close();
  });

  it.each([50, 100, 150])(
    "or says that the list changed, where SkyPrep's pages moved (after %i)",
    async (limit) => {
      const moves: ((rows: Row[]) => Row[])[] = [
        (rows) => [{ id: 999, user_id: 1, status: "passed" }, ...rows],
        (rows) => rows.slice(1),
        (rows) => rows.filter(({ id }) => id !== 7),
      ];
      for (const move of moves) {
        const rows = { now: progress(250) };
        const academy = await connect((request, signal) => paged(rows.now)(request, signal), liveAccount);
        const cursor = (await academy.call("get_course_progresses", { limit })).structured?.next_cursor;
        rows.now = move(rows.now);

        const reply = await academy.call("get_course_progresses", { limit, cursor });

        expect(reply.text).toMatch(/changed since that cursor was given/);
        await academy.close();
      }
    },
  );

  it("of one person, when SkyPrep ignores who was asked about", async () => {
    const academy = await connect(paged(progress(700)), liveAccount);

    const rows = await follow(academy, "get_course_progresses", { user_id: 3, limit: 20 });

    expect(rows).toHaveLength(100);
    expect(new Set(rows.map(({ user_id }) => user_id))).toEqual(new Set([3]));
    await academy.close();
  });
});

describe("no reply is over its size", () => {
  const people = often({ long: 20_000, short: 2_000 });
  it(`for any list tool, any limit and all columns, in an academy of ${people}`, async () => {
    const academy = await openAcademy({ people, env: { SKYPREP_REVEAL: "personal" } });
    for (const { name, operation } of listing) {
      if (operation.output.as !== "many") continue;
      const { schema, nested = {} } = operation.output.kind;
      const fields = Object.keys(schema.shape)
        .filter((field) => !nested[field])
        .slice(0, 40);
      const takes = (name: string) => name in operation.input.shape;
      const asked = takes("fields") ? { fields } : {};
      const search = takes("search") ? { search: "a" } : {};
      for (const more of [{ limit: 500 }, { limit: 500, ...asked }, { limit: 500, ...asked, ...search }]) {
        const args = {
          ...exampleOf({
            operation,
            shape: tools.get(name)?.shape ?? {
              plain: { type: "object", properties: {} },
              details: new Map(),
              unlisted: new Map(),
            },
          }),
          ...more,
        };
        const reply = await academy.call(name, args);
        expect(reply.isError, reply.text.slice(0, 300)).toBe(false);
        expect(Buffer.byteLength(reply.text), name).toBeLessThanOrEqual(40_000);
        expect(Buffer.byteLength(JSON.stringify(reply.structured)), name).toBeLessThanOrEqual(60_000);
      }
    }
    await academy.close();
  });
});
