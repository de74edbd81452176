import { Agent, type Dispatcher } from "undici";
import { Unreachable, Unreadable } from "./failure.ts";
import type { Incoming, Send } from "./send.ts";

export interface NetworkOptions {
  /** Where the routes live, without a trailing slash. */
  readonly baseUrl: string;
  /** Milliseconds (contract §2). */
  readonly connectMs?: number;
  readonly firstByteMs?: number;
  readonly betweenBytesMs?: number;
  /** Bytes an answer may have. */
  readonly largest?: number;
}

const MiB = 1024 * 1024;
const enoughOfARefusal = 64 * 1024;

/**
 * The network side of `Send`: POST, keep-alive, no redirects, no second try.
 * Load this file with the first call only: importing undici costs more than starting Node.
 */
export function createNetwork(options: NetworkOptions): Send & { close(): Promise<void> } {
  const largest = options.largest ?? 64 * MiB;
  const agent = new Agent({
    connect: { timeout: options.connectMs ?? 10_000 },
    headersTimeout: options.firstByteMs ?? 45_000,
    bodyTimeout: options.betweenBytesMs ?? 15_000,
    keepAliveTimeout: 30_000,
    connections: 4,
    pipelining: 1,
  });
  const base = new URL(options.baseUrl);
  const send = async (request: Parameters<Send>[0], signal: AbortSignal): Promise<Incoming> => {
    signal.throwIfAborted();
    try {
      const response = await agent.request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/$/, "")}/${request.route}`,
        method: "POST",
        headers: { ...request.headers },
        body: request.body,
        signal,
      });
      return await gather(response, largest);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof Unreadable) throw error;
      throw unreachable(error, base.host);
    }
  };
  return Object.assign(send, { close: () => agent.destroy() });
}

async function gather(response: Dispatcher.ResponseData, largest: number): Promise<Incoming> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const succeeded = response.statusCode >= 200 && response.statusCode < 300;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Of a refusal only its first words are ever shown.
    if (!succeeded && size > enoughOfARefusal) {
      response.body.destroy();
      break;
    }
    if (size > largest) {
      response.body.destroy();
      throw new Unreadable(
        `SkyPrep's answer is larger than ${Math.floor(largest / MiB)} MiB.`,
        "Ask for less: narrow the call with its filters, or take a smaller report.",
        "yes",
      );
    }
    chunks.push(chunk);
  }
  const retryAfter = Number(single(response.headers["retry-after"]));
  return {
    status: response.statusCode,
    contentType: single(response.headers["content-type"]) ?? "",
    body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
    ...(Number.isFinite(retryAfter) && retryAfter >= 0 && { retryAfter }),
  };
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

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
  const code = codeOf(error);
  const routeless = code === "EHOSTUNREACH" || code === "ENETUNREACH";
  if (neverSent.has(code) || (routeless && syscallOf(error) === "connect")) {
    const tls = /CERT|SIGNATURE|SELF_SIGNED/.test(code);
    return new Unreachable(
      `No connection to ${host} (${code}); nothing was sent.`,
      tls
        ? "The certificate is not trusted: check SKYPREP_BASE_URL and any proxy on this network."
        : "Check the internet connection and SKYPREP_BASE_URL, then call again.",
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
