import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { World } from "../../src/sandbox/model/world.ts";
import { serveSandbox } from "../../src/sandbox/server/http.ts";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";

const script = fileURLToPath(new URL("../../examples/nightly-enrollment/nightly.mjs", import.meta.url));
const program = fileURLToPath(new URL("../../dist/skyprep-mcp.js", import.meta.url));
const account = { apiKey: "night-key-4711", domain: "night.example.com" };

/** Where a night is killed. */
export type KilledAt =
  /**
   * As so many requests have reached the academy: with its call, nothing of the last or all of it done, or alone, so that
   * the call goes on by itself.
   */
  | { readonly request: number; readonly when: "before" | "after" | "alone" }
  /** As it writes so many files of its own. */
  | { readonly file: number; readonly when: "before" | "after" };

export interface Ended {
  /** Null where it was killed. */
  readonly exit: number | null;
  readonly said: string;
  /** How many reached the academy. */
  readonly requests: number;
}

interface Wanted {
  readonly email: string;
  readonly course: string;
  readonly group: string;
  /** As it stands in a request. */
  readonly target: string;
  readonly isIn: () => boolean;
  /** By hand, in SkyPrep's web admin. */
  readonly takeOff: () => void;
}

/** HR's list: the first of the academy's people, four of five to get a course and one to join a group. */
function wantedOf(world: World, listed: number, isLong: boolean): readonly Wanted[] {
  const recordsOf = (course: number) =>
    [...world.progress.values()].filter(({ course_id }) => course_id === course).length;
  const active = [...world.courses.values()].filter(({ active }) => active);
  const [course] = (isLong ? active.sort((one, two) => recordsOf(one.id) - recordsOf(two.id)) : active).slice(
    -1,
  );
  const [group] = [...world.groups.values()].filter(({ type }) => type === "user");
  if (course === undefined || group === undefined) throw new Error("an empty academy");
  const here = [...world.people.values()].filter(({ login_status }) => login_status === "active");
  const ended = new Set<string>(["archived", "not-applicable"]);
  const hasCourse = (person: number) =>
    [...world.progress.values()].some(
      ({ user_id, course_id, status }) => user_id === person && course_id === course.id && !ended.has(status),
    );
  return here.slice(0, listed).map(({ id, email }, n) =>
    n % 5 === 4
      ? {
          ...{ email, course: "", group: group.name, target: `user_group_ids ${group.id}` },
          isIn: () => group.members.has(id),
          takeOff: () => void group.members.delete(id),
        }
      : {
          ...{ email, course: course.name, group: "", target: `course_ids ${course.id}` },
          isIn: () => hasCourse(id),
          takeOff: () => {
            for (const [key, { user_id, course_id }] of world.progress)
              if (user_id === id && course_id === course.id) world.progress.delete(key);
          },
        },
  );
}

