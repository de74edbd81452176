import { validateHostHeader } from "@modelcontextprotocol/server";
import { asPrincipal } from "../access/principal.ts";
import { policyIn } from "../pages/page-policy.ts";
import type { Academies, Academy } from "./academies.ts";
import { createConcurrencyLimit } from "./concurrency-limit.ts";
import { type AcademyGrant, holds } from "./grants.ts";
import type { InboxWorld, PageRequest } from "./inbox.ts";
import { inboxHeaders, turnedDownPage } from "./inbox-view.ts";
import type { SignedIn } from "./login-types.ts";
import type { Offers, Wanted } from "./offers.ts";
import type { OwnGrants } from "./own-grants.ts";

export interface KeptPagesWorld extends Pick<InboxWorld, "login" | "renewed" | "hosts" | "replica" | "say"> {
  readonly academies: () => Academies;
  readonly grantsOf: OwnGrants;
  readonly offers: Pick<Offers, "exportsOf" | "policyOf">;
}

/** One person's, at a time: each is held whole while it goes out. */
const mostAtOnce = 4;

/** The path of a kept page, below where people reach this server. */
export const pagePath = (academy: string, id: string): string => `/pages/${academy}/${id}`;
const known = /^\/pages\/([a-z0-9-]{1,63})\/([a-z0-9-]{8,40})$/;

/** Pages that people had made, for themselves, after signing in. Undefined: no address of these. */
export function createKeptPages(
  world: KeptPagesWorld,
): (request: PageRequest) => Promise<Response | undefined> {
  const { login, academies, grantsOf, offers, replica, say } = world;
  const admit = createConcurrencyLimit(mostAtOnce);

  /** What they may read by one of their grants, bytes and all: what is kept is bound to person and policy. */
  async function under(grant: AcademyGrant, academy: Academy, id: string, { person }: SignedIn) {
    const { scopes } = grant;
    const wanted: Wanted = { academy, policy: grant.policy, readOnly: !holds(scopes, "write"), scopes };
    const policy = offers.policyOf(wanted);
    for (const exports of offers.exportsOf(wanted)) {
      const found = await asPrincipal({ person, scopes, policy, replica }, () => exports.read(id));
      if (found?.about.extension === "html") return found.content;
    }
    return undefined;
  }

  async function shown(name: string, id: string, who: SignedIn): Promise<Response> {
    const academy = academies().get(name);
    const grants = grantsOf(who, name).filter(({ scopes }) => holds(scopes, "read"));
    for (const grant of academy === undefined ? [] : grants) {
      const content = academy && (await under(grant, academy, id, who));
      if (content !== undefined) return pageOf(id, content);
    }
    return missing(who);
  }

  const unread = (error: unknown, who: SignedIn | undefined): Response => {
    say(`a kept page could not be shown (${(error as Error).name})`);
    return note(503, notNow, who, { "retry-after": "10" });
  };

  return async ({ method, target, headers }) => {
    if (!/^\/pages(?:[/?#]|$)/.test(target)) return undefined;
    // A foreign name that was pointed at this server (DNS rebinding) carries its own Host.
    if (!validateHostHeader(headers.host, [...world.hosts]).ok) return undefined;
    if (method !== "GET" && method !== "HEAD")
      return note(405, { title: "A page can only be looked at.", lines: [] }, undefined, {
        allow: "GET, HEAD",
      });
    const [, academy, id] = known.exec(target) ?? [];
    let who: SignedIn | undefined;
    try {
      who = await login.signedIn(headers);
    } catch (error) {
      return unread(error, undefined);
    }
    // Nobody who is not signed in learns what there is; what can be no page's address is none for anybody.
    if (academy === undefined || id === undefined) return missing(who);
    if (who === undefined) return login.begin(target);
    const release = admit(who.person);
    if (release === undefined) return note(429, notNow, who, { "retry-after": "1" });
    try {
      const answer = await shown(academy, id, who);
      const cookie = world.renewed(headers);
      if (cookie !== undefined) answer.headers.append("set-cookie", cookie);
      return answer;
    } catch (error) {
      return unread(error, who);
    } finally {
      release();
    }
  };
}

/**
 * As a sandboxed document, in a place of its own: its script sorts and searches, and whatever may ever stand in it has
 * nothing of the signed-in person's, neither cookie nor storage. No Cross-Origin-Opener-Policy: by the HTML standard a
 * sandboxed document that has one is a network error.
 */
const pageOf = (id: string, content: Uint8Array): Response => {
  const html = new TextDecoder().decode(content);
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `${policyIn(html)}; frame-ancestors 'none'; sandbox allow-scripts`,
      "content-disposition": `inline; filename="${id}.html"`,
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
    },
  });
};

interface Note {
  readonly title: string;
  readonly lines: readonly string[];
}
const notThere: Note = {
  title: "There is no such page for you.",
  lines: [
    "It is older than 7 days, was made for somebody else, or was never there.",
    "Ask your assistant for it again: the new one has an address of its own.",
  ],
};
const notNow: Note = {
  title: "That cannot be looked up now.",
  lines: ["Try again in a minute; if it stays so, tell whoever runs this server."],
};

const missing = (who: SignedIn | undefined): Response => note(404, notThere, who);

const note = (
  status: number,
  said: Note,
  who: SignedIn | undefined,
  more: Readonly<Record<string, string>> = {},
): Response =>
  new Response(turnedDownPage(said, who?.person), {
    status,
    headers: { ...inboxHeaders, "content-type": "text/html; charset=utf-8", ...more },
  });
