import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Send } from "../../../src/skyprep/send.ts";
import { type Around, connect, liveAccount, noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";

export type Fields = Record<string, unknown>;
export interface Came {
  readonly route: string;
  readonly form: URLSearchParams;
}

/** What stands between the client and its academy, where nobody switched anything. */
export interface Between {
  /** As the academy reads what is asked; undefined: no such thing there. */
  readonly asked?: (form: URLSearchParams, route: string) => URLSearchParams | undefined;
  /** As it writes its answer. */
  readonly answered?: (value: unknown, came: Came) => unknown;
  /** In place of an answer; undefined: the answer comes. */
  readonly instead?: (came: Came & { readonly isDone: boolean }) => Incoming | undefined;
  readonly people?: number;
}

const encoder = new TextEncoder();
export const incoming = (status: number, body: string, more: Partial<Incoming> = {}): Incoming => ({
  status,
  contentType: "",
  body: encoder.encode(body),
  ...more,
});

/** A client before an academy that writes, reads and breaks as it is told here. */
export async function academyBehind(
  { asked = (form) => form, answered = (value) => value, instead = () => undefined, people }: Between,
  around: Around = {},
) {
  let now = noon;
  const sandbox = createSandbox({
    now: () => now,
    ...(people !== undefined && { people }),
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
    apiKey: liveAccount.SKYPREP_API_KEY,
    domain: liveAccount.SKYPREP_ACCT_KEY,
  });
  const sent: Came[] = [];
  const send: Send = async (request, signal) => {
    const { route } = request;
    const form = new URLSearchParams(request.body);
    sent.push({ route, form });
    const early = instead({ route, form, isDone: false });
    if (early !== undefined) return early;
    const read = asked(new URLSearchParams(form), route);
    if (read === undefined) return incoming(404, '{"error":"not found"}');
    const answer = await sandbox.send({ ...request, body: read.toString() }, signal);
    const late = instead({ route, form, isDone: true });
    if (late !== undefined) return late;
    if (answer.status !== 200 || !/json/.test(answer.contentType)) return answer;
    const value: unknown = JSON.parse(Buffer.from(answer.body).toString());
    return { ...answer, body: encoder.encode(JSON.stringify(answered(value, { route, form }))) };
  };
  const connected = await connect(
    send,
    { ...liveAccount },
    {
      clock: { now: () => now, after: () => () => {} },
      pause: async (ms) => {
        now += ms;
      },
      ...around,
    },
  );
  return {
    ...connected,
    sandbox,
    sent: (route: string) => sent.filter((one) => one.route === route).map(({ form }) => form),
  };
}

/** Every record inside a value, each written anew. */
export const deep = (value: unknown, change: (row: Fields) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((one) => deep(one, change));
  if (typeof value !== "object" || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, deep(one, change)])));
};

/** All numbers of records, as an academy writes them. */
export const numbered = (write: (id: number) => unknown) => (value: unknown) =>
  deep(value, (row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, one]) => [
        name,
        /(^|_)id$/.test(name) && typeof one === "number" ? write(one) : one,
      ]),
    ),
  );
