import { randomBytes } from "node:crypto";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import type { AskingClient } from "../../../src/guard/channels/page/html.ts";
import { createPages, type OpenPage, type PageWorld } from "../../../src/guard/channels/page/page.ts";
import type { Answer, Question } from "../../../src/guard/question/question.ts";

export const noon = Date.UTC(2026, 10, 25, 14, 10);
export const tenMinutes = 600_000;

export const deletion: Question = {
  id: "q1",
  kind: "irreversible",
  tool: "destroy_course",
  facts: [
    "Delete the course “Workplace Safety Basics” (202)?",
    "At least 300 people are enrolled, more than 100 have passed.",
    "Which groups and learning paths contain it could not be read.",
    "A deleted course cannot be brought back.",
  ],
  stored: ["Name: “Workplace Safety Basics”."],
  phrase: "delete 202",
  expiresAt: noon + tenMinutes,
};

/** A yes-or-no question. */
export const removal: Question = {
  id: "q2",
  kind: "removing",
  tool: "remove_user_from_user_group",
  facts: ["Remove Jordan Manager (jordan@example.com, #102) from group 7?", "4 courses came with the group."],
  stored: ["Group: “Sales Team”."],
  expiresAt: noon + tenMinutes,
};

export const asker: AskingClient = { client: "Claude Desktop", arguments: { course_id: 202 } };

/** A clock that only moves when told to, with its timers. */
export function createClock(start = noon) {
  let at = start;
  const timers = new Set<{ due: number; then: () => void }>();
  return {
    now: () => at,
    after: (ms: number, then: () => void) => {
      const timer = { due: at + ms, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    /** Lets time pass; `asleep` leaves the timers unrung. */
    pass: (ms: number, { asleep = false } = {}) => {
      at += ms;
      if (asleep) return;
      for (const timer of [...timers].filter(({ due }) => due <= at)) {
        timers.delete(timer);
        timer.then();
      }
    },
  };
}

export function newPages(world: Partial<PageWorld> = {}) {
  const clock = createClock();
  const opened: string[] = [];
  const pages = createPages({
    now: clock.now,
    after: clock.after,
    random: randomBytes,
    open: async (url) => {
      opened.push(url);
      return true;
    },
    ...world,
  });
  return { ...pages, clock, opened };
}

/** The answer, if there is one by now. */
export async function answerNow({ answer }: OpenPage): Promise<Answer | "open"> {
  return Promise.race([answer, new Promise<"open">((resolve) => setImmediate(resolve, "open"))]);
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One request as it is written, without a browser's manners. */
export function call(
  url: string,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export const tokenOf = (html: string): string => /name="token" value="([\w-]{43})"/.exec(html)?.[1] ?? "";

/** Headers as a browser sends them with the page's own form. */
export const formHeaders = (url: string): Record<string, string> => ({
  origin: new URL(url).origin,
  "sec-fetch-site": "same-origin",
  "content-type": "application/x-www-form-urlencoded",
});

/** Sends the page's form, as a browser would or as the changes say. */
export async function submit(
  url: string,
  fields: Record<string, string>,
  { headers = {}, token }: { headers?: Record<string, string | undefined>; token?: string } = {},
): Promise<Reply> {
  const own = token ?? tokenOf((await call(url)).body);
  const all = Object.entries({ ...formHeaders(url), ...headers });
  return call(url, {
    method: "POST",
    headers: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
    body: new URLSearchParams({ token: own, ...fields }).toString(),
  });
}
