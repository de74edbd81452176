import { exampleOf } from "../../src/catalogue/catalogue.ts";
import type { Tables } from "../../src/sandbox/model/tables.ts";
import type { Reply } from "../support/academy.ts";
import { jobTools, tools } from "../support/catalogue.ts";
import { type Form, yes } from "../support/person.ts";
import { markOutsiders, openPoliced, outsideState, type PolicedOptions } from "./policed.ts";

/** Whom and what a policy leaves in, worked out from the academy's own tables; what is left out is not narrowed. */
export interface Inside {
  readonly people?: ReadonlySet<number>;
  readonly courses?: ReadonlySet<number>;
  readonly groups?: ReadonlySet<number>;
  readonly paths?: ReadonlySet<number>;
}

const outsideOf = (own: ReadonlySet<number> | undefined) => (id: number) => own !== undefined && !own.has(id);

/** Names that nothing else has, on all that is outside. */
export function markOutside(tables: Tables, { people, courses, groups, paths }: Inside): void {
  if (people) markOutsiders(tables, (id) => people.has(id));
  for (const course of tables.courses.values()) {
    if (!outsideOf(courses)(course.id)) continue;
    Object.assign(course, {
      name: `Canary${course.id} course`,
      description: `Canary${course.id} description`,
      course_code: `CANARY${course.id}`,
      tags: [`Canary${course.id}`],
    });
    for (const item of course.items) item.name = `Canary${course.id} item`;
  }
  for (const group of tables.groups.values()) {
    const own = group.type === "user" ? groups : paths;
    if (!outsideOf(own)(group.id)) continue;
    Object.assign(group, { name: `Canary${group.id} group`, description: `Canary${group.id} description` });
  }
}

/** All that is about what is outside, as one text: whatever changes it touched something there. */
export function stateOutside(tables: Tables, inside: Inside): string {
  const { people, courses, groups, paths } = inside;
  const [course, group, path] = [outsideOf(courses), outsideOf(groups), outsideOf(paths)];
  const some = (set: Iterable<number>, isOut: (id: number) => boolean) => [...set].filter(isOut);
  const all = [...tables.groups.values()];
  const rows = (row: (typeof all)[number]) => ({ ...row, members: [...row.members] });
  return JSON.stringify([
    people && outsideState(tables, (id) => people.has(id)),
    courses && [
      [...tables.courses.values()].filter(({ id }) => course(id)),
      [...tables.progress.values()]
        .filter((row) => course(row.course_id))
        .map((row) => ({ ...row, items: [...row.items] })),
      [...tables.enrollments].map(([id, own]) => [id, some(own, course)]).filter(([, own]) => String(own)),
      // Whoever joins a group with such a course is given it.
      all.flatMap(({ id, courses: own, members }) =>
        some(own, course).length > 0 ? [[id, some(own, course), [...members]]] : [],
      ),
      [...tables.courseKeys.values()].filter((key) => course(key.course_id)),
      [...tables.catalog.values()].filter(({ kind, id }) => kind === "course" && course(id)),
    ],
    groups && [
      all
        .filter(({ id, type }) => type === "user" && group(id))
        .map((row) => [rows(row), [...row.courses], [...row.paths]]),
      [...tables.managerships.values()].filter((row) => group(row.user_group_id)),
      [...tables.catalog].flatMap(([key, { user_group_ids }]) => {
        const own = some(user_group_ids, group);
        return own.length > 0 ? [[key, own]] : [];
      }),
    ],
    paths && [
      all
        .filter(({ id, type }) => type === "learning_path" && path(id))
        .map((row) => [rows(row), [...row.courses]]),
      all.flatMap(({ id, paths: own, members }) =>
        some(own, path).length > 0 ? [[id, some(own, path), [...members]]] : [],
      ),
      [...tables.catalog.values()].filter(({ kind, id }) => kind === "learning_path" && path(id)),
    ],
  ]);
}

const marks = /canary\d+|outside\d+/gi;
/** Where a text shows a mark that does not stand in what was said before. */
export function marksIn(text: string, said = ""): string[] {
  return [...text.matchAll(marks)].flatMap(({ 0: mark, index }) =>
    said.includes(mark) ? [] : [text.slice(Math.max(0, index - 160), index + 60)],
  );
}

