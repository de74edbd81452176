import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderFound, paceFound } from "../../src/cli/doctor/state.ts";
import { createPinCount, mostPinsAnHour } from "../../src/guard/channels/page/pins.ts";
import { createPlans } from "../../src/state/files/plans.ts";
import { isNewer, smallFile, version } from "../../src/state/files/safe-files.ts";
import { liveAccount, noon } from "../support/academy.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { bytesIn, leftBy, planned, versions } from "./morning.ts";

const later = noon + 7 * 60_000;
const planIn = (state: string) =>
  readdirSync(join(state, "jobs", "sandbox", "plans"))
    .find((name) => /^[a-z]+-\d+\.json$/.test(name))
    ?.replace(".json", "") ?? "";

describe.each(versions)("a state folder that %s left", (from) => {
  it("verifies, and goes on verifying with what this version adds", async () => {
    const installation = await leftBy(from);
    const before = await installation.journal("verify");
    const server = await installation.open();

    await server.call("create_course", { name: "Snakes" });
    await server.close();

    expect(before).toMatchObject({ code: 0, out: expect.stringContaining("is whole: 13 lines") });
    expect(await installation.journal("verify")).toMatchObject({
      code: 0,
      out: expect.stringContaining("is whole: 15 lines"),
    });
    expect((await installation.journal("show")).out).toMatch(
      /create_course[\s\S]*update_user[\s\S]*mass_enroll/,
    );
  });

  it("lists what was changed, with what was there before, and the report that was kept", async () => {
    const installation = await leftBy(from);
    const server = await installation.open();

    const changes = await server.call("list_changes");
    const report = await server.call("export_report", { report: "all_users", group_by: ["Login Status"] });
    const { resources } = await server.client.listResources();
    await server.close();

    expect(changes.structured).toMatchObject({ total: 5 });
    expect(changes.text).toMatch(/job: “Team Lead” → “Chief of ladders”/);
    expect(changes.text).toMatch(/mass_enroll.*unknown/);
    expect(report.isError).toBe(false);
    expect(installation.sent).not.toContain("get_report");
    expect(resources.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^skyprep:\/\/exports\/report-all-users/)]),
    );
  });

  it("undoes what was changed", async () => {
    const installation = await leftBy(from);
    const server = await installation.open();
    expect(installation.world.people.get(104)?.profile.title).toBe("Chief of ladders");
    expect(installation.world.groups.get(301)?.members.has(102)).toBe(false);

    const undone = [
      await server.call("undo_change", { change: 3 }),
      await server.call("undo_change", { change: 7 }),
    ];
    await server.close();

    expect(undone.map(({ isError, text }) => isError && text)).toEqual([false, false]);
    expect(installation.world.people.get(104)?.profile.title).not.toBe("Chief of ladders");
    expect(installation.world.groups.get(301)?.members.has(102)).toBe(true);
    expect(await installation.journal("verify")).toMatchObject({ code: 0 });
  });

  it("resumes the plan that was half applied, and enrolls nobody twice", async () => {
    const installation = await leftBy(from);
    const server = await installation.open();

    const applied = await server.call("apply_plan", { plan: planIn(installation.state) });
    await server.close();

    expect(applied.structured).toMatchObject({ finished: true, failed: 0, unknown: 0 });
    for (const id of planned) {
      expect([...(installation.world.enrollments.get(id) ?? [])]).toEqual(expect.arrayContaining([239, 240]));
      expect(installation.world.groups.get(309)?.members.has(id)).toBe(true);
    }
    // One was left; all others had been sent before the process died.
    expect(installation.sent.filter((route) => route === "mass_enroll")).toHaveLength(1);
  });

  it("goes on from the training that was read", async () => {
    const installation = await leftBy(from);
    const server = await installation.open();

    const status = await server.call("training_status");
    await server.close();

    // What changed since is one page; all of it are several.
    expect(status.structured).toMatchObject({ records: installation.world.progress.size });
    expect(installation.sent.filter((route) => route === "get_course_progresses")).toHaveLength(1);
  });

  it("counts the calls of its last minute, and the wrong PINs of its last hour", async () => {
    const { state } = await leftBy(from);
    const pins = createPinCount({
      file: smallFile(join(state, "pins.json")),
      alone: (work) => work(),
      now: () => later,
    });

    for (let n = 2; n < mostPinsAnHour; n++) expect(await pins.attempt(() => false)).toBe("wrong");
    expect(await pins.shut()).toBe(false);
    await pins.attempt(() => false);

    expect(await pins.shut()).toBe(true);
    expect((await paceFound(state, 100, later)).says).toContain("1 of 100 calls used");
  });

  it("forgets a person everywhere", async () => {
    const installation = await leftBy(from);
    const canary = installation.world.people.get(115)?.email ?? "";
    expect(JSON.stringify(textsIn(installation.state))).toContain(canary);

    expect(await installation.journal("forget", canary)).toMatchObject({ code: 0 });

    expect(JSON.stringify(textsIn(installation.state))).not.toContain(canary);
    expect(await installation.journal("verify")).toMatchObject({ code: 0 });
  });
});

