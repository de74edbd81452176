import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import type { World } from "../../src/sandbox/model/world.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { startFront } from "../kill/team/front.ts";
import { jobTools, tools } from "../support/catalogue.ts";
import { agreeing } from "../support/person.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { callRaw, connectThrough, type Replicas, startReplicas } from "../team/replicas.ts";
import { textOf } from "./team.ts";

/** Each with a minute of its own, for as many tools as that has calls. */
const academies = Array.from({ length: 24 }, (_, n) => `office${n}`);
/** All that are offered where nothing is set. */
const tried = prebuiltTools.filter(({ name }) => tools.has(name) || jobTools.has(name));
/** What a job needs to begin its work; what it names is there. */
const jobArguments: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  find: { text: "Canaryname" },
  training_status: { course: "202" },
  plan_enrollment: { people: ["canary-login-101@example.com"], courses: ["241"] },
  plan_roster: { csv: "Email,First name,Last name\ncanary.hire@example.com,Canaryname,Hire" },
  apply_plan: { plan: "canary-11" },
  onboard_person: { login: "canary.hire@example.com", first_name: "Canaryname", last_name: "Hire" },
  plan_course_changes: { csv: "Course,New name\n201,Canarycourse" },
  chase: { course: "202" },
  recertify: { course: "202" },
  account_overview: {},
  access_review: {},
  list_changes: {},
  offboard_people: { people: ["canary-login-112@example.com"] },
  offboard_person: { person: "canary-login-110@example.com" },
  merge_people: { from: "canary-login-113@example.com", into: "canary-login-111@example.com" },
  session_roster: { session: "801" },
  export_report: { report: "single_course", of: ["202"] },
  undo_change: { change: 1 },
};

/** Everybody and every group has a name that may show nowhere but in a reply. */
function rename({ people, groups }: World): void {
  for (const person of people.values()) {
    person.email = `canary-login-${person.id}@example.com`;
    person.first_name = "Canaryname";
    person.last_name = `Canarylast${person.id}`;
  }
  for (const group of groups.values()) group.name = `Canarygroup ${group.id}`;
}

/** How the academies are: as they should be, down with a page that names somebody, or gone. */
let mode: "well" | "down" | "gone" = "well";
const behind = (send: Send): Send => {
  return async (...request) => {
    if (mode === "gone") throw new Error("gone");
    if (mode === "well") return send(...request);
    const body = new TextEncoder().encode(
      "<html>Canaryname, canary-login-101@example.com, canary-page</html>",
    );
    return { status: 500, contentType: "text/html", body };
  };
};

