import { createHash } from "node:crypto";
import { z } from "zod";
import { type Config, problemText } from "../config/read-config.ts";
import { academyName } from "./academy-name.ts";
import { type FileRead, sentences } from "./file-read.ts";
import type { NamedText } from "./kept-file.ts";

/** One academy as its operator set it up. */
export interface Academy {
  readonly name: string;
  readonly egress: string;
  /** Changes with whatever was set for it, its key too. */
  readonly digest: string;
  readonly approvals: AcademyApprovals;
  /** Settings for one who works under this policy, or under the academy's own. @throws nothing: problems stand in it */
  readonly configFor: (under: { readonly policy?: string | undefined; readonly readOnly: boolean }) => Config;
}

/** How its questions reach people who sign in. */
export interface AcademyApprovals {
  /** Somebody else than who asks has to agree. */
  readonly fourEyes: boolean;
  /** How long a question waits, in milliseconds. */
  readonly goodMs: number;
  /** Who is told that one waits. */
  readonly webhook?: { readonly url: string; readonly secret: string } | undefined;
  /** Any of these is set, so that people have to be able to sign in. */
  readonly isSet: boolean;
}

const whole = z.int().min(0);
const Elsewhere = z.union(
  [z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().regex(/^\w+$/) })],
  { error: 'write {"file": "/path"} or {"env": "NAME"}: the key itself does not belong here' },
);
type Elsewhere = z.output<typeof Elsewhere>;
const minute = 60_000;
const tenMinutes = 10 * minute;
const AcademyText = z
  .strictObject({
    name: academyName,
    sandbox: z.boolean().optional(),
    domain: z.string().min(1).optional(),
    key: Elsewhere.optional(),
    base_url: z.string().optional(),
    custom_fields: z.record(z.string(), z.string()).optional(),
    budgets: z
      .strictObject({ deletions: whole.optional(), people: whole.optional(), grants: whole.optional() })
      .optional(),
    policy: z.string().min(1).optional(),
    egress: z.string().min(1).optional(),
    sections: z.array(z.string()).min(1).optional(),
    read_only: z.boolean().optional(),
    reveal: z.literal("personal").optional(),
    confirm: z.enum(["ask", "human", "unattended", "off"]).optional(),
    keep_days: whole.optional(),
    users: z.int().min(10).max(20_000).optional(),
    approval: z.literal("four-eyes").optional(),
    approval_hours: z
      .number()
      .min(tenMinutes / 3_600_000, "a question waits for ten minutes at least: 0.17")
      .max(24, "a question waits for a day at most: 24")
      .optional(),
    webhook: z
      .strictObject({
        url: z
          .string()
          .refine(isReachable, "write an address that begins with https://, without name or password"),
        secret: Elsewhere,
      })
      .optional(),
  })
  .refine(
    ({ approval, confirm }) => approval === undefined || (confirm !== "off" && confirm !== "unattended"),
    {
      path: ["approval"],
      error: "four-eyes wants somebody asked, and confirm says that nobody is: leave one of them out",
    },
  )
  .refine(({ sandbox, domain }) => sandbox === true || domain !== undefined, {
    path: ["domain"],
    error: "write the account's domain, e.g. acme.skyprepapp.com, or sandbox: true for a pretend academy",
  })
  .refine(({ sandbox, key }) => sandbox === true || key !== undefined, {
    path: ["key"],
    error: 'say where the key is read from: {"file": "/path"} or {"env": "NAME"}',
  });

function isReachable(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") return false;
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  return url.protocol === "https:" || (isHere && url.protocol === "http:");
}

const AcademiesFile = z.strictObject({
  academies: z.array(AcademyText).min(1).optional(),
  /** The addresses this server calls from, each with its own count of calls a minute. */
  egress: z
    .record(academyName, z.strictObject({ calls_per_minute: z.int().min(1).max(10_000).optional() }))
    .optional(),
});
type AcademyText = z.output<typeof AcademyText>;
type EgressText = NonNullable<z.output<typeof AcademiesFile>["egress"]>;