const textsIn = (folder: string) =>
  Object.values(bytesIn(folder)).map((text) => Buffer.from(text, "base64").toString());

it("gives everything that it writes its version", async () => {
  const installation = await leftBy("0.1.0");
  const server = await installation.open();
  const before = bytesIn(installation.state);
  await server.call("update_user", { user_id: 105, title: "Deputy" });
  await server.call("training_status", { course: "203" });
  await server.call("export_report", { report: "all_courses" });
  await server.call("plan_enrollment", { people: ["103"], courses: ["240"] });
  await server.close();
  const live = await installation.open(liveAccount);
  await live.call("get_user", { user_id: 101 });
  await live.close();

  const written = Object.entries(bytesIn(installation.state)).filter(
    ([path, bytes]) => before[path] !== bytes && /\.(json|head|jsonl)$/.test(path),
  );
  expect(written.map(([path]) => basename(path))).toEqual(
    expect.arrayContaining(["journal.head", "journal.jsonl", "14.json", "reports.json", "pace.json"]),
  );
  for (const [path, bytes] of written) {
    const text = Buffer.from(bytes, "base64").toString().trim();
    const said = path.endsWith("journal.jsonl") ? text.split("\n").at(-1) : text.split("\n")[0];
    expect(JSON.parse(said ?? ""), path).toMatchObject({ version });
  }
});

/** The first file of this form in a folder, with something made of its text. */
const change = (form: RegExp, how: (text: string) => string) => (state: string) => {
  const path = Object.keys(bytesIn(state)).find((one) => form.test(one.replaceAll("\\", "/"))) ?? "";
  writeFileSync(path, how(readFileSync(path, "utf8")));
};
const saying = (said: unknown) => (text: string) => {
  const read: unknown = JSON.parse(text);
  return JSON.stringify(
    Array.isArray(read) ? { version: said, wrong: read } : { ...(read as object), version: said },
  );
};
const line = (which: number) => (text: string) => {
  const lines = text.trimEnd().split("\n");
  return `${lines.with(which, saying(version + 1)(lines.at(which) ?? "")).join("\n")}\n`;
};
const newer = saying(version + 1);

const kinds: [what: string, named: RegExp, make: (state: string) => void][] = [
  ["the folder", /state\.json/, (state) => writeFileSync(join(state, "state.json"), newer("{}"))],
  ["the last line of the journal", /journal\.jsonl/, change(/journal\.jsonl$/, line(-1))],
  ["a line of the journal", /journal\.jsonl/, change(/journal\.jsonl$/, line(4))],
  ["the journal's head", /journal\.head/, change(/journal\.head$/, newer)],
  ["an image", /3\.json/, change(/before\/3\.json$/, newer)],
  ["a plan", /[a-z]+-\d+\.json/, change(/plans\/[a-z]+-\d+\.json$/, newer)],
  ["how far a plan is", /\.state\.json/, change(/plans\/.*\.state\.json$/, newer)],
  ["a report that is kept", /report-all-users/, change(/exports\/.*\.json$/, newer)],
  ["what reports were made for", /reports\.json/, change(/reports\.json$/, newer)],
  ["training that is kept", /all\.jsonl/, change(/status\/all\.jsonl$/, line(0))],
  ["the pace of reading training", /pace\.json/, change(/status\/pace\.json$/, newer)],
  [
    "the calls of the minute",
    /pace\.json/,
    change(/state[^/]*\/pace\.json$|upgrade-[^/]*\/pace\.json$/, newer),
  ],
  ["the wrong PINs", /pins\.json/, change(/pins\.json$/, newer)],
  ["a number that is none", /pins\.json/, change(/pins\.json$/, saying("2.0"))],
  ["a number that is empty", /3\.json/, change(/before\/3\.json$/, saying(null))],
  ["half a number", /reports\.json/, change(/reports\.json$/, saying(1.5))],
];

