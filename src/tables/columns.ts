import type { Table } from "./csv.ts";
import { foldHeader, headerWords } from "./header.ts";

export interface Allowed {
  /** Places of the columns that may be shown. */
  readonly shown: readonly number[];
  /** Never leave. */
  readonly dropped: readonly string[];
  /** Personal; a setting reveals them. */
  readonly hidden: readonly string[];
}

/** A report's columns pass by their headers: unknown ones are the tenant's own and are shown (contract §4). */
export function allowedColumns(
  columns: readonly string[],
  { personal }: { readonly personal: boolean },
): Allowed {
  const shown: number[] = [];
  const dropped: string[] = [];
  const hidden: string[] = [];
  columns.forEach((column, at) => {
    if (isSecret(column)) dropped.push(column);
    else if (!personal && isPersonal(column)) hidden.push(column);
    else shown.push(at);
  });
  return { shown, dropped, hidden };
}

const key = /\b(?:view|log ?in|sign ?in|api|acct|account|access|calendar|secret|subscribe|auto) ?keys?\b/;
const opens =
  /\b(?:log ?in|log ?on|sign ?in|sign ?on|sso|magic|access|certificates?|certs?|calendars?|ical|ics|password|invite|invitation|activation|reset)\b/;
const link = /\b(?:links?|urls?|uris?|hrefs?|feeds?)\b/;
const linkInOneWord =
  /(?:certificate|login|signin|calendar|password).*(?:link|url)|(?:link|url).*(?:certificate|login|signin|calendar|password)/;
const password = /\bpass ?(?:w(?:or)?d|code|phrase)s?\b|\bpwd\b|\bone time pass|password/;
/** `Password Expiration Date` says when, not what. */
const passwordDate = /password(?:expir(?:y|es|ed|ation)|(?:last)?changed)(?:at|on|date)?$/;

function isSecret(header: string): boolean {
  const words = headerWords(header);
  const said = words.join(" ");
  const last = words.filter((word) => !/^\d+$/.test(word)).at(-1) ?? "";
  return (
    // Not `classname`, nor the joint of `class number`.
    words.some((word) => word.startsWith("ssn") || word.endsWith("ssn") || linkInOneWord.test(word)) ||
    /\bs s n\b|\bsocial ?(?:security|insurance)/.test(said) ||
    key.test(said) ||
    (/^(?:keys?|tokens?|secrets?|otps?)$/.test(last) && words.length <= 3) ||
    (password.test(said) && !passwordDate.test(foldHeader(header))) ||
    (opens.test(said) && link.test(said)) ||
    /\bwebcals?|\bauto(?:mated)? ?log ?in\b/.test(said) ||
    /\b(?:view|download) certificate\b|\bcertificate (?:view|download)\b|\bipn\b/.test(said)
  );
}

const words = (text: string) => new Set(text.split(/\s+/));
const personalWords = words(
  `address addresses street streetaddress homeaddress postaladdress zip zipcode postal postcode postalcode city town
  state province country phone phones telephone tel mobile mobilephone cell cellphone cellular workphone homephone
  phonenumber fax birth birthday birthdate dob dateofbirth birthplace gender sex`,
);
/** What may stand beside them; any other word makes it something else: a course "Safe phone use" is shown. */
const besideWords = words(
  `user users learner learners employee employees student person personal contact emergency home work business office
  primary secondary alternate alternative other private mailing shipping billing residential permanent current ip
  line number no nr num code ext extension date day month year of place the s and or at a 1 2 3 4`,
);
const privateMail =
  /^(?:user|learner|employee)?(?:notifications?|personal|private|home|alternate|alternative|secondary|recovery)e?mail(?:s|id|address)?\d?$/;

function isPersonal(header: string): boolean {
  const all = headerWords(header);
  // "Email address" is the login.
  return (
    privateMail.test(foldHeader(header)) ||
    (all.some((word) => personalWords.has(word)) &&
      all.every((word) => personalWords.has(word) || besideWords.has(word)))
  );
}

const leftOut = "(left out)";
/** An address that signs in or opens somebody's calendar or certificate, whatever its column is called. */
const keyedLink = /[?&;](?:\w+_)?key=|automated_login|webcals?:\/\//i;
const numbered = /^column \d+$/;
/** Without a header, by their looks: a social security number, a key. */
const looksSecret = /\b\d{3}-\d{2}-\d{4}\b|^(?=\S*\d)(?=\S*[a-z])[\w-]{16,}$/i;

/**
 * The table with these columns only. In a row of the wrong length cells may have slipped to a neighbour's place:
 * one that may have come from a column that is not shown is left out.
 */
export function keepColumns({ columns, rows, problems }: Table, shown: readonly number[]): Table {
  const may = columns.map((_, at) => shown.includes(at));
  let slipped = 0;
  const pass = (cell: string, column: string) =>
    keyedLink.test(cell) || (numbered.test(column) && looksSecret.test(cell)) ? leftOut : cell;
  const kept = rows.map((row) => {
    const off = columns.length - row.length;
    let masked = false;
    const cells = shown.map((at) => {
      const cell = row[at] ?? "";
      if (
        off !== 0 &&
        cell !== "" &&
        !may.slice(Math.max(0, at + Math.min(off, 0)), at + Math.max(off, 0) + 1).every(Boolean)
      ) {
        masked = true;
        return leftOut;
      }
      return pass(cell, columns[at] ?? "");
    });
    if (masked) slipped += 1;
    return cells;
  });
  return {
    columns: shown.map((at) => columns[at] ?? ""),
    rows: kept,
    problems:
      slipped === 0
        ? problems
        : [...problems, `${slipped} such rows have cells left out that may belong to a column not shown.`],
  };
}