/** What is called: a tool with arguments, and what is known to stand in them. */
export interface Tried {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

/** A policed academy whose outside is marked; what its client heard, all of it. */
export async function openMarked(
  policy: unknown,
  insideOf: (tables: Tables) => Inside,
  { prepare = () => {}, ...options }: PolicedOptions = {},
) {
  let inside: Inside = {};
  const forms: string[] = [];
  const academy = await openPoliced(policy, {
    person: (form: Form) => {
      forms.push(form.message);
      return yes(form);
    },
    ...options,
    prepare: (tables) => {
      prepare(tables);
      inside = insideOf(tables);
      markOutside(tables, inside);
    },
  });
  const heard: string[] = [];
  const { transport } = academy.client;
  const hears = transport?.onmessage;
  if (transport && hears)
    transport.onmessage = (message, ...more) => {
      heard.push(JSON.stringify(message));
      return hears(message, ...more);
    };
  const before = stateOutside(academy.tables, inside);
  const wrong: string[] = [];
  const done = new Map<string, number>();
  const replies: Reply[] = [];
  let asked = 0;
  const isUntouched = () => stateOutside(academy.tables, inside) === before;
  return {
    ...academy,
    inside,
    isUntouched,
    replies,
    enrolled: (person: number | undefined, course: number) =>
      [...academy.tables.progress.values()].some(
        (row) => row.user_id === person && row.course_id === course && row.status !== "archived",
      ),
    forms,
    heard,
    wrong,
    done,
    asked: () => asked,
    /** False: something outside was touched, and the rest would be seen to touch it, too. */
    async go(name: string, args: Record<string, unknown>, as = name): Promise<boolean> {
      asked += 1;
      const from = heard.length;
      const reply = await academy.call(name, args);
      replies.push(reply);
      const said = JSON.stringify(args);
      for (const shown of heard
        .slice(from)
        .flatMap((message) => marksIn(message, said))
        .slice(0, 1))
        wrong.push(`${as} ${said} shows …${shown}`);
      if (!reply.isError) done.set(as, (done.get(as) ?? 0) + 1);
      // What reads is not looked after each time: the next write is.
      if (tools.get(as)?.operation.effect === "read" || isUntouched()) return true;
      wrong.push(`${as} ${said} touched what is outside: ${reply.text.slice(0, 300)}`);
      return false;
    },
    writes: () =>
      [...done.keys()].filter((name) => {
        const operation = tools.get(name)?.operation;
        return operation !== undefined && operation.effect !== "read";
      }),
  };
}

/** Each argument that names somebody or something, in turn each of its values; all others as in the example. */
export function variants(
  example: Record<string, unknown>,
  picks: Readonly<Record<string, readonly unknown[]>>,
): Record<string, unknown>[] {
  let all: Record<string, unknown>[] = [example];
  for (const [name, values] of Object.entries(picks)) {
    if (!(name in example)) continue;
    all = all.flatMap((args) => values.map((value) => ({ ...args, [name]: value })));
  }
  return all;
}

/** What takes things away comes last. */
const rank = (name: string) =>
  Number(/^(destroy|remove|delete|move)/.test(name)) +
  Number(/^destroy_(user|course|learning|user_group)/.test(name));

/** Every tool, with every argument that `picks` knows in each of its values, in the order of what it takes. */
export function everyTool(picks: Readonly<Record<string, readonly unknown[]>>): Tried[] {
  return [...tools.values()]
    .sort((a, b) => rank(a.name) - rank(b.name))
    .flatMap((tool) => variants(exampleOf(tool), picks).map((args) => ({ name: tool.name, args })));
}

/** Every job with what it must be given. */
export const everyJob = (own: Readonly<Record<string, readonly Record<string, unknown>[]>>): Tried[] =>
  [...jobTools.values()].flatMap(({ name, shape }) => {
    const example = Object.fromEntries(
      (shape.plain.required ?? []).map((field) => [field, shape.details.get(field)?.example]),
    );
    return (own[name] ?? [example]).map((args) => ({ name, args }));
  });
