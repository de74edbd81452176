import type { Operation } from "../../tools/schema/operation.ts";
import { Missing, OutsidePolicy, type Read, type Row, rowsIn, Unread } from "../academy/reads.ts";
import { reportIn } from "../reply/file.ts";
import { cell } from "../reply/records.ts";
import type { Api } from "../skyprep/api.ts";
import { errorInside, type ParsedResponse } from "../skyprep/response.ts";
import type { Table } from "../tables/csv.ts";
import { sayScope } from "./explain.ts";
import { narrowedTable, Uncuttable } from "./narrowed-report.ts";
import { narrowedValue } from "./narrowed-rows.ts";
import type { Policy } from "./policy.ts";
import { isWithin, type PolicyScope, type Scopes } from "./scope.ts";
import { type Dimension, type Named, namedIn, type Tie, unseenProgress } from "./ties.ts";

export interface NarrowedWorld {
  readonly policy: Policy;
  readonly scopes: Scopes;
  /** SkyPrep as it is. */
  readonly api: Api;
  readonly read: Read;
  readonly records: ReadonlyMap<string, Operation>;
}

/** Reads of whole accounts, which nothing ties to anybody. */
const ofAll = new Set(["get_data"]);
/** SkyPrep does not say which course a session is of. */
const ofNoCourse = new Set(["get_materials", "get_payments"]);
const ofSessions = /^get_instructor_led_training/;

/**
 * SkyPrep as a policy lets it be seen: what lists, searches, counts, reports, jobs, resources and completions are
 * made of. A request for somebody else is not sent, and what nobody can be told from is not shown.
 */
export function narrowedApi({ policy, scopes, api, read, records }: NarrowedWorld): Api {
  const no = (why: string) =>
    new OutsidePolicy(`The policy “${policy.name}” leaves this out: ${why}. Nothing was read.`);

  return async (route, form, signal, context) => {
    const operation = records.get(route);
    if (operation !== undefined && operation.effect !== "read") return api(route, form, signal, context);
    try {
      const scope = await scopes.current(signal);
      if (operation === undefined) throw no(`${route} is unknown`);
      const named = await asked(route, operation, form, { scope, signal });
      const reading = await api(route, form, signal, context);
      return await narrowed(reading, operation, { scope, named, signal });
    } catch (error) {
      if (error instanceof Uncuttable) throw no(error.message);
      if (error instanceof Unread || error instanceof Missing)
        throw new OutsidePolicy(
          `Whom the policy “${policy.name}” means could not be read (${error.message}).`,
        );
      throw error;
    }
  };

  /** What a request names, all of it within the policy. @throws OutsidePolicy */
  async function asked(
    route: string,
    operation: Operation,
    form: string,
    { scope, signal }: { readonly scope: PolicyScope; readonly signal: AbortSignal },
  ): Promise<Named> {
    if (ofAll.has(route)) throw no("a figure of the whole academy");
    if (scope.course && ofSessions.test(route)) throw no("which course a session is of is not known");
    if (scope.course && ofNoCourse.has(route)) throw no("which course each of them is of is not known");
    const named = namedIn(operation, form);
    const outside = named.ties.find((tie) => !isWithin(scope, tie));
    if (outside) throw no(sayOutside(outside, policy));
    if (named.strange.length > 0) throw no(`what ${named.strange.join(", ")} means is not documented`);
    const [progress] = named.others.course_progress_id ?? [];
    if (progress === undefined) return named;
    const [row] = await read("get_course_progress", { course_progress_id: progress }, signal).then(
      rowsIn,
      (error: unknown): Row[] => {
        if (error instanceof Missing) return [];
        throw error;
      },
    );
    const ties: Tie[] = [
      { of: "person", as: "id", is: String(row?.user_id ?? "") },
      { of: "course", as: "id", is: String(row?.course_id ?? "") },
    ];
    if (!ties.every((tie) => isWithin(scope, tie))) throw no(unseenProgress(progress));
    // Its person and course are those of the request.
    return { ...named, ties: [...named.ties, ...ties] };
  }

  async function narrowed(
    reading: ParsedResponse,
    operation: Operation,
    {
      scope,
      named,
      signal,
    }: { readonly scope: PolicyScope; readonly named: Named; readonly signal: AbortSignal },
  ): Promise<ParsedResponse> {
    const { output } = operation;
    if (reading.is === "json" && errorInside(reading.value) !== undefined) return reading;
    if (output.as === "file") return reportWithin(reading, scope, signal);
    if (reading.is !== "json") {
      if (reading.is === "text" && reading.text.length <= mostSaid) return reading;
      throw new Uncuttable("what came is no list of records");
    }
    const value = narrowedValue(reading.value, output, scope, named, operation.paging !== undefined);
    if (value === undefined)
      throw new OutsidePolicy(`The policy “${policy.name}” leaves this out. ${sayScope(policy)}`);
    // How many there are in all is nobody's to see here.
    const { bytes, isPart } = reading;
    return { is: "json", value, bytes, ...(isPart && { isPart }) };
  }

  async function reportWithin(
    reading: ParsedResponse,
    scope: PolicyScope,
    signal: AbortSignal,
  ): Promise<ParsedResponse> {
    const came = reportIn(reading);
    if (came === undefined || came.is === "waiting" || came.is === "failed" || came.is === "empty")
      return reading;
    if (came.is === "xlsx") throw new Uncuttable("nothing can be left out of a workbook: ask for csv");
    const table = await tableOf(came);
    const courses = scope.course === undefined ? [] : await coursesNow(signal);
    const { columns, rows } = narrowedTable(table, { scope, courses });
    const name = came.is === "rows" ? came.name : undefined;
    return { is: "json", value: { ...(name !== undefined && { name }), columns, rows }, bytes: 0 };
  }

  async function coursesNow(signal: AbortSignal): Promise<readonly Row[]> {
    return rowsIn(await read("get_courses", {}, signal));
  }
}

/** As long as SkyPrep's own words are. */
const mostSaid = 200;

async function tableOf(
  came: Extract<ReturnType<typeof reportIn>, { is: "csv" | "rows" }>,
): Promise<Pick<Table, "columns" | "rows">> {
  const { asTable, readCsv } = await import("../tables/csv.ts");
  if (came.is === "csv") return readCsv(came.text);
  return asTable(
    came.columns.map(cell),
    came.rows.map((row) => (Array.isArray(row) ? row.map(cell) : [cell(row)])),
  );
}

const nouns: Readonly<Record<Dimension, string>> = {
  person: "person",
  course: "course",
  group: "group",
  path: "learning path",
};

/** Which one is outside, and of what. */
export function sayOutside({ of, is }: Tie, policy: Policy): string {
  const which = is === "" ? `the ${nouns[of]} of it` : `${nouns[of]} ${JSON.stringify(is.slice(0, 80))}`;
  return `${which} is not among ${whichOf(of, policy)}`;
}

function whichOf(of: Dimension, { rules }: Policy): string {
  if (of === "person") return `the members of ${listed(rules.people?.in_groups)}`;
  const own = { course: rules.courses, group: rules.groups, path: rules.paths }[of];
  return `its ${nouns[of]}s (${listed(own)})`;
}

const listed = (things: readonly (number | string)[] = []): string => {
  const shown = things
    .slice(0, 5)
    .map((one) => (typeof one === "number" ? String(one) : `“${one.slice(0, 60)}”`));
  return [...shown, ...(things.length > 5 ? [`${things.length - 5} more`] : [])].join(", ");
};
