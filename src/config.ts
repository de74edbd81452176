import { parseArgs } from "node:util";
import type { Budgets } from "./guard/budgets.ts";
import type { Confirm } from "./guard/leave.ts";

/** A setting that is wrong, and what to do about it. Never holds a key's value. */
export interface Problem {
  readonly setting: string;
  readonly fix: string;
}

export interface Config {
  readonly apiKey: string;
  readonly acctKey: string;
  readonly baseUrl: string;
  readonly sandbox: { readonly on: boolean; readonly people: number; readonly strict: boolean };
  /** The sections offered, or undefined for all. */
  readonly sections: readonly string[] | undefined;
  readonly readOnly: boolean;
  readonly timeoutMs: number;
  /** Where files are kept; undefined: the platform's state folder. */
  readonly stateDir: string | undefined;
  /** The tenant's label, in lower case → `ca_N`. */
  readonly customFields: ReadonlyMap<string, string>;
  /** `ca_N` → the tenant's label, as the tenant writes it. */
  readonly labels: ReadonlyMap<string, string>;
  /** Who is asked before anything is lost; where it is set wrongly, everybody always. */
  readonly confirm: Confirm;
  /** Asked for on the approval page; empty: none. */
  readonly approvalPin: string;
  readonly budgets: Budgets;
  /** How long what was there before a change is kept; 0: not at all. */
  readonly keepDays: number;
  readonly reveal: { readonly personal: boolean };
  /** Every call answers with these until they are mended. */
  readonly problems: readonly Problem[];
  /** Said once on stderr; nothing depends on them. */
  readonly notes: readonly string[];
}

/** What a flag or a variable may be; `secret` ones are refused as flags, because other users can see those. */
const settings = {
  "api-key": { secret: true },
  "acct-key": { secret: true },
  "approval-pin": { secret: true },
  "base-url": {},
  sandbox: { flag: true },
  "sandbox-users": {},
  "sandbox-strict": { flag: true },
  sections: {},
  "read-only": { flag: true },
  timeout: {},
  "custom-fields": {},
  reveal: {},
  "state-dir": {},
  confirm: {},
  "keep-days": {},
  "max-deletions": {},
  "max-people": {},
  "max-grants": {},
  // Agreed in the contract, without effect until what they steer is built.
  "calls-per-minute": { later: true },
  log: { later: true },
} as const satisfies Record<string, { secret?: true; flag?: true; later?: true }>;
type Name = keyof typeof settings;

export const variable = (name: Name) => `SKYPREP_${name.toUpperCase().replaceAll("-", "_")}`;
export const defaultBaseUrl = "https://api.skyprep.io/admin/api";

/**
 * Environment and flags → Config, once. Never throws: the server always starts, and what is wrong is said
 * by every call (contract §2).
 */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  sectionNames: readonly string[],
): Config {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const flags = readFlags(argv, problems);
  const get = (name: Name) => flags.get(name) ?? meant(env[variable(name)]);
  const wrong = (name: Name, fix: string) => void problems.push({ setting: variable(name), fix });

  for (const name of Object.keys(settings) as Name[]) {
    if ("later" in settings[name] && get(name) !== undefined) {
      notes.push(`${variable(name)} is set, but has no effect in this version.`);
    }
  }

  const on = (name: Name, whenWrong: boolean): boolean => {
    const value = get(name)?.toLowerCase();
    if (value === undefined) return false;
    if (["true", "1", "yes", "on"].includes(value)) return true;
    if (["false", "0", "no", "off"].includes(value)) return false;
    wrong(name, "set it to true or false.");
    return whenWrong;
  };
  const whole = (name: Name, fallback: number, least: number, most: number): number => {
    const value = get(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    wrong(name, `set it to a whole number from ${least} to ${most}.`);
    return fallback;
  };

  const sandbox = {
    on: on("sandbox", false),
    people: whole("sandbox-users", 302, 10, 20_000),
    strict: on("sandbox-strict", false),
  };
  const apiKey = get("api-key") ?? "";
  const acctKey = (get("acct-key") ?? "").replace(/^https?:\/\//i, "").replace(/\/.*$/, "");
  if (!sandbox.on) {
    if (apiKey === "")
      wrong("api-key", "set it to the account's API key, or start with --sandbox to try without one.");
    else if (!/^[\x21-\x7e]+$/.test(apiKey))
      wrong("api-key", "it holds characters a key cannot have; copy it again.");
    if (acctKey === "") wrong("acct-key", "set it to the account's domain, e.g. yourcompany.skyprepapp.com.");
    else if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(acctKey)) {
      wrong("acct-key", "set it to the bare domain, e.g. yourcompany.skyprepapp.com.");
    }
  }

  const custom = readCustomFields(get("custom-fields"), wrong);
  return {
    apiKey,
    acctKey,
    baseUrl: readBaseUrl(get("base-url"), wrong),
    sandbox,
    sections: readSections(get("sections"), sectionNames, wrong),
    readOnly: on("read-only", true),
    timeoutMs: whole("timeout", 50, 1, 600) * 1000,
    stateDir: get("state-dir"),
    customFields: custom.fields,
    labels: custom.labels,
    confirm: readConfirm(get("confirm"), notes, wrong),
    approvalPin: get("approval-pin") ?? "",
    budgets: {
      maxDeletions: whole("max-deletions", 25, 0, 100_000),
      maxPeople: whole("max-people", 1_000, 0, 1_000_000),
      maxGrants: whole("max-grants", 10, 0, 100_000),
    },
    keepDays: whole("keep-days", 30, 0, 3_650),
    reveal: readReveal(get("reveal"), wrong),
    problems,
    notes,
  };
}

type Wrong = (name: Name, fix: string) => void;

/** An empty value, or a placeholder a host did not fill in, counts as unset. */
function meant(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === "" || /^\$\{[^}]*\}$/.test(trimmed) ? undefined : trimmed;
}

