import { fewPeople } from "../../academy/identity.ts";
import { type BoundedReads, Missing, type Row, Unread, whoIn } from "../../academy/reads.ts";
import type { Write } from "../policy/decision.ts";

/** Where the steps of a job name many people, one read of the whole list serves them all. */
export function batchReads(look: BoundedReads, steps: readonly Write[]): BoundedReads {
  const named = new Set(steps.flatMap(({ args }) => (whoIn(args) ? [keyOf(whoIn(args))] : [])));
  if (named.size <= fewPeople) return look;
  let everyone: Promise<ReadonlyMap<string, Row>> | undefined;

  async function list(): Promise<ReadonlyMap<string, Row>> {
    try {
      const rows = await look.rows("get_users", {});
      return new Map(rows.flatMap((row) => keysOf(row).map((key) => [key, row])));
    } catch (error) {
      if (error instanceof Unread || error instanceof Missing) return new Map();
      throw error;
    }
  }

  return {
    ...look,
    async one(route, parameters) {
      if (route !== "get_user") return look.one(route, parameters);
      everyone ??= list();
      return (await everyone).get(keyOf(whoIn(parameters))) ?? look.one(route, parameters);
    },
  };
}

const keyOf = (who: ReturnType<typeof whoIn>): string =>
  who === undefined
    ? ""
    : "user_id" in who
      ? `number ${who.user_id}`
      : `login ${who.user_email.trim().toLowerCase()}`;

const keysOf = ({ id, user_id, email, username }: Row): string[] => [
  `number ${Number(user_id ?? id)}`,
  ...[email, username].flatMap((one) =>
    typeof one === "string" ? [`login ${one.trim().toLowerCase()}`] : [],
  ),
];
