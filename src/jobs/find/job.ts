import { z } from "zod";
import { changed } from "../../call/read/pages.ts";
import { BadCursor, digest, readCursor, writeCursor } from "../../reply/cursor.ts";
import { columnsOf, fit, line } from "../../reply/records.ts";
import { type Reply, refuse } from "../../reply/reply.ts";
import { cleanText, count, reading } from "../../text/english.ts";
import { defineJob, type JobWorld } from "../job.ts";
import { cursor, field, fresh, unlisted } from "../shared/input-fields.ts";
import { refuseOnReadFailure } from "../shared/resolve.ts";
import { columns, shown } from "../shared/search/columns.ts";
import { isWeak } from "../shared/search/match-score.ts";
import { isFound, isOfPolicy, mergedResults, type SearchResult, searchAny } from "../shared/search/search.ts";
import type { Hit } from "../shared/search/search-index.ts";
import { isOnlyKind, kindsNamed, type SearchKind, wordsOf } from "../shared/search/words.ts";
import { whereField, whereWords } from "../shared/selection/where.ts";
import { named } from "./by-number.ts";
import { findWhere } from "./by-where.ts";

const kinds = ["person", "course", "group", "path", "session"] as const satisfies readonly SearchKind[];

const input = z.strictObject({
  text: field(
    z.string().trim().min(1).max(255),
    "Name, login, code or number, or a part, as said",
    "the safety course",
  ).optional(),
  where: whereField(whereWords),
  kind: field(z.enum(kinds), "Only this kind; else all", "person").optional(),
  fresh: unlisted(fresh),
  cursor: cursor("A"),
});
type FindArgs = Omit<z.output<typeof input>, "where" | "text"> & { readonly text: string };

/** Numbers for what people say. */
export const find = defineJob({
  title: "Find by name",
  description:
    "Which person, course, group, path or session is meant: answers numbers; typos are fine. Call it first where another tool wants a number. Several may fit: ask the person which.",
  searchHint:
    "look up id, search user or course by name, who is, which course is the one, lookup, number of, people by region or department, dormant, inactive, never signed in, in no group, not enrolled, managed by",
  alwaysLoad: true,
  effect: "read",
  idempotent: true,
  input,
  needs: [{ atLeastOne: ["text", "where"] }],
  run: ({ where, text, ...args }, world, inner) =>
    refuseOnReadFailure("Nothing was found", async () => {
      try {
        if (where !== undefined) return await findWhere({ where, text, ...args }, world, inner);
        return await look({ text: text ?? "", ...args }, world, inner.signal);
      } catch (error) {
        if (error instanceof BadCursor) return refuse("Nothing was found.", error.message);
        throw error;
      }
    }),
});

async function look(asked: FindArgs, world: JobWorld, signal: AbortSignal): Promise<Reply> {
  const { text, kind } = asked;
  const wanted = kind ? [kind] : kindsIn(text);
  const hits = await named(wanted, text, world, signal);
  if (hits.length > 0) {
    const rest = otherThan(text.includes("@") ? kinds : ["person", "course"]);
    return tell(
      asked,
      { hits, equally: hits.length, among: new Map(), unread: [], leftOut: [] },
      kind ? [] : rest,
      world,
    );
  }
  let looked = await searchAny(wanted, text, world, signal);
  // What a policy leaves out keeps nobody from looking elsewhere.
  if (looked.failure !== undefined && (kind || !isOfPolicy(looked.failure))) throw looked.failure;
  let tried: readonly SearchKind[] = wanted;
  for (const more of kind ? [] : [kinds.filter((other) => other !== "session"), kinds]) {
    const rest = more.filter((other) => !tried.includes(other));
    if (rest.length === 0) continue;
    // People Managers is a group: where the kind's own list has but a guess, the word may be part of a name.
    const isGuess = tried === wanted && rest.length > 1 && looked.hits[0]?.is !== "sure";
    if (isFound(looked) && !isGuess) continue;
    looked = mergedResults(looked, await searchAny(rest, text, world, signal));
    tried = [...tried, ...rest];
  }
  if (looked.failure !== undefined) throw looked.failure;
  return tell(asked, looked, kind ? [] : otherThan(tried), world);
}

const otherThan = (those: readonly SearchKind[]): SearchKind[] =>
  kinds.filter((kind) => !those.includes(kind));

/** Sessions only where they are named: they cost more calls than the rest. */
function kindsIn(text: string): readonly SearchKind[] {
  if (/\S@\S/.test(text)) return ["person"];
  const words = wordsOf(text);
  const said = kindsNamed(words);
  return said.length > 0 && words.length > 1 ? said : otherThan(["session"]);
}

