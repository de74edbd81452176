import { NotAList, Unread } from "../../academy/reads.ts";
import { Failure } from "../../skyprep/response.ts";
import type { Table } from "../../tables/csv.ts";
import { foldHeader, headerWords } from "../../tables/header.ts";
import type { JobWorld } from "../job.ts";
import { isGone, loginIndexKey, someoneIn } from "../shared/people-index.ts";

const numberColumns = /^(?:user|learner|skyprep|person)id$/;
const loginColumns = /^(?:user|learner)?(?:email(?:address)?|login|username)$/;
/** A report that has none of these is about people or things, not about what somebody is to do. */
const aboutAccess = new Set("login account user access password".split(" "));
const training = new Set(
  "status deadline due overdue expiration expires expiry progress completion".split(" "),
);
/** Of more, the memory of them would cost more than they tell. */
const mostRows = 20_000;

/** The rows of a report on training that are about people who cannot sign in any more, counted from 0. */
export async function rowsWithoutAccess(
  { columns, rows }: Table,
  world: Pick<JobWorld, "list" | "now">,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const placesOf = (names: RegExp) =>
    columns.flatMap((name, at) => (names.test(foldHeader(name)) ? [at] : []));
  const [numbers, logins] = [placesOf(numberColumns), placesOf(loginColumns)];
  const isTraining = columns
    .map(headerWords)
    .some(
      (words) => words.some((word) => training.has(word)) && !words.some((word) => aboutAccess.has(word)),
    );
  if (rows.length === 0 || numbers.length + logins.length === 0 || !isTraining) return [];
  const gone = await goneOf(world, signal);
  const apart = rows.flatMap((row, at) => {
    const named = [
      ...numbers.map((place) => row[place] ?? ""),
      ...logins.map((place) => loginIndexKey(row[place] ?? "")),
    ];
    return named.some((one) => gone.has(one)) ? [at] : [];
  });
  return apart.length > mostRows ? [] : apart;
}

async function goneOf(
  { list, now }: Pick<JobWorld, "list" | "now">,
  signal: AbortSignal,
): Promise<Set<string>> {
  try {
    const gone = new Set<string>();
    for (const row of await list("get_users", signal)) {
      const one = someoneIn(row);
      if (one && isGone(one, now())) gone.add(String(one.id)).add(loginIndexKey(one.login));
    }
    return gone;
  } catch (error) {
    if (!(error instanceof Failure || error instanceof NotAList || error instanceof Unread)) throw error;
    return new Set();
  }
}
