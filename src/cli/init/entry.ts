import { defaultBaseUrl } from "../../config/settings.ts";
import type { Client } from "./clients.ts";

/** The name of our entry in every client. */
export const entryName = "skyprep";

/** What an entry starts, and with which settings. */
export interface EntrySettings {
  /** Node and the program, both by their whole path: clients start with a bare PATH. */
  readonly node: string;
  readonly program: string;
  /** Undefined: the pretend academy. */
  readonly account: { readonly apiKey: string; readonly acctKey: string } | undefined;
  readonly baseUrl: string;
  readonly readOnly: boolean;
}

export interface ClientEntry {
  readonly type?: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function entryFor(
  { typed, sections }: Pick<Client, "typed" | "sections">,
  wanted: EntrySettings,
): ClientEntry {
  const { node, program, account, baseUrl, readOnly } = wanted;
  return {
    ...(typed && { type: "stdio" }),
    command: node,
    args: [program, ...(account === undefined ? ["--sandbox"] : [])],
    env: {
      ...(account && { SKYPREP_API_KEY: account.apiKey, SKYPREP_ACCT_KEY: account.acctKey }),
      ...(account && baseUrl !== defaultBaseUrl && { SKYPREP_BASE_URL: baseUrl }),
      ...(readOnly && { SKYPREP_READ_ONLY: "true" }),
      ...(sections !== undefined && { SKYPREP_SECTIONS: sections }),
    },
  };
}

/** The same without secrets, to be shown. */
export const masked = (entry: ClientEntry): ClientEntry => ({
  ...entry,
  env: Object.fromEntries(
    Object.entries(entry.env).map(([name, value]) => [
      name,
      /KEY|PIN/.test(name) ? mask(name, value) : value,
    ]),
  ),
});

/** The domain is no secret; of a key the last four tell two apart; of a PIN nothing is told. */
export const mask = (name: string, value: string): string => {
  if (name === "SKYPREP_ACCT_KEY") return value;
  return `••••${name === "SKYPREP_API_KEY" && value.length > 8 ? value.slice(-4) : ""}`;
};
