import type { z } from "zod";
import type { Section } from "../tools/schema/operation.ts";
import { type Caller, createCaller } from "./call/call.ts";
import { type Catalogue, createCatalogue } from "./call/catalogue.ts";
import { type Config, problemText } from "./config.ts";
import { readOnly } from "./guard/read-only.ts";
import { createApi } from "./skyprep/api.ts";
import type { Send } from "./skyprep/send.ts";
import { createKeptLists } from "./store/lists.ts";

/** What the sandbox takes for a key and a domain: nobody needs an account to try this. */
export const sandboxAccount = { apiKey: "sandbox-key", acctKey: "example.skyprepapp.com" };

/** What the API is, as `tools/` says it. */
export interface Definition {
  readonly sections: Readonly<Record<string, Section>>;
  readonly listing: z.ZodRawShape;
}

export interface World {
  readonly send: Send;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** settings → send → api → caller: the whole server but its transport, in the order a call meets it. */
export function compose(
  config: Config,
  { sections, listing }: Definition,
  { send, now }: World,
): { catalogue: Catalogue; call: Caller } {
  const catalogue = createCatalogue(sections, config, listing);
  const account = config.sandbox.on ? sandboxAccount : config;
  const api = createApi(config.readOnly ? readOnly(send, catalogue.reads) : send, account);
  const world = {
    api,
    kept: createKeptLists<readonly unknown[]>({ now }),
    view: { personal: config.reveal.personal, labels: config.labels },
    account: account.acctKey,
  };
  const call = createCaller(catalogue, world, {
    sandbox: config.sandbox.on,
    timeoutMs: config.timeoutMs,
    customFields: config.customFields,
    problems: config.problems.map(problemText),
    secrets: config.sandbox.on || config.apiKey.length < 4 ? [] : [config.apiKey],
  });
  return { catalogue, call };
}
