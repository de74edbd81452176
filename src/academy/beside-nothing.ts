import type { Api } from "../skyprep/api.ts";
import { Failure, Rejected } from "../skyprep/response.ts";
import { type AbsenceWorld, askedFor, judge } from "./absence.ts";
import { areRightsOf } from "./manager-rights.ts";
import { NotAList, numberIn, rowsIn, wholeList } from "./reads.ts";

const route = "get_manager_permissions_from_user_group";
const advice = "List the groups or people first.";
/** Beyond every number that is listed. */
const far = 1_000_000;

type Came = Parameters<typeof judge>[1];

/**
 * Whether somebody manages a group, where SkyPrep does not say 404 of whoever does not: no list tells that. What may
 * mean so is held beside what it says of a group and of a person that are surely not there. Where all three are one,
 * that is how this academy says it; else it stays what it was.
 */
export function besideNothing(api: Api, { sightings, kept }: AbsenceWorld): Api {
  /** What is said of what no list holds; undefined: it differs, or could not be had. */
  async function saidOfNothing(
    signal: AbortSignal,
    context: Parameters<Api>[3],
  ): Promise<string | undefined> {
    const own: Api = (name, form, loading) => api(name, form, loading, context);
    const look = (name: string, form: string): Promise<Came> =>
      own(name, form, signal).then(
        (reading) => ({ reading }),
        (error: unknown) => ({ error }),
      );
    const highest = async (list: string) => {
      const rows = rowsIn(await wholeList(list, "", { api: own, kept }, signal));
      return { rows, id: Math.max(...rows.map((row) => numberIn(row))) };
    };
    try {
      const people = await highest("get_users");
      const group = (await highest("get_user_groups")).id + far;
      const somebody = people.rows[0] && numberIn(people.rows[0]);
      const nobody = `user_id=${people.id + far}`;
      const asked = askedFor("get_user", nobody);
      if (asked === undefined || somebody === undefined || !Number.isSafeInteger(group)) return undefined;
      const noGroup = judge(
        rightsOf(somebody, group),
        await look(route, `user_id=${somebody}&user_group_id=${group}`),
      );
      const noPerson = judge(asked, await look("get_user", nobody));
      signal.throwIfAborted();
      if (typeof noGroup === "string" || typeof noPerson === "string") return undefined;
      return noGroup.came === noPerson.came ? noGroup.came : undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure || error instanceof NotAList) return undefined;
      throw error;
    }
  }

  return async (name, form, signal, context) => {
    const given = new URLSearchParams(form);
    const [user, group] = [Number(given.get("user_id")), Number(given.get("user_group_id"))];
    if (name !== route || !(user > 0) || !(group > 0)) return api(name, form, signal, context);
    let came: Came;
    try {
      came = { reading: await api(name, form, signal, context) };
    } catch (error) {
      signal.throwIfAborted();
      came = { error };
    }
    const judged = judge(rightsOf(user, group), came);
    // Somebody else's rights are no answer at all; 404 is one in any form.
    const is404 = "error" in came && came.error instanceof Rejected && [404, 410].includes(came.error.status);
    if (judged === "not there" && !is404) {
      const words = "error" in came ? (came.error as Failure).message : "SkyPrep says that there is none.";
      throw new Rejected(404, words, advice, "refused", words);
    }
    if (typeof judged !== "string" && judged.how !== "owner" && !is404) {
      const [said] = await kept.read(
        `beside ${route}`,
        async (loading) => ({ value: [await saidOfNothing(loading, context)], bytes: 0 }),
        signal,
      );
      if (said === judged.came) {
        sightings.differs("unknown-is-404", judged.how);
        const words = `SkyPrep ${judged.came}, as it does of what is not there.`;
        throw new Rejected(404, words, advice, "refused", words);
      }
    }
    if ("error" in came) throw came.error;
    return came.reading;
  };
}

const rightsOf = (user: number, group: number) => ({
  isIn: (value: unknown) => areRightsOf([value].flat()[0], user, group),
  isSpokenOf: () => false,
});
