import { type Exchange, TurnedDown } from "../journeys/journey.ts";
import { beyond } from "./changes.ts";
import { alike, type Claims, claimsOf, hedged, together } from "./claims.ts";

/** One play of a journey, seen from outside. */
export interface Seen {
  /** Calls, each with all that was changed up to its end where that was looked at. */
  readonly exchanges: readonly (Exchange & { readonly changes?: readonly string[] })[];
  /** Full names of everybody in the academy at first. */
  readonly people?: ReadonlySet<string>;
  /** All that was changed in the end. */
  readonly changes: readonly string[];
  /** Why it did not go through; left out: it did. */
  readonly thrown?: unknown;
}

export interface Verdict {
  /**
   * `right`: all is as it should be, and said so. `refused`: not all was done or told, and that was said plainly.
   * `false`: something was claimed that is not so, or done that was not to be done.
   */
  readonly is: "right" | "refused" | "false";
  /** Of a refusal: what was said. Of a false claim: what it is. */
  readonly why: string;
}

const short = (text: string, most = 220): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};
const falseBecause = (why: string): Verdict => ({ is: "false", why: short(why) });

const crash = /\bundefined\b|TypeError|is not a function|\[object |\bNaN\b|Cannot read prop/;

const taking = /^(?:destroy|remove|offboard|merge)_/;
/** Of one call: what it claims that the ordinary academy's own answer to it does not. */
function untrue(
  claims: Claims,
  ordinary: Claims | undefined,
  strangers: (name: string) => boolean,
): string | undefined {
  const at = claims.name;
  if (crash.test(claims.text)) return `${at}: a fault of the program's own: ${crash.exec(claims.text)?.[0]}`;
  if (ordinary === undefined) return undefined;
  const absent = claims.absent.filter(
    // Of one page of several; of what this call took away, which the academy shows.
    (one) =>
      !ordinary.text.includes(one) &&
      !hedged.test(one) &&
      !/\bnot all is read yet\b/i.test(claims.text) &&
      !(taking.test(at) && /\bany more\b/.test(one)) &&
      // What is not in something new, though it was asked for, is said to be missing.
      !(/\bverified: no \(/.test(claims.text) && /\bno (?:people|courses)\b/.test(one)) &&
      !((claims.isPaged || /\bthis is not all\b/i.test(claims.text)) && /\bnone here\b/.test(one)),
  );
  if (absent.length > 0) return `${at} says absent: ${absent[0]}`;
  const named = [...claims.names].filter(strangers);
  if (claims.isError) return undefined;
  if (JSON.stringify(lowered(claims.args)) !== JSON.stringify(lowered(ordinary.args)))
    return `${at} was called with ${JSON.stringify(claims.args)} in place of ${JSON.stringify(ordinary.args)}`;
  // Somebody who has no access any more is among the others, and it is said that they are.
  // So are some, where it is said that not all is read.
  const isMixed = /\bno access any more could not be read\b|\bnot all is read yet\b/i.test(claims.text);
  if (named.length > 0 && !isMixed) return `${at} names ${named.join(", ")}`;
  if (hedgesBeyond(claims.text, ordinary.text)) return undefined;
  // It says that more is to be read, and not of how many.
  if (claims.goesOn && !ordinary.goesOn) return undefined;

  for (const [path, value] of claims.told) {
    // What is so already is done again without harm where nobody could see it: the two are one number.
    if (!ordinary.told.has(path) || typeof value !== "number" || /^(?:done|already)$/.test(path)) continue;
    const was = ordinary.told.get(path);
    if (!alike(was, value)) return `${at}: ${path} is ${value} in place of ${was}`;
  }
  const settled = ({ told }: Claims) => Number(told.get("done") ?? 0) + Number(told.get("already") ?? 0);
  if (claims.told.has("done") && ordinary.told.has("done") && settled(claims) !== settled(ordinary))
    return `${at}: ${settled(claims)} done or already so in place of ${settled(ordinary)}`;
  const counts = [...claims.counts].filter((one) => !ordinary.counts.has(one));
  if (counts.length > 0)
    return `${at} counts “${counts.join("”, “")}” in place of “${[...ordinary.counts].filter((one) => !claims.counts.has(one)).join("”, “")}”`;
  const [more, fewer] = [
    [...claims.rows.keys()].filter((id) => !ordinary.rows.has(id)),
    [...ordinary.rows.keys()].filter((id) => !claims.rows.has(id)),
  ];
  // A write that was answered with nothing shows no record, and says that it is done.
  const isBare = claims.rows.size === 0 && claims.told.get("done") === true;
  // Where both say that more follow, a page may end elsewhere.
  const isPage = claims.goesOn && ordinary.goesOn;
  if (more.length + fewer.length > 0 && !isBare && !isPage)
    return `${at}: rows ${more.slice(0, 4).join(" ")} too many (${more.length}), ${fewer.slice(0, 4).join(" ")} missing (${fewer.length})`;
  for (const [id, row] of claims.rows)
    for (const [field, value] of Object.entries(row)) {
      const was = ordinary.rows.get(id)?.[field];
      // One call's own doing may have brought about what a later step does again without harm.
      const isSo = field === "outcome" && [was, value].includes("already");
      if (was !== undefined && !isSo && !alike(was, value))
        return `${at}: ${field} of ${id} is ${JSON.stringify(value)} in place of ${JSON.stringify(was)}`;
    }
  return undefined;
}

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+|\n/);
/** Whether a sentence says that not all is known which the ordinary reply does not have. */
const hedgesBeyond = (text: string, ordinary: string): boolean =>
  sentencesOf(text).some((one) => hedged.test(one) && !ordinary.includes(one));

const lowered = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lowered(one)]))
    : Array.isArray(value)
      ? value.map(lowered)
      : String(value).toLowerCase();

