import type { Level } from "../call/log.ts";
import type { Confirm } from "../guard/policy/approval-policy.ts";
import type { Budgets } from "../guard/policy/consequence.ts";
import type { Policy } from "../policy/policy.ts";
import type { HttpProxy } from "../skyprep/proxy.ts";
import { readCustomFields } from "./custom-fields.ts";
import {
  fillIn,
  isPlaceholder,
  meant,
  meantToProtect,
  type Problem,
  readFlags,
  type Wrong,
} from "./flags.ts";
import { noteStrangers } from "./misspelt.ts";
import { readProxy } from "./proxy.ts";
import { isRunName } from "./run-name.ts";
import { type ChosenDialect, readDialect } from "./sandbox-dialect.ts";
import { defaultBaseUrl, type Name, protects, settingsInOrder, variable } from "./settings.ts";

export interface Config {
  readonly apiKey: string;
  readonly acctKey: string;
  readonly baseUrl: string;
  /** The network's own setting, `HTTPS_PROXY` and `NO_PROXY`. */
  readonly proxy: HttpProxy | undefined;
  readonly sandbox: {
    readonly on: boolean;
    readonly people: number;
    readonly strict: boolean;
    /** Left out: it is as assumed. */
    readonly dialect: ChosenDialect | undefined;
  };
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
  /** Left out: a code may stand in for a person where these settings let one. */
  readonly codes?: false;
  readonly budgets: Budgets;
  /** How long what was there before a change is kept; 0: not at all. */
  readonly keepDays: number;
  readonly reveal: { readonly personal: boolean };
  readonly callsPerMinute: number;
  readonly log: Level;
  /** What an operator leaves in of all this; undefined: no policy is set, or it is wrong and every call says so. */
  readonly policy: Policy | undefined;
  /** Where it stands, read or not. */
  readonly policyFile: string | undefined;
  /** What is changed is kept together under this name. */
  readonly run: string | undefined;
  /** Replies carry `structuredContent` beside their text. */
  readonly structured: boolean;
  /** Pages that were asked for are opened on this computer's screen. */
  readonly open: boolean;
  /** Every call answers with these until they are mended. */
  readonly problems: readonly Problem[];
  /** Said once on stderr; nothing depends on them. */
  readonly notes: readonly string[];
}

/**
 * Environment and flags → Config, once. Never throws: the server always starts, and what is wrong is said
 * by every call (contract §2).
 */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  sectionNames: readonly string[],
  /** Left out: a policy that is set counts as wrong. */
  readPolicy?: PolicyAt,
): Config {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const flags = readFlags(argv, problems);
  const wrong = (name: Name, fix: string) => {
    // One mend at a time: what a placeholder is besides does not matter.
    if (!unfilled.has(name)) problems.push({ setting: variable(name), fix });
  };
  const get = (name: Name) =>
    flags.get(name) ?? (protects(name) ? meantToProtect : meant)(env[variable(name)]);
  const unfilled = new Set(
    settingsInOrder.flatMap(([name]) => (isPlaceholder(get(name) ?? "") ? [name] : [])),
  );
  for (const name of unfilled) problems.push({ setting: variable(name), fix: fillIn });
  noteStrangers(env, problems, notes);

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
    dialect: dialectIn(get("sandbox-dialect"), wrong),
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

  const reveal = readReveal(get("reveal"), wrong);
  const policyFile = get("policy") ?? blanksIn(env[variable("policy")]);
  const policy = policyAt(policyFile, readPolicy, wrong);
  const custom = readCustomFields(get("custom-fields"), wrong);
  return {
    apiKey,
    acctKey,
    baseUrl: readBaseUrl(get("base-url"), wrong),
    proxy: sandbox.on ? undefined : readProxy(env, problems),
    sandbox,
    // Blanks that were meant to leave tools out must not offer them all.
    sections: readSections(get("sections") ?? blanksIn(env[variable("sections")]), sectionNames, wrong),
    readOnly: on("read-only", true),
    timeoutMs: whole("timeout", 50, 1, 600) * 1000,
    stateDir: readFolder(get("state-dir"), wrong),
    customFields: custom.fields,
    labels: custom.labels,
    confirm: readConfirm(get("confirm"), notes, wrong),
    approvalPin: readPin(get("approval-pin"), wrong),
    budgets: {
      maxDeletions: whole("max-deletions", 25, 0, 100_000),
      maxPeople: whole("max-people", 1_000, 0, 1_000_000),
      maxGrants: whole("max-grants", 10, 0, 100_000),
    },
    keepDays: whole("keep-days", 30, 0, 3_650),
    reveal: policy?.rules.personal_fields === false ? { personal: false } : reveal,
    policy,
    policyFile,
    callsPerMinute: noted(whole("calls-per-minute", publishedLimit, 1, 10_000), notes),
    log: readLog(get("log"), wrong),
    run: readRun(get("run"), wrong),
    structured: on("structured", false),
    open: on("open", false),
    problems,
    notes,
  };
}

