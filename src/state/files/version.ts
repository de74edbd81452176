/**
 * Of everything that stands in the state folder: a line, an image, a plan, a kept table. What says none was written
 * by 0.1.0, and is the same. docs/decisions/014 says when it is counted up.
 */
export const version = 1;

/** Whether it says that a program wrote it which knows more than this one: to be read, never to be written over. */
export const isNewer = (read: unknown): boolean =>
  typeof read === "object" && read !== null && "version" in read && !isKnown(read.version);
/** What is no number of ours was not written by us. */
const isKnown = (said: unknown): boolean => Number.isInteger(said) && Number(said) <= version;

/** How what this program writes begins: the version is always its first key. */
export const beginning = `{"version":${version},`;

/** The same of a text; what is no JSON says nothing. */
export function isNewerText(text: string): boolean {
  if (text.startsWith(beginning) || !text.includes('"version"')) return false;
  try {
    return isNewer(JSON.parse(text));
  } catch {
    return false;
  }
}
