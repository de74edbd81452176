import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** Keeps a text from everybody but those who hold the same key; what was altered does not open. */
export interface Sealing {
  /** Visible ASCII. */
  seal(text: string): string;
  /** Undefined: not sealed with this key for this purpose, or altered. */
  open(sealed: string): string | undefined;
}

const ivBytes = 12;
const tagBytes = 16;
/** Nothing that a client keeps is longer; who sends more is not read to the end. */
const longestOfClients = 4_096;

/** A key of its own for each purpose, so that what was sealed for one opens for no other. */
export const keyFor = (key: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", key, "skyprep-mcp", purpose, 32));

/** AES-256-GCM; `key` is that which all replicas share. */
export function createSealing(key: Uint8Array, purpose: string, longest = longestOfClients): Sealing {
  const own = keyFor(key, purpose);
  const about = Buffer.from(`skyprep-mcp ${purpose} 1`);
  return {
    seal(text) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", own, iv).setAAD(about);
      const inside = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([iv, inside, cipher.getAuthTag()]).toString("base64url");
    },
    open(sealed) {
      if (sealed.length > longest || !/^[\w-]+$/.test(sealed)) return undefined;
      const bytes = Buffer.from(sealed, "base64url");
      // Base64 has several spellings of one value: only the one that was given opens.
      if (bytes.length < ivBytes + tagBytes || bytes.toString("base64url") !== sealed) return undefined;
      try {
        const plain = createDecipheriv("aes-256-gcm", own, bytes.subarray(0, ivBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(about)
          .setAuthTag(bytes.subarray(-tagBytes));
        const inside = bytes.subarray(ivBytes, -tagBytes);
        return Buffer.concat([plain.update(inside), plain.final()]).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * The shared key as an operator wrote it: 32 bytes or more in base64 or hex, or any text of at least 32 characters,
 * which is digested.
 */
export function sealKeyFrom(text: string): Uint8Array | undefined {
  const given = text.trim();
  return given.length < 32 ? undefined : new Uint8Array(createHash("sha256").update(given).digest());
}
