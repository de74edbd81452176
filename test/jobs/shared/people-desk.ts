import { expect } from "vitest";
import { Unreachable } from "../../../src/skyprep/response.ts";
import type { Reply } from "../../support/academy.ts";
import { isRead, turnsOf } from "../../support/at-every-call.ts";
import type { Academy, Between, Sent } from "./plan-academy.ts";

export interface Called extends Reply {
  /** What SkyPrep was sent for it. */
  sent: Sent[];
}

type Options = NonNullable<Parameters<Academy["open"]>[1]>;

/** One call of one server over this academy; the server ends with it. */
export async function callIn(
  academy: Academy,
  [name, args]: Job,
  { between, ...options }: { between?: Between } & Options = {},
): Promise<Called> {
  const server = await academy.open(between, options);
  const from = academy.sent.length;
  try {
    return { ...(await server.call(name, args)), sent: academy.sent.slice(from) };
  } finally {
    await server.close();
  }
}

export type Job = readonly [name: string, args: Record<string, unknown>];

export const routes = ({ sent }: Called): string[] => sent.map(({ route }) => route);
export const writesOf = ({ sent }: Called): Sent[] => sent.filter(({ route }) => !isRead(route));
export const items = ({ structured }: Reply) =>
  (structured?.items ?? []) as { what: string; outcome: string; why?: string }[];

/** What happens at one call: SkyPrep fails or refuses before it did anything, did it and the answer is lost, or is away from then on. */
export type Fault = "fails" | "refuses" | "lost" | "down";
const lost = () => new Unreachable("The connection ended.", "Call again.", "maybe");
const answer = (status: number, text: string) => ({
  status,
  contentType: "text/plain",
  body: new TextEncoder().encode(text),
});

export const faulty =
  (n: number, fault: Fault): Between =>
  async (call, _, pass) => {
    if (fault === "down" && call >= n) throw lost();
    if (call !== n) return pass();
    if (fault === "fails") return answer(500, "Something went wrong");
    if (fault === "refuses") return answer(422, "Not today");
    await pass();
    throw lost();
  };

/** Writes that SkyPrep did, which must not be done twice, whatever they were sent as. */
const onlyOnce = /^(create_|assign_|move_|destroy_user$)/;
export function doneTwice(academy: Academy): string[] {
  const counts = new Map<string, number>();
  const count = (key: string, n = 1) => counts.set(key, (counts.get(key) ?? 0) + n);
  for (const { route, form, status } of academy.sent)
    if (status === 200 && onlyOnce.test(route)) count(`${route} ${form}`);
  for (const [pair, n] of academy.pairs()) {
    const [who = "", ...target] = pair.split(" ");
    const own = [...academy.world.people.values()].find(({ email }) => email === who.toLowerCase());
    count(`${own?.id ?? who} ${target.join(" ")}`, n);
  }
  return [...counts].filter(([, n]) => n > 1).map(([key]) => key);
}

/** The job with a fault at each of its calls in turn, and then once more without: the end is as if nothing had been. */
export async function atEveryCall(
  job: Job,
  {
    academy,
    end,
    check,
  }: {
    academy: () => Academy;
    end: (academy: Academy) => unknown;
    check?: (called: Called, academy: Academy, where: string) => void;
  },
): Promise<number> {
  const whole = academy();
  const { sent } = await callIn(whole, job);
  const wanted = end(whole);
  for (const { n, way: fault } of turnsOf(sent, ["fails", "refuses", "lost", "down"] as const)) {
    const where = `${fault} at call ${n} (${sent[n - 1]?.route})`;
    const one = academy();
    const first = await callIn(one, job, { between: faulty(n, fault) });
    const open =
      first.isError || items(first).some(({ outcome }) => /failed|unknown|not tried/.test(outcome));
    if (!open) expect(end(one), `said to be done: ${where}`).toEqual(wanted);
    check?.(first, one, where);
    one.pass(61_000);
    await callIn(one, job);
    expect(end(one), where).toEqual(wanted);
    expect(doneTwice(one), where).toEqual([]);
  }
  return sent.length;
}