describe.each(kinds)("where a newer version wrote %s", (_, named, make) => {
  it("all is read, nothing is written or sent that changes, and the folder stays as it is", async () => {
    const installation = await leftBy("0.1.0");
    make(installation.state);
    const before = bytesIn(installation.state);
    const [server, noted] = [await installation.open(), [] as string[]];
    const live = await installation.open({ ...liveAccount }, (line) => noted.push(line));

    const reads = [
      await server.call("get_user", { user_id: 101 }),
      await server.call("list_changes"),
      await server.call("training_status"),
      await server.call("training_status", { person: "103" }),
    ];
    const report = await server.call("export_report", { report: "all_users", fresh: true });
    await live.call("get_user", { user_id: 101 });
    const writes = [
      await server.call("update_user", { user_id: 105, title: "Deputy" }),
      await server.call("destroy_user", { user_id: 105 }),
      await server.call("undo_change", { change: 3 }),
      await server.call("apply_plan", { plan: planIn(installation.state) }),
      await server.call("plan_enrollment", { people: ["103"], courses: ["240"] }),
    ];
    await server.close();
    await live.close();
    const [shown, forgotten] = [
      await installation.journal("show"),
      await installation.journal("forget", "hana.aziz@example.com"),
    ];
    const finding = await folderFound(installation.state, process.platform);

    expect(reads.map(({ isError, text }) => isError && text)).toEqual([false, false, false, false]);
    expect(report.text).toMatch(/newer skyprep-mcp/);
    for (const { isError, text } of writes) {
      expect(isError, text).toBe(true);
      expect(text).toMatch(/a newer skyprep-mcp wrote/);
      expect(text).toMatch(named);
      expect(text).toMatch(/Update skyprep-mcp, or set SKYPREP_STATE_DIR/);
    }
    expect(
      installation.sent.filter((route) => /^(update|destroy|create|enroll|mass|add|remove)/.test(route)),
    ).toEqual([]);
    expect(noted.join("\n")).toMatch(/only the calls of this process are counted.*newer skyprep-mcp/);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining("update_user") });
    expect(forgotten).toMatchObject({ code: 1, out: expect.stringMatching(/Update skyprep-mcp/) });
    expect(finding).toMatchObject([{ ok: false, says: expect.stringMatching(/update skyprep-mcp/) }]);
    expect(bytesIn(installation.state)).toEqual(before);
  });
});

describe("a newer program that begins while this one runs", () => {
  it.each<[what: string, named: RegExp, make: (state: string) => void]>([
    ["the folder its own", /state\.json/, (state) => writeFileSync(join(state, "state.json"), newer("{}"))],
    ["the journal's head", /journal\.head/, change(/journal\.head$/, newer)],
    [
      "a line, and dies before the head",
      /journal\.jsonl/,
      change(/journal\.jsonl$/, (text) => `${text}${newer(text.trimEnd().split("\n").at(-1) ?? "")}\n`),
    ],
  ])("and writes %s stops what this one would write, not what it reads", async (_, named, make) => {
    const installation = await leftBy("0.1.0");
    const server = await installation.open();
    await server.call("create_course", { name: "Snakes" });
    make(installation.state);
    const before = bytesIn(installation.state);

    const { isError, text } = await server.call("create_course", { name: "Stairs" });
    const read = await server.call("list_changes");
    await server.close();

    expect(isError).toBe(true);
    expect(text).toMatch(named);
    expect(read.isError).toBe(false);
    expect(bytesIn(installation.state)).toEqual(before);
  });

  it("and takes a plan further keeps it", async () => {
    const folder = join(temporaryFolder("plans"), "jobs", "sandbox", "plans");
    const plans = createPlans({ folder, now: () => noon, random: () => "1", keepMs: 1_000 });
    const name = await plans.keep({ units: [] }, { marks: "" });
    change(/\.state\.json$/, newer)(folder);
    const before = bytesIn(folder);

    await expect(plans.advance(name, 1, { marks: "+" })).rejects.toThrow(/a newer skyprep-mcp wrote/);

    expect(bytesIn(folder)).toEqual(before);
  });

  it("and keeps other things in a small file is not written over by whoever reads before writing", async () => {
    const path = join(temporaryFolder("small"), "pace.json");
    writeFileSync(path, newer("{}"));

    await expect(smallFile(path).read()).rejects.toThrow(/ENEWER/);
  });
});

it("takes nothing that others keep beside it for a newer version's", async () => {
  const installation = await leftBy("0.1.0");
  for (const folder of ["", "exports", "jobs", "jobs/web"]) {
    mkdirSync(join(installation.state, folder), { recursive: true });
    writeFileSync(join(installation.state, folder, "package.json"), JSON.stringify({ version: "1.2.3" }));
  }
  const server = await installation.open();

  const { isError, text } = await server.call("create_course", { name: "Snakes" });
  await server.close();

  expect(isError, text).toBe(false);
});

it.each([
  [{}, false],
  [[1], false],
  [null, false],
  ["version", false],
  [{ version: 0 }, false],
  [{ version }, false],
  [{ version: version + 1 }, true],
  [{ version: "1" }, true],
  [{ version: null }, true],
  [{ version: Number.NaN }, true],
  [{ version: [1] }, true],
])("of %j it is said whether something newer wrote it: %s", (read, said) => {
  expect(isNewer(read)).toBe(said);
});
