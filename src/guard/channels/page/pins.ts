import { z } from "zod";

/** Wrong PINs over all pages of an hour, before no page is served any more: asking again buys no more guesses. */
export const mostPinsAnHour = 15;
const anHour = 3_600_000;

export type Tried = "right" | "wrong" | "shut";

/** Wrong PINs of the hour, of every process that counts in the same place. Never rejects. */
export interface PinCount {
  /** Tries once, with nobody else trying meanwhile. `shut`: there were too many wrong ones, or that cannot be told. */
  attempt(isRight: () => boolean): Promise<Tried>;
  shut(): Promise<boolean>;
}

export interface PinCountWorld {
  /** When each wrong one was typed. */
  readonly file: { read(): Promise<string | undefined>; write(text: string): Promise<void> };
  /** Alone among all who share the file. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => number;
}

const Times = z.array(z.number());
const version = 1;
/** 0.1.0 kept the times alone. */
const Kept = z.union([
  Times,
  z.object({ version: z.literal(version), wrong: Times }).transform(({ wrong }) => wrong),
]);

export function createPinCount({ file, alone, now }: PinCountWorld): PinCount {
  const write = (times: readonly number[]) => file.write(JSON.stringify({ version, wrong: times }));
  const full = () => Array<number>(mostPinsAnHour).fill(now());

  /** What is no list was not written by us: shut for an hour, as if somebody had guessed as often as they may. */
  async function read(): Promise<readonly number[]> {
    const text = await file.read();
    if (text === undefined) return [];
    const times = timesIn(text);
    if (times === undefined) await write(full());
    return (times ?? full()).filter((at) => Math.abs(now() - at) < anHour);
  }

  return {
    attempt: (isRight) =>
      alone(async (): Promise<Tried> => {
        const times = await read();
        if (times.length >= mostPinsAnHour) return "shut";
        if (isRight()) return "right";
        await write([...times, now()]);
        return "wrong";
      }).catch((): Tried => "shut"),
    shut: () => alone(async () => (await read()).length >= mostPinsAnHour).catch(() => true),
  };
}

function timesIn(text: string): readonly number[] | undefined {
  try {
    return Kept.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Counts of this process alone. */
export function countInMemory(now: () => number): PinCount {
  let text: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return createPinCount({
    file: {
      read: async () => text,
      write: async (whole) => {
        text = whole;
      },
    },
    alone: (work) => {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    },
    now,
  });
}
