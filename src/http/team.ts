import { randomUUID } from "node:crypto";
import { type AuthInfo, createMcpHandler } from "@modelcontextprotocol/server";
import { principalOfCall } from "../access/principal.ts";
import type { OfferedTool } from "../catalogue/tool-list.ts";
import type { Config } from "../config/read-config.ts";
import { type ApprovalsOfTeam, approvalsOf } from "../guard/question/page-questions.ts";
import { type UseOnce, usedOnceHere } from "../state/postgres/used-once.ts";
import { type SignOuts, signOutsHere } from "../state/sign-outs.ts";
import type { Academies, Academy } from "./academies.ts";
import { createApprovers } from "./approvers.ts";
import { createDoor } from "./door.ts";
import { begunWith, createEras, type SealedSession } from "./era.ts";
import type { Grants } from "./grants.ts";
import { createCurrentIdentity } from "./identity/current.ts";
import type { IdentitySettings } from "./identity/identity.ts";
import { createResource } from "./identity/resource.ts";
import { createInbox } from "./inbox.ts";
import { createKeptPages, pagePath } from "./kept-pages.ts";
import { createLogin } from "./login.ts";
import type { Login } from "./login-types.ts";
import { createObserved, type Observed } from "./observe.ts";
import { createOffers, type OpenedAcademy, type Wanted } from "./offers.ts";
import { serveOperation } from "./operate.ts";
import { createOwnGrants } from "./own-grants.ts";
import { createSealing, keyFor } from "./seal.ts";
import { type Address, defaultLimits, type HttpLimits, type ServedHttp, serveHttp } from "./serve.ts";
import type { Tokens } from "./token.ts";
import { createWebhook } from "./webhook.ts";

/** Everything a team's server stands in. */
export interface TeamWorld {
  readonly listen: Address;
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly academies: () => Academies;
  readonly tokens: () => Tokens;
  readonly grants: () => Grants;
  /** Where people sign in; left out: with the identity provider. */
  readonly login?: Login | undefined;
  /** Left out: timers that keep no process alive. */
  readonly after?: (ms: number, then: () => void) => () => void;
  /** As clients write it, without an end; left out: as it listens. */
  readonly url?: string | undefined;
  /** Null: there is no identity provider. */
  readonly identity?: () => IdentitySettings | null;
  /** Of all replicas; left out: of this process alone. */
  readonly useOnce?: UseOnce | undefined;
  /** Of all who take the same cookies; left out: of this process alone. */
  readonly signOuts?: SignOuts | undefined;
  /** By which the identity provider is asked, and webhooks are told. */
  readonly fetch?: typeof fetch;
  /** 32 bytes, the same for all replicas. */
  readonly sealKey: Uint8Array;
  readonly limits?: Partial<HttpLimits>;
  readonly tools: readonly OfferedTool[];
  readonly sections: readonly string[];
  readonly version: string;
  readonly open: (config: Config, academy: Academy, observed: WatchedWorld) => OpenedAcademy;
  /** Left out: nobody can ask how it is. */
  readonly operate?: Address | undefined;
  /** Besides what this server knows itself, as a database that is gone. */
  readonly notReady?: () => Promise<readonly string[]>;
  readonly explain: (policy: NonNullable<Config["policy"]>) => readonly string[];
  readonly now: () => number;
  readonly say: (line: string) => void;
}

export interface WatchedWorld extends Pick<Observed, "send" | "pause"> {
  /** Left out: nobody can sign in. */
  readonly approvals?: ApprovalsOfTeam | undefined;
  /** Where whoever calls can look at a page that was kept for them; undefined: nowhere, as they cannot sign in. */
  readonly pageAt: (id: string) => string | undefined;
}

export interface ServedTeam extends Address {
  readonly operation: Address | undefined;
  readonly isOpen: ServedHttp["isOpen"];
  /** No new call; writes finish and are answered. */
  readonly end: () => Promise<void>;
}

