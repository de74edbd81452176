import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { asPrincipal } from "../access/principal.ts";
import type { ApprovalDesk } from "../guard/question/approval-desk.ts";
import type { Academy } from "./academies.ts";
import type { Approvers } from "./approvers.ts";
import { createConcurrencyLimit } from "./concurrency-limit.ts";
import { isOurHost } from "./host.ts";
import { inboxHeaders, inboxPage, isLeft, notTaken, turnedDownPage, waitingPage } from "./inbox-view.ts";
import type { Login, SignedIn } from "./login-types.ts";

export interface PageRequest {
  readonly method: string;
  /** To the letter. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Read when it is asked for; undefined: it is too long, or did not come to its end. */
  readonly body: () => Promise<string | undefined>;
}

export interface InboxWorld {
  readonly login: Pick<Login, "signedIn" | "begin">;
  /** What an answer to whoever is signed in sets, so that they stay so while they are there. */
  readonly renewed: (headers: IncomingHttpHeaders) => string | undefined;
  /** Host names that are ours. */
  readonly hosts: readonly string[];
  /** `https://…`, as people reach it; left out: as they say in Host, on this computer. */
  readonly url: string | undefined;
  readonly approvers: Approvers;
  readonly deskOf: (academy: Academy) => Promise<ApprovalDesk | undefined>;
  readonly replica: string;
  /** One line for whoever looks after the server. */
  readonly say: (line: string) => void;
}

/** One person's, at a time: an inbox costs as many reads as questions wait. */
const mostAtOnce = 4;
const inbox = "/approvals";

/** Pages for whoever is signed in: what waits for them, and each question. Undefined: no address of these. */
export function createInbox(world: InboxWorld): (request: PageRequest) => Promise<Response | undefined> {
  const { login, approvers, say } = world;
  const admit = createConcurrencyLimit(mostAtOnce);

  async function desksOf(who: SignedIn): Promise<ApprovalDesk[]> {
    const desks = await Promise.all(approvers.academiesOf(who).map(world.deskOf));
    return desks.flatMap((desk) => desk ?? []);
  }

  async function found(id: string, who: SignedIn) {
    for (const desk of await desksOf(who)) {
      const question = await desk.find(id, who);
      if (question) return { desk, question };
    }
    return undefined;
  }

  async function answered(id: string, who: SignedIn, request: PageRequest): Promise<Response> {
    const turnDown = (status: number, why: keyof typeof notTaken) =>
      page(status, turnedDownPage(notTaken[why], who.person));
    if (!isFromHere(request.headers, world.url)) return turnDown(403, "foreign");
    if (!isForm(request.headers)) return turnDown(415, "unreadable");
    const body = await request.body();
    if (body === undefined) return turnDown(413, "unreadable");
    const form = new URLSearchParams(body);
    if (!isSameSecret(form.get("token") ?? "", who.csrf)) return turnDown(403, "foreign");
    const isTwice = [...new Set(form.keys())].some((name) => form.getAll(name).length > 1);
    const said = form.get("answer");
    if (isTwice || (said !== "approve" && said !== "refuse")) return turnDown(400, "unreadable");
    const one = await found(id, who);
    if (one === undefined) return turnDown(404, "missing");
    const came = await asPrincipal({ person: who.person, scopes: ["approve"], replica: world.replica }, () =>
      one.desk.answer(id, who, {
        said: said === "approve" ? "yes" : "no",
        typed: form.get("phrase") ?? "",
        reason: form.get("reason") ?? "",
      }),
    );
    if (came === undefined) return turnDown(404, "missing");
    if (came === "over") return turnDown(409, "over");
    if (isLeft(came)) return page(422, waitingPage(one.question, who, came.left));
    return new Response(null, { status: 303, headers: { ...inboxHeaders, location: `${inbox}/${id}` } });
  }

  async function shown(id: string | undefined, who: SignedIn, request: PageRequest): Promise<Response> {
    if (id === undefined) {
      const lists = await Promise.all((await desksOf(who)).map((desk) => desk.list(who)));
      const waiting = lists.flat().sort((one, other) => one.since - other.since);
      return page(200, inboxPage(who.person, waiting));
    }
    if (request.method === "POST") return answered(id, who, request);
    const one = await found(id, who);
    return one === undefined
      ? page(404, turnedDownPage(notTaken.missing, who.person))
      : page(200, waitingPage(one.question, who));
  }

  return async (request) => {
    const { method, target, headers } = request;
    const [, rest] = /^\/approvals(?:\/([^/?#]*))?\/?$/.exec(target) ?? [];
    if (!/^\/approvals(?:[/?#]|$)/.test(target)) return undefined;
    // A foreign name that was pointed at this server (DNS rebinding) carries its own Host.
    if (!isOurHost(headers.host, world.hosts)) return undefined;
    const isKnown = /^\/approvals(?:\/[\w-]{1,64})?$/.test(target);
    const mayPost = rest !== undefined;
    if (method !== "GET" && method !== "HEAD" && !(method === "POST" && mayPost))
      return page(405, turnedDownPage(notTaken.unreadable), {
        allow: mayPost ? "GET, HEAD, POST" : "GET, HEAD",
      });
    const unkept = (error: unknown, person?: string) => {
      say(`an approval page could not be shown (${(error as Error).name})`);
      return page(503, turnedDownPage(notTaken.unkept, person), { "retry-after": "10" });
    };
    let who: SignedIn | undefined;
    try {
      who = await login.signedIn(headers);
    } catch (error) {
      return unkept(error);
    }
    if (who === undefined) {
      if (method === "POST") return page(403, turnedDownPage(notTaken.signedOut));
      // Nobody who is not signed in learns what there is.
      return login.begin(isKnown ? target : inbox);
    }
    if (!isKnown) return page(404, turnedDownPage(notTaken.missing, who.person));
    const release = admit(who.person);
    if (release === undefined)
      return page(429, turnedDownPage(notTaken.unkept, who.person), { "retry-after": "1" });
    try {
      const answer = await shown(rest, who, request);
      const cookie = world.renewed(headers);
      if (cookie !== undefined) answer.headers.append("set-cookie", cookie);
      return answer;
    } catch (error) {
      return unkept(error, who.person);
    } finally {
      release();
    }
  };
}

const page = (status: number, html: string, more: Record<string, string> = {}): Response =>
  new Response(html, {
    status,
    headers: { ...inboxHeaders, "content-type": "text/html; charset=utf-8", ...more },
  });

/** Only a form on a page of this very server may post. */
function isFromHere(headers: IncomingHttpHeaders, url: string | undefined): boolean {
  const site = headers["sec-fetch-site"];
  const own = url ?? `http://${headers.host}`;
  return headers.origin === own && (site === undefined || site === "same-origin");
}

const isForm = (headers: IncomingHttpHeaders): boolean =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers["content-type"] ?? "");

const isSameSecret = (one: string, other: string): boolean => {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return other !== "" && timingSafeEqual(digest(one), digest(other));
};
