import { unlessAborted } from "../node/abort.ts";

/** What loading a list gives: its rows, and what keeping them costs. */
export interface Loaded<T> {
  readonly value: T;
  /** Bytes of the answer it came from. */
  readonly bytes: number;
}

export interface KeptLists<T> {
  /** The list under this key, kept or loaded; many who ask at once share one load. */
  read(key: string, load: (signal: AbortSignal) => Promise<Loaded<T>>, signal: AbortSignal): Promise<T>;
  /** When what is kept under this key was loaded; undefined where nothing is kept. Epoch milliseconds. */
  at(key: string): number | undefined;
  /** All that is kept, by its key, and when it was loaded. */
  all(): ReadonlyMap<string, number>;
  /** What is kept under this key, as it is; nothing is loaded for it. */
  peek(key: string): T | undefined;
  /** The next read loads it: what is kept, or on its way since before, is not good enough. */
  renew(key: string): void;
  /** Forgets everything, also what is on its way: something was written. */
  drop(): void;
}

export interface KeepOptions {
  readonly now: () => number;
  readonly keepMs?: number;
  readonly maxBytes?: number;
}

const MiB = 1024 * 1024;

/**
 * Lists that SkyPrep returns whole, kept for a minute: one copy each, the least recently used goes first
 * (contract §4). A load ends when the last one who waits for it gives up.
 */
export function createKeptLists<T>({ now, keepMs = 60_000, maxBytes = 64 * MiB }: KeepOptions): KeptLists<T> {
  const kept = new Map<string, Loaded<T> & { readonly at: number }>();
  const loading = new Map<
    string,
    { readonly result: Promise<T>; waiting: number; ended: boolean; readonly abort: AbortController }
  >();

  const isGood = (one: { readonly at: number } | undefined) => one !== undefined && one.at + keepMs > now();

  function keep(key: string, loaded: Loaded<T>, at: number): void {
    if (loaded.bytes > maxBytes) return;
    kept.set(key, { ...loaded, at });
    let total = 0;
    for (const { bytes } of kept.values()) total += bytes;
    for (const [oldest, { bytes }] of kept) {
      if (total <= maxBytes) break;
      kept.delete(oldest);
      total -= bytes;
    }
  }

  function begin(key: string, load: (signal: AbortSignal) => Promise<Loaded<T>>) {
    const abort = new AbortController();
    // Of when it was asked for: what changes while it is on its way need not be in it.
    const at = now();
    const end = () => {
      entry.ended = true;
    };
    const result = load(abort.signal).then(
      (loaded) => {
        // What was on its way while something was written is handed out, not kept.
        if (loading.get(key) === entry) {
          loading.delete(key);
          keep(key, loaded, at);
        }
        return loaded.value;
      },
      (error: unknown) => {
        if (loading.get(key) === entry) loading.delete(key);
        throw error;
      },
    );
    const entry = { result, waiting: 0, ended: false, abort };
    // Whoever still waits hears of the failure; when nobody does, it is nobody's.
    result.then(end, end);
    loading.set(key, entry);
    return entry;
  }

  return {
    async read(key, load, signal) {
      signal.throwIfAborted();
      const found = kept.get(key);
      if (found && isGood(found)) {
        kept.delete(key);
        kept.set(key, found);
        return found.value;
      }
      kept.delete(key);
      const entry = loading.get(key) ?? begin(key, load);
      entry.waiting += 1;
      try {
        return await unlessAborted(entry.result, signal);
      } finally {
        entry.waiting -= 1;
        if (entry.waiting === 0 && !entry.ended) {
          if (loading.get(key) === entry) loading.delete(key);
          entry.abort.abort(signal.reason);
        }
      }
    },
    at(key) {
      const found = kept.get(key);
      return found && isGood(found) ? found.at : undefined;
    },
    all: () => new Map([...kept].flatMap(([key, one]) => (isGood(one) ? [[key, one.at]] : []))),
    peek(key) {
      const found = kept.get(key);
      return found && isGood(found) ? found.value : undefined;
    },
    renew(key) {
      kept.delete(key);
      loading.delete(key);
    },
    drop() {
      kept.clear();
      loading.clear();
    },
  };
}