export interface AcademiesWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @throws as the file system does */
  readonly readText: (path: string) => string;
  /** Settings with these variables; a policy's file is read by it. */
  readonly configOf: (env: Readonly<Record<string, string>>) => Config;
  /** Whether people can sign in, so that pages ask them; left out: they cannot. */
  readonly signsIn?: (() => boolean) | undefined;
}

export type Academies = ReadonlyMap<string, Academy>;

/** The egress that everybody has who names none. */
export const ownEgress = "default";

/** All files together. An academy's settings are read now, so that a mistake in them is one of the file. */
export function readAcademies(texts: readonly NamedText[], world: AcademiesWorld): FileRead<Academies> {
  const wrong: string[] = [];
  const egress: EgressText = { [ownEgress]: {} };
  const found = new Map<string, { readonly file: string; readonly academy: AcademyText }>();
  for (const { file, text } of texts) {
    const read = sentences(AcademiesFile, text, file);
    if ("wrong" in read) {
      wrong.push(...read.wrong);
      continue;
    }
    for (const [name, one] of Object.entries(read.value.egress ?? {})) {
      if (name !== ownEgress && Object.hasOwn(egress, name))
        wrong.push(`${file}: egress.${name} is there twice.`);
      egress[name] = one;
    }
    for (const academy of read.value.academies ?? []) {
      const other = found.get(academy.name);
      if (other)
        wrong.push(
          `${file}: two academies are called ${academy.name} (the other in ${other.file}); rename one.`,
        );
      found.set(academy.name, { file, academy });
    }
  }
  const academies = new Map<string, Academy>();
  for (const [name, { file, academy }] of found) {
    const of = academy.egress ?? ownEgress;
    if (!Object.hasOwn(egress, of))
      wrong.push(
        `${file}: academies.${name}.egress: there is no egress ${of.slice(0, 40)}; there are ${Object.keys(egress).join(", ")}.`,
      );
    const made = academyOf(academy, egress[of]?.calls_per_minute, world);
    if ("wrong" in made) wrong.push(...made.wrong.map((why) => `${file}: academies.${name}: ${why}`));
    else academies.set(name, made.value);
  }
  if (found.size === 0 && wrong.length === 0) wrong.push("no academy is named: write one under academies.");
  return wrong.length > 0 ? { wrong } : { value: academies };
}

function academyOf(
  text: AcademyText,
  callsPerMinute: number | undefined,
  world: AcademiesWorld,
): FileRead<Academy> {
  const key = text.sandbox ? { value: "" } : keyOf("key", text.key, world);
  if ("wrong" in key) return key;
  const approvals = approvalsIn(text, world);
  if ("wrong" in approvals) return approvals;
  const env = variablesOf(text, key.value, callsPerMinute);
  const configFor: Academy["configFor"] = ({ policy, readOnly }) => {
    const read = world.configOf({
      ...env,
      ...(policy !== undefined && { SKYPREP_POLICY: policy }),
      ...((readOnly || text.read_only) && { SKYPREP_READ_ONLY: "true" }),
    });
    // No code is rung over HTTP: whoever calls is not known to sit beside a person.
    return { ...read, codes: false };
  };
  const problems = configFor({ readOnly: false }).problems.map((one) => inTheFile(problemText(one)));
  if (problems.length > 0) return { wrong: problems };
  return {
    value: {
      name: text.name,
      egress: text.egress ?? ownEgress,
      approvals: approvals.value,
      digest: createHash("sha256")
        .update(JSON.stringify([text, key.value, callsPerMinute, approvals.value.webhook?.secret]))
        .digest("base64url"),
      configFor,
    },
  };
}

/** Pages ask only where people can sign in: who wants more without that would wait for something that never comes. */
function approvalsIn(
  { approval, approval_hours: hours, webhook }: AcademyText,
  world: AcademiesWorld,
): FileRead<AcademyApprovals> {
  const set = Object.entries({ approval, approval_hours: hours, webhook }).filter(
    ([, one]) => one !== undefined,
  );
  if (set.length > 0 && world.signsIn?.() !== true)
    return {
      wrong: set.map(
        ([name]) =>
          `${name}: nobody can sign in on pages of this server: write issuer and login in identity.json, or leave it out.`,
      ),
    };
  const secret = webhook && keyOf("webhook.secret", webhook.secret, world);
  if (secret && "wrong" in secret) return secret;
  if (secret && secret.value.length < 16)
    return { wrong: ["webhook.secret: it is too short to sign with: 16 characters at least."] };
  return {
    value: {
      isSet: set.length > 0,
      fourEyes: approval === "four-eyes",
      goodMs: hours === undefined ? tenMinutes : Math.round(hours * 60) * minute,
      webhook: webhook && secret && { url: webhook.url, secret: secret.value },
    },
  };
}

