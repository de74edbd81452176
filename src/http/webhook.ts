import { createHmac } from "node:crypto";

export interface WebhookWorld {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** Keeps no process alive. */
  readonly after: (ms: number, then: () => void) => () => void;
  /** One line for whoever looks after the server. */
  readonly say: (line: string) => void;
}

export interface WebhookTarget {
  /** The academy, where people read of trouble. */
  readonly academy: string;
  readonly url: string;
  readonly secret: string;
}

/** All that is told: nothing of what is asked, by whom, or of whom. */
export interface WaitingNotice {
  readonly question: string;
  readonly kind: string;
  /** How many wait in this academy. */
  readonly waiting: number;
}

const patienceMs = 5_000;
const againMs = [1_000, 10_000, 60_000, 300_000] as const;
/** So many are on their way, or wait for another try; what comes then is told by the next. */
const mostAtOnce = 32;

/**
 * Tells somebody elsewhere that a question waits: a POST of JSON, with `x-skyprep-signature: t=…,v1=…`, the HMAC-SHA256
 * of `t.body`. Never waited for; given up after five tries, with a line that names no address.
 */
export function createWebhook({ academy, url, secret }: WebhookTarget, world: WebhookWorld) {
  let running = 0;
  let isSaid = false;
  let isEnded = false;
  const waiting = new Set<() => void>();

  async function tried(body: string): Promise<"told" | "later" | "never"> {
    const at = Math.floor(world.now() / 1000);
    const late = new AbortController();
    const cancel = world.after(patienceMs, () => late.abort());
    try {
      const answer = await world.fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-skyprep-signature": `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`,
        },
        body,
        redirect: "manual",
        signal: late.signal,
      });
      // What they say is not read: nothing here depends on it.
      await answer.body?.cancel();
      if (answer.ok) return "told";
      return answer.status === 429 || answer.status >= 500 ? "later" : "never";
    } catch {
      return "later";
    } finally {
      cancel();
    }
  }

  async function tell(notice: WaitingNotice): Promise<void> {
    const body = JSON.stringify({ event: "approval.waiting", ...notice });
    for (const wait of [...againMs, undefined]) {
      const came = isEnded ? "never" : await tried(body);
      if (came === "told") isSaid = false;
      if (came === "told" || isEnded) return;
      if (came === "never" || wait === undefined) break;
      await new Promise<void>((resolve) => {
        const on = () => {
          waiting.delete(on);
          resolve();
        };
        waiting.add(on);
        world.after(wait, on);
      });
    }
    if (!isSaid) world.say(`${academy}: its webhook does not take what it is told.`);
    isSaid = true;
  }

  return {
    tell(notice: WaitingNotice): void {
      if (running >= mostAtOnce || isEnded) return;
      running += 1;
      void tell(notice).finally(() => {
        running -= 1;
      });
    },
    /** Nothing more is told. */
    end(): void {
      isEnded = true;
      for (const one of waiting) one();
    },
  };
}
