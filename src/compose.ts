import type { Section } from "../tools/schema/operation.ts";
import { type Caller, createCaller } from "./call/call.ts";
import { type Catalogue, createCatalogue } from "./call/catalogue.ts";
import { type Config, problemText } from "./config.ts";
import { readOnly } from "./guard/read-only.ts";
import { createApi } from "./skyprep/api.ts";
import type { Send } from "./skyprep/send.ts";

/** What the sandbox takes for a key and a domain: nobody needs an account to try this. */
export const sandboxAccount = { apiKey: "sandbox-key", acctKey: "example.skyprepapp.com" };

/** settings → send → api → caller: the whole server but its transport, in the order a call meets it. */
export function compose(
  config: Config,
  sections: Readonly<Record<string, Section>>,
  send: Send,
): { catalogue: Catalogue; call: Caller } {
  const catalogue = createCatalogue(sections, config);
  const guarded = config.readOnly ? readOnly(send, catalogue.reads) : send;
  const api = createApi(guarded, config.sandbox.on ? sandboxAccount : config);
  const call = createCaller(catalogue, api, {
    sandbox: config.sandbox.on,
    timeoutMs: config.timeoutMs,
    customFields: config.customFields,
    problems: config.problems.map(problemText),
    secrets: config.sandbox.on || config.apiKey.length < 4 ? [] : [config.apiKey],
  });
  return { catalogue, call };
}
