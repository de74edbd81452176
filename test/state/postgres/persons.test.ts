import { beforeAll, expect, it } from "vitest";
import { asPrincipal, type Principal } from "../../../src/access/principal.ts";
import { Overtaken } from "../../../src/state/ports.ts";
import type { Database } from "../../../src/state/postgres/database.ts";
import { postgresState } from "../../../src/state/postgres/postgres-state.ts";
import { describeWithPostgres, freshDatabase } from "../../support/postgres.ts";

describeWithPostgres("what a person keeps", () => {
  let database: Database;
  let n = 0;
  beforeAll(async () => {
    database = (await freshDatabase()).open();
  });
  const stateOf = (academy: string) => postgresState({ database, academy, random: () => `abcdefgh${++n}` });
  const principal = (person: string, policy?: string): Principal => ({
    person,
    policy,
    scopes: ["read", "write"],
    replica: "r1",
  });
  const [ann, bob] = [principal("ann"), principal("bob")];
  const others: [string, Principal | undefined, string][] = [
    ["another person", bob, "acme"],
    ["the same under a policy", principal("ann", "narrow"), "acme"],
    ["the same in another academy", ann, "other"],
    ["nobody", undefined, "acme"],
  ];
  const as = <T>(who: Principal | undefined, work: () => Promise<T>) =>
    who ? asPrincipal(who, work) : work();

  it.each(others)("as a plan is not found, nor taken further, by %s", async (_, who, academy) => {
    const name = await as(ann, () => stateOf("acme").plans("a").keep({ whose: "ann" }, {}));

    expect(await as(who, () => stateOf(academy).plans("a").read(name))).toBeUndefined();
    await expect(as(who, () => stateOf(academy).plans("a").advance(name, 1, {}))).rejects.toThrow(Overtaken);
    expect((await as(ann, () => stateOf("acme").plans("a").read(name)))?.revision).toBe(1);
  });

  it.each(others)(
    "as a report is neither listed for %s nor read, and names no path",
    async (_, who, academy) => {
      const kept = await as(ann, () =>
        stateOf("acme")
          .exports("a")
          .keep({ name: "x", bytes: new Uint8Array(1), extension: "csv" }),
      );

      expect(kept.file).toBeUndefined();
      expect(await as(who, () => stateOf(academy).exports("a").read(kept.id))).toBeUndefined();
      expect(await as(who, () => stateOf(academy).exports("a").list())).toEqual([]);
      expect((await as(ann, () => stateOf("acme").exports("a").read(kept.id)))?.about).toEqual(kept);
    },
  );

  it("stays in its academy: texts, lines and stamped files, too", async () => {
    const [acme, other] = [stateOf("acme"), stateOf("other")];
    await acme.text("pins").write("1");
    await acme.lines("runs", "l").begin("1");
    await acme.stamped("approvals", "a").put("q", "1");

    expect(await other.text("pins").read()).toBeUndefined();
    expect(await other.lines("runs", "l").read()).toBeUndefined();
    expect(await other.names("runs")).toEqual([]);
    expect(await other.stamped("approvals", "a").names()).toEqual([]);
    await other.remove("pins");
    expect(await acme.text("pins").read()).toBe("1");
  });

  it("holds with the transaction that it was asked in, or not at all", async () => {
    const state = stateOf("joined");
    const files = state.stamped("approvals", "a");
    const used = database.transaction(async () => {
      await files.alone(() => files.put("q.used.json", "{}"));
      await state.text("pins").alone(() => state.text("pins").write("1"));
      throw new Error("the intent could not be kept");
    });

    await expect(used).rejects.toThrow("the intent could not be kept");
    expect(await files.names()).toEqual([]);
    expect(await state.text("pins").read()).toBeUndefined();

    await database.transaction(() => files.alone(() => files.put("q.used.json", "{}")));
    expect(await files.names()).toEqual(["q.used.json"]);
  });
});
