import { randomUUID } from "node:crypto";
import type { AppState } from "../../src/app/state.ts";
import { databaseState } from "../../src/http/database-state.ts";
import type { Database } from "../../src/state/postgres/database.ts";
import { egressAt } from "./egress.ts";

interface Whose {
  readonly academy: string;
  /** Through which its calls leave; its own where nothing else is said. */
  readonly egress?: string;
  readonly now?: () => number;
}

/** What one replica keeps of an academy in a database. */
export const stateIn = (database: Database, { academy, egress = academy, now }: Whose): AppState =>
  databaseState({
    database,
    academy,
    egress: egressAt(database, egress, now),
    random: randomUUID,
    pause: async () => {},
  });
