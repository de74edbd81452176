/** A code as it counts, however it was typed. */
export const plainCode = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, "");
export const sameCode = (a: string, b: string) => plainCode(a) === plainCode(b);

/** Letters and digits that are not taken for each other. */
const alphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

/** `K7QF-2MXD`: short enough for a person to read out, too many to guess one. `bytes` are random. */
export function codeFrom(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, 8)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
