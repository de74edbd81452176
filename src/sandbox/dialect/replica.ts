import type { Tables } from "../model/tables.ts";
import { createWorld, type World } from "../model/world.ts";

interface Late {
  readonly at: number;
  readonly ids: number[];
  readonly apply: (world: World) => unknown;
}

export interface Replica {
  /** Changes the truth at once, and what reads see later on. */
  write<T>(apply: (world: World) => T): T;
  /** The academy as reads see it now. */
  read(): World;
}

/** An academy as it stands, with rows of its own. */
function copyOf(world: World): World {
  const { now, next: _, domain, lists, deleted, progress, ...rest } = world;
  const copied = structuredClone({ deleted, rest: { ...rest, progress: new Map(progress) } });
  const copy = createWorld({ now, domain, lists, tables: () => copied.rest as Tables });
  return { ...copy, deleted: copied.deleted };
}

/** The same write again, at its own time and with the numbers it gave. */
function replay({ at, ids, apply }: Late, copy: World): void {
  const left = [...ids];
  try {
    apply({ ...copy, now: () => at, next: (table) => left.shift() ?? copy.next(table) });
  } catch {
    // It was refused then, too, and whoever asked was told.
  }
}

/**
 * Reads from a copy that lags behind, as from a replica of a database: it is taken before the first write, and sees them
 * all some time later.
 */
export function createReplica(world: World, delay: number): Replica {
  let copy: World | undefined;
  const late: Late[] = [];
  const catchUp = () => {
    const time = world.now();
    for (let first = late[0]; copy && first && first.at + delay <= time; first = late[0]) {
      late.shift();
      replay(first, copy);
    }
  };
  return {
    write(apply) {
      catchUp();
      copy ??= copyOf(world);
      const [at, ids] = [world.now(), [] as number[]];
      late.push({ at, ids, apply });
      const next: World["next"] = (table) => {
        const id = world.next(table);
        ids.push(id);
        return id;
      };
      return apply({ ...world, now: () => at, next });
    },
    read() {
      catchUp();
      return late.length > 0 && copy ? copy : world;
    },
  };
}
