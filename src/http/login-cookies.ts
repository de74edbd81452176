import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { createSealing } from "./seal.ts";

/** A sign-in that began in this browser and is not over. */
const Begun = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** One of ours, where the browser is to end up. */
  path: z.string(),
  issuer: z.string(),
  /** `LoginWorld.run`. */
  run: z.string(),
  until: z.number(),
});
export type BegunLogin = z.output<typeof Begun>;

const Session = z.strictObject({
  person: z.string(),
  groups: z.array(z.string()),
  csrf: z.string(),
  id: z.string(),
  /** What the person was made out from: another provider's, or another claim, is nobody of ours. */
  issuer: z.string(),
  claim: z.string(),
  /** Epoch milliseconds. */
  began: z.number(),
  seen: z.number(),
});
export type LoginSession = z.output<typeof Session>;

/** With its name and attributes a browser takes 4 KiB. */
const longest = 3_800;

export interface LoginCookiesWorld {
  readonly sealKey: Uint8Array;
  /** Whether browsers reach us by https. Else, on this computer alone, they would not take a cookie that asks for it. */
  readonly isSecure: () => boolean;
}

/** What a browser keeps for us: sealed, for this host alone, out of reach of scripts and of other sites' forms. */
export function createLoginCookies({ sealKey, isSecure }: LoginCookiesWorld) {
  const kinds = {
    begun: { name: "skyprep-login", schema: Begun, sealing: createSealing(sealKey, "login") },
    session: { name: "skyprep-session", schema: Session, sealing: createSealing(sealKey, "page session") },
  } as const;
  type Kind = keyof typeof kinds;
  const nameOf = (kind: Kind) => `${isSecure() ? "__Host-" : ""}${kinds[kind].name}`;
  const cookie = (kind: Kind, value: string, seconds: number) =>
    `${nameOf(kind)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(seconds)}${isSecure() ? "; Secure" : ""}`;

  function opened<K extends Kind>(kind: K, headers: IncomingHttpHeaders) {
    const { schema, sealing } = kinds[kind];
    const name = nameOf(kind);
    const all = (headers.cookie ?? "")
      .split(";")
      .map((one) => one.trim())
      .filter((one) => one.startsWith(`${name}=`));
    // Of two of one name nobody can say which is ours.
    const text = all.length === 1 ? sealing.open(all[0]?.slice(name.length + 1) ?? "") : undefined;
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  }

  return {
    begun: (headers: IncomingHttpHeaders): BegunLogin | undefined =>
      opened("begun", headers) as BegunLogin | undefined,
    session: (headers: IncomingHttpHeaders): LoginSession | undefined =>
      opened("session", headers) as LoginSession | undefined,
    /** Undefined: a browser would not take so long a one. */
    set(kind: Kind, value: BegunLogin | LoginSession, seconds: number): string | undefined {
      const sealed = kinds[kind].sealing.seal(JSON.stringify(value));
      return sealed.length > longest ? undefined : cookie(kind, sealed, seconds);
    },
    clear: (kind: Kind): string => cookie(kind, "", 0),
  };
}
