/** Whoever has such a link signs in as somebody, or sees their calendar or certificate: `?view_key=…`. */
const keyed =
  /((?:(?:[?&;#]|%3f|%26)(?:\w{1,40}_)?(?:key|token)|\b(?:view|calendar|login|api|acct|access|secret|subscribe|auth)_(?:key|token))(?:=|%3d))[^\s&"'<>#;)\]|\\]+/gi;
/** The same named otherwise than a link's query does: in a path, as a field, with another joint. */
const written =
  /(\b(?:view|calendar|login|api|acct|access|secret|subscribe|auth)(?:[_-]|%(?:25)?5f)?key(?:["'\][]|%5[bd]){0,3}\s?(?:[=:/]|%(?:25){0,2}3d)\s?["']?)[\w%.~+-]{8,}/gi;
/** Nothing to take out, in a quick look: most texts name no key. */
const mayHold = /(?:key|token)(?:["'\][]|%5[bd]){0,3}\s?(?:[=:/]|%(?:25){0,2}3d)/i;

/** Text without the keys that links in it carry; the links stay, and open nothing. */
export const withoutKeys = (text: string): string =>
  mayHold.test(text) ? text.replace(keyed, "$1•••").replace(written, "$1•••") : text;
