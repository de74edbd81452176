import { createHash } from "node:crypto";
import { version } from "./files/safe-files.ts";
import type { SharedState } from "./ports.ts";

/** Sign-ins on pages that somebody ended before their time: their cookies count nowhere any more. */
export interface SignOuts {
  /** Whoever asks after it resolved is told, in any process that shares it. @throws as whatever keeps it does: kept or not */
  end(session: string): Promise<void>;
  /** @throws where it cannot be looked up: then nobody is taken for signed in */
  isEnded(session: string): Promise<boolean>;
}

export interface SignOutsWorld {
  readonly state: Pick<SharedState, "text" | "names" | "remove">;
  /** Epoch milliseconds, by the clock of whatever keeps it. */
  readonly now: () => Promise<number>;
}

/** No sign-in lasts longer than a day, by whichever replica's clock. */
const keepMs = 2 * 86_400_000;
const place = "signedOut";

/** A text for each. That it is there says all; its name is a digest, and nothing in it tells whose it was. */
export function createSignOuts({ state, now }: SignOutsWorld): SignOuts {
  const nameOf = (session: string) => `${createHash("sha256").update(session).digest("hex")}.json`;

  /** Ended here, and not kept: this process at least knows. */
  const unkept = new Set<string>();

  /** All but the one that was just kept: the clock that a file system stamps with may lag. */
  async function sweep(own: string): Promise<void> {
    const since = (await now()) - keepMs;
    for (const { name, changedAt } of await state.names(place))
      if (name.endsWith(".json") && name !== own && changedAt <= since) await state.remove(place, name);
  }

  return {
    async end(session) {
      unkept.add(session);
      const kept = state.text(place, nameOf(session));
      await kept.alone(() => kept.write(JSON.stringify({ version })));
      unkept.delete(session);
      // Those that are left over do no harm.
      await sweep(nameOf(session)).catch(() => {});
    },
    isEnded: async (session) =>
      unkept.has(session) || (await state.text(place, nameOf(session)).read()) !== undefined,
  };
}

/** Of one process. */
export function signOutsHere(): SignOuts {
  const ended = new Set<string>();
  return {
    end: async (session) => void ended.add(session),
    isEnded: async (session) => ended.has(session),
  };
}
