import { version } from "../files/safe-files.ts";
import { planName, planNamePattern } from "../plan-name.ts";
import { CannotKeepPlan, Overtaken, type Plans } from "../ports.ts";
import { unkept } from "./database-errors.ts";
import { isFresh, isOwned, ownedBy, sweepOf } from "./owned.ts";
import type { OfAcademy } from "./texts.ts";

export interface KeepingOf extends OfAcademy {
  /** Something that nobody can guess. */
  readonly random: () => string;
}

export function createPlanRows(world: KeepingOf, owner: string): Plans {
  const { database, random } = world;

  const keeping = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const why = unkept(error);
      throw why ? new CannotKeepPlan(why, error) : error;
    }
  };

  return {
    keep: (plan, state) =>
      keeping(async () => {
        await database.query(sweepOf("plans"));
        for (let tries = 0; ; tries++) {
          const name = planName(random(), tries);
          const made = await database.query(
            `insert into skyprep.plans (academy, owner, person, policy, name, plan, state, revision, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, 1, skyprep.clock()) on conflict do nothing returning name`,
            [...ownedBy(world, owner), name, bytesOf({ version, ...plan }), bytesOf(state)],
          );
          if (made.length > 0) return name;
        }
      }),
    async read(name) {
      if (!planNamePattern.test(name)) return undefined;
      const [row] = await database.read<{ plan: Buffer; state: Buffer; revision: number }>(
        `select plan, state, revision from skyprep.plans where ${isOwned} and name = $5 and ${isFresh}`,
        [...ownedBy(world, owner), name],
      );
      return row && { plan: readBack(row.plan), state: readBack(row.state), revision: row.revision };
    },
    advance: (name, revision, state) =>
      keeping(async () => {
        const advanced = await database.query<{ revision: number }>(
          `update skyprep.plans set state = $7, revision = revision + 1
           where ${isOwned} and name = $5 and revision = $6 and ${isFresh} returning revision`,
          [...ownedBy(world, owner), name, revision, bytesOf(state)],
        );
        const [now] = advanced;
        if (now === undefined) throw new Overtaken(name);
        return now.revision;
      }),
  };
}

// As bytes: JSON of PostgreSQL's own has no NUL, and another order of keys.
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const readBack = (bytes: Buffer): unknown => JSON.parse(bytes.toString("utf8"));
