import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { StampedFiles } from "../../state/ports.ts";

export const version = 1;
const Seal = z.strictObject({ version: z.literal(version), seal: z.string() });

export interface SealedFilesWorld {
  readonly files: StampedFiles;
  /** What the folder does not contain: whoever can write there cannot write what counts. */
  readonly secret: string;
  /** Whose it is: what is of another account counts for nothing. */
  readonly academy: string;
}

/** Texts that count only as this program wrote them, in their place, and not touched since. */
export interface SealedFiles {
  /** A digest that nobody makes without the key. */
  mac(what: string, ...parts: readonly string[]): string;
  /** A name that tells nothing of what it is for: 32 hexadecimal digits. */
  nameFor(what: string, of: string): string;
  read<T extends z.ZodType>(name: string, form: T): Promise<z.output<T> | "edited" | undefined>;
  put(name: string, value: object): Promise<void>;
  remove(name: string): Promise<void>;
}

export const entryOf = (name: string) => `${name}.json`;
const sealOf = (name: string) => `${name}.seal.json`;

export function createSealedFiles({ files, secret, academy }: SealedFilesWorld): SealedFiles {
  const key = keyFrom(secret, academy);
  const mac: SealedFiles["mac"] = (what, ...parts) =>
    createHmac("sha256", key())
      .update(JSON.stringify([what, ...parts]))
      .digest("base64url");
  const seal = (name: string, text: string, stamp: string) => mac("seal", name, text, stamp);

  return {
    mac,
    nameFor: (what, of) => Buffer.from(mac(what, of), "base64url").toString("hex").slice(0, 32),
    async read(name, form) {
      const [found, kept] = [await files.read(entryOf(name)), await files.read(sealOf(name))];
      // Too large, a link, or something else in its place: nothing that this program wrote.
      if (found === undefined) return (await files.names()).includes(entryOf(name)) ? "edited" : undefined;
      const given = parsed(Seal, kept?.text)?.seal ?? "";
      if (!sameText(given, seal(name, found.text, found.stamp))) return "edited";
      return parsed(form, found.text) ?? "edited";
    },
    async put(name, value) {
      const text = JSON.stringify(value);
      const stamp = await files.put(entryOf(name), text);
      await files.put(sealOf(name), JSON.stringify({ version, seal: seal(name, text, stamp) }));
    },
    async remove(name) {
      await files.remove(entryOf(name));
      await files.remove(sealOf(name));
    },
  };
}

/** Made when first needed: most processes keep no question. */
function keyFrom(secret: string, academy: string): () => Uint8Array {
  let key: Uint8Array | undefined;
  return () => {
    key ??= new Uint8Array(hkdfSync("sha256", secret, academy, "skyprep-mcp stored approvals, 1", 32));
    return key;
  };
}

export function parsed<T extends z.ZodType>(form: T, text: string | undefined): z.output<T> | undefined {
  if (text === undefined) return undefined;
  try {
    return form.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
