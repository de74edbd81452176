/** What can be the name of a run and of its file on every system, whatever else is typed there. */
export const isRunName = (text: string): boolean =>
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/.test(text);
