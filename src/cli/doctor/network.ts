import type { Config } from "../../config/read-config.ts";
import { nameOf } from "../../skyprep/proxy.ts";
import { Failure } from "../../skyprep/response.ts";
import { count } from "../../text/english.ts";
import { type Look, sayFound } from "../account.ts";
import { type CheckResult, ok, wrong } from "./finding.ts";
import type { Variables } from "./settings.ts";

const patienceMs = 10_000;
const skewMs = 120_000;

/** What leads out of this network, and whose certificates are trusted. */
export function ways({ proxy }: Pick<Config, "proxy">, env: Variables): CheckResult[] {
  const trusted = env.NODE_EXTRA_CA_CERTS;
  return [
    ...(proxy ? [ok(`SkyPrep is called through the proxy ${nameOf(proxy)}`)] : []),
    ...(trusted ? [ok(`certificates of your company: NODE_EXTRA_CA_CERTS is ${trusted}`)] : []),
  ];
}

/** Whether the API's host answers, and what its clock says; without the key. */
export async function reached(
  { baseUrl, proxy }: Pick<Config, "baseUrl" | "proxy">,
  now: () => number,
): Promise<CheckResult[]> {
  const { host } = new URL(baseUrl);
  const { createNetwork } = await import("../../skyprep/network.ts");
  const network = createNetwork({ baseUrl, proxy });
  const begun = now();
  let date: string | undefined;
  try {
    date = await network.date(AbortSignal.timeout(patienceMs));
  } catch (error) {
    if (error instanceof Failure) return [wrong(`${host} cannot be reached. ${error.message} ${error.next}`)];
    return [wrong(`${host} did not answer within ${patienceMs / 1000} s: check the internet connection`)];
  } finally {
    await network.close();
  }
  const ended = now();
  return [ok(`${host} answers, in ${ended - begun} ms`), clock(date, (begun + ended) / 2)];
}

/** A date's seconds are whole; a wrong clock breaks certificates and makes the pace and expiries odd. */
function clock(date: string | undefined, at: number): CheckResult {
  const theirs = date === undefined ? Number.NaN : Date.parse(date) + 500;
  if (Number.isNaN(theirs)) return ok("the clock was not compared: the answer has no date");
  const off = Math.round((at - theirs) / 1000);
  if (Math.abs(at - theirs) <= skewMs) return ok(`this computer's clock is right (${Math.abs(off)} s apart)`);
  const by =
    Math.abs(off) < 7200
      ? count(Math.round(Math.abs(off) / 60), "minute")
      : count(Math.round(Math.abs(off) / 3600), "hour");
  return wrong(
    `this computer's clock is ${by} ${off > 0 ? "ahead" : "behind"}: let it set itself from the internet`,
  );
}

export async function opened(look: Look, account: Parameters<Look>[0]): Promise<CheckResult> {
  try {
    return ok(`the account is ${sayFound(await look(account))}`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return wrong(`the account did not open: ${error.message} ${error.next}`);
  }
}