/** The policy in a file, or what is wrong with it; loaded only where one is set. */
export type PolicyAt = (path: string) => Policy | { readonly wrong: readonly string[] };

function dialectIn(text: string | undefined, wrong: Wrong): ChosenDialect | undefined {
  if (text === undefined) return undefined;
  const read = readDialect(text);
  if (!("fix" in read)) return read;
  wrong("sandbox-dialect", read.fix);
  return undefined;
}

/** A policy that was meant and cannot be followed leaves nothing to be done: every call says what is wrong with it. */
function policyAt(path: string | undefined, read: PolicyAt | undefined, wrong: Wrong): Policy | undefined {
  if (path === undefined || isPlaceholder(path)) return undefined;
  const found = read?.(path) ?? { wrong: ["it was not read: tell whoever looks after this server."] };
  if (!("wrong" in found)) return found;
  for (const why of found.wrong) wrong("policy", why);
  return undefined;
}

/** Nothing here stands for another folder: `~` and variables would become folders of these names. */
function readFolder(value: string | undefined, wrong: Wrong): string | undefined {
  if (value === undefined || isPlaceholder(value)) return undefined;
  if (!/^~|^\$\w|%\w+%/.test(value)) return value;
  wrong("state-dir", "write the whole path: ~ and variables are not filled in.");
  return undefined;
}

/** SkyPrep's own, per address. */
const publishedLimit = 100;

function noted(callsPerMinute: number, notes: string[]): number {
  if (callsPerMinute > publishedLimit) {
    notes.push(
      `SKYPREP_CALLS_PER_MINUTE is ${callsPerMinute}: SkyPrep allows ${publishedLimit} and may turn calls away.`,
    );
  }
  return callsPerMinute;
}

function readLog(value: string | undefined, wrong: Wrong): Level {
  const asked = value?.toLowerCase() ?? "warn";
  if (asked === "warn" || asked === "info" || asked === "debug") return asked;
  wrong("log", "set it to warn, info or debug.");
  return "warn";
}

/** It is a file's name, too. */
function readRun(value: string | undefined, wrong: Wrong): string | undefined {
  if (value === undefined || isPlaceholder(value) || isRunName(value)) return value;
  wrong("run", "write letters, digits, hyphens, dots and underscores, at most 64, e.g. nightly-2026-11-29.");
  return undefined;
}

/** A PIN of a few digits is guessed; where it is wrong nothing works, rather than no PIN being asked for. */
function readPin(value: string | undefined, wrong: Wrong): string {
  if (value !== undefined && value.length < 6) wrong("approval-pin", "set it to six characters or more.");
  return value ?? "";
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

const blanksIn = (value: string | undefined): string | undefined =>
  value !== undefined && value !== "" && value.trim() === "" ? value : undefined;

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
  if (strange.length > 0 || asked.length === 0) {
    const named = strange.slice(0, 5).map((name) => name.slice(0, 40));
    const first = strange.length > 0 ? `there is no section ${named.join(", ")}` : "it names no section";
    wrong("sections", `${first}; there are ${known.join(", ")}.`);
  }
  const offered = known.filter((name) => asked.includes(name));
  // Nothing is sent while a setting is wrong, but what is offered can be called, and says what is wrong.
  return offered.length > 0 ? offered : undefined;
}

function readReveal(value: string | undefined, wrong: Wrong): { personal: boolean } {
  if (value !== undefined && value.toLowerCase() !== "personal")
    wrong("reveal", "set it to personal, or leave it out.");
  return { personal: value?.toLowerCase() === "personal" };
}

export const problemText = ({ setting, fix }: Problem): string => `${setting}: ${fix}`;
