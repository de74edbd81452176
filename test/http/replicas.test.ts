import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownChain, verifyRows } from "../../src/journal/database/chains.ts";
import { type FreshDatabase, freshDatabase, hasPostgres } from "../support/postgres.ts";
import { answerIn, showsForms, statelessCall } from "../support/stateless-call.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { start } from "./built-program.ts";
import { connectAs, textOf } from "./team.ts";

const key = "canary-key-of-acme";

describe.skipIf(!hasPostgres)("replicas that share a database", () => {
  let fresh: FreshDatabase;
  let running: ReturnType<typeof start>[] = [];
  let bases: string[];
  let health: string[];
  let tokens: Record<string, string>;

  beforeAll(async () => {
    fresh = await freshDatabase();
    const sandbox = start(["sandbox", "--port", "0"]);
    running = [sandbox];
    const api = await sandbox.until(/(http:\/\/127\.0\.0\.1:\d+\S*)/);
    const account = await sandbox.until(/SKYPREP_API_KEY=(\S+)/);
    const domain = await sandbox.until(/SKYPREP_ACCT_KEY=(\S+)/);
    const folder = temporaryFolder("replicas");
    writeFileSync(
      join(folder, "academies.json"),
      JSON.stringify({
        academies: [{ name: "acme", domain, key: { env: "ACME_KEY" }, base_url: api }],
      }),
    );
    const env = {
      SKYPREP_TEAM: folder,
      ACME_KEY: account,
      SKYPREP_DATABASE_URL: fresh.url,
      SKYPREP_SEAL_KEY: "s".repeat(40),
    };
    tokens = {};
    for (const person of ["ana", "ben"]) {
      const making = start(
        ["token", "new", "--person", person, "--academy", "acme", "--scopes", "write"],
        env,
      );
      tokens[person] = await making.until(/(skp_[\w-]{43})/);
      await making.over;
    }
    const replicas = [1, 2].map(() =>
      start(["serve", "--http", "127.0.0.1:0", "--operate", "127.0.0.1:0"], env),
    );
    running.push(...replicas);
    bases = await Promise.all(replicas.map((one) => one.until(/(http:\/\/127\.0\.0\.1:\d+)\/mcp\/acme/)));
    health = await Promise.all(replicas.map((one) => one.until(/(http:\S+\/readyz)/)));
  }, 60_000);
  afterAll(async () => {
    for (const { child } of running) child.kill("SIGTERM");
    await Promise.all(running.map(({ over }) => over));
  });

  const calling = async (replica: number, person: string, era: "2025" | "2026" = "2026") =>
    connectAs({ base: bases[replica] ?? "", tokenFor: () => tokens[person] ?? "" }, person, {
      era,
      path: "/mcp/acme",
    });

  it("what one did the other lists, with who did it, and the chain is one and whole", async () => {
    const [ana, ben] = [await calling(0, "ana"), await calling(1, "ben", "2025")];
    await ana.callTool({ name: "create_user_group", arguments: { name: "By Ana" } });
    await ben.callTool({ name: "create_user_group", arguments: { name: "By Ben" } });
    const listed = textOf(await ana.callTool({ name: "list_changes", arguments: {} }));
    expect(listed).toContain("2 changes");
    expect(listed).toMatch(/\bana\b/);
    expect(listed).toMatch(/\bben\b/);
    const { lines, breaks } = await verifyRows(fresh.open(), { academy: "acme", chain: ownChain });
    expect({ lines, breaks }).toEqual({ lines: 4, breaks: [] });
    await Promise.all([ana.close(), ben.close()]);
  });

  it("the journal's command shows both, as built", async () => {
    const command = start(["journal", "show", "--academy", "acme"], { SKYPREP_DATABASE_URL: fresh.url });
    expect(await command.over).toBe(0);
    expect(command.said()).toMatch(
      /create_user_group.* by ana; .*done, made \d+\n.*create_user_group.* by ben; .*done, made \d+\n$/,
    );
    const wrong = start(["journal", "forget", "x"], { SKYPREP_DATABASE_URL: fresh.url });
    expect(await wrong.over).toBe(2);
  });

  it("a plan made at one is seen at the other by the person who made it, and by nobody else", async () => {
    const [ana, again, ben] = [await calling(0, "ana"), await calling(1, "ana"), await calling(1, "ben")];
    const made = textOf(
      await ana.callTool({
        name: "plan_enrollment",
        arguments: { people: ["Avery Learner"], courses: ["Time Management"] },
      }),
    );
    const [plan] = /\b[a-z]{3,12}-\d{2,5}\b/.exec(made) ?? [];
    expect(plan, made).toBeDefined();
    expect(textOf(await ben.callTool({ name: "apply_plan", arguments: { plan } }))).toMatch(
      /no plan|not known|There is no/i,
    );
    const applied = await again.callTool({ name: "apply_plan", arguments: { plan } });
    expect(textOf(applied)).toMatch(/done|already/);
    await Promise.all([ana.close(), again.close(), ben.close()]);
  });

  it("a question put at one is answered at the other, by the person who was asked, once", async () => {
    const call = async (replica: number, person: string, more: object = {}) => {
      const response = await fetch(`${bases[replica]}/mcp/acme`, {
        method: "POST",
        ...statelessCall({
          token: tokens[person] ?? "",
          name: "destroy_user_group",
          args: { user_group_id: 302 },
          more,
          capabilities: showsForms,
        }),
      });
      const answer = answerIn<{
        result: {
          requestState?: string;
          inputRequests?: { answer: { params: { message: string } } };
          content?: { text: string }[];
        };
      }>(await response.text());
      return answer.result;
    };
    const asked = await call(0, "ana");
    const phrase = /^Type (.*) to go on\.$/m.exec(asked.inputRequests?.answer.params.message ?? "")?.[1];
    const yes = {
      requestState: asked.requestState,
      inputResponses: {
        answer: { action: "accept", content: phrase === undefined ? { answer: "yes" } : { typed: phrase } },
      },
    };

    const byBen = await call(1, "ben", yes);
    const done = await call(1, "ana", yes);
    const again = await call(0, "ana", yes);

    expect(byBen.requestState).toBeDefined();
    expect(textOf(done)).toMatch(/Done|deleted/i);
    expect(textOf(again)).toMatch(/no user group|There is no|Nothing was sent/);
  });

  it("is ready while the database is there, and says of neither key, token nor address a word", async () => {
    for (const url of health) expect((await fetch(url)).status).toBe(200);
    const said = running.map((one) => one.said()).join("\n");
    for (const secret of [fresh.password, key, ...Object.values(tokens)])
      expect(
        running
          .slice(1)
          .map((one) => one.said())
          .join("\n"),
      ).not.toContain(secret);
    expect(said).not.toContain("postgres://");
  });
});
