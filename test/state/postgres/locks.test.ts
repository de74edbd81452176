import { beforeAll, expect, it } from "vitest";
import { LockTaken } from "../../../src/state/ports.ts";
import type { Database } from "../../../src/state/postgres/database.ts";
import { postgresState } from "../../../src/state/postgres/postgres-state.ts";
import { describeWithPostgres, type FreshDatabase, freshDatabase } from "../../support/postgres.ts";

const path = ["jobs", "acme", "status", "all.jsonl"] as const;

describeWithPostgres("locks of the database", () => {
  let fresh: FreshDatabase;
  let [one, other]: Database[] = [];
  beforeAll(async () => {
    fresh = await freshDatabase();
    await fresh.setClock(Date.now());
    [one, other] = [fresh.open({ connections: 2 }), fresh.open({ connections: 2, limits: { lockMs: 200 } })];
  });
  const stateOf = (database: Database | undefined) =>
    postgresState({ database: database as Database, academy: "acme", random: () => "" });

  it("over lines pass from a process that fell silent to another, and the late one writes nothing any more", async () => {
    const [mine, theirs] = [stateOf(one).lines(...path), stateOf(other).lines(...path)];
    const begun = await mine.begin("0");

    const late = mine.alone(async () => {
      await mine.append("mine", begun);
      await fresh.passTime(10_000);
      await theirs.alone(async () => {
        const read = await theirs.read();
        await theirs.append("theirs", read?.mark ?? begun);
      });
      await mine.append("late", begun);
    });

    await expect(late).rejects.toThrow(LockTaken);
    expect((await theirs.read())?.lines).toEqual(["0", "mine", "theirs"]);
  });

  it("over lines hold no connection while their holder waits for the network", async () => {
    const held = Array.from({ length: 6 }, (_, n) =>
      stateOf(one)
        .lines("jobs", "acme", `${n}.jsonl`)
        .alone(() => stateOf(one).text("pins").read()),
    );

    expect(await Promise.all(held)).toHaveLength(6);
  });

  it("over lines cannot be taken in a transaction, where nobody else would see it", async () => {
    const lines = stateOf(one).lines(...path);

    await expect(one?.transaction(() => lines.alone(async () => {}))).rejects.toThrow(TypeError);
  });

  it("over a text, held too long by another process, say so", async () => {
    const [mine, theirs] = [stateOf(one).text("pins"), stateOf(other).text("pins")];

    await mine.alone(() => expect(theirs.alone(async () => "in")).rejects.toThrow(LockTaken));

    expect(await theirs.alone(async () => "in")).toBe("in");
  });

  it("over a text are waited for in line, without a connection for each who waits", async () => {
    const text = stateOf(one).text("pins");
    await text.write("0");

    await Promise.all(
      Array.from({ length: 25 }, () =>
        text.alone(async () => text.write(String(Number(await text.read()) + 1))),
      ),
    );

    expect(await text.read()).toBe("25");
  });

  it("taken the other way round by two end for one of them, and neither waits for ever", async () => {
    let meet: () => void = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    let arrived = 0;
    const both = async (database: Database | undefined, first: "pins" | "pace", second: "pins" | "pace") =>
      stateOf(database)
        .text(first)
        .alone(async () => {
          arrived += 1;
          if (arrived === 2) meet();
          await met;
          await stateOf(database)
            .text(second)
            .alone(async () => {});
        });

    const ends = await Promise.allSettled([both(one, "pins", "pace"), both(other, "pace", "pins")]);

    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
