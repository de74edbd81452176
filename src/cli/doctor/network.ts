import { Failure } from "../../skyprep/failure.ts";
import { type Look, sayFound } from "../account.ts";
import { type Finding, ok, wrong } from "./finding.ts";

const patienceMs = 10_000;
const skewMs = 120_000;

/** Whether the API's host answers, and what its clock says; without the key. */
export async function reached(baseUrl: string, now: () => number): Promise<Finding[]> {
  const { host, origin } = new URL(baseUrl);
  const begun = now();
  let date: string | null;
  try {
    const answer = await fetch(origin, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
    });
    date = answer.headers.get("date");
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const code = (cause as { code?: unknown; name?: unknown }).code ?? (cause as Error).name;
    return [
      wrong(
        `${host} cannot be reached (${String(code)}): check the internet connection, a proxy, and SKYPREP_BASE_URL`,
      ),
    ];
  }
  const ended = now();
  return [ok(`${host} answers, in ${ended - begun} ms`), clock(date, (begun + ended) / 2)];
}

/** A date's seconds are whole; a wrong clock breaks certificates and makes the pace and expiries odd. */
function clock(date: string | null, at: number): Finding {
  const theirs = date === null ? Number.NaN : Date.parse(date) + 500;
  if (Number.isNaN(theirs)) return ok("the clock was not compared: the answer has no date");
  const off = Math.round((at - theirs) / 1000);
  if (Math.abs(at - theirs) <= skewMs) return ok(`this computer's clock is right (${Math.abs(off)} s apart)`);
  const by =
    Math.abs(off) < 7200
      ? `${Math.round(Math.abs(off) / 60)} minutes`
      : `${Math.round(Math.abs(off) / 3600)} hours`;
  return wrong(
    `this computer's clock is ${by} ${off > 0 ? "ahead" : "behind"}: let it set itself from the internet`,
  );
}

export async function opened(look: Look, account: Parameters<Look>[0]): Promise<Finding> {
  try {
    return ok(`the account is ${sayFound(await look(account))}`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return wrong(`the account did not open: ${error.message} ${error.next}`);
  }
}
