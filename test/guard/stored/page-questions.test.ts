import { describe, expect, it } from "vitest";
import { asPrincipal } from "../../../src/access/principal.ts";
import { createPageQuestions } from "../../../src/guard/question/page-questions.ts";
import type { PagePlace, PageTeam } from "../../../src/guard/question/page-store.ts";
import type { Open } from "../../../src/guard/question/pending-approvals.ts";
import { createSealing } from "../../../src/http/seal.ts";
import type { AskedLine } from "../../../src/journal/line.ts";
import type { StampedFiles } from "../../../src/state/ports.ts";
import { memoryFolder } from "../../support/stamped.ts";

const noon = Date.UTC(2026, 10, 23, 12);
const rob = { person: "rob", groups: [] };

/** One replica, as it finds what others kept. */
function replica(
  files: StampedFiles,
  {
    at = () => noon,
    key = 7,
    academy = "acme",
    under = "",
    secret = "key",
    mayApprove = () => true,
    isOver = () => false,
    clock,
    goodMs = 600_000,
  }: {
    at?: () => number;
    key?: number;
    academy?: string;
    under?: string;
    secret?: string;
    mayApprove?: () => boolean;
    isOver?: () => boolean;
    clock?: PagePlace["clock"];
    goodMs?: number;
  } = {},
) {
  const notes: AskedLine[] = [];
  const told: number[] = [];
  const place: PagePlace = {
    files,
    secret,
    academy: "account",
    account: "account",
    under,
    isOver: async () => isOver(),
    note: async (line) => void notes.push(line),
    now: at,
    clock,
  };
  const team: PageTeam = {
    academy,
    fourEyes: true,
    goodMs,
    sealing: createSealing(new Uint8Array(32).fill(key), "page question", 200_000),
    addressOf: (id) => `https://team.example/approvals/${id}`,
    standing: ({ person }, asker) => (person !== asker && mayApprove() ? "approve" : undefined),
    onWaiting: (_, waiting) => void told.push(waiting),
  };
  const questions = createPageQuestions(place, team);
  const put = (id: string, { call = id, facts = ["Delete it?"], who = "mia" } = {}) =>
    asPrincipal({ person: who, scopes: ["write"], replica: "r" }, () =>
      questions.put(drawn(id, call, facts), "client"),
    );
  return { ...questions, put, notes, told };
}
const drawn = (id: string, call: string, facts: readonly string[]): Open => ({
  question: { id, kind: "removing", tool: "remove_it", facts, stored: [], expiresAt: noon + 600_000 },
  call,
  binding: new Map([["person", "as it stands"]]),
  counts: {},
  args: { user_id: 110, password: "s3cret-canary" },
});
const [one, two] = ["AAAAAAAAAAAAAAA1", "AAAAAAAAAAAAAAA2"] as const;

async function used(at: ReturnType<typeof replica>, call: string): Promise<boolean> {
  const taken = await (await at.of(call))?.onPage?.take();
  return typeof taken === "object" && (await taken.use());
}

