import type pg from "pg";

/** Undefined: the connection was gone for a while, and whatever came meanwhile was missed. */
export type Heard = (payload: string | undefined) => void;

/** `LISTEN` by a connection of its own, made with the first who listens and made anew where it is lost. */
export function createListening(connect: () => Promise<pg.Client>, againMs: number) {
  const heard = new Map<string, Set<Heard>>();
  let client: pg.Client | undefined;
  let opening: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  let isClosed = false;

  function open(): void {
    clearTimeout(again);
    if (isClosed || opening !== undefined) return;
    opening = begin()
      .catch(() => later())
      .finally(() => {
        opening = undefined;
      });
  }

  function later(): void {
    client = undefined;
    if (!isClosed) again = setTimeout(open, againMs).unref();
  }

  async function begin(): Promise<void> {
    const made = await connect();
    made.on("notification", ({ channel, payload }) => tell(channel, payload ?? ""));
    made.once("end", later);
    client = made;
    for (const channel of heard.keys()) await made.query(`listen ${quoted(channel)}`);
    for (const channel of heard.keys()) tell(channel, undefined);
    if (isClosed) await made.end();
  }

  const tell = (channel: string, payload: string | undefined) => {
    for (const on of heard.get(channel) ?? []) on(payload);
  };

  return {
    listen(channel: string, on: Heard): () => void {
      const all = heard.get(channel) ?? new Set();
      heard.set(channel, all.add(on));
      if (client === undefined) open();
      else if (all.size === 1)
        client.query(`listen ${quoted(channel)}`).then(
          () => on(undefined),
          () => {},
        );
      return () => {
        all.delete(on);
      };
    },
    async close(): Promise<void> {
      isClosed = true;
      clearTimeout(again);
      await opening;
      await client?.end().catch(() => {});
    },
  };
}

const quoted = (channel: string): string => `"${channel.replaceAll('"', '""')}"`;
