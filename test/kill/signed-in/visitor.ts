import { browser } from "../../support/identity-provider.ts";
import { publicName } from "../../support/nginx.ts";
import type { PageAim } from "./aim.ts";

export const publicUrl = `https://${publicName}`;

/** What a page says to whoever opened it. */
export type Seen =
  | { readonly is: "form"; readonly token: string; readonly phrase: string | undefined }
  | { readonly is: "said"; readonly heading: string; readonly status: number }
  /** The connection ended before there was a page. */
  | { readonly is: "lost" };

interface VisitorWorld {
  /** Where the public name leads. */
  readonly base: string;
  /** By which the front tells whose pages these are. */
  readonly agent: string;
  readonly aim: () => PageAim | undefined;
}

/** Somebody in a browser, who loads a page again where it did not come, and begins again where they are told to. */
export function createVisitor({ base, agent, aim }: VisitorWorld) {
  const lead = (url: URL) =>
    url.origin === publicUrl ? new URL(`${base}${url.pathname}${url.search}`) : url;
  const tab = browser({ lead, headers: { "user-agent": agent } });
  let signIns = 0;

  async function seenIn(answer: Response | undefined): Promise<Seen> {
    const html = (await answer?.text()) ?? "";
    const status = answer?.status ?? 0;
    const [, token] = /name="token" value="([^"]+)"/.exec(html) ?? [];
    if (token !== undefined && status === 200) {
      const [, phrase] = /Type <b>([^<]+)<\/b> to go on/.exec(html) ?? [];
      return { is: "form", token, phrase };
    }
    const [, heading = ""] = /<h1>([^<]*)<\/h1>/.exec(html) ?? /<p>([^<]*)<\/p>/.exec(html) ?? [];
    return { is: "said", heading, status };
  }

  /** Signs in where they are sent to the provider for it. */
  async function open(address: string): Promise<Seen> {
    try {
      const isBack = ({ pathname }: URL) => pathname === "/login/callback";
      const { url, answer } = await tab.open(address, isBack);
      if (answer !== undefined) return await seenIn(answer);
      signIns += 1;
      await aim()?.atProvider();
      return await seenIn((await tab.open(url)).answer);
    } catch (error) {
      if (error instanceof TypeError) return { is: "lost" };
      throw error;
    }
  }

  async function post(address: string, fields: Record<string, string>): Promise<Seen> {
    try {
      const answer = await tab.once(address, {
        method: "POST",
        headers: { origin: publicUrl, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
      });
      if (answer.status !== 303) return await seenIn(answer);
      await answer.arrayBuffer();
      return await open(new URL(answer.headers.get("location") ?? "", address).href);
    } catch (error) {
      if (error instanceof TypeError) return { is: "lost" };
      throw error;
    }
  }

  return {
    open,
    /** How often they came back from the provider. */
    signIns: () => signIns,
    /** Until a page says what became of the question, which is given; undefined: none did in so many tries. */
    async answer(
      address: string,
      said: "approve" | "refuse",
      onSend: () => void,
    ): Promise<string | undefined> {
      for (let tries = 0; tries < 10; tries++) {
        let seen = await open(address);
        if (seen.is === "form") {
          await aim()?.shown();
          await aim()?.answering();
          onSend();
          const { token, phrase = "" } = seen;
          seen = await post(address, { token, phrase, reason: "", answer: said });
        }
        if (seen.is !== "said") continue;
        const isOver = seen.status === 200 || seen.status === 404 || seen.status === 409;
        if (!isOver) continue;
        await aim()?.answered();
        return seen.heading;
      }
      return undefined;
    },
  };
}
export type Visitor = ReturnType<typeof createVisitor>;
