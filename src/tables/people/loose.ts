import { addressesIn, besideAddresses, cleanLogin, cleanValue, isAddress } from "./address.ts";

/** One who is named without a header: as much as can be told of how they are named. */
export interface LoosePerson {
  readonly login?: string;
  readonly number?: string;
  readonly name?: string;
  /** The login as it came, where it was cleaned. */
  readonly typed?: string;
  /** What the name may be instead: several people, one each. */
  readonly parts?: readonly string[];
}

const bullet = /^\s*(?:[-*•·–—>]|\d{1,4}[.)])\s+/;
const lead = /^\s*(?:to|cc|bcc|an|von|à|para|from|attendees|participants|recipients|people)\s*:\s*/i;
const joint = /^(?:and|und|et|y|e|en|&)(?:\s+|$)|\s+(?:and|und|et|&)$/gi;
const spot =
  /[<([]?\s*(?:mailto:)?[^\s@<>()[\]{}",;:|\\“”„«»]+@[^\s@<>()[\]{}",;:|\\“”„«»/&+=?]*[\p{L}\p{N}][>)\]]*/gu;

/** The people of one line: mailboxes, addresses side by side, names and numbers. */
export function namedIn(line: string): LoosePerson[] {
  const text = cleanValue(line).replace(bullet, "").replace(lead, "").trim();
  if (text === "") return [];
  return /[@＠]/.test(text) && addressesIn(text).length > 0
    ? withAddresses(text.normalize("NFKC"))
    : pieces(text);
}

function withAddresses(text: string): LoosePerson[] {
  const found: LoosePerson[] = [];
  const seen = new Set<string>();
  let from = 0;
  for (const match of text.matchAll(spot)) {
    const login = addressesIn(match[0])[0];
    if (login === undefined) continue;
    const before = text.slice(from, match.index);
    from = match.index + match[0].length;
    const boxed = /^[<([]/.test(match[0]);
    if (seen.has(login.toLowerCase()) && /^[(\]]|mailto:/.test(match[0])) continue;
    seen.add(login.toLowerCase());
    const { own, others } = apart(before, boxed);
    for (const piece of others.flatMap(pieces)) found.push(piece);
    // Brackets are a mailbox's own.
    const typed = match[0].replace(/^[<([]\s*|[>)\]]+$/g, "").trim();
    found.push({ login, ...(typed !== login && { typed }), ...(own === "" ? {} : numbered(own)) });
  }
  const rest = text.slice(from);
  // "avery@example.com (Avery Learner)"
  const behind = /^\s*\(([^()@]{3,80})\)\s*[,;.]*$/.exec(rest)?.[1];
  const last = found.at(-1);
  if (behind !== undefined && last?.login !== undefined && last.name === undefined) {
    found[found.length - 1] = { ...last, name: behind.trim() };
  } else {
    const { own, others } = apart(rest, false);
    const parted = /[,;\t|\n]/.test(rest);
    for (const piece of [...others, ...(parted && own !== "" ? [own] : [])].flatMap(pieces))
      found.push(piece);
    if (!parted && own !== "" && last?.login !== undefined && last.name === undefined) {
      found[found.length - 1] = { ...last, ...numbered(own) };
    }
  }
  return found;
}

/** What stands before an address: its own name where the address is in brackets, others where marks part them. */
function apart(text: string, boxed: boolean): { own: string; others: string[] } {
  const tidy = (piece: string) => besideAddresses(piece).replace(joint, "").trim();
  const cut = text.split(/[;\t|\n]/);
  const last = cut.pop() ?? "";
  const others = cut.map(tidy).filter((piece) => /[\p{L}\p{N}]/u.test(piece));
  // "Hughes, Freya" <freya@…> is one name; "Avery Learner, Jordan Manager" <jordan@…> are two.
  const parts = last.replace(/^[\s,]+/, "").split(",");
  const words = (part: string) => part.trim().split(/\s+/).length;
  if (
    boxed &&
    (/^\s*["“„']/.test(last.replace(/^[\s,]+/, "")) || parts.length < 2 || words(parts.at(-2) ?? "") < 2)
  ) {
    return { own: tidy(parts.join(",")), others };
  }
  const own = tidy(parts.pop() ?? "");
  const before = tidy(parts.join(","));
  return { own, others: [...others, ...(/[\p{L}\p{N}]/u.test(before) ? [before] : [])] };
}

/** "101 Avery Learner", "#511", "person 101 …": as our own replies name people. */
function numbered(text: string): LoosePerson {
  const [, number, rest = ""] = /^(?:person\s+|user\s+|#)?(\d{1,15})(?:\s+(.*))?$/i.exec(text) ?? [];
  if (number === undefined) return { name: text };
  const name = rest.trim();
  return { number, ...(name === "" ? {} : { name }) };
}

function pieces(text: string): LoosePerson[] {
  const parts = text
    .split(/[;\t|\n]/)
    // "101 Avery Learner, 102 Bo Manager": looked at from the left, so that a long line costs what its length says.
    .flatMap((part) => (/^\s*#?\d{1,15}\s/.test(part) ? part.split(/,(?=\s*#?\d{1,15}\s+\p{L})/u) : [part]))
    .map((part) => part.replace(bullet, "").trim())
    .filter((part) => part !== "");
  return parts.flatMap((part) => {
    if (/^\d{1,15}(?:[\s,]+\d{1,15})+$/.test(part)) return part.split(/[\s,]+/).map((number) => ({ number }));
    const login = cleanLogin(part);
    if (!/\s/.test(login) && /[\p{L}\p{N}]/u.test(login) && !login.includes(",")) return [one(login, part)];
    if (!/[\p{L}\p{N}]/u.test(part)) return [];
    const own = numbered(part.replace(/^["'“”„]+|["'“”„,]+$/g, "").trim());
    const cut = part
      .split(",")
      .map((piece) => piece.trim().replace(joint, ""))
      .filter((piece) => piece !== "");
    return [{ ...own, ...(cut.length > 1 && own.number === undefined && { parts: cut }) }];
  });
}

function one(login: string, typed: string): LoosePerson {
  const number = /^#?(\d{1,15})$/.exec(login)?.[1];
  if (number !== undefined) return { number };
  return { login, ...(login !== typed && { typed }) };
}

/** Whether a text names somebody by what signs in. */
export const isLogin = (text: string): boolean => isAddress(cleanLogin(text));
