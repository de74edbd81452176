import { cpSync, rmSync } from "node:fs";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createSandbox, type Sandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Dialect } from "../../src/skyprep/assumptions.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect, noon, type Reply } from "../support/academy.ts";
import { createClock, passing } from "../support/clock.ts";
import { yes } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";
import { temporaryFolder } from "../support/temporary.ts";

export type Row = Record<string, unknown>;

/** What a journey is played with: a client, and the academy behind it to look at afterwards. */
export interface Desk {
  readonly world: Sandbox["world"];
  /** Of a call that has to work. */
  readonly call: (name: string, args?: Row) => Promise<Reply>;
  /** Of a call that has to be refused. */
  readonly refused: (name: string, args?: Row) => Promise<Reply>;
  /** The rows of a list, page after page. */
  readonly items: (name: string, args?: Row) => Promise<Row[]>;
  /** What a person was asked so far. */
  readonly asked: readonly string[];
  /** What the sandbox was sent so far. */
  readonly sent: readonly string[];
  readonly read: (uri: string) => Promise<string>;
  /** Seconds pass, and whatever falls due in them is done. */
  readonly wait: (seconds: number) => Promise<void>;
}

/** One of the 39 jobs of skyprep-api §5, as an administrator's sentence. */
export interface Journey {
  readonly job: number;
  readonly asks: string;
  /** Makes it so before anything is asked. */
  readonly given?: (world: Sandbox["world"]) => void;
  /** Throws where the academy is not as it should be afterwards. */
  readonly play: (desk: Desk) => Promise<void>;
  /** At most so many calls of ours, and to SkyPrep. */
  readonly within?: { readonly calls?: number; readonly api?: number; readonly tokens?: number };
  /** Of how many people the academy is; where they are very many, the long form alone has them. */
  readonly people?: number;
  /** What the academy is like, said beside what is asked. */
  readonly of?: string;
}

/** What a journey is called by: with the academy it is played in, where that is not the usual one. */
export const titleOf = ({ asks, of }: Journey): string => (of ? `${asks} (${of})` : asks);

export interface Cost {
  /** Calls of our tools. */
  readonly calls: number;
  /** Calls to SkyPrep. */
  readonly api: number;
  /** o200k_base, of what was called with and answered in words. */
  readonly tokens: number;
  readonly questions: number;
}

/** One call of ours as it went. */
export interface Exchange {
  readonly name: string;
  readonly args: Row;
  readonly reply: Reply;
  /** What a person was asked meanwhile. */
  readonly asked: readonly string[];
}

/** A call that had to work was turned down. */
export class TurnedDown extends Error {
  constructor({ name, reply }: Exchange) {
    super(`${name}: ${reply.text}`);
  }
}

export interface Staging {
  readonly strict: boolean;
  /** How the academy is other than assumed; time passes in it while somebody waits. */
  readonly dialect?: Dialect;
  /** Calls a minute, after which the academy's limit is met; left out: it has none. */
  readonly callsPerMinute?: number;
  /** Under a live account's key, in a state folder of its own; `after`: one that a probe has looked from. */
  readonly live?: { readonly key: string; readonly domain: string; readonly after?: string | undefined };
  /** The academy's clock goes with the server's, as it does in a dialect; left out: it stands. */
  readonly isTimed?: boolean;
  /** Besides those of the sandbox. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Sees the academy before anything happens in it. */
  readonly opened?: (world: Sandbox["world"]) => void;
  /** Sees each call right after it. */
  readonly heard?: (exchange: Exchange, world: Sandbox["world"]) => void;
}

/** Plays one journey through a real client, and says what it cost. */
export async function played(
  { play, given, people = 302 }: Journey,
  {
    strict,
    dialect,
    callsPerMinute = Number.POSITIVE_INFINITY,
    live,
    isTimed = dialect !== undefined,
    settings,
    opened,
    heard,
  }: Staging,
): Promise<Cost> {
  const clock = createClock(noon);
  const sandbox = createSandbox({
    now: isTimed ? clock.now : () => noon,
    strict,
    people,
    callsPerMinute,
    tables: seededTables,
    ...(dialect && { dialect }),
    ...(live && { apiKey: live.key, domain: live.domain }),
  });
  const folder = live && temporaryFolder("journey");
  if (folder !== undefined && live?.after !== undefined) cpSync(live.after, folder, { recursive: true });
  given?.(sandbox.world);
  opened?.(sandbox.world);
  const sent: string[] = [];
  const asked: string[] = [];
  const spoken: string[] = [];
  let calls = 0;
  const send: Send = (request, signal) => {
    sent.push(request.route);
    return sandbox.send(request, signal);
  };
  const client = await connect(
    send,
    live && folder !== undefined
      ? {
          SKYPREP_API_KEY: live.key,
          SKYPREP_ACCT_KEY: live.domain,
          SKYPREP_STATE_DIR: folder,
          // Of calls, not of how fast they go.
          SKYPREP_CALLS_PER_MINUTE: "10000",
        }
      : { SKYPREP_SANDBOX: "true", ...settings },
    {
      person: (form) => {
        asked.push(form.message);
        return yes(form);
      },
      clock,
      // Whoever is waited for in a call is waited for at once.
      pause: async (ms) => clock.set(clock.now() + ms),
    },
  );
  const counted = async (name: string, args: Row = {}) => {
    const before = asked.length;
    const reply = await client.call(name, args);
    calls += 1;
    spoken.push(JSON.stringify(args), reply.text);
    const exchange = { name, args, reply, asked: asked.slice(before) };
    heard?.(exchange, sandbox.world);
    return exchange;
  };
  const call: Desk["call"] = async (name, args) => {
    const exchange = await counted(name, args);
    if (exchange.reply.isError) throw new TurnedDown(exchange);
    return exchange.reply;
  };
  try {
    await play({
      world: sandbox.world,
      call,
      refused: async (name, args) => {
        const { reply } = await counted(name, args);
        if (!reply.isError) throw new Error(`${name} was to be refused: ${reply.text}`);
        return reply;
      },
      async items(name, args) {
        const rows: Row[] = [];
        for (let cursor: unknown; ; ) {
          const { structured } = await call(name, { ...args, ...(cursor !== undefined && { cursor }) });
          rows.push(...((structured?.items ?? []) as Row[]));
          cursor = structured?.next_cursor;
          if (cursor === undefined || cursor === null) return rows;
        }
      },
      asked,
      sent,
      async wait(seconds) {
        for (let n = 0; n < seconds; n++) {
          // The disk is real: what is on its way to it arrives before time passes.
          for (let turn = 0; turn < 6; turn++) await new Promise<void>((resolve) => setTimeout(resolve, 1));
          await passing(clock, 1);
        }
      },
      read: async (uri) => {
        const { contents } = await client.client.readResource({ uri });
        return contents.map((part) => ("text" in part ? part.text : "")).join("");
      },
    });
  } finally {
    await client.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
  return {
    calls,
    api: sent.length,
    questions: asked.length,
    // Counting takes longer than many a journey.
    get tokens() {
      return spoken.reduce((sum, text) => sum + countTokens(text), 0);
    },
  };
}
