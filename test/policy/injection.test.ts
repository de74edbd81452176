import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import type { Tables } from "../../src/sandbox/model/tables.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import { connect, noon } from "../support/academy.ts";
import { patience } from "../support/long.ts";
import type { Form } from "../support/person.ts";
import { copied, seededTables } from "../support/seeded.ts";
import { createObedient, keyOf, textsIn } from "./obedient.ts";
import { boundsOf, deserves, isWrite, judged, pairsOf, type Sent } from "./oracle.ts";
import { plant, planted, plantedFile, plantedSend, troubled } from "./planted.ts";
import { policyFile } from "./policed.ts";

const people = 60;
const policies = ["enrollment-agent", "auditor", "team-lead", "compliance-chaser"] as const;
type PolicyName = (typeof policies)[number];

/** How the server is run, and who is there: nobody who says yes. */
const settings = {
  "ask, no forms": { env: {} },
  "ask, a no": { env: {}, declines: true },
  human: { env: { SKYPREP_CONFIRM: "human" } },
  unattended: { env: { SKYPREP_CONFIRM: "unattended" } },
  essentials: { env: { SKYPREP_SECTIONS: "essentials" } },
} as const;
type Setting = keyof typeof settings;

interface Outcome {
  /** Of the 200, how many reached the model in what it read. */
  read: number;
  /** Something of it was written. */
  done: number;
  /** Of these, with a code that the model took from the reply. */
  coded: number;
  /** Something outside the policy was sent or changed. */
  outside: string[];
  /** A question was deserved, and neither a person nor a code answered one. */
  unasked: string[];
  /** A question was deserved, and a code stood in for the person. */
  byCode: string[];
  calls: number;
}

async function run(policy: PolicyName | undefined, setting: Setting): Promise<Outcome> {
  const { env, ...more } = settings[setting];
  let now = noon;
  const sandbox = createSandbox({
    now: () => noon,
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
  });
  const tables = sandbox.world as Tables;
  plant(tables);
  const before = copied(tables);
  const send = plantedSend(sandbox.send);
  let sent: Sent[] = [];
  const overheard: string[] = [];
  const declining = ({ message }: Form) => {
    overheard.push(message);
    return { action: "decline" as const };
  };
  const academy = await connect(
    (request, ...rest) => {
      sent.push({ route: request.route, form: new URLSearchParams(request.body) });
      return send(request, ...rest);
    },
    {
      SKYPREP_SANDBOX: "true",
      ...env,
      ...(policy && {
        SKYPREP_POLICY: policyFile(readFileSync(`examples/policies/${policy}.json`, "utf8"), policy),
      }),
    },
    {
      ...("declines" in more && { person: declining }),
      clock: { now: () => now, after: () => () => {} },
    },
  );
  const model = createObedient({ call: academy.call, overheard: () => overheard.splice(0) });
  await lookAround(academy, model);
  const outcome: Outcome = {
    read: planted.filter((one) => model.heard.has(keyOf(one))).length,
    done: 0,
    coded: 0,
    outside: [],
    unasked: [],
    byCode: [],
    calls: 0,
  };
  const bounds = policy && boundsOf[policy]?.(before);
  const fixed = bounds?.fixed(before);
  const keys = new Set(planted.map(keyOf));
  expect(sent.filter(isWrite)).toEqual([]);
  for (const one of planted) {
    sent = [];
    const { calls, usedCode } = await model.obey(one, (told) => keys.has(keyOf(told)));
    outcome.calls += calls;
    const writes = sent.filter(isWrite);
    const label = `${one.place}: ${one.tool} ${JSON.stringify(one.args)}`;
    if (writes.length > 0) outcome.done += 1;
    if (writes.length > 0 && usedCode) outcome.coded += 1;
    const isMany = pairsOf(writes, before) > 25 && setting !== "unattended";
    const deserving = writes.filter((write) => deserves(write, before) !== undefined);
    if (deserving.length > 0 || isMany) outcome[usedCode ? "byCode" : "unasked"].push(`${label} → ${told(deserving)}`);
    const strange = bounds ? writes.filter((write) => !bounds.lets(write)) : [];
    if (strange.length > 0) outcome.outside.push(`${label} → ${told(strange)}`);
    else if (bounds && bounds.fixed(tables) !== fixed) outcome.outside.push(`${label} → the tables changed`);
    if (writes.length > 0) restore(tables, before);
    // Each has an hour of its own: no budget hides what it would do.
    now += 3_700_000;
  }
  await academy.close();
  return outcome;
}

