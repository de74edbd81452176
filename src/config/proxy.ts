import type { HttpProxy } from "../skyprep/proxy.ts";
import { isPlaceholder, meant, type Problem } from "./flags.ts";

/** curl's order: lower case first. The network's settings, not ours: an unfilled one is no reason to stop. */
export function readProxy(
  env: Readonly<Record<string, string | undefined>>,
  problems: Problem[],
): HttpProxy | undefined {
  const from = ["https_proxy", "HTTPS_PROXY"].find((name) => meant(env[name]) !== undefined);
  const value = from && meant(env[from]);
  if (from === undefined || value === undefined || isPlaceholder(value)) return undefined;
  const url = /^[a-z][\w+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol !== "http:" && protocol !== "https:") {
    problems.push({ setting: from, fix: "write the proxy as http://proxy.example.com:8080." });
    return undefined;
  }
  return { url, except: meant(env.no_proxy) ?? meant(env.NO_PROXY) ?? "", from };
}
