import { andMore, count } from "../text/english.ts";
import type { Impact } from "./impact/assess-impact.ts";
import { unaskedPairs } from "./policy/consequence.ts";

/** So many of what is alike are told one by one. */
export const mostSaid = 10;

interface Said {
  readonly asks: string;
  readonly facts: readonly string[];
  /** Those who are created, by name. */
  readonly news: readonly string[];
}

interface Whole {
  /** Steps that the job's own words say. */
  readonly silent: ReadonlySet<Impact>;
  readonly back: readonly string[];
  readonly pairs: number;
  /** Pairs of the last hour that nobody was asked about. */
  readonly before: number;
}

/**
 * The question, what is lost, and whether all of it can be brought back, each once for all steps; then what the
 * steps do, one line each; enrollments as one number.
 */
export function linesFor(
  { asks, facts, news }: Said,
  asking: readonly Impact[],
  { silent, back, pairs, before }: Whole,
): string[] {
  const single = asking.filter(({ kind, asked }) => kind !== "many" && asked !== undefined);
  const own = single.filter((one) => !silent.has(one));
  const said = new Set<string>(facts);
  const effects = own.slice(0, mostSaid).map((one) => effectOf(one, said));
  const more =
    own.length > mostSaid ? [`And ${count(own.length - mostSaid, "more step")} of this kind.`] : [];
  const enrollments = count(pairs, "enrollment");
  const enrolls =
    before + pairs > unaskedPairs && pairs > 0
      ? [
          ...(facts.includes(`This makes ${enrollments}.`)
            ? []
            : [`In all this makes ${enrollments}; people may be emailed.`]),
          // Asked about because of what went before in the hour: then that is said, too.
          ...(before > 0
            ? [
                `${count(before, "other enrollment was", "other enrollments were")} made in the last hour without anyone being asked.`,
              ]
            : []),
        ]
      : [];
  const created =
    news.length === 0
      ? []
      : [`New here: ${andMore(news.slice(0, mostSaid), Math.max(0, news.length - mostSaid))}.`];
  const [lost, ...rest] = [...facts, ...effects, ...more, ...created, ...enrolls];
  return [...new Set([asks, ...(lost === undefined ? [] : [lost]), ...back, ...rest])];
}

/** One step in one line, by whatever name its question gives; what was said of every such step is not said again. */
function effectOf({ asked }: Impact, said: Set<string>): string {
  if (asked === undefined) return "";
  const { states, lost, general, rest } = asked;
  const fresh = lost.filter((line) => !general.includes(line) || !said.has(line));
  for (const line of general) said.add(line);
  const [first, ...others] = [...fresh, ...rest.filter((line) => !said.has(line))];
  if (first === undefined) return states;
  return [states.replace(/\.$/, ":"), uncapital(first), ...others].join(" ");
}

/** A sentence of ours as the end of another. */
const uncapital = (text: string): string =>
  /^[A-Z][a-z ]/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