const plural: Readonly<Record<SearchKind, readonly [string, string]>> = {
  person: ["person", "people"],
  course: ["course", "courses"],
  group: ["group", "groups"],
  path: ["learning path", "learning paths"],
  session: ["session", "sessions"],
};

const lists: Readonly<Record<SearchKind, string>> = {
  person: "get_users",
  course: "get_courses",
  group: "get_user_groups",
  path: "get_learning_paths",
  session: "get_ilt_timeslots",
};

const kindInWords = (words: readonly string[]): string =>
  `A kind is no name; all of them: ${kindsNamed(words)
    .map((kind) => `${plural[kind][1]} ${lists[kind]}`)
    .join(", ")}.`;

/** Whoever asks for more wants more than a first look. */
const mostFirst = 10;
const mostNext = 100;

function tell(
  { text, kind, cursor }: FindArgs,
  { hits, equally, among, unread, leftOut }: SearchResult,
  notRead: readonly SearchKind[],
  { account }: JobWorld,
): Reply {
  const call = [account, "find", kind ?? "", text].join("\n");
  const mark = digest(hits.map(({ entry }) => `${entry.kind} ${entry.id}`).join("\n"));
  const at = cursor === undefined ? undefined : readCursor(cursor, call);
  if (at && at.mark !== mark) throw new BadCursor(changed);
  const before = at?.offset ?? 0;
  const rows = hits.slice(before, before + (at ? mostNext : mostFirst)).map(shown);
  const items = fit(rows, (row) => line(row, columns));
  const used = before + items.length;
  const next = used < hits.length ? writeCursor(call, { offset: used, mark }) : undefined;
  const present = columnsOf(items, columns);
  const weak = hits[0] !== undefined && isWeak(hits[0]);
  const several = equally > 1 && !weak;
  // As lists are named, whichever came first.
  const through = kinds.flatMap((one) => {
    const n = among.get(one);
    return n === undefined ? [] : [count(n, ...plural[one])];
  });
  const names = (some: readonly SearchKind[]) => some.map((one) => plural[one][1]).join(", ");
  const saidKinds = kindsNamed(wordsOf(text));
  // A training is found for whoever asks for its session.
  const kindOf = ({ entry: { kind: one } }: Hit): SearchKind => (one === "training" ? "session" : one);
  const isOther =
    saidKinds.length > 0 && hits.length > 0 && !hits.some((hit) => saidKinds.includes(kindOf(hit)));
  const said = [
    `${weak ? "Nothing fits well" : hits.length === 0 ? "Nothing" : hits.length === 1 ? "One" : hits.length} for “${cleanText(text).slice(0, 80)}”${through.length > 0 ? ` among ${through.join(", ")}` : ""}${before > 0 || next ? `, ${before + 1}–${used}` : ""}.`,
    ...(weak
      ? [
          `${reading(hits.length, { one: "One weak match", many: (n) => `${n} weak matches` })}: only a part of it, or a word like it. Ask before any is taken.`,
        ]
      : []),
    ...(isOther && !isOnlyKind(wordsOf(text))
      ? [`No ${saidKinds.map((one) => plural[one][0]).join(" or ")} is called so: of other kinds.`]
      : []),
    ...(isOnlyKind(wordsOf(text)) ? [kindInWords(wordsOf(text))] : []),
    ...(several ? [`The first ${equally} fit equally well: ask which is meant, do not guess.`] : []),
    ...(unread.length > 0 ? [`Could not be read, so not looked in: ${names(unread)}.`] : []),
    ...(leftOut.length > 0 ? [`Not looked in: ${names(leftOut)}, which the policy leaves out.`] : []),
    ...(notRead.length > 0 ? [`Not looked in: ${names(notRead)} (give kind).`] : []),
  ];
  return {
    outcome: "done",
    text: [
      said.join(" "),
      ...(items.length > 0 ? [present.join("\t"), ...items.map((row) => line(row, present))] : []),
      ...(next ? [`More follow: call again with cursor ${next}`] : []),
    ].join("\n"),
    structured: {
      items,
      total: hits.length,
      equally: weak ? 0 : equally,
      ...(weak && { weak }),
      among: Object.fromEntries(among),
      ...(unread.length > 0 && { unread }),
      ...(notRead.length + leftOut.length > 0 && { not_looked_in: [...leftOut, ...notRead] }),
      ...(next && { next_cursor: next }),
    },
  };
}