function keyOf(
  name: string,
  from: Elsewhere | undefined,
  { env, readText }: AcademiesWorld,
): FileRead<string> {
  if (from === undefined) return { wrong: [`${name} is missing.`] };
  if ("env" in from) {
    const value = env[from.env]?.trim();
    return value ? { value } : { wrong: [`${name}.env: the variable ${from.env} is not set.`] };
  }
  try {
    const value = readText(from.file).trim();
    return value === "" ? { wrong: [`${name}.file: ${from.file} is empty.`] } : { value };
  } catch (error) {
    return {
      wrong: [
        `${name}.file: ${from.file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`,
      ],
    };
  }
}

/** What stands in the file as the variables that one desk would set. */
const variablesOf = (
  text: AcademyText,
  key: string,
  callsPerMinute: number | undefined,
): Record<string, string> => ({
  ...(text.sandbox
    ? {
        SKYPREP_SANDBOX: "true",
        ...(text.users !== undefined && { SKYPREP_SANDBOX_USERS: String(text.users) }),
      }
    : { SKYPREP_API_KEY: key, SKYPREP_ACCT_KEY: text.domain ?? "" }),
  ...(text.base_url !== undefined && { SKYPREP_BASE_URL: text.base_url }),
  ...(text.custom_fields && {
    SKYPREP_CUSTOM_FIELDS: Object.entries(text.custom_fields)
      .map(([field, label]) => `${field}=${label}`)
      .join(","),
  }),
  ...(text.budgets?.deletions !== undefined && { SKYPREP_MAX_DELETIONS: String(text.budgets.deletions) }),
  ...(text.budgets?.people !== undefined && { SKYPREP_MAX_PEOPLE: String(text.budgets.people) }),
  ...(text.budgets?.grants !== undefined && { SKYPREP_MAX_GRANTS: String(text.budgets.grants) }),
  ...(text.policy !== undefined && { SKYPREP_POLICY: text.policy }),
  ...(text.sections && { SKYPREP_SECTIONS: text.sections.join(",") }),
  ...(text.reveal && { SKYPREP_REVEAL: text.reveal }),
  ...(text.confirm && { SKYPREP_CONFIRM: text.confirm }),
  ...(text.keep_days !== undefined && { SKYPREP_KEEP_DAYS: String(text.keep_days) }),
  ...(callsPerMinute !== undefined && { SKYPREP_CALLS_PER_MINUTE: String(callsPerMinute) }),
});

const places: Readonly<Record<string, string>> = {
  SKYPREP_API_KEY: "key",
  SKYPREP_ACCT_KEY: "domain",
  SKYPREP_BASE_URL: "base_url",
  SKYPREP_CUSTOM_FIELDS: "custom_fields",
  SKYPREP_MAX_DELETIONS: "budgets.deletions",
  SKYPREP_MAX_PEOPLE: "budgets.people",
  SKYPREP_MAX_GRANTS: "budgets.grants",
  SKYPREP_POLICY: "policy",
  SKYPREP_SECTIONS: "sections",
  SKYPREP_KEEP_DAYS: "keep_days",
};

/** Named by where it stands for whoever wrote the file. */
const inTheFile = (problem: string): string =>
  problem
    .replace(/^SKYPREP_\w+/, (name) => places[name] ?? name)
    .replace(/^(policy): in [^,]+, in /, "$1: in ");

/** One pretend academy, for `serve --sandbox`. */
export const pretendAcademies = (world: AcademiesWorld): FileRead<Academies> =>
  readAcademies(
    [{ file: "--sandbox", text: JSON.stringify({ academies: [{ name: "sandbox", sandbox: true }] }) }],
    world,
  );