/** What a reply says was not done. */
const saysNothing =
  /\bnothing (?:was|has been|is) (?:sent|changed|done|made|written)\b|\bno change was (?:made|sent)\b|\bwas not sent\b/i;
/** What a reply owns up to. */
const saysSome =
  /\b(done|made|may (?:have|or may)|not known whether|unknown|part|some|before it|already|whether it|is so now|so far)\b/i;

/** What became of a journey in an academy that is otherwise, beside what becomes of it in the ordinary one. */
export function outcomeOf(under: Seen, ordinary: Seen): Verdict {
  const groups = together(under.exchanges).map(claimsOf);
  const usual = together(ordinary.exchanges).map(claimsOf);
  const seen = new Map<string, number>();
  const counterpart = (name: string) => {
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return usual.filter((one) => one.name === name)[nth];
  };
  const usually = usual.map(({ text }) => text).join("\n");
  const stranger = (name: string) => (ordinary.people?.has(name) ?? false) && !usually.includes(name);
  for (const claims of groups) {
    const why = untrue(claims, counterpart(claims.name), stranger);
    if (why !== undefined) return falseBecause(why);
  }

  // Whoever was refused on the way stands where the ordinary run stood then, or on the way from there.
  const stages =
    under.thrown === undefined ? [] : ordinary.exchanges.flatMap(({ changes }) => (changes ? [changes] : []));
  const [more = []] = [ordinary.changes, ...stages]
    .map((stage) => beyond(under.changes, stage))
    .sort((one, other) => one.length - other.length);
  // Of what may or may not have been done, nobody was told how much.
  const unsure = under.exchanges.at(-1)?.reply.text ?? "";
  if (
    more.length === 1 &&
    under.thrown instanceof TurnedDown &&
    /\bmay or may not have been done\b/.test(unsure)
  )
    return { is: "refused", why: short(unsure) };
  if (more.length > 0)
    return falseBecause(`changed beyond what it should: ${more.slice(0, 3).join(", ")} (${more.length})`);
  const fewer = beyond(ordinary.changes, under.changes);
  const open = groups.find(({ text }, n) => hedgesBeyond(text, usual[n]?.text ?? ""));
  if (under.thrown === undefined && fewer.length > 0 && open)
    return { is: "refused", why: short(`${open.name} said not all is known: ${hedgeIn(open.text)}`) };
  if (under.thrown === undefined)
    return fewer.length === 0
      ? { is: "right", why: "" }
      : falseBecause(`said to be done and is not: ${fewer.slice(0, 3).join(", ")} (${fewer.length})`);

  const last = under.exchanges.at(-1);
  if (!(under.thrown instanceof TurnedDown) || !last) {
    const partly = under.exchanges.find(({ reply }, n) => {
      return hedgesBeyond(reply.text, ordinary.exchanges[n]?.reply.text ?? "");
    });
    const message = under.thrown instanceof Error ? under.thrown.message : String(under.thrown);
    return partly
      ? { is: "refused", why: short(`${partly.name} said not all is known: ${hedgeIn(partly.reply.text)}`) }
      : falseBecause(`though every call was answered: ${message}`);
  }

  const before = doneBefore(ordinary, together(under.exchanges).length);
  const since = beyond(under.changes, before);
  const { text } = last.reply;
  if (since.length > 0 && saysNothing.test(text) && !saysSome.test(text))
    return falseBecause(
      `${last.name} says that nothing was done, and there is ${since.slice(0, 2).join(", ")}: ${text}`,
    );
  if (since.length > 0 && !saysSome.test(text))
    return falseBecause(`${last.name} does not say that it did ${since.slice(0, 2).join(", ")}: ${text}`);
  if (text.trim().length < 30) return falseBecause(`${last.name} does not say why: ${text}`);
  return { is: "refused", why: short(`${last.name}: ${text}`) };
}

/** What the ordinary run had changed before its n-th call began. */
function doneBefore(ordinary: Seen, nth: number): readonly string[] {
  const groups = together(ordinary.exchanges);
  const last = groups[nth - 2]?.at(-1) as Seen["exchanges"][number] | undefined;
  return last?.changes ?? [];
}

const hedgeIn = (text: string): string => sentencesOf(text).find((one) => hedged.test(one)) ?? text;
