/** A setting in words. Help, README, bundle and registry entry are derived from these. */
export interface Setting {
  /** Refused as a flag, because other users can see those. */
  readonly secret?: true;
  /** True or false; as a flag it needs no value. */
  readonly flag?: true;
  /** What a form would call it. */
  readonly title: string;
  /** What it does, in an administrator's words; no full stop at the end. */
  readonly says: string;
  /** What holds where it is left out. */
  readonly otherwise?: string;
  /** What may be written, where that is a closed list. */
  readonly choices?: readonly string[];
  /** Stands with what is asked before anything is lost. */
  readonly asking?: true;
}

export const defaultBaseUrl = "https://api.skyprep.io/admin/api";

export const settings = {
  "api-key": {
    secret: true,
    title: "API key",
    says: "the account's API key, from SkyPrep's administration",
  },
  "acct-key": {
    secret: true,
    title: "Academy's domain",
    says: "the account's domain, e.g. yourcompany.skyprepapp.com",
  },
  sandbox: { flag: true, title: "Pretend academy", says: "true: the pretend academy, without a key" },
  "sandbox-users": { title: "People there", says: "how many people it has, 10 to 20000", otherwise: "302" },
  "sandbox-strict": {
    flag: true,
    title: "Strict pretend academy",
    says: "true: it ignores what SkyPrep's API page does not name",
  },
  "sandbox-dialect": {
    title: "Where it is otherwise",
    says: "how the pretend academy differs from what is assumed of SkyPrep, e.g. ids-are-numbers=text,people-come-whole=by-25, or drawn by lot: seed=7",
    otherwise: "as assumed",
  },
  "read-only": { flag: true, title: "Read-only", says: "true: nothing can be changed" },
  sections: { title: "Sections", says: "which tools are offered, by section", otherwise: "all" },
  "custom-fields": {
    title: "Custom fields",
    says: "your names for custom fields, e.g. ca_0=Region,ca_1=Cost centre",
  },
  reveal: {
    title: "Reveal",
    says: "personal: also show addresses, phones, birth dates; never social security numbers or links that carry keys",
    choices: ["personal"],
  },
  "calls-per-minute": {
    title: "Calls a minute",
    says: "calls to SkyPrep, of all processes together",
    otherwise: "100, SkyPrep's limit",
  },
  log: {
    title: "Log",
    says: "warn, info (a line a call) or debug, on stderr",
    otherwise: "warn",
    choices: ["warn", "info", "debug"],
  },
  structured: {
    flag: true,
    title: "Structured replies",
    says: "true: replies carry structuredContent beside the text, for programs; models need only the text",
  },
  open: {
    flag: true,
    title: "Open pages",
    says: "true: a page that was asked for opens in this computer's browser",
  },
  "state-dir": {
    title: "State folder",
    says: "where reports and the journal are kept",
    otherwise: "your platform's state folder",
  },
  run: {
    title: "Run",
    says: "a name under which changes are kept together, e.g. nightly-2026-11-29: to be listed, undone and counted as one; the same call made twice in it is done once",
  },
  timeout: { title: "Time for a call", says: "seconds for a whole call", otherwise: "50" },
  "base-url": { title: "API address", says: "where the API is", otherwise: defaultBaseUrl },
  confirm: {
    asking: true,
    title: "Asking first",
    says: "ask; human (a code is never enough); unattended (only enrolling many goes on unasked, the rest is refused); off (nobody is asked)",
    otherwise: "ask",
    choices: ["ask", "human", "unattended", "off"],
  },
  "approval-pin": {
    secret: true,
    asking: true,
    title: "Approval PIN",
    says: "asked for on the approval page; six characters or more",
  },
  "max-deletions": { asking: true, title: "Deletions", says: "deletions an hour", otherwise: "25" },
  "max-people": {
    asking: true,
    title: "People a call",
    says: "people one call may affect",
    otherwise: "1000",
  },
  "max-grants": { asking: true, title: "Grants of power", says: "grants of power an hour", otherwise: "10" },
  policy: {
    asking: true,
    title: "Policy",
    says: "a file that says what an agent may do and see, e.g. /etc/skyprep/enrollment-agent.json; it only narrows",
    otherwise: "none",
  },
  "keep-days": {
    asking: true,
    title: "Days kept",
    says: "how long what was there before a change is kept, for undoing; 0: not",
    otherwise: "30",
  },
} as const satisfies Record<string, Setting>;
export type Name = keyof typeof settings;

/** All of them, in the order people read them. */
export const settingsInOrder: readonly (readonly [Name, Setting])[] = Object.entries(settings) as [
  Name,
  Setting,
][];

export const variable = (name: Name) => `SKYPREP_${name.toUpperCase().replaceAll("-", "_")}`;

/** Left out, nothing would hold an agent back that somebody meant to hold back. */
export const protects = (name: Name): boolean => ["policy", "read-only", "confirm"].includes(name);

/** Variables that hold a secret: nobody needs them in the environment once they were read. */
export const secretVariables: readonly string[] = settingsInOrder
  .filter(([, { secret }]) => secret)
  .map(([name]) => variable(name));

/** Of a team's server; no setting of one desk. */
export const teamSecrets: readonly string[] = ["SKYPREP_SEAL_KEY", "SKYPREP_DATABASE_URL"];
