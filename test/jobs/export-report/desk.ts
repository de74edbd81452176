import { inject } from "vitest";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Send } from "../../../src/skyprep/send.ts";
import { type AcademyOptions, noon } from "../../support/academy.ts";
import { seededTables } from "../../support/seeded.ts";
import { type Between, createAcademy } from "../shared/plan-academy.ts";

export type Reply = Awaited<ReturnType<Awaited<ReturnType<typeof openDesk>>["call"]>>;

export const said = (body: unknown, status = 200): Incoming => ({
  status,
  contentType: "",
  body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
});

/** Someone who asks for reports; time passes only while somebody waits. */
export async function openDesk({
  between,
  academy = createAcademy(),
  ...options
}: AcademyOptions & { between?: Between; academy?: Academy } = {}) {
  const open = () => academy.open(between, { ...options, pause: async (ms: number) => academy.pass(ms) });
  const server = await open();
  return {
    ...academy,
    academy,
    server,
    open,
    routes: () => academy.sent.map(({ route }) => route),
    call: (args: Record<string, unknown>) => server.call("export_report", args),
    close: () => server.close(),
  };
}
type Academy = ReturnType<typeof createAcademy>;

/** What stands at one route instead of the sandbox, from its first call on; undefined lets the call through. */
export const instead = (
  route: string,
  answers: readonly (Incoming | undefined)[],
  then?: Incoming,
): Between => {
  let call = 0;
  return async (_, request, pass) => {
    if (request.route !== route) return pass();
    const answer = call < answers.length ? answers[call] : then;
    call += 1;
    return answer ?? pass();
  };
};

export const rowsOf = ({ structured }: Pick<Reply, "structured">) => structured?.rows as string[][];
export const exportOf = ({ structured }: Pick<Reply, "structured">) =>
  structured?.export as { id: string; uri: string; bytes: number; file: string };

/** A sandbox that remembers which routes were called. */
export function countedSandbox({ people = 302 } = {}) {
  const sandbox = createSandbox({
    now: () => noon,
    strict: inject("strict"),
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
  });
  const routes: string[] = [];
  const send: Send = (request, signal) => {
    routes.push(request.route);
    return sandbox.send(request, signal);
  };
  return { sandbox, routes, send };
}
