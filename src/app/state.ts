import { createJournal, journalFolder } from "../journal/journal.ts";
import type { Journal } from "../journal/line.ts";
import { createTurns, type Turns } from "../skyprep/rate-limit/turns.ts";
import { type FilesWorld, filesStateIn } from "../state/files/files-state.ts";
import { createLock } from "../state/files/shared-folder.ts";
import type { State } from "../state/ports.ts";

export interface JournalKept {
  /** How long images are kept; 0: none are. */
  readonly keepMs: number;
}

export interface TurnsAsked {
  /** A function where it may turn out to be fewer. */
  readonly callsPerMinute: number | (() => number);
  /** Told once, when they cannot be shared: of what, for people, and why. This process then counts its own calls only. */
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** All that a server keeps, wherever that is. */
export interface AppState extends State {
  journal(kept: JournalKept): Journal;
  /** To call SkyPrep, of all who share the limit. */
  turns(asked: TurnsAsked): Turns;
  /** Changes with every write, whichever process sends it. Left out: each process answers from what it read itself. */
  written?(): Promise<unknown>;
  /** Epoch milliseconds, the same for all who share it; left out: this computer's. */
  clock?(): Promise<number>;
}

export interface TimedWorld extends FilesWorld {
  readonly after: (ms: number, then: () => void) => () => void;
}

/** In a folder of this computer. */
export function filesState(stateFolder: string, { now, random, after }: TimedWorld): AppState {
  const state = filesStateIn(stateFolder, { now, random });
  return {
    ...state,
    journal({ keepMs }) {
      const folder = journalFolder(stateFolder);
      return createJournal({ folder, lock: createLock(folder, { name: "journal" }), now, random, keepMs });
    },
    turns({ callsPerMinute, onTrouble }) {
      const pace = state.text("pace");
      return createTurns({
        file: pace,
        withLock: pace.alone,
        callsPerMinute,
        now,
        after,
        onTrouble: (error) => onTrouble(`pace.json in ${stateFolder}`, error),
      });
    },
  };
}
