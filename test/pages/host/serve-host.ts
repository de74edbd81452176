import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import type { Client } from "@modelcontextprotocol/client";
import { build } from "esbuild";
import type { Browser, BrowserContextOptions, Frame } from "playwright-core";
import { listen } from "../../../src/http/serve.ts";

const bundled = async (file: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text.replaceAll("</script", "<\\/script") ?? "";
};

interface Csp {
  readonly connectDomains?: readonly string[];
  readonly resourceDomains?: readonly string[];
}

/** What the specification has a host enforce, of what a resource declares. */
function policyOf({ connectDomains = [], resourceDomains = [] }: Csp = {}): string {
  const from = ["'self'", ...resourceDomains].join(" ");
  return [
    "default-src 'none'",
    `script-src ${from} 'unsafe-inline'`,
    `style-src ${from} 'unsafe-inline'`,
    `img-src ${from} data:`,
    `media-src ${from} data:`,
    `connect-src ${connectDomains.length > 0 ? connectDomains.join(" ") : "'none'"}`,
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'self'",
  ].join("; ");
}

/** Two origins on this computer: a host's page and its sandbox proxy. */
export async function serveHost() {
  const [chat, proxy] = await Promise.all([bundled("chat.mjs"), bundled("sandbox-proxy.mjs")]);
  const loopback = { host: "127.0.0.1", port: 0 };
  const html = (script: string) =>
    `<!doctype html><meta charset="utf-8"><title>Host</title><style>html, body { margin: 0; height: 100% } iframe { display: block; border: 0; width: 100%; height: 40px }</style><body><script type="module">${script}</script>`;
  const page = createServer((_, response) =>
    response
      .setHeader("content-type", "text/html")
      .end(html(chat).replace("<body>", "<body><iframe></iframe>")),
  );
  const sandbox = createServer(({ url = "" }, response) => {
    const declared = new URL(url, "http://x").searchParams.get("csp");
    response
      .setHeader("content-type", "text/html")
      .setHeader("content-security-policy", policyOf(declared === null ? {} : JSON.parse(declared)))
      .end(html(proxy));
  });
  const [own, other] = [await listen(page, loopback), await listen(sandbox, loopback)];
  return {
    page: `http://127.0.0.1:${own.port}/`,
    sandbox: `http://127.0.0.1:${other.port}/`,
    close: () => {
      for (const server of [page, sandbox]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
type ServedHost = Awaited<ReturnType<typeof serveHost>>;

export interface FromApp {
  readonly method: "tools/call" | "resources/read";
  readonly params: {
    readonly name?: string;
    readonly arguments?: Record<string, unknown>;
    readonly uri?: string;
  };
}

interface Hosting {
  readonly browser: Browser;
  readonly served: ServedHost;
  readonly client: Client;
  /** What the tool answered, as the host hands it on; left out: nothing came yet. */
  readonly result?: unknown;
  readonly app?: string;
  /** `hostContext` of the specification. */
  readonly context?: object;
  /** What the inner frame may; left out: as the specification's own host has it. */
  readonly inner?: string;
  readonly screen?: BrowserContextOptions;
  /** Put between the app and the server. */
  readonly between?: (asked: FromApp, pass: () => Promise<unknown>) => Promise<unknown>;
  /** Time stands still, and is moved by the test. */
  readonly isStill?: boolean;
}

/** A chat of our own in a browser, in which an app of the server is shown as the specification says. */
export async function showApp({
  browser,
  served,
  client,
  result,
  app = "ui://skyprep/board",
  context = {},
  inner = "allow-scripts allow-same-origin",
  screen = {},
  between = (_, pass) => pass(),
  isStill = false,
}: Hosting) {
  const { contents } = await client.readResource({ uri: app });
  const [{ text: html = "", _meta } = {}] = contents as { text?: string; _meta?: { ui?: { csp?: Csp } } }[];
  const csp = _meta?.ui?.csp;
  const own = await browser.newContext({ viewport: { width: 900, height: 900 }, ...screen });
  const page = await own.newPage();
  if (isStill) await page.clock.install();
  const asked: FromApp[] = [];
  const wrong: string[] = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (![served.page, served.sandbox].some((origin) => request.url().startsWith(origin)))
      if (!/^(about|data):/.test(request.url())) wrong.push(`request: ${request.url()}`);
  });
  await page.exposeFunction("fromApp", async (method: FromApp["method"], params: FromApp["params"]) => {
    asked.push({ method, params });
    const { name = "", arguments: args = {}, uri = "" } = params;
    return between({ method, params }, () =>
      method === "tools/call" ? client.callTool({ name, arguments: args }) : client.readResource({ uri }),
    );
  });
  const sandbox = `${served.sandbox}?csp=${encodeURIComponent(JSON.stringify(csp ?? {}))}`;
  await page.addInitScript(
    (hosting) => {
      if ((globalThis as { top?: unknown }).top === (globalThis as { self?: unknown }).self)
        Object.assign(globalThis, { hosting });
    },
    { sandbox, inner, html, csp, context },
  );
  await page.goto(served.page);
  await page.evaluate("begun");
  const send = (method: string, params: unknown) =>
    page.evaluate(
      ([name, given]) => {
        const { bridge } = globalThis as unknown as {
          bridge: Record<string, (params: unknown) => Promise<unknown>>;
        };
        return bridge[name as string]?.(given);
      },
      [method, params] as const,
    );
  if (result !== undefined) {
    await send("sendToolInput", { arguments: {} });
    await send("sendToolResult", result);
  }
  const frame = page.frames().find((one) => one.parentFrame()?.parentFrame() === page.mainFrame()) as Frame;
  return {
    page,
    /** What the app is in. */
    frame,
    asked,
    /** Errors, dialogs, and requests to anybody else. */
    wrong,
    send,
    /** A message as it is, whatever the bridge would say of it. */
    post: (message: unknown) =>
      page.evaluate((data) => {
        const { document } = globalThis as unknown as {
          document: {
            querySelector(of: string): { contentWindow: { postMessage(data: unknown, to: string): void } };
          };
        };
        document.querySelector("iframe").contentWindow.postMessage(data, "*");
      }, message as object),
    sizes: () => page.evaluate("sizes") as Promise<{ width?: number; height?: number }[]>,
    height: () => page.evaluate("document.querySelector('iframe').clientHeight") as Promise<number>,
    close: () => own.close(),
  };
}
export type ShownApp = Awaited<ReturnType<typeof showApp>>;
