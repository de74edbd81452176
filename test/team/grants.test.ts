import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import { textOf } from "../http/team.ts";
import { jobTools, tools } from "../support/catalogue.ts";
import { isLong } from "../support/long.ts";
import { hasNginx } from "../support/nginx.ts";
import { freshDatabase, hasPostgres } from "../support/postgres.ts";
import { callRaw, connectThrough, type Replicas, startReplicas } from "./replicas.ts";

type Args = Readonly<Record<string, unknown>>;

const academies = ["acme", "north"] as const;
const kinds = { reader: ["read"], writer: ["write"], approver: ["approve"] } as const;
/** One person for each scope in each academy, one who has nothing, and one who may read here and write there. */
const people = {
  ...Object.fromEntries(
    academies.flatMap((academy) =>
      Object.entries(kinds).map(([kind, scopes]) => [`${kind}-${academy}`, [{ academy, scopes }]]),
    ),
  ),
  nobody: [],
  "writer-south": [{ academy: "south", scopes: ["write"] }],
  both: [
    { academy: "acme", scopes: ["read"] },
    { academy: "north", scopes: ["write"] },
  ],
} as const satisfies Parameters<typeof startReplicas>[0]["people"];

/** What a job needs to begin its work; `plan` and `change` are there, in acme. */
const jobArguments = ({
  plan,
  change,
}: {
  plan: string;
  change: number;
}): Readonly<Record<string, Args>> => ({
  find: { text: "Avery" },
  account_overview: {},
  training_status: { course: "202" },
  plan_enrollment: { people: ["avery@example.com"], courses: ["241"] },
  plan_roster: { csv: "Email,First name,Last name\nnew.hire@example.com,New,Hire" },
  plan_course_changes: { csv: "Course,New name\n201,Welcome" },
  apply_plan: { plan },
  onboard_person: { login: "new.hire@example.com", first_name: "New", last_name: "Hire" },
  offboard_person: { person: "110" },
  offboard_people: { people: ["110"] },
  merge_people: { from: "110", into: "111" },
  session_roster: { session: "801" },
  access_review: {},
  export_report: { report: "single_course", of: ["202"] },
  chase: { course: "202" },
  recertify: { course: "202" },
  list_changes: {},
  undo_change: { change },
});
const inner: readonly (readonly [string, string, Args])[] = [
  ["find_operation", "read", { words: "delete a person" }],
  ["read_operation", "read", { operation: "get_user", arguments: '{"user_id":101}' }],
  ["read_operation", "write", { operation: "destroy_user", arguments: '{"user_id":110}' }],
  ["read_operation", "write", { operation: " create_user_group ", arguments: '{"name":"x"}' }],
  ["write_operation", "write", { operation: "create_user_group", arguments: '{"name":"x"}' }],
  ["write_operation", "write", { operation: "get_user", arguments: '{"user_id":101}' }],
];

