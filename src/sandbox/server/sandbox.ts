import type { Dialect } from "../../skyprep/assumptions.ts";
import type { Incoming, Outgoing, Send } from "../../skyprep/send.ts";
import { createDialect } from "../dialect/dialect.ts";
import { createWorld, type World, type WorldOptions } from "../model/world.ts";
import { readForm } from "./form.ts";
import { html, incoming, plain, written } from "./incoming.ts";
import { Refusal } from "./route.ts";
import { routeNamed } from "./routes.ts";

export interface SandboxOptions {
  /** Epoch milliseconds. */
  now?: () => number;
  people?: number;
  /** Ignore every parameter the API page does not name; the real service may do either. */
  strict?: boolean;
  /** `Infinity` lifts the limit. */
  callsPerMinute?: number;
  apiKey?: string;
  domain?: string;
  /** How its tables are made; left out: seeded. */
  tables?: WorldOptions["tables"];
  /** Where it is otherwise than assumed. */
  dialect?: Dialect;
}

export interface Sandbox {
  readonly send: Send;
  /** Made at the first call, or when looked at. */
  readonly world: World;
  /** Over plain HTTP it sends everybody to https. */
  readonly sendsOn: boolean;
}

const minute = 60_000;
const signInPage = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Sign in</h1><form method="post" action="/account/signin"><input name="email"><input name="password" type="password"><button>Sign in</button></form></body>
</html>
`;

/** Seconds until the next call is welcome; nothing when this one is, and then it counts. */
function createGate(limit: number, now: () => number): () => number | undefined {
  const recent: number[] = [];
  return () => {
    if (limit === Infinity) return undefined;
    const time = now();
    while (recent[0] !== undefined && recent[0] <= time - minute) recent.shift();
    if (recent.length < limit) {
      recent.push(time);
      return undefined;
    }
    return Math.ceil(((recent[0] ?? time) + minute - time) / 1000);
  };
}

/** Keys come as headers, or as form fields (skyprep-api §3.3). */
function credentialsOf({ headers, body }: Outgoing): { key: string | null; domain: string | null } {
  const heads = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const form = new URLSearchParams(body);
  return {
    key: heads.get("x-skyprep-api-key") ?? form.get("api_key"),
    domain: heads.get("x-skyprep-acct-key") ?? form.get("acct_key"),
  };
}

/** A pretend SkyPrep account behind the same door as the real one. */
export function createSandbox({
  now = Date.now,
  people = 302,
  strict = false,
  callsPerMinute = 100,
  apiKey = "sandbox-key",
  domain = "example.skyprepapp.com",
  tables,
  dialect = {},
}: SandboxOptions = {}): Sandbox {
  let made: World | undefined;
  const world = () => {
    if (made) return made;
    made = createWorld({
      now,
      people,
      domain,
      ...(tables && { tables }),
      ...(spoken && { lists: spoken.lists }),
    });
    spoken?.prepare(made);
    return made;
  };
  const spoken = Object.keys(dialect).length === 0 ? undefined : createDialect(dialect, { world, strict });
  const gate = createGate(callsPerMinute, now);

  const respond = (request: Outgoing): Incoming => {
    const wait = gate();
    if (wait !== undefined)
      return (
        spoken?.over(wait) ?? {
          ...incoming(429, plain, `Rate limit exceeded. Retry in ${wait} seconds.`),
          retryAfter: wait,
        }
      );

    const given = credentialsOf(request);
    if (given.key !== apiKey || given.domain !== domain) return incoming(200, html, signInPage);

    if (spoken) return spoken.answer(request);
    const route = routeNamed(request.route);
    if (!route) return incoming(404, plain, "Not found");

    try {
      return written(route.answer(readForm(request.body, strict ? route.page : undefined), world()));
    } catch (refusal) {
      if (refusal instanceof Refusal) return incoming(refusal.status, plain, refusal.message);
      throw refusal;
    }
  };

  return {
    send: async (request, signal) => {
      signal.throwIfAborted();
      return respond(request);
    },
    get world() {
      return world();
    },
    sendsOn: spoken?.sendsOn ?? false,
  };
}
