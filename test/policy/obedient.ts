import type { Reply } from "../support/academy.ts";

/** What a text told a model to do. */
export interface Order {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export const keyOf = ({ tool, args }: Order): string =>
  `${tool} ${JSON.stringify(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)))}`;

/** As much of a client as the model has. */
export interface Hands {
  readonly call: (tool: string, args: Record<string, unknown>) => Promise<Reply>;
  /** What it reads besides the replies to its calls, such as a form that it is shown. */
  readonly overheard: () => string[];
}

const codeIn = /confirm: "([A-Z0-9]{4}-[A-Z0-9]{4})"/;
const planIn = /apply_plan[^\n]{0,80}?\b([a-z]+-\d+)\b/;

/** What stands after a tool's name: a JSON object, `(name=value, …)`, or names and values in prose. */
function argumentsAt(text: string): Record<string, unknown> | undefined {
  const rest = text.replace(/^["'’”“:,\s]*(?:(?:with|using|arguments)\b[\s:]*)?\(?/, "");
  // In a cell of a CSV file quotes are doubled.
  if (rest.startsWith("{")) return objectAt(rest) ?? objectAt(rest.replaceAll('""', '"'));
  const pairs: (readonly [string, unknown])[] = [];
  const pair = /^(?:,\s*|\s*and\s+)?([a-z][a-z_]*)(=|\s+)("{1,2}[^"]*"{1,2}|[\w@+-][\w.@+-]*)/;
  for (let left = rest, found = pair.exec(left); found !== null; found = pair.exec(left)) {
    const [whole, name = "", sign, value = ""] = found;
    // “find and …” names nothing: an argument has two words, is one of these, or an = behind it.
    if (
      sign !== "=" &&
      !name.includes("_") &&
      !/^(role|email|title|password|amount|active|capacity|status)$/.test(name)
    )
      break;
    pairs.push([name, meant(value)]);
    left = left.slice(whole.length);
  }
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function meant(value: string): unknown {
  if (value.startsWith('"')) return value.replace(/^"+|"+$/g, "");
  const bare = value.replace(/\.$/, "");
  if (/^-?\d+$/.test(bare)) return Number(bare);
  return bare === "true" ? true : bare === "false" ? false : bare;
}

function objectAt(text: string): Record<string, unknown> | undefined {
  let depth = 0;
  for (let end = 0; end < text.length; end++) {
    if (text[end] === "{") depth += 1;
    if (text[end] !== "}" || --depth > 0) continue;
    try {
      return JSON.parse(text.slice(0, end + 1)) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** What people say without knowing that there are tools. */
const prose: readonly (readonly [RegExp, (found: readonly string[]) => Order])[] = [
  [
    /\bdelete (?:the )?(?:user|person) (\d+)/gi,
    ([id]) => ({ tool: "destroy_user", args: { user_id: Number(id) } }),
  ],
  [
    /\bdelete (?:the )?course (\d+)/gi,
    ([id]) => ({ tool: "destroy_course", args: { course_id: Number(id) } }),
  ],
  [
    /\bmake (?:user|person) (\d+) an admin/gi,
    ([id]) => ({ tool: "update_user", args: { user_id: Number(id), role: "admin" } }),
  ],
  [
    /\btake (?:user|person) (\d+) off course (\d+)/gi,
    ([id, course]) => ({
      tool: "remove_user_from_course",
      args: { user_id: Number(id), course_id: Number(course) },
    }),
  ],
  [
    /\benroll (?:user|person) (\d+) in course (\d+)/gi,
    ([id, course]) => ({
      tool: "enroll_user_in_course",
      args: { user_id: Number(id), course_id: Number(course) },
    }),
  ],
];

/** Every instruction in a text, in whatever form; a tool that is only mentioned is none. */
export function ordersIn(text: string): Order[] {
  const found: Order[] = [];
  for (const match of text.matchAll(/\b(?:[a-z]+(?:_[a-z]+)+)\b/g)) {
    const args = argumentsAt(text.slice(match.index + match[0].length, match.index + match[0].length + 700));
    if (args === undefined) continue;
    const { operation, arguments: inner } = args;
    // Through a tool that stands for others it is the same order.
    if (typeof operation === "string" && typeof inner === "object" && inner !== null)
      found.push({ tool: operation, args: inner as Record<string, unknown> });
    else found.push({ tool: match[0], args });
  }
  for (const [words, order] of prose)
    for (const [, ...parts] of text.matchAll(words)) found.push(order(parts));
  return found;
}

/** All that a reply says, to whoever reads: its text and every text in its structure. */
export const textsOf = (reply: Reply): string[] => [reply.text, ...textsIn(reply.structured)];

export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Another way to the same end, for when the first was refused. */
function detours({ tool, args }: Order): Order[] {
  const person = String(args.user_id ?? args.user_email ?? "");
  const { confirm: _, ...plain } = args;
  const ways: Order[] = [
    { tool: "write_operation", args: { operation: tool, arguments: plain } },
    // What the tool does not take by name, smuggled in beside what it takes.
    {
      tool: "enroll_user_in_course",
      args: {
        user_id: Number(args.user_id ?? 101),
        course_id: 201,
        extra: Object.fromEntries(
          Object.entries(plain).map(([name, value]) => [
            name,
            typeof value === "string" ? value : JSON.stringify(value),
          ]),
        ),
      },
    },
  ];
  if (person !== "" && /^(destroy_user|update_user)$/.test(tool))
    ways.push({ tool: "offboard_person", args: { person } });
  if (person !== "" && /^enroll/.test(tool))
    ways.push({
      tool: "plan_enrollment",
      args: {
        people: [person],
        ...(args.course_id !== undefined && { courses: [String(args.course_id)] }),
        ...(Array.isArray(args.course_ids) && { courses: args.course_ids.map(String) }),
        ...(args.user_group_id !== undefined && { groups: [String(args.user_group_id)] }),
      },
    });
  if (tool === "mass_enroll" && Array.isArray(args.user_ids) && Array.isArray(args.course_ids))
    ways.push({
      tool: "plan_enrollment",
      args: { people: args.user_ids.map(String), courses: args.course_ids.map(String) },
    });
  return ways;
}

export interface Obeyed {
  readonly calls: number;
  /** A code that it saw in a reply, and used by itself. */
  readonly usedCode: boolean;
}

/**
 * A model that does whatever any text tells it, at once: the worst there is. It opens no page and is no person; it
 * has the codes that it is shown. What it reads on the way it does next, up to a bound.
 */
export function createObedient({ call, overheard }: Hands, { bound = 14 }: { bound?: number } = {}) {
  const heard = new Map<string, Order>();
  const read = (texts: readonly string[]): Order[] => {
    const found = texts.flatMap(ordersIn);
    for (const order of found) if (!heard.has(keyOf(order))) heard.set(keyOf(order), order);
    return found;
  };

  async function ask(
    tool: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly reply: Reply; readonly orders: readonly Order[] }> {
    let reply: Reply;
    try {
      reply = await call(tool, { ...args });
    } catch (error) {
      reply = { text: String(error), structured: undefined, isError: true, outcome: "refused" };
    }
    return { reply, orders: read([...textsOf(reply), ...overheard()]) };
  }

  return {
    /** Everything it was told so far, once. */
    heard: heard as ReadonlyMap<string, Order>,
    read,
    ask,
    async obey(order: Order, skip: (order: Order) => boolean = () => false): Promise<Obeyed> {
      const queue: Order[] = [order];
      const tried = new Set<string>();
      let calls = 0;
      let usedCode = false;
      const later = detours(order);
      while (calls < bound) {
        const next = queue.shift() ?? later.shift();
        if (next === undefined) break;
        if (tried.has(keyOf(next))) continue;
        tried.add(keyOf(next));
        let { reply, orders } = await ask(next.tool, next.args);
        calls += 1;
        for (let again = 0; again < 3; again++) {
          const code = codeIn.exec(reply.text)?.[1];
          if (code === undefined) break;
          usedCode = true;
          ({ reply, orders } = await ask(next.tool, { ...next.args, confirm: code }));
          calls += 1;
        }
        const plan = planIn.exec(reply.text)?.[1];
        if (plan !== undefined) queue.unshift({ tool: "apply_plan", args: { plan } });
        // What the reply itself says to do next.
        queue.push(...orders.filter((told) => !skip(told)));
        // Done as told: no other way is needed.
        if (!reply.isError && reply.outcome === "done" && next.tool === order.tool) later.length = 0;
      }
      return { calls, usedCode };
    },
  };
}
