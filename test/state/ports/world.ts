import { randomBytes } from "node:crypto";
import { beforeAll, beforeEach, describe } from "vitest";
import { filesStateIn } from "../../../src/state/files/files-state.ts";
import type { State } from "../../../src/state/ports.ts";
import type { Database } from "../../../src/state/postgres/database.ts";
import { postgresState } from "../../../src/state/postgres/postgres-state.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../../support/postgres.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** One place that keeps state, empty for each test, as two processes see it. */
export interface PortWorld {
  readonly one: State;
  readonly other: State;
  readonly passTime: (ms: number) => Promise<void>;
  /** Epoch milliseconds, by the clock of whatever keeps it. */
  readonly now: () => Promise<number>;
}

const random = () => randomBytes(12).toString("hex");

/** The same promises of every adapter. */
export function describePorts(what: string, tests: (world: () => PortWorld) => void): void {
  describe(`${what} in files`, () => {
    let world: PortWorld;
    beforeEach(() => {
      const folder = temporaryFolder("ports");
      let ahead = 0;
      const open = () => filesStateIn(folder, { now: () => Date.now() + ahead, random });
      world = {
        one: open(),
        other: open(),
        passTime: async (ms) => {
          ahead += ms;
        },
        now: async () => Date.now() + ahead,
      };
    });
    tests(() => world);
  });

  describe.skipIf(!hasPostgres)(`${what} in PostgreSQL`, () => {
    let fresh: FreshDatabase;
    let databases: Database[];
    let world: PortWorld;
    beforeAll(async () => {
      fresh = await freshDatabase();
      databases = [fresh.open(), fresh.open()];
    });
    beforeEach(async () => {
      await fresh.setClock(Date.now());
      const academy = random();
      const [one, other] = databases.map((database) => postgresState({ database, academy, random }));
      if (one === undefined || other === undefined) throw new Error("no database was opened");
      world = { one, other, passTime: fresh.passTime, now: () => databases[0]?.now() ?? Promise.reject() };
    });
    tests(() => world);
  });
}