/** One address for a team and many academies. */
export async function serveTeam(world: TeamWorld): Promise<ServedTeam> {
  const { sealKey, now, say, tools, after = timer } = world;
  const replica = randomUUID();
  const observed = createObserved({ tools: new Set(tools.map(({ name }) => name)), now });
  const approvers = createApprovers(world);
  const sealing = createSealing(sealKey, "page question", longestQuestion);
  const hooks = new Map<string, ReturnType<typeof createWebhook>>();
  /** One for all that an academy's policies open. */
  const hookOf = (academy: string, to: { readonly url: string; readonly secret: string }) => {
    const key = JSON.stringify([academy, to]);
    const hook =
      hooks.get(key) ?? createWebhook({ academy, ...to }, { fetch: world.fetch ?? fetch, now, after, say });
    hooks.set(key, hook);
    return hook;
  };
  let base = world.url ?? "";
  const current = createCurrentIdentity({
    identity: world.identity ?? (() => null),
    fetch: world.fetch ?? fetch,
    now,
    say,
  });
  const signsIn = () => world.login !== undefined || current.now()?.identity.login !== undefined;
  const approvalsIn = ({ name, approvals: { webhook, ...set } }: Academy): ApprovalsOfTeam | undefined => {
    // Where somebody else has to agree and nobody can sign in any more, everything stays shut.
    if (!signsIn() && !set.fourEyes) return undefined;
    const hook = webhook && hookOf(name, webhook);
    return approvalsOf({
      academy: name,
      ...set,
      sealing,
      addressOf: (question) => `${base}/approvals/${question}`,
      standing: (who, asker) => approvers.standing(name, who, asker),
      onWaiting: ({ id, kind }, waiting) => hook?.tell({ question: id, kind, waiting }),
    });
  };
  const offers = createOffers({
    ...world,
    open: (config, academy) =>
      world.open(config, academy, {
        send: observed.send,
        pause: observed.pause,
        approvals: approvalsIn(academy),
        pageAt: (id) => (signsIn() && isPerson() ? `${base}${pagePath(academy.name, id)}` : undefined),
      }),
    signsIn,
    watch: observed.call,
    questionKey: keyFor(sealKey, "question"),
    owner: () => ownerOf(principalOfCall()?.person),
  });
  const handler = createMcpHandler(
    ({ authInfo: { extra } = noAuth }) => {
      const { wanted, session } = extra as { wanted: Wanted; session?: SealedSession };
      const server = offers.serverFor(wanted);
      return session ? begunWith(server, session) : server;
    },
    // The name alone: a message may quote what the client sent.
    { maxSubscriptions: 64, onerror: ({ name }) => say(`a message could not be handled (${name})`) },
  );
  const resource = createResource({ current, base: () => base, now });
  const login = createLogin({
    current,
    base: () => base,
    sealKey,
    useOnce: world.useOnce ?? usedOnceHere(now),
    signOuts: world.signOuts ?? signOutsHere(),
    run: world.useOnce ? "shared" : replica,
    groups: () => world.grants().groups.map(({ group }) => group),
    now,
  });
  const forPages = {
    login: world.login ?? login,
    renewed: world.login ? () => undefined : login.renewed,
    hosts: world.hosts,
    replica,
    say,
  };
  const inbox = createInbox({ ...forPages, url: world.url, approvers, deskOf: offers.deskOf });
  const keptPages = createKeptPages({
    ...forPages,
    academies: world.academies,
    grantsOf: createOwnGrants(world),
    offers,
  });
  const served = await serveHttp(world.listen, {
    pages: async (request) =>
      signsIn() ? ((await inbox(request)) ?? (await keptPages(request))) : undefined,
    door: createDoor({ ...world, tools, offers, replica, resource, login }),
    eras: createEras({ handler, sealKey, now }),
    limits: { ...defaultLimits, ...world.limits },
    observed,
    say,
  });
  if (base === "") base = baseOf(served);
  const operation =
    world.operate &&
    (await serveOperation(world.operate, {
      metrics: observed.text,
      notReady: async () => [
        ...(served.isOpen() ? [] : ["it is stopping"]),
        ...(world.academies().size > 0 ? [] : ["no academy is named"]),
        ...[await resource.trouble()].filter((one) => one !== undefined),
        ...((await world.notReady?.()) ?? []),
      ],
    }));
  return {
    host: served.host,
    port: served.port,
    isOpen: served.isOpen,
    operation: operation && { host: operation.host, port: operation.port },
    end: async () => {
      await served.drain({ calls: offers.end, listening: handler.close });
      for (const hook of hooks.values()) hook.end();
      await operation?.close();
    },
  };
}

/** In characters: forty facts, forty arguments and what people wrote, each of which is cut. */
const longestQuestion = 200_000;

function timer(ms: number, then: () => void): () => void {
  const running = setTimeout(then, ms).unref();
  return () => clearTimeout(running);
}

export const baseOf = ({ host, port }: Address): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

/** A client that acts for nobody signs in nowhere (`client:…`). */
const isPerson = (): boolean => principalOfCall()?.person.startsWith("client:") === false;

/** Nobody comes here but through the door, which says who they are. */
const noAuth: Pick<AuthInfo, "extra"> = {};

/** Who is not known owns nothing that was sealed for somebody. */
function ownerOf(person: string | undefined): string {
  if (person === undefined) throw new Error("a request without a person");
  return person;
}