/** An academy over HTTP, a list of HR's, and the nights that are done with them. */
export async function createNight({
  people,
  listed,
  isLong = false,
}: {
  readonly people: number;
  readonly listed: number;
  /** The course with the most records, of which a plan does not read all. */
  readonly isLong?: boolean;
}) {
  const sandbox = createSandbox({ ...account, people, callsPerMinute: Number.POSITIVE_INFINITY });
  const base = mkdtempSync(join(tmpdir(), "skyprep-night-"));
  for (const name of ["bin", "home", "state"]) mkdirSync(join(base, name));
  const command = join(base, "bin", "skyprep-mcp");
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(command, 0o755);

  /** Login and target of every enrollment that was done, in turn; other writes by their route. */
  const done: string[] = [];
  let requests = 0;
  let killing: { readonly at: KilledAt; readonly kill: () => void } | undefined;
  const never = () => new Promise<never>(() => {});
  const send: Send = async (request, signal) => {
    requests += 1;
    const now = killing && "request" in killing.at && killing.at.request === requests ? killing : undefined;
    now?.kill();
    if (now?.at.when === "before") return never();
    const answer = await sandbox.send(request, signal);
    done.push(...writesOf(request.route, new URLSearchParams(request.body)));
    return now?.at.when === "after" ? never() : answer;
  };
  const served = await serveSandbox({ port: 0, send });

  const wanted = wantedOf(sandbox.world, listed, isLong);
  const missing = wanted.filter(({ isIn }) => !isIn());
  const strangers = ["nobody.here@example.com", "no.one@example.com"];
  const list = join(base, "joiners.csv");
  const lines = [
    ...wanted.map(({ email, course, group }) => `${email},"${course}","${group}"`),
    ...strangers.map((login) => `${login},"${wanted[0]?.course}",`),
  ];
  writeFileSync(list, `${["Email,Course,Group", ...lines].join("\n")}\n`);

  async function night({
    killedAt,
    laterMs = 0,
    run = "night",
    more = [],
    env = {},
  }: {
    killedAt?: KilledAt;
    laterMs?: number;
    run?: string;
    more?: readonly string[];
    env?: Readonly<Record<string, string>>;
  } = {}): Promise<Ended> {
    requests = 0;
    const child = spawn(process.execPath, [script, list, "--run", run, ...more], {
      cwd: base,
      // A group of its own, so that its calls can be killed with it.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: `${join(base, "bin")}:${process.env.PATH}`,
        HOME: join(base, "home"),
        NODE_OPTIONS: `--import=${new URL("preload.mjs", import.meta.url).href}`,
        LATER_MS: String(laterMs),
        ...(killedAt && "file" in killedAt && { KILL_AT_FILE: `${killedAt.file} ${killedAt.when}` }),
        NIGHTLY_PAUSE: "0.1",
        SKYPREP_API_KEY: account.apiKey,
        SKYPREP_ACCT_KEY: account.domain,
        SKYPREP_BASE_URL: `http://127.0.0.1:${served.port}/admin/api`,
        SKYPREP_STATE_DIR: join(base, "state"),
        SKYPREP_CALLS_PER_MINUTE: "10000",
        ...env,
      },
    });
    const kill = () => {
      if (child.pid !== undefined)
        process.kill(killedAt?.when === "alone" ? child.pid : -child.pid, "SIGKILL");
    };
    killing = killedAt && { at: killedAt, kill };
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const exit = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    killing = undefined;
    return { exit, said, requests };
  }

  return {
    night,
    strangers,
    /** What the list wants and is not so yet, one line each, as `done` has it. */
    missing: missing.map(({ email, target }) => `${email} ${target}`).sort(),
    done: (): readonly string[] => [...done].sort(),
    stillOut: (): readonly string[] => wanted.filter(({ isIn }) => !isIn()).map(({ email }) => email),
    /** The first so many of those whom it enrolled, as `done` has them. */
    takeOff: (n: number): readonly string[] =>
      missing.slice(0, n).map(({ email, target, takeOff }) => {
        takeOff();
        return `${email} ${target}`;
      }),
    forAPerson: (run = "night") => readFileSync(join(base, "runs", run, "for-a-person.csv"), "utf8"),
    files: () => readdirSync(base),
    async end() {
      await served.close();
      rmSync(base, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function writesOf(route: string, form: URLSearchParams): string[] {
  if (route.startsWith("get_")) return [];
  if (route !== "mass_enroll") return [route];
  const in_ = (name: string) => (form.get(name) ?? "").split(",").filter((one) => one !== "");
  const targets = ["course_ids", "user_group_ids"].flatMap((name) => in_(name).map((id) => `${name} ${id}`));
  return in_("user_emails").flatMap((login) => targets.map((target) => `${login} ${target}`));
}

export interface Killed {
  readonly killed: boolean;
  readonly faults: readonly string[];
}

/** A night that is killed there, started again until it is over, and then once more: what was wrong with that. */
export async function killedNight(
  size: { readonly people: number; readonly listed: number },
  killedAt: KilledAt,
): Promise<Killed> {
  const { night, missing, done, stillOut, strangers, forAPerson, end } = await createNight(size);
  try {
    const first = await night({ killedAt });
    // A minute later, where nothing is on its way any more.
    const laterMs = killedAt.when === "alone" ? 0 : 61_000;
    const second = await night({ laterMs });
    const before = done();
    const third = await night({ laterMs });
    const list = forAPerson();
    const faults = [
      ...(second.exit === 3
        ? []
        : [`started again it ended with ${second.exit}: ${second.said.slice(-600)}`]),
      ...(stillOut().length === 0 ? [] : [`${stillOut().length} were not enrolled`]),
      ...(JSON.stringify(done()) === JSON.stringify(missing)
        ? []
        : [`${done().length} were sent, ${missing.length} were to be`]),
      ...(third.exit === 3 && third.requests === 0
        ? []
        : [`a third time it made ${third.requests} requests`]),
      ...(before.length === done().length ? [] : ["a third time it wrote again"]),
      ...strangers
        .filter((one) => list.split(one).length !== 2)
        .map((one) => `${one} is not once in the list`),
    ];
    return { killed: first.exit === null, faults };
  } finally {
    await end();
  }
}