const told = (writes: readonly Sent[]) => writes.map(({ route, form }) => `${route} ${form}`).join(" | ");

/** As it was before the last instruction, so that one has nothing to do with the next. */
function restore(tables: Tables, to: Tables): void {
  const fresh = copied(to);
  for (const name of Object.keys(fresh) as (keyof Tables)[]) {
    const [own, was] = [tables[name], fresh[name]] as [Map<unknown, unknown>, Map<unknown, unknown>];
    if (!(own instanceof Map)) continue;
    own.clear();
    for (const [key, row] of was) own.set(key, row);
  }
}

type Academy = Awaited<ReturnType<typeof connect>>;

/** Reads all there is to read, by every road: tools, jobs, resources, prompts, HR's file. */
async function lookAround(
  { client, catalogue }: Academy,
  model: ReturnType<typeof createObedient>,
): Promise<void> {
  const file = plantedFile();
  model.read([file]);
  const each = (tool: string, name: string, ids: readonly number[]) =>
    ids.map((id) => [tool, { [name]: id }] as const);
  const range = (from: number, many: number) => Array.from({ length: many }, (_, n) => from + n);
  const reads = [...catalogue.tools.values()].filter(({ operation }) => operation.effect === "read");
  const calls: (readonly [string, Record<string, unknown>])[] = [
    ...reads.map((tool) => [tool.name, exampleOf(tool)] as const),
    ["get_users", { limit: 500, fields: ["first_name", "last_name", "title", "company", "ca_0"] }],
    ["get_courses", { limit: 500, fields: ["name", "description", "category"] }],
    ["get_course_progresses", { limit: 500 }],
    ...each("get_user", "user_id", range(101, people)),
    ...each("get_course", "course_id", range(201, 42)),
    ...each("get_user_group", "user_group_id", range(301, 9)),
    ...each("get_learning_path", "learning_path_id", range(402, 6)),
    ...each("get_ilt", "instructor_led_training_id", range(501, 3)),
    ...each("get_ilt_timeslot", "instructor_led_training_timeslot_id", range(511, 6)),
    ...each("get_ilt_timeslot_registrations", "instructor_led_training_timeslot_id", range(511, 6)),
    ...each("get_skill", "skill_id", range(1201, 4)),
    ...each("get_competency", "competency_id", range(1301, 3)),
    ...each("get_user_gamification_balance", "user_id", range(101, 10)),
    ...each("session_roster", "session", range(511, 6)),
    ["find", { text: "ASSISTANT" }],
    ["find", { text: "system" }],
    ["training_status", { show: "overdue" }],
    ["training_status", { show: "open" }],
    ["account_overview", {}],
    ["access_review", {}],
    ["export_report", { report: "all_users", limit: 500 }],
    ["export_report", { report: "all_courses", limit: 500 }],
    ["export_report", { report: "1001", limit: 500 }],
    ["plan_enrollment", { csv: file, courses: ["201"] }],
    ["plan_roster", { csv: file, leavers: "ignore" }],
    ["list_changes", {}],
    ["read_operation", { operation: "get_courses", arguments: { limit: 500 } }],
  ];
  for (const [tool, args] of calls) await model.ask(tool, args);
  for (const { uri } of await client.listResources().then(({ resources }) => resources, () => []))
    model.read(textsIn(await client.readResource({ uri }).catch(() => undefined)));
  for (const { name, arguments: takes = [] } of await client.listPrompts().then(({ prompts }) => prompts, () => [])) {
    const given = Object.fromEntries(takes.map((one) => [one.name, "Sales Team"]));
    model.read(textsIn(await client.getPrompt({ name, arguments: given }).catch(() => undefined)));
  }
  expect(troubled.length).toBe(8);
}

it("DEV", async () => {
  expect(planted.length).toBe(200);
  for (const policy of [undefined, ...policies] as const)
    for (const setting of Object.keys(settings) as Setting[]) {
      const t = Date.now();
      const o = await run(policy, setting);
      console.log(policy, "/", setting, Date.now() - t, "ms read", o.read, "done", o.done, "coded", o.coded, "outside", o.outside.length, "unasked", o.unasked.length, "byCode", o.byCode.length, "calls", o.calls);
      if (policy) console.log(o.outside.slice(0, 4), o.byCode.slice(0, 6));
      console.log(o.unasked.slice(0, 5));
    }
}, patience);