describe.skipIf(!isLong || !hasPostgres || !hasNginx)("grants, over three replicas", () => {
  let running: Replicas;
  let tried: readonly (readonly [name: string, needs: string, args: Args])[];
  beforeAll(async () => {
    const fresh = await freshDatabase();
    running = await startReplicas({ databaseUrl: fresh.url, academies: [...academies, "south"], people });
    // A plan and a change that are really there, for others to reach for.
    const client = await connectThrough(running, "writer-acme");
    const call = async (name: string, args: Record<string, unknown>) =>
      textOf(await client.callTool({ name, arguments: args }));
    const planned = await call("plan_enrollment", { people: ["110"], courses: ["205"] });
    const [plan = ""] = /\b[a-z]{3,12}-\d{2,5}\b/.exec(planned) ?? [];
    await call("update_user", { user_id: 110, title: "Chief" });
    const [, change] = /^(\d+)\t/m.exec(await call("list_changes", {})) ?? [];
    await client.close();
    expect([plan, change]).toEqual([expect.stringMatching(/-/), expect.stringMatching(/^\d+$/)]);
    const jobs = jobArguments({ plan, change: Number(change) });
    tried = [
      ...prebuiltTools.flatMap(({ name, effect }) => {
        const tool = tools.get(name);
        const args = tool ? exampleOf(tool) : jobs[name];
        return args ? [[name, effect === "read" ? "read" : "write", args] as const] : [];
      }),
      ...inner,
    ];
    expect([...jobTools.keys()].filter((name) => !(name in jobs))).toEqual([]);
  }, 90_000);
  afterAll(() => running?.close());

  /** Of what a person was granted, as it is written down. */
  const given = (person: string, academy: string): readonly string[] =>
    (people as Parameters<typeof startReplicas>[0]["people"])[person]?.find((one) => one.academy === academy)
      ?.scopes ?? [];
  const may = (person: string, academy: string, needs: string, path: string) => {
    const scopes = given(person, academy);
    const writes = scopes.includes("write");
    return needs === "write" ? writes && !path.endsWith("/readonly") : writes || scopes.includes("read");
  };

  it("let no call of anybody's outside them reach an academy, with arguments that would work", async () => {
    const outside = Object.keys(people).flatMap((person) =>
      academies.flatMap((academy) =>
        [`/mcp/${academy}`, `/mcp/${academy}/readonly`].flatMap((path) =>
          tried.flatMap(([name, needs, args]) =>
            may(person, academy, needs, path) ? [] : [{ person, academy, path, name, args }],
          ),
        ),
      ),
    );
    const before = running.arrived.length;
    const statuses = new Map<string, number>();
    const next = outside[Symbol.iterator]();
    await Promise.all(
      // Of one person no more run at a time than may.
      Array.from({ length: 6 }, async () => {
        for (const { person, academy, path, name, args } of next) {
          const { status, text } = await callRaw(running, person, { path, name, args });
          const isOwn = given(person, academy).length > 0;
          const refused = status === 200 && /"isError":true|"error":/.test(text);
          const key = `${isOwn ? "own" : "other"} ${refused ? "refused" : status}`;
          statuses.set(key, (statuses.get(key) ?? 0) + 1);
        }
      }),
    );

    expect(running.arrived.slice(before)).toEqual([]);
    // By the door, or, at an address that only reads, by the server behind it.
    expect([...statuses.keys()].sort()).toEqual(["other 404", "own 403", "own refused"]);
    expect(outside.length).toBeGreaterThan(2_500);
  }, 120_000);

  it("let whoever may read reach their own academy, and no other", async () => {
    const all = tried.filter(([name, needs]) => needs === "read" && tools.has(name));
    for (const [place, academy] of academies.entries()) {
      // Half of them each: a minute has a hundred calls.
      const reads = all.filter((_, at) => at % academies.length === place);
      const before = running.arrived.length;
      for (const [name, , args] of reads)
        await callRaw(running, `reader-${academy}`, { path: `/mcp/${academy}`, name, args });
      const arrived = running.arrived.slice(before);

      expect(new Set(arrived.map((one) => one.academy))).toEqual(new Set([academy]));
      expect(new Set(arrived.map(({ route }) => route)).size).toBeGreaterThan(15);
    }
  }, 120_000);

  it("let a plan and a change of one person be carried out, or taken back, by nobody in another academy", async () => {
    const [, , { plan }] = tried.find(([name]) => name === "apply_plan") ?? ["", "", {}];
    const before = running.arrived.length;
    const there = await callRaw(running, "writer-north", {
      path: "/mcp/north",
      name: "apply_plan",
      args: { plan },
    });
    const undone = await callRaw(running, "both", {
      path: "/mcp/north",
      name: "undo_change",
      args: { change: 1 },
    });

    expect(there.text).toMatch(/isError":true/);
    expect(undone.text).toMatch(/isError":true/);
    expect(running.arrived.slice(before)).toEqual([]);
  });

  it("are held with arguments that would work: whoever may call each job is told of none that is wrong", async () => {
    for (const [name, , args] of tried.filter(([name]) => jobTools.has(name))) {
      const { status, text } = await callRaw(running, "writer-south", { path: "/mcp/south", name, args });

      expect([status, text]).toEqual([
        200,
        expect.not.stringMatching(/is not an argument|is missing|was not called/),
      ]);
    }
  }, 120_000);
});
