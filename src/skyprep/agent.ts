import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { type HttpProxy, nameOf } from "./proxy.ts";

/** Milliseconds (contract §2). */
export interface Patience {
  readonly connectMs?: number;
  readonly firstByteMs?: number;
  readonly betweenBytesMs?: number;
  /** At once: as many as the pace lets read at once, unless said otherwise. */
  readonly connections?: number;
}

/** The proxy did not lead out: nothing reached SkyPrep. `status`: what it answered, where it answered. */
export class NoTunnel extends Error {
  readonly proxy: string;
  readonly status: number | undefined;
  constructor(proxy: string, status: number | undefined, cause?: unknown) {
    super("no way out through the proxy", { cause });
    this.proxy = proxy;
    this.status = status;
  }
}

/**
 * Connections to SkyPrep: direct, or through the company's proxy by CONNECT alone, so that it sees a host's name
 * and never a header or a body of ours. This computer itself is never called through it.
 */
export function createAgent(base: URL, proxy: HttpProxy | undefined, patience: Patience): Dispatcher {
  const { connectMs = 10_000, firstByteMs = 45_000, betweenBytesMs = 15_000, connections = 4 } = patience;
  const common = {
    headersTimeout: firstByteMs,
    bodyTimeout: betweenBytesMs,
    keepAliveTimeout: 30_000,
    connections,
    pipelining: 1,
  };
  const connect = { timeout: connectMs };
  // Whatever is not encrypted would be read by the proxy; only this computer may be called so.
  if (proxy === undefined || base.protocol !== "https:" || isThisComputer(base.hostname)) {
    return new Agent({ ...common, connect });
  }
  return new EnvHttpProxyAgent({
    ...common,
    connect,
    httpProxy: "",
    httpsProxy: proxy.url,
    noProxy: proxy.except,
    proxyTls: connect,
    requestTls: connect,
    clientFactory: (url: URL, options: object) =>
      tunnelling(new Pool(url, { ...options, headersTimeout: connectMs }), nameOf(proxy)),
  });
}

export const isThisComputer = (hostname: string): boolean =>
  /^127(\.\d+){3}$/.test(hostname) || ["localhost", "[::1]"].includes(hostname);

/** A tunnel that is not there is told apart from an answer that was lost. */
function tunnelling(pool: Pool, proxy: string): Pool {
  const connect = pool.connect.bind(pool) as (
    options: Dispatcher.ConnectOptions,
  ) => Promise<Dispatcher.ConnectData>;
  const tunnel = async (options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    let data: Dispatcher.ConnectData;
    try {
      data = await connect(options);
    } catch (error) {
      throw new NoTunnel(proxy, undefined, error);
    }
    if (data.statusCode === 200) return data;
    data.socket.on("error", () => {}).destroy();
    throw new NoTunnel(proxy, data.statusCode);
  };
  return Object.assign(pool, { connect: tunnel });
}
