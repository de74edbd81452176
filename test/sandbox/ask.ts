import { createSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/server/sandbox.ts";
import type { Incoming, Send } from "../../src/skyprep/send.ts";

/** Every test's clock stands here unless it brings its own: a Thursday noon in New York. */
export const noon = Date.parse("2026-05-07T12:00:00.000-04:00");

export const keys = {
  "X-SkyPrep-API-Key": "sandbox-key",
  "X-SkyPrep-Acct-Key": "example.skyprepapp.com",
};

export type Params = Record<string, string | number | boolean | readonly (string | number)[]>;

/** An array goes as repeated `name[]`; all else as `name=value`. */
export function encode(params: Params): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === "object") for (const item of value) form.append(`${name}[]`, String(item));
    else form.append(name, String(value));
  }
  return form.toString();
}

export interface Reply {
  status: number;
  text: string;
  contentType: string;
  bytes: Uint8Array;
  retryAfter: number | undefined;
  /** The body as JSON, taken to have the shape the test expects. */
  json<T = Record<string, unknown>>(): T;
}

const reply = ({ status, contentType, body, retryAfter }: Incoming): Reply => {
  const text = new TextDecoder().decode(body);
  return { status, text, contentType, bytes: body, retryAfter, json: <T>() => JSON.parse(text) as T };
};

/** One call, as it would go over the wire. */
export async function ask(
  send: Send,
  route: string,
  params: Params = {},
  headers: Record<string, string> = keys,
): Promise<Reply> {
  return reply(await send({ route, headers, body: encode(params) }, new AbortController().signal));
}

/** A sandbox at a fixed time, with no limit on calls. */
export function newSandbox(options: SandboxOptions = {}): Sandbox {
  return createSandbox({ now: () => noon, callsPerMinute: Infinity, ...options });
}
