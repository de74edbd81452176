import { createAgent, NoTunnel, type Patience } from "./agent.ts";
import { single } from "./body.ts";
import { exchange } from "./exchange.ts";
import type { HttpProxy } from "./proxy.ts";
import { minuteLimitIn } from "./rate-limit/minute-limit.ts";
import { Unreachable, Unreadable } from "./response.ts";
import type { Incoming, Send } from "./send.ts";

export interface NetworkOptions extends Patience {
  /** Where the routes live, without a trailing slash. */
  readonly baseUrl: string;
  /** Where nothing else leads out. */
  readonly proxy?: HttpProxy | undefined;
  /** For the body of an answer, for whoever calls without a deadline of their own. */
  readonly wholeMs?: number;
  /** Bytes an answer may have, unpacked. */
  readonly largest?: number;
}

export type Network = Send & {
  /** What the host's clock says, by a call that carries no key; undefined where it does not say. */
  date(signal: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
};

/**
 * The network side of `Send`: POST, keep-alive, no redirects, no second try.
 * Load this file with the first call only: importing undici costs more than starting Node.
 */
export function createNetwork(options: NetworkOptions): Network {
  const { largest = 64 * 1024 * 1024, wholeMs = 600_000 } = options;
  const base = new URL(options.baseUrl);
  const agent = createAgent(base, options.proxy, options);
  const { origin, host } = base;
  const root = base.pathname.replace(/\/$/, "");
  const send = async (request: Parameters<Send>[0], signal: AbortSignal): Promise<Incoming> => {
    signal.throwIfAborted();
    let overdue = false;
    let timer: NodeJS.Timeout | undefined;
    try {
      const { statusCode, headers, body } = await exchange(
        agent,
        {
          origin,
          path: `${root}/${request.route}`,
          method: "POST",
          // As fetch asks it, and so the clients that are known to work (skyprep-api §3.2).
          headers: { ...request.headers, "Accept-Encoding": "gzip, deflate, br" },
          body: request.body,
        },
        {
          signal,
          largest,
          begun: (giveUp) => {
            timer = setTimeout(() => {
              overdue = true;
              giveUp();
            }, wholeMs).unref();
          },
        },
      );
      const retryAfter = secondsOf(single(headers["retry-after"]));
      const perMinute = minuteLimitIn(headers);
      const location = single(headers.location);
      return {
        status: statusCode,
        contentType: single(headers["content-type"]) ?? "",
        body,
        ...(retryAfter !== undefined && { retryAfter }),
        ...(perMinute !== undefined && { perMinute }),
        ...(location !== undefined && { location: secureTwin(location, base) }),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof Unreadable) throw error;
      if (overdue) throw endless(host, wholeMs, error);
      throw unreachable(error, host);
    } finally {
      clearTimeout(timer);
    }
  };
  const date = async (signal: AbortSignal): Promise<string | undefined> => {
    try {
      const { headers, body } = await agent.request({ origin, path: "/", method: "HEAD", signal });
      await body.dump();
      return single(headers.date);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw unreachable(error, host);
    }
  };
  return Object.assign(send, { date, close: () => agent.destroy() });
}

/** The address to be set, where a redirect leads to the same host over https; empty: it leads elsewhere. */
function secureTwin(location: string, base: URL): string {
  const to = URL.canParse(location, base.href) ? new URL(location, base) : undefined;
  const isTwin = to?.hostname === base.hostname && to.protocol === "https:" && base.protocol === "http:";
  return to !== undefined && isTwin ? `https://${to.host}${base.pathname.replace(/\/$/, "")}` : "";
}

/** `Retry-After` gives seconds, or the date when they are over. */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text);
  // Without a day's name, `Date.parse` sees a year in "-5".
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  const seconds = Math.ceil((date - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

const endless = (host: string, wholeMs: number, cause: unknown): Unreachable =>
  new Unreachable(
    `The answer of ${host} did not end within ${wholeMs / 1000} s.`,
    "Ask for less, or try again in a minute.",
    "maybe",
    cause,
  );

/** What never left can be tried again; what was cut off may have been done. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function unreachable(error: unknown, host: string): Unreachable {
  if (error instanceof NoTunnel) return noTunnel(error, host);
  const code = codeOf(error);
  const routeless = code === "EHOSTUNREACH" || code === "ENETUNREACH";
  if (neverSent.has(code) || (routeless && syscallOf(error) === "connect")) {
    const tls = /CERT|SIGNATURE|SELF_SIGNED/.test(code);
    return new Unreachable(
      `No connection to ${host} (${code}); nothing was sent.`,
      tls
        ? "The certificate is not trusted: check SKYPREP_BASE_URL. Where the company's proxy reads along, set NODE_EXTRA_CA_CERTS to the file of its certificate."
        : "Check the internet connection and SKYPREP_BASE_URL, then call again. Where only a proxy leads out, set HTTPS_PROXY.",
      "no",
      error,
    );
  }
  return new Unreachable(
    `The connection to ${host} ended before an answer came (${code}).`,
    "Try again in a minute.",
    "maybe",
    error,
  );
}

/** Before the tunnel stands, nothing of ours was sent. */
function noTunnel({ proxy, status, cause }: NoTunnel, host: string): Unreachable {
  const said = status === undefined ? codeOf(cause) : `it answered ${status}`;
  const next =
    status === 407
      ? "It asks for a name and a password: write the proxy as http://name:password@host:port."
      : status === 403
        ? `It does not let ${host} pass: ask whoever runs it to allow that host, or list it in NO_PROXY.`
        : "Check the proxy's address, or list the host in NO_PROXY where it can be called directly.";
  return new Unreachable(
    `No way to ${host} through the proxy ${proxy} (${said}); nothing was sent.`,
    next,
    "no",
    cause,
  );
}

/** A network that goes away may do so in the middle of an answer too. */
function syscallOf(error: unknown): unknown {
  const { syscall, cause } = error as { syscall?: unknown; cause?: unknown };
  return syscall ?? (cause && cause !== error ? syscallOf(cause) : undefined);
}

function codeOf(error: unknown): string {
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === "string") return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause && cause !== error ? codeOf(cause) : error instanceof Error ? error.name : "unknown";
}
