import { principalOfCall } from "../access/principal.ts";
import { digest } from "../reply/cursor.ts";
import type { Export, Exports, Place, Plans } from "../state/ports.ts";
import { type AppState, filesState, type TimedWorld } from "./state.ts";

const aWeek = 7 * 86_400_000;

interface PersonsWorld extends TimedWorld {
  /** As the address names it: two may be of one account. */
  readonly academy: string;
}

/**
 * In a folder of this computer, of a server that many persons call: what one of them keeps nobody else finds, nor
 * they themselves in another academy; and it lies on no computer of theirs.
 */
export function personsState(stateFolder: string, { academy, ...world }: PersonsWorld): AppState {
  const state = filesState(stateFolder, world);
  const { now } = world;
  /** No name of a person stands in a folder's. */
  const nameOf = (owner: string) => `${owner}-${digest(JSON.stringify([academy, personOf()]))}`;

  /** Of everybody: whoever kept something may never come again. */
  async function sweep(place: Place, owner: string, ...inside: string[]): Promise<void> {
    for (const { name } of await state.names(place)) {
      if (!name.startsWith(`${owner}-`)) continue;
      for (const kept of await state.names(place, name, ...inside))
        if (kept.changedAt + aWeek <= now())
          await state.remove(place, name, ...inside, kept.name).catch(() => {});
    }
  }

  return {
    ...state,
    plans(owner): Plans {
      const own = () => state.plans(nameOf(owner));
      return {
        async keep(plan, standing) {
          await sweep("jobs", owner, "plans");
          return own().keep(plan, standing);
        },
        read: (name) => own().read(name),
        advance: (name, ...rest) => own().advance(name, ...rest),
      };
    },
    exports(owner, run): Exports {
      const own = () => state.exports(nameOf(owner), run);
      return {
        async keep(report) {
          await sweep("exports", owner);
          return elsewhere(await own().keep(report));
        },
        list: async () => (await own().list()).map(elsewhere),
        async read(id) {
          const found = await own().read(id);
          return found && { ...found, about: elsewhere(found.about) };
        },
      };
    },
  };
}

const elsewhere = (one: Export): Export => ({ ...one, file: undefined });

/** @throws outside of a person's call */
function personOf(): string {
  const person = principalOfCall()?.person;
  if (person === undefined) throw new Error("kept for a person that is not known");
  return person;
}
