import { cpSync } from "node:fs";
import { inject } from "vitest";
import { createSandbox, type Sandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Incoming, Outgoing, Send } from "../../../src/skyprep/send.ts";
import { type AcademyOptions, connect, noon } from "../../support/academy.ts";
import { type Form, yes } from "../../support/person.ts";
import { copied, seededTables } from "../../support/seeded.ts";
import { temporaryFolder } from "../../support/temporary.ts";

export interface Sent {
  route: string;
  form: URLSearchParams;
  status: number;
}

/** What stands between us and the sandbox at one call: `before` it got there, or `after` it was done. */
export type Between = (call: number, request: Outgoing, pass: () => Promise<Incoming>) => Promise<Incoming>;

const through: Between = (_, __, pass) => pass();
export const never = () => new Promise<never>(() => {});

/** A course that nobody takes. */
export const quietCourse = 240;

const userNotFound: Incoming = {
  status: 404,
  contentType: "application/json",
  body: new TextEncoder().encode(JSON.stringify({ error: "User not found" })),
};

export interface Start {
  people?: number | undefined;
  /** Left out: as it was seeded. */
  tables?: typeof seededTables;
  time?: number;
  /** Left out: a new one. */
  state?: string;
  refused?: Iterable<string>;
}

/** One academy and one state folder; any number of servers over them, one after the other. */
export function createAcademy({ people = 302, tables = seededTables, ...start }: Start = {}) {
  let time = start.time ?? noon;
  const sandbox: Sandbox = createSandbox({
    now: () => noon,
    strict: inject("strict"),
    people,
    callsPerMinute: Number.POSITIVE_INFINITY,
    tables,
  });
  const state = start.state ?? temporaryFolder("plans");
  const sent: Sent[] = [];
  const asked: Form[] = [];
  const refused = new Set<string>(start.refused);

  const isRefused = ({ route, form }: Sent) =>
    route === "mass_enroll" &&
    [form.get("user_emails") ?? "", ...form.getAll("user_emails[]")]
      .flatMap((one) => one.split(","))
      .some((one) => refused.has(one.trim()));

  const open = async (between: Between = through, options: AcademyOptions = {}) => {
    const from = sent.length;
    const send: Send = (request, signal) => {
      const seen: Sent = { route: request.route, form: new URLSearchParams(request.body), status: 0 };
      sent.push(seen);
      const pass = async () => {
        const answer = isRefused(seen) ? userNotFound : await sandbox.send(request, signal);
        seen.status = answer.status;
        return answer;
      };
      return between(sent.length - from, request, pass);
    };
    const { env, formless, ...around } = options;
    return connect(
      send,
      { SKYPREP_SANDBOX: "true", SKYPREP_STATE_DIR: state, ...env },
      {
        ...(!formless && {
          person: (form) => {
            asked.push(form);
            return yes(form);
          },
        }),
        clock: { now: () => time, after: () => () => {} },
        ...around,
      },
    );
  };

  for (const row of [...sandbox.world.progress.values()])
    if (row.course_id === quietCourse) sandbox.world.progress.delete(row.id);
  for (const own of sandbox.world.enrollments.values()) own.delete(quietCourse);

  return {
    sandbox,
    world: sandbox.world,
    state,
    sent,
    asked,
    open,
    /** SkyPrep enrolls nobody together with them, though they are there. */
    refused,
    refuse: (id: number) => void refused.add(sandbox.world.people.get(id)?.email ?? ""),
    now: () => time,
    /** Milliseconds pass. */
    pass: (ms: number) => {
      time += ms;
    },
    login: (id: number) => sandbox.world.people.get(id)?.email ?? "",
    has: (person: number, course: number) => sandbox.world.enrollments.get(person)?.has(course) === true,
    writes: () => sent.filter(({ route }) => !route.startsWith("get_")),
    /** Person × target, as often as SkyPrep said yes to it. */
    pairs: () => {
      const counts = new Map<string, number>();
      const list = (form: URLSearchParams, ...names: string[]) =>
        names.flatMap((name) => form.get(name)?.split(",") ?? []).map((one) => one.trim());
      for (const { form } of sent.filter(
        ({ route, status }) => /enroll/.test(route) && !/^get_/.test(route) && status === 200,
      )) {
        for (const who of list(form, "user_emails", "user_ids", "user_email", "user_id")) {
          for (const [kind, ...names] of [
            ["course", "course_ids", "course_id"],
            ["group", "user_group_ids", "user_group_id"],
            ["path", "course_bundle_ids"],
          ] as const) {
            for (const id of list(form, ...names)) {
              const key = `${who} ${kind} ${id}`;
              counts.set(key, (counts.get(key) ?? 0) + 1);
            }
          }
        }
      }
      return counts;
    },
  };
}

export type Academy = ReturnType<typeof createAcademy>;

/** Another one that goes on from here, with nothing sent yet: no server may be at work in this one. */
export function copyOf({ world, state, now, refused }: Academy): Academy {
  const copy = temporaryFolder("plans");
  cpSync(state, copy, { recursive: true });
  return createAcademy({ tables: () => copied(world), time: now(), state: copy, refused });
}
export const planIn = ({ structured }: { structured: Record<string, unknown> | undefined }) =>
  String(structured?.plan);
