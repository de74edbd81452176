/**
 * Changes that change nothing anybody could see, by what tells a mutant from all others (`key`), each with the
 * reason. They are not judged. One whose line is gone is named by the run, to be taken out here.
 */
export const equivalents: Readonly<Record<string, string>> = {};
