import { z } from "zod";
import { academyName } from "../academy-name.ts";
import { type FileRead, sentences } from "../file-read.ts";

/** The identity provider whose tokens count, and how they are read. */
export interface IdentitySettings {
  /** To the letter as its tokens name it. */
  readonly issuer: string;
  /** Which claim says who somebody is. */
  readonly person: "sub" | "oid" | "email";
  /** Which claim lists their groups; undefined: none does. */
  readonly groups: string | undefined;
  /** All asymmetric. */
  readonly algorithms: readonly string[];
  readonly types: readonly TokenType[];
  /** What tokens for an academy name instead of its public address, where the provider can name no address. */
  readonly audiences: ReadonlyMap<string, string>;
  /** Whether clients have to ask for scopes by the academy's address and their name; tokens have the name alone. */
  readonly scopesByAddress: boolean;
  /** Undefined: nobody signs in on pages of ours. */
  readonly login: IdentityLogin | undefined;
}

export interface IdentityLogin {
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret: string | undefined;
  readonly scope: string;
  /** Since the last page, and since signing in. */
  readonly idleMs: number;
  readonly longestMs: number;
  /** The provider does PKCE with S256, and its metadata does not say so. */
  readonly assumesPkce: boolean;
}

export interface IdentityWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @throws as the file system does */
  readonly readText: (path: string) => string;
}

const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;
const TokenType = z.enum(["at+jwt", "JWT", "absent"]);
type TokenType = z.output<typeof TokenType>;

const isHere = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** By https, or `here`, on this computer: whoever stands between could name keys of their own. */
export function isSafeAddress(text: string | undefined, { here }: { readonly here: boolean }): boolean {
  if (text === undefined || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (here && protocol === "http:" && isHere(hostname));
}

const Secret = z.union(
  [z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().regex(/^\w+$/) })],
  { error: 'write {"file": "/path"} or {"env": "NAME"}: the secret itself does not belong here' },
);

const LoginText = z
  .strictObject({
    client_id: z.string().min(1).max(256),
    client_secret: Secret.optional(),
    /** Besides `openid`. */
    scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).optional(),
    idle_minutes: z.int().min(1).max(1_440).optional(),
    hours: z.int().min(1).max(24).optional(),
    pkce: z.literal("unadvertised").optional(),
  })
  .refine(({ idle_minutes = 30, hours = 8 }) => idle_minutes <= hours * 60, {
    path: ["idle_minutes"],
    error: "it is longer than hours, after which everybody signs in again anyway",
  });

const IdentityFile = z
  .strictObject({
    issuer: z
      .string()
      .refine((text) => isSafeAddress(text, { here: true }) && !/[?#]|\/\.well-known\//.test(text), {
        error: "write the provider's https address as its tokens name it, e.g. https://login.example.com",
      }),
    person: z.enum(["sub", "oid", "email"]).optional(),
    groups: z.string().min(1).max(128).optional(),
    algorithms: z
      .array(
        z.enum(algorithms, {
          error: `only signatures that nobody here could make count: ${algorithms.join(", ")}`,
        }),
      )
      .min(1)
      .optional(),
    typ: z.array(TokenType).min(1).optional(),
    audiences: z.record(academyName, z.string().min(1).max(512)).optional(),
    scope_names: z.enum(["bare", "address"]).optional(),
    login: LoginText.optional(),
  })
  .superRefine(({ audiences = {}, login, typ = [] }, found) => {
    const named = Object.entries(audiences);
    for (const [academy, audience] of named) {
      const wrong = (message: string) =>
        found.addIssue({ code: "custom", path: ["audiences", academy], message });
      if (named.some(([other, same]) => other < academy && same === audience))
        wrong("another academy has the same: a token for one would be good for both");
      if (audience === login?.client_id && typ.some((one) => one !== "at+jwt"))
        wrong(
          "it is login.client_id, and typ allows what who signs in gets: register the pages as a client of their own",
        );
    }
  });

/** `file` names it in what is said of its mistakes. */
export function readIdentity(text: string, file: string, world: IdentityWorld): FileRead<IdentitySettings> {
  const read = sentences(IdentityFile, text, file);
  if ("wrong" in read) return read;
  const { issuer, person = "sub", groups, typ, audiences, login } = read.value;
  const secret = login?.client_secret && secretOf(login.client_secret, world);
  if (secret && "wrong" in secret)
    return { wrong: secret.wrong.map((why) => `${file}: login.client_secret: ${why}`) };
  return {
    value: {
      issuer,
      person,
      groups,
      algorithms: read.value.algorithms ?? ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"],
      types: typ ?? ["at+jwt"],
      audiences: new Map(Object.entries(audiences ?? {})),
      scopesByAddress: read.value.scope_names === "address",
      login: login && {
        clientId: login.client_id,
        clientSecret: secret?.value,
        scope: [
          ...new Set(["openid", ...(person === "email" ? ["email"] : []), ...(login.scopes ?? [])]),
        ].join(" "),
        idleMs: (login.idle_minutes ?? 30) * 60_000,
        longestMs: (login.hours ?? 8) * 3_600_000,
        assumesPkce: login.pkce !== undefined,
      },
    },
  };
}

function secretOf(from: z.output<typeof Secret>, { env, readText }: IdentityWorld): FileRead<string> {
  if ("env" in from) {
    const value = env[from.env]?.trim();
    return value ? { value } : { wrong: [`the variable ${from.env} is not set.`] };
  }
  try {
    const value = readText(from.file).trim();
    return value === "" ? { wrong: [`${from.file} is empty.`] } : { value };
  } catch (error) {
    return {
      wrong: [`${from.file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`],
    };
  }
}
