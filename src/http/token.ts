import { hash, randomBytes } from "node:crypto";
import { z } from "zod";
import { type FileRead, sentences } from "./file-read.ts";
import { type AcademyGrant, GrantText, personName } from "./grants.ts";

/** A token as it is kept: never itself. */
const KeptToken = z.strictObject({
  id: z.string().regex(/^[\w-]{4,32}$/),
  /** SHA-256 of the token, in hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  person: personName,
  made_at: z.iso.datetime(),
  /** Left out: until it is revoked. */
  expires_at: z.iso.datetime().optional(),
  /** Left out: what the grants' file says of the person. */
  grants: z.array(GrantText).min(1).optional(),
});
export type KeptToken = z.output<typeof KeptToken>;
const TokensFile = z.strictObject({ version: z.literal(1), tokens: z.array(KeptToken) });

/** The tokens that count, by their hash. */
export type Tokens = ReadonlyMap<string, KeptToken>;

export function readTokens(text: string, file: string): FileRead<Tokens> {
  const read = sentences(TokensFile, text, file);
  if ("wrong" in read) return read;
  return { value: new Map(read.value.tokens.map((token) => [token.hash, token])) };
}

export const tokensText = (tokens: readonly KeptToken[]): string =>
  `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`;

export interface NewToken {
  readonly person: string;
  readonly now: number;
  /** Epoch milliseconds. */
  readonly expiresAt?: number | undefined;
  readonly grants?: readonly AcademyGrant[] | undefined;
}

/** 256 bits that nobody can guess, shown once, and what is kept of them. */
export function makeToken({ person, now, expiresAt, grants }: NewToken): {
  readonly token: string;
  readonly kept: KeptToken;
} {
  const token = `skp_${randomBytes(32).toString("base64url")}`;
  return {
    token,
    kept: {
      id: randomBytes(6).toString("base64url").replace(/^-/, "_"),
      hash: hashOf(token),
      person,
      made_at: new Date(now).toISOString(),
      ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }),
      ...(grants && { grants: grants.map((grant) => ({ ...grant, scopes: [...grant.scopes] })) }),
    },
  };
}

const hashOf = (token: string): string => hash("sha256", token, "hex");

/** Whose token it is, now. Found by its hash: what is compared tells nothing of the token. */
export function tokenOf(tokens: Tokens, token: string, now: number): KeptToken | undefined {
  if (!/^skp_[\w-]{43}$/.test(token)) return undefined;
  const found = tokens.get(hashOf(token));
  return found && (found.expires_at === undefined || Date.parse(found.expires_at) > now) ? found : undefined;
}