describe.skipIf(!hasPostgres)("what nobody but whoever asked may read", () => {
  let fresh: FreshDatabase;
  let running: Replicas;
  const spansFile = join(temporaryFolder("spans"), "spans");
  /** Whatever anybody was answered. */
  const replies: string[] = [];
  /** What somebody else of the same academy was refused with. */
  const refusals: string[] = [];
  let metrics: string;
  let answered = 0;

  beforeAll(async () => {
    fresh = await freshDatabase();
    const write = academies.map((academy) => ({ academy, scopes: ["write", "approve"] as const }));
    running = await startReplicas({
      databaseUrl: fresh.url,
      academies,
      people: {
        "canary-mia": write,
        "canary-rob": write,
        "canary-eve": academies.map((academy) => ({ academy, scopes: ["read"] as const })),
      },
      count: 1,
      env: {
        SKYPREP_LOG: "info",
        SPANS_FILE: spansFile,
        NODE_OPTIONS: `--require ${fileURLToPath(new URL("spans.cjs", import.meta.url))}`,
      },
      behind,
      front: startFront,
    });
    for (const name of academies) rename(running.academy(name)?.world as World);
    await everyTool();
    await others();
    await badInput();
    mode = "down";
    await outage();
    mode = "gone";
    await outage();
    metrics = await (await fetch((running.replicas[0]?.ready ?? "").replace("readyz", "metrics"))).text();
    await running.close();
  }, 120_000);
  afterAll(() => running?.close());

  const raw = async (who: string, name: string, args: Readonly<Record<string, unknown>>, place = 0) => {
    const path = `/mcp/${academies[place % academies.length]}`;
    const { text } = await callRaw(running, who, { path, name, args });
    replies.push(text);
    return text;
  };

  async function everyTool(): Promise<void> {
    const left = [...academies.entries()];
    const walk = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [place, academy] = next;
        const client = await connectThrough(running, "canary-mia", { academy, person: agreeing });
        for (const { name } of tried.filter((_, at) => at % academies.length === place)) {
          const tool = tools.get(name);
          const example = JSON.stringify(tool ? exampleOf(tool) : (jobArguments[name] ?? {}));
          const args = JSON.parse(example.replaceAll("avery@example.com", "canary-login-101@example.com"));
          const reply = await client.callTool({ name, arguments: args });
          if (reply.isError !== true) answered += 1;
          replies.push(textOf(reply));
        }
        await client.close();
      }
    };
    // One person may have only so many calls at a time.
    await Promise.all([1, 2, 3, 4, 5, 6].map(walk));
  }

  /** Others reach for what somebody has, or may not do what they ask for. */
  async function others(): Promise<void> {
    const planned = await raw("canary-mia", "plan_enrollment", { people: ["102"], courses: ["241"] });
    const [plan = ""] = /\b[a-z]{3,12}-\d{2,5}\b/.exec(planned.replaceAll(/canary-\w+-\d+/gi, "")) ?? [];
    await raw("canary-mia", "update_user", { user_id: 104, title: "Canarytitle" });
    refusals.push(
      await raw("canary-rob", "apply_plan", { plan }),
      await raw("canary-rob", "undo_change", { change: 1 }),
      await raw("canary-rob", "export_report", {
        report: "single_course",
        of: ["202"],
        cursor: "AQ8SFg_eoLrgTtkAAAAC",
      }),
      await raw("canary-eve", "update_user", { user_id: 104, title: "x" }),
      await raw("canary-eve", "destroy_user", { user_id: 104 }),
    );
  }

  async function badInput(): Promise<void> {
    await raw("canary-mia", "canary-tool", { canary: "Canaryname" });
    await raw("canary-mia", "update_user", { user_id: "Canaryname", canary_field: 1 });
    await raw("canary-mia", "get_user", { user_email: "canary-nobody@example.com" });
    const { base } = running.proxy;
    const authorization = `Bearer ${running.tokenFor("canary-mia")}`;
    for (const [path, headers, body] of [
      ["/mcp/office0", { authorization: "Bearer skp_canary-wrong-token" }, "{}"],
      ["/mcp/canary-nowhere", { authorization }, "{}"],
      ["/mcp/office0?token=canary-in-the-address", { authorization }, "{}"],
      ["/mcp/office0", { authorization }, '{"canary": "Canaryname'],
      [
        "/mcp/office0",
        { authorization, "mcp-session-id": "canary-session" },
        '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
      ],
      ["/mcp/office0", { authorization, origin: "https://canary.example.net" }, "{}"],
      [
        "/mcp/office0",
        { authorization, "x-mcp-toolsets": "canary-set" },
        '{"jsonrpc":"2.0","id":1,"method":"canary/method"}',
      ],
      ["/canary", { authorization }, "{}"],
    ] as const) {
      const answer = await fetch(`${base}${path}`, {
        method: "POST",
        headers: {
          ...headers,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
        body,
      });
      replies.push(await answer.text());
    }
  }

  async function outage(): Promise<void> {
    for (const [place, [name, args]] of (
      [
        ["get_user", { user_id: 101 }],
        ["create_user_group", { name: "Canarygroup new" }],
        ["destroy_user", { user_id: 120 }],
        ["find", { text: "Canaryname" }],
      ] as const
    ).entries())
      await raw("canary-mia", name, args, 2 * place + (mode === "down" ? 0 : 1));
  }

  it("was asked of every tool, and most answered", () => {
    expect(tried.length).toBeGreaterThan(90);
    expect([...jobTools.keys()].filter((name) => !(name in jobArguments))).toEqual([]);
    expect(answered).toBeGreaterThan(tried.length * 0.8);
    expect(replies.join("\n")).toMatch(/Canaryname/);
    expect(replies.filter((text) => /insufficient|scope/i.test(text)).length).toBeGreaterThan(0);
  });

  it("is in no line of the log, which has one for every call", () => {
    const said = running.said();

    expect(said.split("\n").length).toBeGreaterThanOrEqual(tried.length);
    expect(said.match(/.*canary.*/gi)).toBeNull();
  });

  it("is in no label of what is counted", () => {
    expect(metrics).toContain('tool="destroy_user"');
    expect(metrics).toMatch(/skyprep_calls_total\{outcome="turned_away"\} [1-9]/);
    expect(metrics.match(/.*canary.*/gi)).toBeNull();
  });

  it("is in no span", () => {
    const spans = readFileSync(spansFile, "utf8");

    expect(spans.split("\n").length).toBeGreaterThan(tried.length);
    expect(spans).toContain("tools/call destroy_user");
    expect(spans.match(/.*canary.*/gi)).toBeNull();
  });

  it("is in nothing that somebody else is refused with", () => {
    expect(refusals).toHaveLength(5);
    for (const text of refusals) {
      expect(text).toMatch(/"isError":true|scope/);
      // Who in an academy changed what is told to everybody there.
      expect(text.replace("by canary-mia,", "")).not.toMatch(/canary/i);
    }
  });

  it("is, of keys, tokens and passwords, in no answer either", () => {
    const all = replies.join("\n");

    for (const secret of [...running.secrets, fresh.password, "canary-wrong-token"])
      expect(all).not.toContain(secret);
  });
});
