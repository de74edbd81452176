/** Where a page of ours says what it may do: before anything that came of an academy. */
const place =
  /^<!doctype html>\n<html [^<>]*>\n<head>\n<meta charset="utf-8">\n<meta http-equiv="content-security-policy" content="([\w '+/=;-]+)">\n/;

/**
 * The content security policy that a page was made with, fit for a header: the server that shows it may be of another
 * version than the one that made it, and know neither its style nor its script. Nothing may be run or fetched by what is
 * not such a page.
 */
export const policyIn = (html: string): string => place.exec(html)?.[1] ?? "default-src 'none'";
