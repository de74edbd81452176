import { request } from "node:http";
import type { Login } from "../../src/http/login-types.ts";

/** Whoever the cookie says, as if an identity provider had said so. */
export const fakeLogin: Login = {
  async signedIn({ cookie = "" }) {
    const person = /^who=(.+)$/.exec(cookie)?.[1];
    return person === undefined ? undefined : { person, groups: [], csrf: csrfOf(person) };
  },
  begin: async (path) =>
    new Response(null, { status: 302, headers: { location: `https://id.example/?to=${path}` } }),
  answer: async () => undefined,
};
export const csrfOf = (person: string) => `csrf of ${person}`;

interface Sent {
  readonly method?: "GET" | "POST";
  readonly who?: string | undefined;
  readonly form?: Record<string, string>;
  readonly headers?: Record<string, string | undefined>;
}

/** One request as a browser sends it, or as the changes say. */
export function browse(base: string, path: string, { method, who, form, headers = {} }: Sent = {}) {
  const { host, hostname, port } = new URL(base);
  const all: Record<string, string | undefined> = {
    host,
    ...(who !== undefined && { cookie: `who=${who}` }),
    ...(form && {
      origin: base,
      "sec-fetch-site": "same-origin",
      "content-type": "application/x-www-form-urlencoded",
    }),
    ...headers,
  };
  return new Promise<{ status: number; html: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = request(
        {
          hostname,
          port,
          path,
          method: method ?? (form ? "POST" : "GET"),
          agent: false,
          headers: Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined)) as Record<
            string,
            string
          >,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              html: Buffer.concat(chunks).toString("utf8"),
              headers: response.headers,
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(form && new URLSearchParams(form).toString());
    },
  );
}

/** The page's form, sent as a person does who is signed in. */
export const answerAt = (
  base: string,
  path: string,
  who: string,
  fields: Record<string, string>,
  headers: Record<string, string | undefined> = {},
) => browse(base, path, { who, form: { token: csrfOf(who), ...fields }, headers });
