import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { type AppState, filesState } from "../../src/app/state.ts";
import { type AcademyGrant, noGrants } from "../../src/http/grants.ts";
import type { TeamWorld } from "../../src/http/team.ts";
import { ownChain, verifyRows } from "../../src/journal/database/chains.ts";
import { forgetRows } from "../../src/journal/database/forget-rows.ts";
import { forget } from "../../src/journal/forget.ts";
import { verify } from "../../src/journal/verify.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { createLock } from "../../src/state/files/shared-folder.ts";
import { createClock } from "../support/clock.ts";
import { stateIn } from "../support/database-state.ts";
import { type FreshDatabase, hasPostgres } from "../support/postgres.ts";
import { answerIn, statelessCall } from "../support/stateless-call.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { raw } from "./raw.ts";
import { fakeLogin } from "./signing-in.ts";
import { type RunningTeam, team } from "./team.ts";

export const keepers = ["files", ...(hasPostgres ? (["postgres"] as const) : [])] as const;
export type Keeper = (typeof keepers)[number];

const noon = Date.UTC(2026, 10, 23, 12);
export const write = ["write", "approve"] as const;

/** A call about which a phrase has to be typed, and one that is agreed to by a click. */
export const remove = ["destroy_user", { user_id: 110 }] as const;
export const group = ["remove_user_from_user_group", { user_id: 101, user_group_id: 301 }] as const;
export const fourEyes = [{ name: "acme", sandbox: true, approval: "four-eyes" }];

export interface Said {
  readonly result?: {
    readonly resultType?: string;
    readonly requestState?: string;
    readonly inputRequests?: { answer: { params: { mode?: string; url?: string; message: string } } };
    readonly isError?: boolean;
    readonly content?: { text: string }[];
  };
  readonly error?: { code: number };
}
export const textIn = ({ result }: Said): string =>
  (result?.content ?? []).map(({ text }) => text).join("\n");
export const addressIn = (said: Said): string =>
  /approve: http:\/\/[^/]+(\/approvals\/\S+)/.exec(textIn(said))?.[1] ??
  /http:\/\/[^/]+(\/approvals\/\S+)/.exec(said.result?.inputRequests?.answer.params.url ?? "")?.[1] ??
  "";

export interface Asked {
  readonly academies?: readonly Record<string, unknown>[];
  readonly people?: Record<string, readonly AcademyGrant[]>;
  readonly replicas?: number;
  readonly fresh?: FreshDatabase | undefined;
  /** Told of each call before SkyPrep answers it. */
  readonly arrived?: (route: string) => void;
  readonly over?: Partial<TeamWorld>;
  readonly env?: Record<string, string>;
}

/** Replicas of one team before one pretend academy each, where people sign in. */
export async function asking({
  academies,
  people,
  replicas = 2,
  fresh,
  arrived,
  env = {},
  over = {},
}: Asked = {}) {
  const clock = createClock(noon);
  await fresh?.setClock(noon);
  const folder = temporaryFolder("approvals");
  const sandboxes = new Map<string, ReturnType<typeof createSandbox>>();
  const send = (academy: string) => {
    const one = sandboxes.get(academy) ?? createSandbox({ callsPerMinute: Infinity, now: clock.now });
    sandboxes.set(academy, one);
    const answer: Send = (request, ...rest) => {
      arrived?.(request.route);
      return one.send(request, ...rest);
    };
    return answer;
  };
  const run = randomUUID();
  const stateOf = (academy: string): AppState => {
    if (fresh === undefined)
      return filesState(folder, { now: clock.now, random: randomUUID, after: () => () => {} });
    return stateIn(fresh.open(), { academy: `${run}-${academy}`, egress: run });
  };
  const granted = new Map(
    Object.entries(
      people ?? {
        mia: [{ academy: "acme", scopes: write }],
        rob: [{ academy: "acme", scopes: write }],
      },
    ),
  );
  const common = {
    ...(academies && { academies }),
    people: Object.fromEntries(granted),
    send,
    stateOf,
    now: clock.now,
    env,
  };
  const world: Partial<TeamWorld> = {
    login: fakeLogin,
    grants: () => ({ ...noGrants, people: granted }),
    ...over,
  };
  const first = await team({ ...common, over: world });
  const { tokens } = first.world;
  const others = await Promise.all(
    Array.from({ length: replicas - 1 }, () => team({ ...common, over: { ...world, tokens } })),
  );
  const all: RunningTeam[] = [first, ...others];

  /** One call of the 2026 era, at one of them, by a client that can do this much. */
  const call = async (
    name: string,
    args: Record<string, unknown>,
    {
      at = 0,
      who = "mia",
      academy = "acme",
      capabilities = {},
      client = "raw",
      bearer,
      more = {},
    }: {
      readonly client?: string;
      /** Another token than theirs of ours. */
      readonly bearer?: string | undefined;
      readonly at?: number;
      readonly who?: string;
      readonly academy?: string;
      readonly capabilities?: object;
      readonly more?: object;
    } = {},
  ): Promise<Said> => {
    const one = all[at] ?? first;
    const { text } = await raw(one.port, {
      path: `/mcp/${academy}`,
      ...statelessCall({ token: bearer ?? first.tokenFor(who), name, args, more, capabilities, client }),
    });
    return answerIn<Said>(text);
  };
  const sent = (route: string) => all.flatMap((one) => one.sent).filter((one) => one.route === route).length;
  return {
    all,
    base: (at = 0) => (all[at] ?? first).base,
    call,
    sent,
    granted,
    clock,
    folder,
    tokenFor: first.tokenFor,
    stateOf,
    pass: async (ms: number) => {
      clock.set(clock.now() + ms);
      await fresh?.passTime(ms);
    },
    /** Every line of the academy's journal. */
    journal: async (): Promise<Record<string, unknown>[]> => {
      const texts = fresh
        ? (
            await fresh.admin(
              "select content from skyprep.journal_lines where academy like $1 order by seq",
              [`${run}-%`],
            )
          ).map(({ content }) => String(content))
        : readdirSync(`${folder}/journal`)
            .filter((name) => name.endsWith(".jsonl"))
            .flatMap((name) => readFileSync(`${folder}/journal/${name}`, "utf8").trim().split("\n"));
      return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
    },
    /** All that is kept of questions, as it stands. */
    kept: async (): Promise<{ name: string; text: string }[]> => {
      const files = stateOf("acme").stamped("approvals", "sandbox");
      const names = await files.names();
      return Promise.all(names.map(async (name) => ({ name, text: (await files.read(name))?.text ?? "" })));
    },
    /** As `skyprep-mcp journal forget` does it, and whether the chain is whole after it. */
    forget: async (login: string): Promise<boolean> => {
      if (fresh) {
        const [database, academy] = [fresh.open(), `${run}-acme`];
        await forgetRows(database, academy, login);
        return (await verifyRows(database, { academy, chain: ownChain })).breaks.length === 0;
      }
      const journal = `${folder}/journal`;
      await forget({
        folder: journal,
        lock: createLock(journal, { name: "journal" }),
        login,
        questions: `${folder}/approvals`,
      });
      return (await verify(journal)).breaks.length === 0;
    },
    end: () => Promise.all(all.map((one) => one.end())),
  };
}
export type AskingTeam = Awaited<ReturnType<typeof asking>>;

/** The same, gone when the test is. */
export async function askingHere(asked: Asked = {}): Promise<AskingTeam> {
  const one = await asking(asked);
  onTestFinished(async () => {
    await one.end();
  });
  return one;
}