function readFlags(argv: readonly string[], problems: Problem[]): Map<Name, string> {
  const options: Record<string, { type: "string" | "boolean" }> = {};
  for (const [name, kind] of Object.entries(settings))
    options[name] = { type: "flag" in kind ? "boolean" : "string" };
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const flags = new Map<Name, string>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      // Not repeated: somebody may have pasted a key here.
      problems.push({
        setting: "the command line",
        fix: "it has a word that is no command; see skyprep-mcp --help.",
      });
    }
    if (token.kind !== "option") continue;
    const kind = settings[token.name as Name] as { secret?: true; flag?: true } | undefined;
    if (kind === undefined) {
      problems.push({ setting: token.rawName, fix: "it is not a setting; skyprep-mcp --help lists them." });
    } else if (kind.secret) {
      const instead = variable(token.name as Name);
      problems.push({
        setting: token.rawName,
        fix: `use ${instead}: other users of this computer can see flags.`,
      });
    } else {
      const value = meant(token.value ?? (kind.flag ? "true" : undefined));
      if (value !== undefined) flags.set(token.name as Name, value);
      else problems.push({ setting: token.rawName, fix: "it needs a value." });
    }
  }
  return flags;
}

function readConfirm(value: string | undefined, notes: string[], wrong: Wrong): Confirm {
  const asked = value?.toLowerCase();
  if (asked === "off") {
    notes.push("SKYPREP_CONFIRM is off: nobody is asked before anything is removed; only the budgets hold.");
  }
  if (asked === undefined) return "ask";
  if (asked === "ask" || asked === "human" || asked === "unattended" || asked === "off") return asked;
  wrong("confirm", "set it to ask, human, unattended or off.");
  return "human";
}

function readBaseUrl(value: string | undefined, wrong: Wrong): string {
  if (value === undefined) return defaultBaseUrl;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const loopback =
    url && (/^127(\.\d+){3}$/.test(url.hostname) || ["localhost", "[::1]"].includes(url.hostname));
  if (!url || url.username || url.password || url.search || url.hash) {
    wrong("base-url", `set it to a plain address such as ${defaultBaseUrl}.`);
  } else if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    wrong("base-url", "it must begin with https://, so that the key is not sent in the open.");
  } else {
    return value.replace(/\/+$/, "");
  }
  return defaultBaseUrl;
}

function readSections(
  value: string | undefined,
  known: readonly string[],
  wrong: Wrong,
): readonly string[] | undefined {
  if (value === undefined || value.toLowerCase() === "all") return undefined;
  const asked = value
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const strange = asked.filter((name) => !known.includes(name));
  if (strange.length > 0) {
    wrong("sections", `there is no section ${strange.join(", ")}; there are ${known.join(", ")}.`);
  }
  return known.filter((name) => asked.includes(name));
}

interface CustomFields {
  readonly fields: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

/** `ca_0=Region,ca_1=Cost centre`; the labels are the tenant's own. */
function readCustomFields(value: string | undefined, wrong: Wrong): CustomFields {
  const fields = new Map<string, string>();
  const labels = new Map<string, string>();
  for (const pair of value?.split(",") ?? []) {
    const [, field, label] = /^\s*(ca_(?:\d|10))\s*=\s*(\S.*?)\s*$/.exec(pair) ?? [];
    if (field === undefined || label === undefined || labels.has(field) || fields.has(label.toLowerCase())) {
      wrong(
        "custom-fields",
        "write it as ca_0=Region,ca_1=Cost centre, with ca_0 to ca_10 and each label once.",
      );
      return { fields: new Map(), labels: new Map() };
    }
    fields.set(label.toLowerCase(), field);
    labels.set(field, label);
  }
  return { fields, labels };
}

function readReveal(value: string | undefined, wrong: Wrong): { personal: boolean } {
  if (value !== undefined && value.toLowerCase() !== "personal")
    wrong("reveal", "set it to personal, or leave it out.");
  return { personal: value?.toLowerCase() === "personal" };
}

export const problemText = ({ setting, fix }: Problem): string => `${setting}: ${fix}`;
