import type { Dialect } from "../../skyprep/assumptions.ts";
import type { Incoming } from "../../skyprep/send.ts";
import type { ListManners, World } from "../model/world.ts";
import { readForm } from "../server/form.ts";
import { Refusal, type RouteAnswer } from "../server/route.ts";
import { routeNamed } from "../server/routes.ts";
import { pageAsked } from "./lists.ts";
import { isWrite, touches } from "./names.ts";
import { createRendering } from "./rendering.ts";
import { createReplica, type Replica } from "./replica.ts";
import type { Asked, Switch } from "./switch.ts";
import { chosen } from "./switches.ts";

export interface Speaker {
  readonly lists: Partial<ListManners>;
  /** Over plain HTTP everybody is sent to https. */
  readonly sendsOn: boolean;
  /** Brings a new academy's tables into this dialect. */
  prepare(world: World): void;
  /** To whoever comes too often; undefined: as ever. */
  over(seconds: number): Incoming | undefined;
  /** What the academy answers to a request whose key is right. */
  answer(request: { readonly route: string; readonly body: string }): Incoming;
}

export interface SpeakerOptions {
  readonly world: () => World;
  /** It hears only the parameters that the page names, and those of its own paging. */
  readonly strict: boolean;
}

function askedBy({ route, body }: { route: string; body: string }): Asked {
  const form = new URLSearchParams(body);
  for (const name of ["api_key", "acct_key"]) form.delete(name);
  return { route, form };
}

/** An academy that is otherwise than the page says, in all that it reads and answers. */
export function createDialect(dialect: Dialect, { world, strict }: SpeakerOptions): Speaker {
  const switches = chosen(dialect);
  const first = <Name extends keyof Switch>(name: Name): Switch[Name] | undefined =>
    switches.find((one) => one[name] !== undefined)?.[name];
  const paging: NonNullable<Switch["pages"]> = Object.assign({}, ...switches.map(({ pages }) => pages));
  const lists: Partial<ListManners> = Object.assign({}, ...switches.map((one) => one.lists));
  const rendering = createRendering(switches);
  const [delay, absent, done, login] = [first("shownAfter"), first("absent"), first("done"), first("login")];

  let replica: Replica | undefined;
  const inWorld = <T>(route: string, act: (academy: World) => T): T => {
    if (delay === undefined) return act(world());
    replica ??= createReplica(world(), delay);
    return touches(route) ? replica.write(act) : act(replica.read());
  };

  const respond = (asked: Asked): Incoming => {
    const route = routeNamed(asked.route);
    if (!route) throw new Refusal(404, "Not found");
    for (const one of switches) one.hears?.(asked);
    const page = pageAsked(asked, paging);
    const input = readForm(asked.form.toString(), strict ? route.page : undefined);
    const answer = inWorld(asked.route, (academy) => route.answer(input, academy));
    return (isWrite(asked.route) && done?.()) || rendering.answer(answer, asked.route, page);
  };

  /** Of what is not there; `refusal` is what the page's academy would say. */
  const missed = (asked: Asked, refusal: Refusal): Incoming => {
    const said: RouteAnswer | Incoming | Refusal = absent?.(asked, world()) ?? refusal;
    if (said instanceof Refusal) return rendering.refusal(said);
    return "status" in said ? said : rendering.answer(said, asked.route, undefined);
  };

  return {
    lists,
    sendsOn: first("elsewhere") === true,
    prepare({ people }) {
      if (login) for (const person of people.values()) person.email = login(person.email);
    },
    over: (seconds) => first("over")?.(seconds),
    answer(request) {
      const shut = switches.flatMap((one) => one.shut?.(request.route) ?? [])[0];
      if (shut) return { ...rendering.refusal(shut), status: shut.status };
      const asked = askedBy(request);
      try {
        return respond(asked);
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        const unknown = refusal.status === 404 && routeNamed(asked.route) !== undefined;
        return unknown ? missed(asked, refusal) : rendering.refusal(refusal);
      }
    },
  };
}