describe("a question that waits on a page, where replicas share it", () => {
  it("is used once, also by two that took it at once", async () => {
    const folder = memoryFolder();
    const [first, second] = [replica(folder.seenBy()), replica(folder.seenBy())];
    await first.put(one);
    await second.desk.answer(one, rob, { said: "yes" });

    const all = await Promise.all([first, second, first, second].map((at) => used(at, one)));

    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await first.of(one)).toBeUndefined();
    expect(await second.desk.find(one, rob)).toBeUndefined();
  });

  it.each<[string, Parameters<typeof replica>[1]]>([
    ["another key of the team", { key: 8 }],
    ["another key of the account", { secret: "theirs" }],
    ["another academy", { academy: "north" }],
    ["other settings", { under: "none is kept" }],
    ["whoever comes when its time is over", { at: () => noon + 600_000 }],
    ["whoever finds in the journal that it is over", { isOver: () => true }],
    ["whoever's approver may not any more", { mayApprove: () => false }],
  ])("is no yes to %s", async (_, of) => {
    const folder = memoryFolder();
    const first = replica(folder.seenBy());
    await first.put(one);
    await first.desk.answer(one, rob, { said: "yes" });

    expect(await used(replica(folder.seenBy(), of), one)).toBe(false);
    expect(await used(first, one)).toBe(true);
  });

  it("is not used where the approver's grant, or a no, comes between taking and using it", async () => {
    const folder = memoryFolder();
    const three = "AAAAAAAAAAAAAAA3";
    let [mayApprove, isOver] = [true, false];
    const first = replica(folder.seenBy(), { mayApprove: () => mayApprove, isOver: () => isOver });
    for (const id of [one, two, three]) {
      await first.put(id);
      await first.desk.answer(id, rob, { said: "yes" });
    }

    const takenOf = async (id: string) => {
      const taken = await (await first.of(id))?.onPage?.take();
      if (typeof taken !== "object") throw new Error(`not taken: ${taken}`);
      return taken.use;
    };
    const [gone, refused, over] = [await takenOf(one), await takenOf(two), await takenOf(three)];
    mayApprove = false;
    const afterGrant = await gone();
    mayApprove = true;
    await first.drop(two);
    const afterNo = await refused();
    isOver = true;
    const afterJournal = await over();

    expect([afterGrant, afterNo, afterJournal]).toEqual([false, false, false]);
  });

  it("has its end by the clock of what keeps it, for a replica whose own is an hour off", async () => {
    const folder = memoryFolder();
    let wall = noon;
    const clock = async () => wall;
    const [ahead, behind] = [3_600_000, -3_600_000].map((off) =>
      replica(folder.seenBy(), { clock, at: () => wall + off }),
    ) as [ReturnType<typeof replica>, ReturnType<typeof replica>];
    await ahead.put(one);
    await behind.put(two);
    await ahead.desk.answer(one, rob, { said: "yes" });
    wall += 599_999;

    const open = await behind.of(one);
    const isUsed = await used(behind, one);
    await behind.desk.answer(two, rob, { said: "yes" });
    wall += 1;
    const late = await used(behind, two);

    expect(open?.question.expiresAt).toBe(wall - 3_600_000);
    expect([isUsed, late]).toEqual([true, false]);
  });

  it("counts for nothing put back, moved to another call, or written in", async () => {
    const folder = memoryFolder();
    const files = folder.seenBy();
    const first = replica(files);
    await first.put(one);
    await first.put(two);
    await first.desk.answer(one, rob, { said: "yes" });
    const names = (await files.names()).filter((name) => name.includes(".page."));
    const texts = new Map(
      await Promise.all(names.map(async (name) => [name, (await files.read(name))?.text ?? ""] as const)),
    );
    const pageOf = async (id: string) => {
      await first.desk.find(id, rob);
      return names.filter((name) => JSON.parse(texts.get(name) ?? "{}").id === id)[0] ?? "";
    };
    const [yes, other] = [await pageOf(one), await pageOf(two)];

    await used(first, one);
    for (const [name, text] of texts) await files.put(name, text);
    const again = await used(replica(files), one);
    await files.put(other, (texts.get(yes) ?? "").replace(one, two));
    const moved = await used(replica(files), two);

    expect([again, moved]).toEqual([false, false]);
  });

  it("is told of with how many wait, and no more than fifty of one person do", async () => {
    const folder = memoryFolder();
    const first = replica(folder.seenBy());
    const ids = Array.from({ length: 51 }, (_, n) => `AAAAAAAAAAAAAA${String(n).padStart(2, "0")}`);

    const put = [];
    for (const id of ids) put.push(await first.put(id));
    const others = await first.put(two, { who: "tom" });

    expect(put.filter((open) => open !== undefined)).toHaveLength(50);
    expect(put.at(-1)).toBeUndefined();
    expect(others).toBeDefined();
    expect(first.told.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it("is not put where it is too long to be read again", async () => {
    const first = replica(memoryFolder().seenBy());

    expect(await first.put(one, { facts: ["x".repeat(200_000)] })).toBeUndefined();
  });

  it("keeps a secret of the call from whoever answers, and from what is kept", async () => {
    const folder = memoryFolder();
    const first = replica(folder.seenBy());
    await first.put(one);

    const [shown] = await first.desk.list(rob);

    expect(shown?.rows).toContainEqual(["user_id", "110"]);
    expect(JSON.stringify(shown)).not.toContain("s3cret-canary");
  });

  it("writes a yes down before it counts: where the journal is gone it is none", async () => {
    const folder = memoryFolder();
    const first = replica(folder.seenBy());
    await first.put(one);
    const gone = createPageQuestions(
      {
        files: folder.seenBy(),
        secret: "key",
        academy: "account",
        account: "account",
        under: "",
        isOver: async () => false,
        note: async () => {
          throw new Error("the journal is gone");
        },
        now: () => noon,
      },
      {
        academy: "acme",
        fourEyes: true,
        goodMs: 600_000,
        sealing: createSealing(new Uint8Array(32).fill(7), "page question", 200_000),
        addressOf: (id) => id,
        standing: () => "approve",
        onWaiting: () => {},
      },
    );

    await expect(gone.desk.answer(one, rob, { said: "yes" })).rejects.toThrow("the journal is gone");

    expect((await first.of(one))?.answer).toBeUndefined();
    expect(await used(first, one)).toBe(false);
  });
});
