import { isRecord } from "./is-record.ts";

/** What the host tells of itself: `HostContext` of the specification, in so far as we heed it. Nothing of it is trusted. */
export type HostContext = Readonly<Record<string, unknown>>;

export interface Hears {
  /** At the beginning, and whenever some of it changes: then only what changed. */
  readonly context: (context: HostContext) => void;
  /** The reply this app was opened for. */
  readonly result: (result: unknown) => void;
}

export interface Host {
  /** What the host answers. Rejects where it refuses, or says nothing for two minutes. */
  readonly request: (method: "tools/call" | "resources/read", params: object) => Promise<unknown>;
  /** How high what is shown is now. */
  readonly resized: (pixels: number) => void;
}

const protocolVersion = "2026-01-26";
/** Longer than a call of ours takes, and than a person whom the host asks whether it may. */
const patienceMs = 120_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** MCP Apps' messages: JSON-RPC 2.0 with the window this page is framed in, and with no other. */
export function connectHost(hears: Hears): Host {
  const host = window.parent;
  const waiting = new Map<number, Waiting>();
  let requests = 0;
  let isOpen = false;
  let height = 0;
  // To any origin: a page that is framed cannot know whose it is, and says nothing its host did not hand it.
  const post = (message: object) => host.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const ask = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++requests;
      waiting.set(id, { resolve, reject });
      post({ id, method, params });
    });

  const tellSize = () => {
    if (isOpen && height > 0) post({ method: "ui/notifications/size-changed", params: { height } });
  };

  const notices: Readonly<Record<string, (params: unknown) => void>> = {
    "ui/notifications/tool-result": hears.result,
    "ui/notifications/host-context-changed": (params) => isRecord(params) && hears.context(params),
    // The arguments of the call, and that it was given up: there is nothing to show of either.
    "ui/notifications/tool-input": () => {},
    "ui/notifications/tool-input-partial": () => {},
    "ui/notifications/tool-cancelled": () => {},
  };
  const answers: Readonly<Record<string, () => void>> = {
    ping: () => {},
    "ui/resource-teardown": () => {
      isOpen = false;
    },
  };

  window.addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    if (source !== host || source === window || !isRecord(data) || data.jsonrpc !== "2.0") return;
    const { id, method, params, result, error } = data;
    if (typeof method !== "string") {
      const asked = typeof id === "number" ? waiting.get(id) : undefined;
      waiting.delete(id as number);
      if (error !== undefined || result === undefined) asked?.reject(new Error("refused"));
      else asked?.resolve(result);
    } else if (id === undefined) {
      if (Object.hasOwn(notices, method)) notices[method]?.(params);
    } else if (Object.hasOwn(answers, method)) {
      answers[method]?.();
      post({ id, result: {} });
    } else post({ id, error: { code: -32_601, message: "Method not found" } });
  });

  const begin = async () => {
    const began = await ask("ui/initialize", {
      protocolVersion,
      appInfo: { name: "skyprep-mcp", version: "1" },
      appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
    });
    if (isRecord(began) && isRecord(began.hostContext)) hears.context(began.hostContext);
    isOpen = true;
    post({ method: "ui/notifications/initialized", params: {} });
    tellSize();
  };
  // A host that does not begin shows its text, and this page stays empty.
  begin().catch(() => {});

  return {
    request: (method, params) =>
      Promise.race([
        ask(method, params),
        new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), patienceMs)),
      ]),
    resized(pixels) {
      if (pixels === height) return;
      height = pixels;
      tellSize();
    },
  };
}
