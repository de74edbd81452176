import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tables } from "../../src/sandbox/model/tables.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { type Around, connect, noon } from "../support/academy.ts";
import { agreeing } from "../support/person.ts";
import { seededTables } from "../support/seeded.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** The file of a policy, as its operator writes it. */
export function policyFile(policy: unknown, name = "desk"): string {
  const path = join(temporaryFolder("policy"), `${name}.json`);
  writeFileSync(path, typeof policy === "string" ? policy : JSON.stringify(policy));
  return path;
}

export interface PolicedOptions extends Around {
  env?: Record<string, string>;
  people?: number;
  strict?: boolean;
  name?: string;
  /** A client that shows no forms. */
  formless?: boolean;
  /** Changes the academy before anybody looks at it. */
  prepare?: (tables: Tables) => void;
}

/** A fresh academy, a policy over it, and every request that reached it. */
export async function openPoliced(
  policy: unknown,
  {
    env = {},
    people = 302,
    strict = false,
    name = "desk",
    formless = false,
    prepare = () => {},
    ...around
  }: PolicedOptions = {},
) {
  const sandbox = createSandbox({
    now: () => noon,
    strict,
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables: seededTables,
  });
  prepare(sandbox.world);
  const sent: { route: string; form: URLSearchParams }[] = [];
  const send: Send = (request, ...more) => {
    sent.push({ route: request.route, form: new URLSearchParams(request.body) });
    return sandbox.send(request, ...more);
  };
  const file = policyFile(policy, name);
  const connected = await connect(
    send,
    { SKYPREP_SANDBOX: "true", SKYPREP_POLICY: file, ...env },
    { ...(!formless && { person: agreeing }), ...around },
  );
  return { ...connected, sandbox, tables: sandbox.world as Tables, sent, send, file };
}

/** Of whom no byte may leave and to whom nothing may happen: their names are marks that nothing else has. */
export function markOutsiders(tables: Tables, isIn: (id: number) => boolean): void {
  const names = new Map<string, string>();
  for (const person of tables.people.values()) {
    if (isIn(person.id)) continue;
    const before = `${person.first_name} ${person.last_name}`;
    person.first_name = `Canary${person.id}`;
    person.last_name = `Outside${person.id}`;
    person.email = `canary${person.id}@outside.example`;
    names.set(before, `${person.first_name} ${person.last_name}`);
    for (const field of Object.keys(person.profile))
      if (person.profile[field] !== null) person.profile[field] = `Canary${person.id} ${field}`;
  }
  for (const slot of tables.timeslots.values())
    if (slot.primary_instructor_user_id !== null && !isIn(slot.primary_instructor_user_id))
      slot.instructor = `Canary${slot.primary_instructor_user_id} Outside`;
  for (const payment of tables.payments.values()) {
    const row = payment as unknown as {
      user_id: number;
      first_name?: string;
      last_name?: string;
      payer_email?: string;
    };
    if (isIn(row.user_id)) continue;
    Object.assign(row, {
      ...(row.first_name !== undefined && { first_name: `Canary${row.user_id}` }),
      ...(row.last_name !== undefined && { last_name: `Outside${row.user_id}` }),
      ...(row.payer_email !== undefined && { payer_email: `canary${row.user_id}@pays.example` }),
    });
  }
}

/** Everything that is about people outside, as one text: whatever changes it touched somebody. */
export function outsideState(tables: Tables, isIn: (id: number) => boolean): string {
  const people = [...tables.people.values()].filter(({ id }) => !isIn(id));
  const rows = <T extends { user_id: number }>(all: Iterable<T>) =>
    [...all].filter(({ user_id }) => !isIn(user_id));
  const loose = (all: Iterable<unknown>) =>
    [...all].filter((row) => {
      const { user_id } = row as { user_id?: number };
      return user_id === undefined || !isIn(user_id);
    });
  const outside = (set: Iterable<number>) => [...set].filter((id) => !isIn(id));
  return JSON.stringify({
    people,
    progress: rows(tables.progress.values()).map((row) => ({ ...row, items: [...row.items] })),
    registrations: rows(tables.registrations.values()),
    groups: [...tables.groups.values()].flatMap(({ id, members, courses, paths }) => {
      const others = outside(members);
      return others.length > 0 ? [[id, others, [...courses], [...paths]]] : [];
    }),
    enrollments: [...tables.enrollments]
      .filter(([id]) => !isIn(id))
      .map(([id, courses]) => [id, [...courses]]),
    managerships: loose(tables.managerships.values()),
    powerUsers: loose(tables.powerUsers.values()),
    points: loose(tables.points.values()),
    skillPoints: loose(tables.skillPoints.values()),
    loginKeys: loose(tables.loginKeys.values()),
    catalog: [...tables.catalog].map(([key, { user_group_ids }]) => [key, [...user_group_ids]]),
    sessions: [...tables.registrations.values()]
      .filter(({ user_id }) => !isIn(user_id))
      .map(({ timeslot_id }) => tables.timeslots.get(timeslot_id)),
  });
}
