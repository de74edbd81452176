import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { hasPostgres } from "../../support/postgres.ts";
import { wordsIn } from "../../support/words-in.ts";
import { type Put, type RunningTeam, team } from "./replicas.ts";

type Called = readonly [string, Record<string, unknown>];
const group: Called = ["remove_user_from_user_group", { user_id: 101, user_group_id: 301 }];
const person: Called = ["destroy_user", { user_id: 110 }];
const other: Called = ["destroy_user", { user_id: 111 }];

const opened: RunningTeam[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const keepers = ["files", ...(hasPostgres ? (["postgres"] as const) : [])] as const;

describe.each(keepers)(
  "a question over HTTP, put by one replica and answered at another, kept in %s",
  (keeper) => {
    const open = async () => {
      const one = await team(keeper);
      opened.push(one);
      return one;
    };

    it.each<[string, Called]>([
      ["a yes", group],
      ["a typed phrase", person],
    ])("is sent on %s, once, whoever brings the answer again", async (_, call) => {
      const { replica, sent } = await open();
      const [first, second, third] = [await replica(), await replica(), await replica()];
      const put = await first.asked(...call);

      const done = await second.call(...call, put.yes);
      const again = [await first.call(...call, put.yes), await third.call(...call, put.yes)];

      expect(done.text).toMatch(/Done|Deleted|Removed|deleted|removed/);
      expect(sent).toEqual([call[0]]);
      for (const one of again) expect(one.text ?? "").not.toMatch(/^(\[sandbox\] )?Done/);
    });

    it("is sent once where replicas get the answer at once, and once where one gets it twice", async () => {
      const { replica, sent } = await open();
      const [first, second] = [await replica(), await replica()];
      const put = await first.asked(...group);
      const bring = (one: typeof first) => one.call(...group, put.yes);

      await Promise.all([bring(first), bring(second), bring(first), bring(second)]);

      expect(sent).toEqual([group[0]]);
    });

    it("takes the phrase however it is typed, and burns on anything else", async () => {
      const { replica, sent, typing } = await open();
      const [first, second] = [await replica(), await replica()];
      const put = await first.asked(...person);
      const wrong = await second.call(...person, typing(put, "delete"));
      await first.call(...person, put.yes);
      const before = [...sent];
      const anew = await first.asked(...person);
      const phrase = /^Type (.*) to go on\.$/m.exec(anew.message)?.[1] ?? "";
      await second.call(...person, typing(anew, ` ${phrase.toUpperCase()} `));

      expect(wrong.text).toMatch(/What was typed is not what was asked for/);
      expect(before).toEqual([]);
      expect(sent).toEqual([person[0]]);
    });

    it("a no at one ends it at the other, and every question of the call that was put before", async () => {
      const { replica, sent } = await open();
      const [first, second] = [await replica(), await replica()];
      const [put, before] = [await first.asked(...group), await second.asked(...group)];

      const no = await second.call(...group, put.no);
      const late = [await first.call(...group, before.yes), await second.call(...group, before.yes)];
      const same = await first.call(...group, put.yes);
      const anew = await first.asked(...group);
      const sentBefore = [...sent];
      await second.call(...group, anew.yes);

      expect(no.text).toMatch(/person said no/);
      expect(late[0]?.text).toMatch(/person said no/);
      expect([late[1], same].every((leg) => leg?.put !== undefined)).toBe(true);
      expect(sentBefore).toEqual([]);
      expect(sent).toEqual([group[0]]);
    });

    it("is good for ten minutes", async () => {
      const { replica, sent, clock } = await open();
      const [first, second] = [await replica(), await replica()];
      const put = await first.asked(...group);
      clock.set(clock.now() + 598_000);

      const late = await second.call(...group, put.yes);

      expect(late.put).toBeDefined();
      expect(sent).toEqual([]);
    });

    it("is asked anew where what it is about changed meanwhile", async () => {
      const { replica, sent, world } = await open();
      const [first, second] = [await replica(), await replica()];
      const put = await first.asked(...group);
      for (const one of world.groups.values()) one.name += " II";

      const anew = await second.call(...group, put.yes);

      expect(anew.put?.message).toMatch(/ II/);
      expect(sent).toEqual([]);
    });

    it("is nobody else's, of no other academy, and for no other call, which burns it", async () => {
      const { replica, sent } = await open();
      const [mia, again, rob, north] = [
        await replica(),
        await replica(),
        await replica({ person: "rob" }),
        await replica({ academy: "north" }),
      ];
      const put = await mia.asked(...person);

      const [byRob, atNorth] = [await rob.call(...person, put.yes), await north.call(...person, put.yes)];
      await again.call(...other, put.yes);
      const burnt = await again.call(...person, put.yes);

      expect([byRob, atNorth, burnt].every((leg) => leg.put !== undefined)).toBe(true);
      expect(sent).toEqual([]);
    });

    it("one person's no is none of another's", async () => {
      const { replica, sent } = await open();
      const [mia, rob, elsewhere] = [
        await replica(),
        await replica({ person: "rob" }),
        await replica({ person: "rob" }),
      ];
      const [hers, his] = [await mia.asked(...group), await rob.asked(...group)];

      await mia.call(...group, hers.no);
      await elsewhere.call(...group, his.yes);

      expect(sent).toEqual([group[0]]);
    });

    it("counts for nothing under other settings", async () => {
      const { replica, sent } = await open();
      const [first, second] = [await replica(), await replica({ env: { SKYPREP_KEEP_DAYS: "0" } })];
      const put = await first.asked(...group);

      expect((await second.call(...group, put.yes)).put).toBeDefined();
      expect(sent).toEqual([]);
    });

    it("a replica that dies between the yes and the intent sends nothing, and nobody sends twice", async () => {
      const { replica, sent } = await open();
      const [first, second] = [await replica({ dies: true }), await replica()];
      const put = await second.asked(...group);
      await first.call(...group, put.yes).catch(() => "died");
      const before = [...sent];

      const then = await second.call(...group, put.yes);
      await second.call(...group, put.yes);

      expect(before).toEqual([]);
      // With files the yes is lost; a transaction that did not end has used nothing up.
      if (keeper === "files") expect(then.put).toBeDefined();
      expect(sent).toEqual(keeper === "files" ? [] : [group[0]]);
    });

    it("keeps nothing that tells whom it is about, what has to be typed, or who asked", async () => {
      const { replica, folder, database } = await open();
      const put: Put = await (await replica()).asked(...person);
      const phrase = /^Type (.*) to go on\.$/m.exec(put.message)?.[1] ?? "none";
      const kept = database
        ? (await database.admin("select name, content from skyprep.stamped where place = 'approvals'"))
            .map(({ name, content }) => `${name} ${content}`)
            .join("\n")
        : filesIn(join(folder, "acme", "approvals"));

      expect(kept).toContain("destroy_user");
      for (const secret of [phrase, "@", "Delete"])
        expect(kept.toLowerCase()).not.toContain(secret.toLowerCase());
      expect(wordsIn(kept, ["mia", "110"])).toEqual([]);
    });

    it.each([
      ["shows no form", { forms: false }],
      ["is of the older era", { mode: "legacy" as const }],
      ["asks under human", { env: { SKYPREP_CONFIRM: "human" } }],
    ])(
      "is shut for a client that %s: what to do, no code, no address, and nothing left behind",
      async (_, of) => {
        const { replica, sent, folder, database } = await open();
        const one = await replica(of);
        const legs = [await one.call(...person), await one.call(...group)];

        for (const { text } of legs) {
          expect(text).toMatch(/needs a person's yes, and nobody can be asked over this connection/);
          expect(text).toMatch(/Nothing was sent/);
          expect(text).toMatch(/on the person's own computer|SkyPrep's web admin/);
          expect(text).not.toMatch(/confirm: "|http:/);
        }
        const kept = database
          ? await database.admin("select name from skyprep.stamped where place = 'approvals'")
          : filesIn(join(folder, "acme", "approvals"));
        expect(kept).toHaveLength(0);
        expect(sent).toEqual([]);
      },
    );
  },
);

function filesIn(folder: string): string {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && one.name.endsWith(".json"))
      .map((one) => `${one.name} ${readFileSync(join(one.parentPath, one.name), "utf8")}`)
      .join("\n");
  } catch {
    return "";
  }
}
